//! DESIGN's guarantees, as far as a ledger shows them.

use saga_manifest::step::Kind;
use serde_json::Value;

use crate::ledger::{Attempt, Ledger, Record};
use crate::order::{Key, Relation, Segment, Steps};

/// What is broken, in words.
pub type Broken = String;

/// How an execution ended for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Completed.
    Completed,
    /// Compensated.
    Compensated,
    /// Parked, after the pivot, with a list that a map does not take: no redrive can change that.
    ParkedForGood,
}

/// What must hold when a step instance begins.
///
/// # Errors
/// A do after its undo; a do beside a try that is not undone yet.
pub fn before_do(key: &Key, steps: &Steps<'_>, ledger: &Ledger) -> Result<(), Broken> {
    if steps.step(key).is_none() {
        return Err(format!("`{}` is no step", key.step));
    }
    let record = ledger.records.get(key);
    if record.is_some_and(|record| !record.undos.is_empty()) {
        return Err(format!("{} is done after its undo", key.id()));
    }
    before_do_again(key, steps, ledger)
}

/// The same where its saga is run once more, after an operator has ended it: what was undone is asked for
/// again, and refused.
///
/// # Errors
/// A do beside a try that is not undone yet.
pub fn before_do_again(key: &Key, steps: &Steps<'_>, ledger: &Ledger) -> Result<(), Broken> {
    for (other, record) in &ledger.records {
        let is_earlier = steps.relation(other, key) == Relation::EarlierTry;
        if is_earlier && steps.is_compensatable(other) && record.stands() {
            let (key, other) = (key.id(), other.id());
            return Err(format!(
                "{key} is done, and {other} of an earlier try stands"
            ));
        }
    }
    Ok(())
}

/// What must hold when an undo begins.
///
/// # Errors
/// An undo of what surely did not happen, of what cannot be undone, out of order, after the pivot, or
/// beside siblings that have not settled.
pub fn before_undo(key: &Key, steps: &Steps<'_>, ledger: &Ledger) -> Result<(), Broken> {
    if !steps.is_compensatable(key) {
        return Err(format!("{} is undone, and has no compensation", key.id()));
    }
    let record = ledger.records.get(key);
    if record.is_none_or(|record| record.dos.is_empty() || record.surely_did_not_happen()) {
        return Err(format!("{} is undone, and did not happen", key.id()));
    }
    let records = ledger.records.iter();
    for (other, record) in records.filter(|(other, _)| other.base() == key.base()) {
        let is_pivot = steps
            .step(other)
            .is_some_and(|step| step.kind == Kind::Pivot);
        if is_pivot && record.answered() {
            return Err(format!("{} is undone after the pivot", key.id()));
        }
        match steps.relation(key, other) {
            Relation::Before if steps.is_compensatable(other) && record.stands() => {
                let (key, other) = (key.id(), other.id());
                return Err(format!("{key} is undone before {other}"));
            }
            Relation::Beside(depth) if record.is_running() => {
                let own = steps.path(key);
                let mut deeper = own.iter().skip(depth + 1);
                // A try may be undone in its branch while the others go on.
                if !deeper.any(|segment| matches!(segment, Segment::Try(_))) {
                    let (key, other) = (key.id(), other.id());
                    return Err(format!("{key} is undone while {other} is being done"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What must hold in the end of a saga.
///
/// # Errors
/// Something that is neither done for good nor undone.
pub fn at_the_end(ending: Ending, steps: &Steps<'_>, ledger: &Ledger) -> Result<(), Broken> {
    at_the_end_below(ending, "", steps, ledger)
}

/// The same of a saga that these step instances are around.
///
/// # Errors
/// Something that is neither done for good nor undone.
pub fn at_the_end_below(
    ending: Ending,
    base: &str,
    steps: &Steps<'_>,
    ledger: &Ledger,
) -> Result<(), Broken> {
    let records = ledger.records.iter();
    for (key, record) in records.filter(|(key, _)| key.base() == base) {
        let id = key.id();
        if record.is_running() && ending != Ending::ParkedForGood {
            return Err(format!("{id} is still being done"));
        }
        let kind = steps.step(key).map(|step| &step.kind);
        if kind == Some(&Kind::Pivot) && record.effect && ending == Ending::Compensated {
            return Err(format!(
                "the pivot {id} is done, and the saga is compensated"
            ));
        }
        if !steps.is_compensatable(key) {
            continue;
        }
        let is_superseded = || {
            let mut others = ledger.records.keys();
            others.any(|other| steps.relation(key, other) == Relation::EarlierTry)
        };
        match ending {
            Ending::ParkedForGood if record.is_undone() && !is_superseded() => {
                return Err(format!("{id} is undone after the pivot"));
            }
            Ending::Compensated if record.stands() => {
                return Err(format!("{id} is not undone"));
            }
            Ending::Completed if record.is_undone() && !record.answered() && !is_superseded() => {
                return Err(format!("{id} is undone, and the saga is completed"));
            }
            Ending::Completed if record.stands() && !record.answered() => {
                return Err(format!("{id} may have happened, and the saga is completed"));
            }
            _ => {}
        }
        if record.is_undone() && record.effect && !record.answered() {
            return Err(format!("{id} has an effect after its undo"));
        }
    }
    Ok(())
}

/// What a payload says of itself.
///
/// # Errors
/// What it was given is not what it asked for.
pub fn payload(
    key: &Key,
    undo: bool,
    input: &Value,
    steps: &Steps<'_>,
    ledger: &Ledger,
) -> Result<(), Broken> {
    let fields = input.as_object().into_iter().flatten();
    for (asked, given) in fields {
        let Some((kind, name)) = asked.split_once(':') else {
            continue;
        };
        let is_right = match kind {
            "step" => is_answer_of(name, key, given, steps, ledger),
            "own" => is_own(key, given, undo, ledger),
            "item" | "index" => index_of(name, key, steps) == given.as_u64(),
            _ => given.is_object() || given.is_array(),
        };
        if !is_right {
            return Err(format!("{} asked for `{asked}` and got {given}", key.id()));
        }
    }
    Ok(())
}

/// Whether this is the answer of the instance of a step that another instance sees: of the same items
/// and tries as far as both are in them.
fn is_answer_of(
    name: &str,
    reader: &Key,
    given: &Value,
    steps: &Steps<'_>,
    ledger: &Ledger,
) -> bool {
    let Some((step, item)) = given.as_str().and_then(|id| id.split_once('@')) else {
        return false;
    };
    let key = Key {
        step: step.into(),
        item: item.into(),
    };
    let answered = ledger.records.get(&key).is_some_and(Record::has_answered);
    let sees = steps.relation(&key, reader) == Relation::Before;
    key.name() == name && answered && sees
}

/// Whether a compensation was given its step's own answer, or null where it has none.
fn is_own(key: &Key, given: &Value, undo: bool, ledger: &Ledger) -> bool {
    let record = ledger.records.get(key);
    let last = record.and_then(|record| record.dos.last());
    undo && match last.is_some_and(Attempt::is_done) {
        true => given.as_str() == Some(&key.id()),
        false => given.is_null(),
    }
}

fn index_of(map: &str, key: &Key, steps: &Steps<'_>) -> Option<u64> {
    steps
        .path(key)
        .into_iter()
        .find_map(|segment| match segment {
            Segment::Item(name, index) if name == map => u64::try_from(index).ok(),
            _ => None,
        })
}
