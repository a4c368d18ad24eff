use std::cmp::Ordering;

use saga_asl::data::Data;
use saga_asl::jsonpath::Path;
use saga_asl::model::QueryLanguage;

use super::process::{Finished, assigned, finish_jsonata};
use crate::fault::Fault;
use crate::program::{Assign, Choice, Condition, Family, Operand, State, StateId, Template, Test};
use crate::query::Scope;
use crate::random::Seeded;
use crate::time::Timestamp;

/// Where a Choice state goes.
#[derive(Debug)]
pub struct Chosen {
    /// The state that goes on.
    pub next: StateId,
    /// What the Choice leaves behind.
    pub finished: Finished,
}

/// The first rule that holds, or the default. `scope` has the effective input.
///
/// # Errors
/// A condition that cannot be computed, or no way to go.
pub fn choose(
    state: &State,
    choice: &Choice,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Chosen, Fault> {
    for rule in &choice.rules {
        if rule.condition.holds(scope, random)? {
            let (output, assign) = (rule.output.as_ref(), rule.assign.as_ref());
            return leave(state, rule.next, output, assign, scope, random);
        }
    }
    match choice.default {
        Some(next) => {
            let (output, assign) = (state.processing.output.as_ref(), state.assign.as_ref());
            leave(state, next, output, assign, scope, random)
        }
        None => Err(Fault::Runtime(
            "Failed to transition out of the state. The state does not point to a next state."
                .to_owned(),
        )),
    }
}

fn leave(
    state: &State,
    next: StateId,
    output: Option<&Template>,
    assign: Option<&Assign>,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Chosen, Fault> {
    let finished = match state.language {
        QueryLanguage::JsonAta => finish_jsonata(output, assign, scope.input, scope, random)?,
        QueryLanguage::JsonPath => Finished {
            assigned: assigned(assign, scope, random)?,
            output: state.processing.path.select(scope)?,
        },
    };
    Ok(Chosen { next, finished })
}

impl Condition {
    fn holds(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<bool, Fault> {
        match self {
            Condition::Constant(value) => Ok(*value),
            Condition::Not(term) => Ok(!term.holds(scope, random)?),
            Condition::Test(test) => test.holds(scope),
            Condition::And(terms) => {
                for term in terms {
                    if !term.holds(scope, random)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Or(terms) => {
                for term in terms {
                    if term.holds(scope, random)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Expression(expression) => {
                let value = expression.evaluate(scope, random)?;
                value
                    .as_bool()
                    .ok_or_else(|| expression.unexpected(&value, "boolean"))
            }
        }
    }
}

impl Test {
    /// A value of another kind than the operator compares satisfies nothing.
    fn holds(&self, scope: &Scope<'_>) -> Result<bool, Fault> {
        if matches!(self.family, Family::Present) {
            let present = self.variable.select(scope).is_ok_and(|found| {
                self.variable.is_definite() || found.as_array().is_some_and(|all| !all.is_empty())
            });
            return Ok(Operand::Value(Data::Bool(present)) == self.operand);
        }
        let value = select(&self.variable, scope)?;
        let operand = match &self.operand {
            Operand::Value(data) => data.clone(),
            Operand::Path(path) => select(path, scope)?,
        };
        Ok(match self.family {
            Family::Kind(is) => Some(is(&value)) == operand.as_bool(),
            Family::Matches => matches(value.as_str(), operand.as_str()),
            Family::Compare(compare) => {
                compare(&value, &operand).is_some_and(|order| self.relation.contains(&order))
            }
            Family::Present => false,
        })
    }
}

fn select(path: &Path, scope: &Scope<'_>) -> Result<Data, Fault> {
    path.select(scope).map_err(|_| {
        Fault::Runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.as_str()
        ))
    })
}

/// The order of two booleans: equal, or not comparable.
pub(crate) fn booleans(a: &Data, b: &Data) -> Option<Ordering> {
    (a.as_bool()? == b.as_bool()?).then_some(Ordering::Equal)
}

/// The order of two numbers.
pub(crate) fn numbers(a: &Data, b: &Data) -> Option<Ordering> {
    a.as_f64()?.partial_cmp(&b.as_f64()?)
}

/// The order of two strings.
pub(crate) fn strings(a: &Data, b: &Data) -> Option<Ordering> {
    Some(a.as_str()?.cmp(b.as_str()?))
}

/// The order of two instants.
pub(crate) fn timestamps(a: &Data, b: &Data) -> Option<Ordering> {
    Some(instant(a)?.cmp(&instant(b)?))
}

fn instant(data: &Data) -> Option<Timestamp> {
    Timestamp::parse(data.as_str()?)
}

/// Whether `data` is a string that is an instant.
pub(crate) fn is_timestamp(data: &Data) -> bool {
    instant(data).is_some()
}

/// `StringMatches`: `*` stands for any text, `\*` for itself.
fn matches(text: Option<&str>, pattern: Option<&str>) -> bool {
    let (Some(text), Some(pattern)) = (text, pattern) else {
        return false;
    };
    let mut parts = literals(pattern).into_iter();
    let (Some(first), last) = (parts.next(), parts.next_back()) else {
        return text.is_empty();
    };
    let Some(last) = last else {
        return text == first;
    };
    let middle = text
        .strip_prefix(&*first)
        .and_then(|rest| rest.strip_suffix(&*last));
    let Some(mut rest) = middle else {
        return false;
    };
    for part in parts {
        match rest.split_once(&*part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

/// The texts between the asterisks of a pattern; one more than there are asterisks.
fn literals(pattern: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let literal = match letter {
            '*' => {
                parts.push(String::new());
                continue;
            }
            '\\' => letters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(part) = parts.last_mut() {
            part.push(literal);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_with_asterisks() {
        for (text, pattern, expected) in [
            ("log-2026.txt", "log-*.txt", true),
            ("log.txt", "log-*.txt", false),
            ("", "*", true),
            ("abc", "a*b*c", true),
            ("aXbYc", "a*b*c", true),
            ("ac", "a*b*c", false),
            ("a*c", r"a\*c", true),
            ("abc", r"a\*c", false),
            ("aa", "a*a", true),
            ("a", "a*a", false),
            ("x", "", false),
        ] {
            assert_eq!(
                matches(Some(text), Some(pattern)),
                expected,
                "{text} {pattern}"
            );
        }
    }
}
