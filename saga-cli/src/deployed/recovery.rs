//! What recovers an execution that was stopped: another execution, which the rule on its end starts.

use serde_json::Value;

use super::execution::{describe, instant, list, text};
use super::{Execution, History, Machine};
use crate::aws::{Account, Refusal};

/// How many recoveries are looked through: there is one for every end of an execution.
const MOST: &str = "1000";

/// A recovery begins at most so many milliseconds after the end that it is for: a rule is tried for a day.
const LATEST: i64 = 24 * 60 * 60 * 1000;

/// The clocks of two services differ by less.
const SKEW: i64 = 5_000;

/// The state in which it leaves the saga to an operator as a whole.
const LEFT: &str = "RecoveryParked";

/// How an execution's recovery stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The stack has nothing that recovers this saga.
    None,
    /// None was found: it has not begun, or its end did not come through.
    Missing,
    /// It is at work.
    Running(String),
    /// It has undone what was done.
    Done(String),
    /// It asks an operator about the saga, for this reason.
    Asks(String, String),
    /// It is parked on its way: it is what has to be redriven.
    Parked(String),
}

/// How the recovery of an execution stands that was stopped, or failed as no saga does.
///
/// # Errors
/// What Step Functions says.
pub fn recovery_of(
    account: &Account,
    machine: &Machine,
    execution: &Execution,
) -> Result<Recovery, Refusal> {
    let Some(recovery) = &machine.recovery else {
        return Ok(Recovery::None);
    };
    let listed = list(account, recovery, MOST)?;
    let near: Vec<String> = listed
        .iter()
        .filter(|one| may_be_of(one, execution))
        .map(|one| text(one, "executionArn"))
        .collect();
    for described in super::each(&near, |arn| describe(account, arn)) {
        let described = described?;
        if recovered(&described).as_deref() == Some(&execution.execution) {
            return stands(account, &described);
        }
    }
    Ok(Recovery::Missing)
}

/// Whether it began soon after the execution's end.
fn may_be_of(recovery: &Value, execution: &Execution) -> bool {
    match (instant(recovery, "startDate"), execution.stopped) {
        (Some(begun), Some(ended)) => (-SKEW..=LATEST).contains(&begun.since(ended)),
        _ => true,
    }
}

/// The execution that a recovery is of.
fn recovered(described: &Value) -> Option<String> {
    let input: Value = serde_json::from_str(described.get("input")?.as_str()?).ok()?;
    Some(text(input.get("detail")?, "executionArn"))
}

fn stands(account: &Account, described: &Value) -> Result<Recovery, Refusal> {
    let arn = text(described, "executionArn");
    Ok(match text(described, "status").as_str() {
        "SUCCEEDED" => Recovery::Done(arn),
        "RUNNING" | "PENDING_REDRIVE" => Recovery::Running(arn),
        _ => {
            let history = History::of(account, &arn)?;
            let asks = history.inside.iter().any(|state| state == LEFT);
            match history.told.first().and_then(|told| told.text("reason")) {
                Some(reason) if asks => Recovery::Asks(arn, reason.to_owned()),
                _ => Recovery::Parked(arn),
            }
        }
    })
}
