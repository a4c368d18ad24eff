//! The end of an execution's history: the states that it stands in, and what it told an operator.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::aws::{Account, Refusal};

/// So many events, from the last one back: a parked call has few retries, and told of itself just before.
const EVENTS: &str = "200";

/// What the last events say.
#[derive(Debug, Default)]
pub struct History {
    /// The states that were entered and not left, the last entered first.
    pub inside: Vec<String>,
    /// The messages to an operator, the last one first.
    pub told: Vec<Told>,
}

/// A message to an operator, as it went to the parking queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Told(Value);

impl Told {
    /// A text of it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A part of it.
    pub fn part(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|part| !part.is_null())
    }

    /// All of it.
    pub fn whole(&self) -> &Value {
        &self.0
    }
}

impl History {
    /// Reads it.
    ///
    /// # Errors
    /// What Step Functions says.
    pub fn of(account: &Account, execution: &str) -> Result<Self, Refusal> {
        let answer = account.ask(&[
            "stepfunctions",
            "get-execution-history",
            "--execution-arn",
            execution,
            "--reverse-order",
            "--max-items",
            EVENTS,
        ])?;
        Ok(Self::read(&answer))
    }

    /// Reads an answer of `GetExecutionHistory` with the last event first.
    fn read(answer: &Value) -> Self {
        let events = answer.get("events").and_then(Value::as_array);
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        let mut history = Self::default();
        for event in events.into_iter().flatten() {
            let named = |details: &str| event.get(details)?.get("name")?.as_str();
            if let Some(state) = named("stateExitedEventDetails") {
                *left.entry(state).or_default() += 1;
            } else if let Some(state) = named("stateEnteredEventDetails") {
                match left.get_mut(state) {
                    Some(count) if *count > 0 => *count -= 1,
                    _ => history.inside.push(state.to_owned()),
                }
            } else if let Some(told) = told(event) {
                history.told.push(told);
            }
        }
        history
    }

    /// The states in which an operator is waited for: those that `generate` calls `…Parked`, and those that a
    /// message names.
    pub fn parked(&self) -> impl Iterator<Item = &str> {
        let names = self.inside.iter().map(String::as_str);
        names.filter(|name| {
            let own = name.split(':').next().unwrap_or(name);
            own.ends_with("Parked") || self.told_of(name).is_some()
        })
    }

    /// The message that tells of a state.
    pub fn told_of(&self, state: &str) -> Option<&Told> {
        let own = state.split(':').next().unwrap_or(state);
        let mut all = self.told.iter();
        all.find(|told| {
            told.text("state")
                .is_some_and(|told| told == own || told == state)
        })
    }
}

/// The message of an event that sends one to an operator.
fn told(event: &Value) -> Option<Told> {
    let details = event.get("taskScheduledEventDetails")?;
    if details.get("resourceType")?.as_str()? != "sqs" {
        return None;
    }
    let sent: Value = serde_json::from_str(details.get("parameters")?.as_str()?).ok()?;
    let body = match sent.get("MessageBody")? {
        Value::String(text) => serde_json::from_str(text).ok()?,
        body => body.clone(),
    };
    // What the saga itself sends has no field of that name beside that of its execution.
    let is_ours = body.get("execution").is_some() && body.get("saga").is_some();
    is_ours.then_some(Told(body))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entered(name: &str) -> Value {
        json!({ "type": "TaskStateEntered", "stateEnteredEventDetails": { "name": name } })
    }

    fn exited(name: &str) -> Value {
        json!({ "type": "TaskStateExited", "stateExitedEventDetails": { "name": name } })
    }

    fn sent(body: &Value) -> Value {
        let parameters = json!({ "QueueUrl": "q", "MessageBody": body.to_string() });
        json!({
            "type": "TaskScheduled",
            "taskScheduledEventDetails": { "resourceType": "sqs", "parameters": parameters.to_string() },
        })
    }

    #[track_caller]
    fn check(events: &[Value], inside: &[&str], parked: &[&str]) {
        let newest: Vec<&Value> = events.iter().rev().collect();
        let history = History::read(&json!({ "events": newest }));
        assert_eq!(history.inside, inside);
        assert_eq!(history.parked().collect::<Vec<_>>(), parked);
    }

    #[test]
    fn a_parked_state_was_entered_and_not_left() {
        let told = sent(&json!({ "saga": "S", "execution": "e", "state": "Items" }));
        let own = sent(&json!({ "saga": "S", "state": "Charge" }));
        let (undo, parked) = ("UndoCharge", "UndoChargeParked");
        for (events, inside, waits) in [
            (vec![], vec![], vec![]),
            (vec![entered(undo)], vec![undo], vec![]),
            (vec![entered(parked)], vec![parked], vec![parked]),
            (vec![entered(parked), exited(parked)], vec![], vec![]),
            // It was redriven, and came there again by another item.
            (
                vec![entered(parked), exited(parked), entered(parked)],
                vec![parked],
                vec![parked],
            ),
            (
                vec![entered("Pay"), entered("PayParked:Look")],
                vec!["PayParked:Look", "Pay"],
                vec!["PayParked:Look"],
            ),
            (vec![told, entered("Items")], vec!["Items"], vec!["Items"]),
            (vec![own, entered("Charge")], vec!["Charge"], vec![]),
        ] {
            check(&events, &inside, &waits);
        }
    }
}
