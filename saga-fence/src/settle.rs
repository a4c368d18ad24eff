//! What is kept of a handler's work, and answered: the rules after it acted.

use crate::arrive::Decision;
use crate::delivery::Delivery;
use crate::mutation::{Mutation, broken};
use crate::record::{Record, Stage};
use crate::reply::{Ended, Failure, Outcome, Reply};

/// Decides what is kept and answered, from the record that is there when the work ended. Never says
/// [`Decision::Claim`] or [`Decision::Act`].
#[must_use]
pub fn settle(found: Option<&Record>, delivery: &Delivery, ended: &Ended) -> Decision {
    let Some(record) = found.filter(|record| record.by.id == delivery.id) else {
        return Decision::Reply(unkept(ended, "another delivery took its place"));
    };
    let keep = |stage, answer: Option<&String>, reply| {
        let record = Record {
            by: record.by.clone(),
            answer: answer.cloned().or_else(|| record.answer.clone()),
            ..Record::next(found, delivery, stage)
        };
        Decision::Write(record, reply)
    };
    match (&record.stage, ended) {
        (Stage::Begun, Ended::Answered(json)) => {
            keep(Stage::Done, Some(json), Reply::Answer(json.clone()))
        }
        (Stage::Begun, Ended::Failed(failure)) => {
            let failure = believed(record, failure);
            let stage = match failure.outcome {
                Outcome::NotDone => Stage::Refused(failure.clone()),
                Outcome::Unknown => Stage::Unsure(failure.clone()),
            };
            keep(stage, None, Reply::Failed(failure))
        }
        (Stage::Undoing, Ended::Answered(_)) if broken(Mutation::UndoNotKept) => {
            Decision::Reply(reply(ended))
        }
        (Stage::Undoing, Ended::Answered(_)) => keep(Stage::Undone, None, reply(ended)),
        (Stage::Undoing, Ended::Failed(failure)) => {
            keep(Stage::UndoFailed(failure.clone()), None, reply(ended))
        }
        // The write came through, its answer did not.
        (Stage::Done, _) => {
            Decision::Reply(Reply::Answer(record.answer.clone().unwrap_or_default()))
        }
        (Stage::Refused(kept) | Stage::Unsure(kept) | Stage::UndoFailed(kept), _) => {
            Decision::Reply(Reply::Failed(kept.clone()))
        }
        (Stage::Undone, _) => Decision::Reply(reply(ended)),
        (Stage::Tombstone, _) => Decision::Reply(unkept(ended, "the step was given up")),
    }
}

/// What is answered where nothing can be kept: what cannot be kept is not given, for the next delivery
/// would find another answer.
pub(crate) fn unkept(ended: &Ended, why: &str) -> Reply {
    match ended {
        _ if broken(Mutation::UnkeptAnswerGiven) => reply(ended),
        Ended::Failed(failure) if failure.outcome == Outcome::Unknown => reply(ended),
        Ended::Answered(_) => unknown(format!(
            "the handler answered, and the answer was not kept: {why}"
        )),
        Ended::Failed(failure) => unknown(format!(
            "the handler failed, which was not kept ({why}): {}: {}",
            failure.name, failure.message
        )),
    }
}

fn unknown(message: String) -> Reply {
    Reply::Failed(Failure::unknown(message))
}

fn reply(ended: &Ended) -> Reply {
    match ended {
        Ended::Answered(json) => Reply::Answer(json.clone()),
        Ended::Failed(failure) => Reply::Failed(failure.clone()),
    }
}

/// A refusal counts only if no earlier attempt may have had its effect.
fn believed(record: &Record, failure: &Failure) -> Failure {
    let doubtful = record.doubtful && !broken(Mutation::RefusalBelieved);
    if !doubtful || failure.outcome == Outcome::Unknown {
        return failure.clone();
    }
    Failure::unknown(format!(
        "an earlier attempt may have been done, and this one failed: {}: {}",
        failure.name, failure.message
    ))
}
