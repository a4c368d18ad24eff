//! What becomes of a delivery: the rules, before anything is done.

use crate::delivery::{Delivery, Phase};
use crate::mutation::{Mutation, broken};
use crate::record::{Record, Stage};
use crate::reply::{Failure, Reply};

/// What a delivery is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Write this in the place of what was found, then act.
    Claim(Record),
    /// Act: the claim is written.
    Act,
    /// Write this in the place of what was found, then answer.
    Write(Record, Reply),
    /// Answer.
    Reply(Reply),
}

/// Decides on a delivery from the record that was found.
#[must_use]
pub fn arrive(found: Option<&Record>, delivery: &Delivery) -> Decision {
    match delivery.phase {
        Phase::Do => arrive_do(found, delivery),
        Phase::Undo => arrive_undo(found, delivery),
        Phase::Seal => arrive_seal(found, delivery),
    }
}

fn arrive_do(found: Option<&Record>, delivery: &Delivery) -> Decision {
    let Some(record) = found else {
        return claim(None, delivery, Stage::Begun, false);
    };
    let sealed = record.sealed && !broken(Mutation::SealIgnored);
    match &record.stage {
        Stage::Begun if is_own(record, delivery) => Decision::Act,
        Stage::Begun | Stage::Done | Stage::Unsure(_) if sealed => sealed_do(),
        Stage::Refused(_) if sealed => fail(Failure::late()),
        Stage::Begun if is_late(record, delivery) => superseded(),
        Stage::Begun if is_leased(record, delivery) => wait(record),
        Stage::Begun => claim(found, delivery, Stage::Begun, true),
        Stage::Done if broken(Mutation::AnswerNotKept) => {
            claim(found, delivery, Stage::Begun, false)
        }
        // However late: whoever waits for an answer waits for this one.
        Stage::Done => answer(record),
        Stage::Refused(failure) | Stage::Unsure(failure) if is_duplicate(record, delivery) => {
            fail(failure.clone())
        }
        Stage::Refused(_) | Stage::Unsure(_) if is_late(record, delivery) => superseded(),
        Stage::Refused(_) => claim(found, delivery, Stage::Begun, record.doubtful),
        Stage::Unsure(_) => claim(found, delivery, Stage::Begun, true),
        Stage::Undoing | Stage::UndoFailed(_) | Stage::Undone | Stage::Tombstone => {
            match broken(Mutation::LateDoActs) {
                true => claim(found, delivery, Stage::Begun, false),
                false => fail(Failure::late()),
            }
        }
    }
}

fn arrive_undo(found: Option<&Record>, delivery: &Delivery) -> Decision {
    let Some(record) = found else {
        return match broken(Mutation::NoTombstone) {
            true => Decision::Reply(Reply::Nothing),
            false => bury(None, delivery),
        };
    };
    match &record.stage {
        Stage::Undoing if is_own(record, delivery) => Decision::Act,
        Stage::Undoing if is_late(record, delivery) => superseded(),
        Stage::Begun | Stage::Undoing if is_leased(record, delivery) => wait(record),
        Stage::UndoFailed(failure) if is_duplicate(record, delivery) => fail(failure.clone()),
        Stage::UndoFailed(_) if is_late(record, delivery) => superseded(),
        Stage::Refused(_) if !broken(Mutation::RefusedIsUndone) => bury(found, delivery),
        Stage::Unsure(_) if broken(Mutation::UnsureIsNotUndone) => bury(found, delivery),
        Stage::Undone | Stage::Tombstone => Decision::Reply(Reply::Nothing),
        Stage::Begun
        | Stage::Done
        | Stage::Refused(_)
        | Stage::Unsure(_)
        | Stage::Undoing
        | Stage::UndoFailed(_) => match broken(Mutation::UndoNotBegun) {
            true => Decision::Act,
            false => claim(found, delivery, Stage::Undoing, record.doubtful),
        },
    }
}

/// As one update of the record, so that recovery can do it without looking first.
fn arrive_seal(found: Option<&Record>, delivery: &Delivery) -> Decision {
    let record = match found {
        Some(record) if record.sealed => return Decision::Reply(Reply::Sealed(record.clone())),
        Some(record) if !forgets(record) => Record {
            revision: record.revision + 1,
            ..record.clone()
        },
        _ => Record::next(found, delivery, Stage::Tombstone),
    };
    let sealed = Record {
        sealed: true,
        ..record
    };
    Decision::Write(sealed.clone(), Reply::Sealed(sealed))
}

fn forgets(record: &Record) -> bool {
    record.stage == Stage::Begun && broken(Mutation::SealForgets)
}

/// Whether the record is this delivery's own: the write came through, its answer did not.
fn is_own(record: &Record, delivery: &Delivery) -> bool {
    record.by.id == delivery.id
}

fn is_duplicate(record: &Record, delivery: &Delivery) -> bool {
    record.by.order == delivery.order && !broken(Mutation::RefusalNotKept)
}

/// Whether a later delivery came before this one.
fn is_late(record: &Record, delivery: &Delivery) -> bool {
    delivery.order < record.by.order && !broken(Mutation::OrderIgnored)
}

fn is_leased(record: &Record, delivery: &Delivery) -> bool {
    delivery.now < record.by.until && !broken(Mutation::LeaseIgnored)
}

fn claim(found: Option<&Record>, delivery: &Delivery, stage: Stage, doubtful: bool) -> Decision {
    Decision::Claim(Record {
        doubtful,
        ..Record::next(found, delivery, stage)
    })
}

/// Nothing was done, and nothing will be.
fn bury(found: Option<&Record>, delivery: &Delivery) -> Decision {
    Decision::Write(
        Record::next(found, delivery, Stage::Tombstone),
        Reply::Nothing,
    )
}

fn answer(record: &Record) -> Decision {
    Decision::Reply(Reply::Answer(record.answer.clone().unwrap_or_default()))
}

fn wait(record: &Record) -> Decision {
    Decision::Reply(Reply::Wait(record.by.until))
}

fn fail(failure: Failure) -> Decision {
    Decision::Reply(Reply::Failed(failure))
}

/// An earlier delivery: nobody waits for its answer any more, and it must not act.
fn superseded() -> Decision {
    fail(Failure::unknown(
        "a later attempt came before this one: it decides",
    ))
}

/// Something was done, or may have been, and recovery deals with it.
fn sealed_do() -> Decision {
    fail(Failure::unknown(
        "the saga is being recovered: what this step did is undone there, or parked",
    ))
}
