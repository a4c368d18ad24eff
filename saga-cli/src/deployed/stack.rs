//! A stack's resources, by their logical ids.

use std::collections::BTreeMap;

use saga_asl::lint::did_you_mean;
use serde_json::Value;

use super::execution::{Execution, Stands};
use crate::aws::Account;
use crate::exit::Failure;

const MACHINE: &str = "AWS::StepFunctions::StateMachine";
const FUNCTION: &str = "AWS::Lambda::Function";

/// A stack that is deployed.
#[derive(Debug)]
pub struct Stack {
    pub account: Account,
    pub name: String,
    /// Physical ids by logical ones, of each type.
    resources: BTreeMap<String, BTreeMap<String, String>>,
}

/// The state machine of a saga.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The saga's name.
    pub saga: String,
    /// Its ARN.
    pub arn: String,
    /// The ARN of the state machine that recovers its executions, where there is one.
    pub recovery: Option<String>,
}

impl Stack {
    /// Looks a stack up.
    ///
    /// # Errors
    /// When there is none of this name, or it cannot be read.
    pub fn find(account: Account, name: &str) -> Result<Self, Failure> {
        let listed = account.ask(&[
            "cloudformation",
            "list-stack-resources",
            "--stack-name",
            name,
        ]);
        let listed = listed.map_err(|refusal| {
            refusal.failure(
                &format!("the stack `{name}` cannot be read"),
                "the name is the one that `sam deploy` was given: `aws cloudformation list-stacks` lists them",
            )
        })?;
        let mut resources: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        let text = |value: &Value, name: &str| {
            let text = value.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let summaries = listed
            .get("StackResourceSummaries")
            .and_then(Value::as_array);
        for resource in summaries.into_iter().flatten() {
            let of_type = resources.entry(text(resource, "ResourceType")).or_default();
            let (id, physical) = ("LogicalResourceId", "PhysicalResourceId");
            of_type.insert(text(resource, id), text(resource, physical));
        }
        Ok(Self {
            account,
            name: name.to_owned(),
            resources,
        })
    }

    /// The executions of its sagas, or of the one that is named, as [`Execution::list`] finds them.
    ///
    /// # Errors
    /// As of [`Self::machines`]; or when the executions cannot be read.
    pub fn executions(
        &self,
        saga: Option<&str>,
        only: &[Stands],
        most: usize,
    ) -> Result<Vec<Execution>, Failure> {
        let mut found = Vec::new();
        for machine in self.machines(saga)? {
            let listed = Execution::list(&self.account, &machine, only, most);
            found.extend(listed.map_err(|refusal| {
                let what = format!("the executions of `{}` cannot be read", machine.saga);
                refusal.failure(&what, "")
            })?);
        }
        Ok(found)
    }

    /// The state machines of its sagas, or of the one that is named: those that `generate` calls
    /// `<Saga>StateMachine`.
    ///
    /// # Errors
    /// When it has none, or none of that name.
    pub fn machines(&self, saga: Option<&str>) -> Result<Vec<Machine>, Failure> {
        let all = self.of_type(MACHINE);
        let named = |id: &String| id.strip_suffix("StateMachine").map(str::to_owned);
        let machine = |(id, arn): (&String, &String)| {
            let saga = named(id)?;
            let recovery = [format!("{saga}Recovery"), format!("{id}Recovery")];
            let recovery = recovery.iter().find_map(|id| all.get(id)).cloned();
            Some(Machine {
                recovery,
                arn: arn.clone(),
                saga,
            })
        };
        let found: Vec<Machine> = all.iter().filter_map(machine).collect();
        let names: Vec<&str> = found.iter().map(|machine| machine.saga.as_str()).collect();
        if found.is_empty() {
            return Err(Failure::Failed {
                message: format!("the stack `{}` has no sagas", self.name),
                help: "name a stack that was deployed from a template of `saga-cli generate`"
                    .to_owned(),
            });
        }
        match saga {
            None => Ok(found),
            Some(saga) => match found.iter().find(|machine| machine.saga == saga) {
                Some(machine) => Ok(vec![machine.clone()]),
                None => Err(unknown("saga", saga, &self.name, &names)),
            },
        }
    }

    /// The name of the function of a step.
    ///
    /// # Errors
    /// When it has none.
    pub fn function(&self, step: &str) -> Result<&str, Failure> {
        let all = self.of_type(FUNCTION);
        let found = all
            .get(step)
            .or_else(|| all.get(&format!("{step}Function")));
        found.map(String::as_str).ok_or_else(|| {
            let names = all.keys();
            let names = names.map(|id| id.strip_suffix("Function").unwrap_or(id));
            unknown("step", step, &self.name, &names.collect::<Vec<_>>())
        })
    }

    fn of_type(&self, kind: &str) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        self.resources.get(kind).unwrap_or(&NONE)
    }
}

fn unknown(what: &str, name: &str, stack: &str, known: &[&str]) -> Failure {
    Failure::Usage {
        message: format!("the stack `{stack}` has no {what} `{name}`"),
        help: match did_you_mean(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", known.join(", ")),
        },
    }
}
