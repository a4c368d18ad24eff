//! What becomes of a template whose state machine was imported.

use std::collections::BTreeSet;

use saga_asl::json::Value;
use saga_asl::syntax::Position;

use super::{Machine, Stack, kind, weakness};

/// What becomes of the resources of a template, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the saga's own template holds instead.
    pub replaced: Vec<String>,
    /// What the saga uses where it is.
    pub stays: Vec<String>,
    /// What it does not carry over.
    pub left: Vec<String>,
    /// What is weak in it, and where.
    pub weaknesses: Vec<(Position, String)>,
}

impl Stack {
    /// What becomes of the template once this state machine of it is a saga whose source this is.
    #[must_use]
    pub fn report(&self, machine: &Machine, source: &str) -> Report {
        let mut report = Report::default();
        let mut roles = BTreeSet::new();
        for (id, resource) in &self.resources {
            let kind = kind(resource);
            let parameter = format!("{id}Arn");
            // A call's name and the parameter of what is there already hold the logical id.
            if *id == machine.id {
                let role = self
                    .property(id, "Role")
                    .or_else(|| self.property(id, "RoleArn"));
                roles.extend(named(role));
                report
                    .replaced
                    .push(format!("`{id}`, the state machine, with its role and logs"));
                self.triggers(id, &mut report.left);
            } else if source.contains(&format!("move the code of `{id}` here")) {
                roles.extend(named(self.property(id, "Role")));
                let code = self.property(id, "CodeUri").and_then(Value::as_str);
                let code =
                    code.map_or_else(String::new, |code| format!(", and its code is in `{code}`"));
                report
                    .replaced
                    .push(format!("`{id}`, a function, is a handler{code}"));
            } else if source.contains(&format!("parameter = {parameter:?}")) {
                report.stays.push(format!(
                    "`{id}` ({kind}): hand its ARN to the parameter `{parameter}`"
                ));
            } else {
                report.left.push(format!("`{id}` ({kind})"));
            }
        }
        let is_role = |line: &String| {
            roles
                .iter()
                .any(|role| line.starts_with(&format!("`{role}` ")))
        };
        let (replaced, left) = report.left.into_iter().partition::<Vec<_>, _>(is_role);
        report.left = left;
        report.replaced.extend(replaced);
        let weaknesses = weakness::weaknesses(self).into_iter().map(|(id, says)| {
            let position = self.positions.get(&id).copied();
            (position.unwrap_or(Position { line: 1, column: 1 }), says)
        });
        report.weaknesses = weaknesses.collect();
        report
    }

    /// The triggers of a state machine: a saga states its own, with the key that tells two starts apart.
    fn triggers(&self, id: &str, left: &mut Vec<String>) {
        let events = self.property(id, "Events").and_then(Value::as_object);
        for (name, event) in events.into_iter().flatten() {
            let of = |field: &str| {
                let value = event.get("Properties")?.get(field)?;
                value.as_str()
            };
            let says = match kind(event) {
                "Schedule" | "ScheduleV2" => {
                    let at = of("Schedule")
                        .or_else(|| of("ScheduleExpression"))
                        .unwrap_or_default();
                    match at.strip_prefix("cron(").and_then(|at| at.strip_suffix(')')) {
                        Some(fields) => format!("`on.cron({fields:?}, …)`"),
                        None => format!("`on.every(…, …)` for `{at}`"),
                    }
                }
                "EventBridgeRule" | "CloudWatchEvent" => {
                    let pattern = event.get("Properties").and_then(|all| all.get("Pattern"));
                    let first = |field: &str| {
                        let values = pattern.and_then(|pattern| pattern.get(field));
                        let value = values.and_then(Value::as_array).and_then(<[_]>::first);
                        value.and_then(Value::as_str).unwrap_or("…").to_owned()
                    };
                    let (source, of) = (first("source"), first("detail-type"));
                    format!(
                        "`on.event({source:?}, {of:?}, |input| …)`, whose input is the event's `detail`"
                    )
                }
                "Api" | "HttpApi" => {
                    let path = of("Path").unwrap_or("/…");
                    format!("`on.http({path:?}, |input| …)`")
                }
                other => format!("a trigger of type `{other}`, which a saga has not"),
            };
            left.push(format!(
                "the trigger `{name}`: {says}, in the saga's `triggers`"
            ));
        }
    }
}

/// The resource that a property names.
fn named(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let of = value.get("Ref").or_else(|| value.get("Fn::GetAtt"))?;
    let name = match of {
        Value::Array(parts) => parts.first()?.as_str()?,
        of => of.as_str()?,
    };
    name.split('.').next().map(str::to_owned)
}
