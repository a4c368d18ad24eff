//! How a call's work is carried out, or is not.

use saga_asl::data::Data;
use saga_fence::{Ended, Failure, Key, Order, Outcome, Phase, Reply};
use saga_manifest::task::Task;
use serde_json::Value;

use crate::fault::Fault;
use crate::guarantee::Broken;
use crate::items;
use crate::ledger::Fate;
use crate::task::{DECLINED, DOUBTED, LOST, REFUSED, ROW_THROTTLED, THROTTLED, TRUSTED};
use crate::work::{Means, Work};
use crate::world::{Answer, End, World};

/// The saga id of all executions of a world.
const SAGA: &str = "saga";

/// What DynamoDB answers where a condition does not hold.
const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";

impl Work {
    /// Whether something tells that it comes late.
    pub(crate) fn is_known_late(&self) -> bool {
        matches!(
            self.means,
            Means::Fenced(_) | Means::Row { marked: true, .. }
        )
    }
}

impl World<'_> {
    /// Carries out what a call asks for, as far as nothing goes wrong.
    pub(crate) fn carry_out(&mut self, work: &Work, fault: Option<Fault>) -> Result<End, Broken> {
        Ok(match (&work.means, fault) {
            (_, Some(Fault::Before)) => self.nothing_known(work),
            (Means::Fenced(_) | Means::Unfenced, Some(Fault::Throttled)) => {
                self.fails(work, THROTTLED)
            }
            (Means::Fenced(order), fault) => self.deliver(work, *order, fault),
            (Means::Unfenced, fault) => self.invoke(work, fault),
            (Means::Row { .. }, Some(Fault::Throttled)) => self.fails(work, ROW_THROTTLED),
            (
                Means::Row {
                    action, arguments, ..
                },
                fault,
            ) => self.request(work, action, arguments, fault)?,
            (Means::Question(_), fault) => self.ask(work, fault),
            (Means::Message | Means::Saga, Some(_)) => {
                self.ledger.record(&work.key).effect = !work.undo;
                self.nothing_known(work)
            }
            (Means::Message | Means::Saga, None) => {
                self.ledger.record(&work.key).effect = !work.undo;
                self.seen.insert("a message");
                done(Data::object([("MessageId", Data::text("1"))]))
            }
        })
    }

    /// Lets nothing of a step be done any more.
    pub(crate) fn seal(&mut self, key: &crate::order::Key) {
        let fence = Key::new(SAGA, &key.step, Some(&key.item));
        self.fences
            .pass(&fence, Phase::Seal, Order::default(), || None);
    }

    fn deliver(&mut self, work: &Work, order: Order, fault: Option<Fault>) -> End {
        let Work { key, undo, .. } = work;
        let mut effect = self.ledger.record(key).effect;
        let fence = Key::new(SAGA, &key.step, Some(&key.item));
        let phase = if *undo { Phase::Undo } else { Phase::Do };
        let answer = answer(work);
        let reply = self.fences.pass(&fence, phase, order, || {
            let ended = act(*undo, fault, &mut effect)?;
            Some(match ended {
                Ok(()) => Ended::Answered(answer),
                Err((name, outcome)) => Ended::Failed(Failure {
                    name: name.into(),
                    message: "as it was told to".into(),
                    outcome,
                }),
            })
        });
        self.ledger.record(key).effect = effect;
        if matches!(&reply, Some(Reply::Failed(failure)) if failure.name == saga_fence::LATE_DO) {
            self.seen.insert("a do that was refused for its undo");
        }
        match reply {
            // The answer of what came late, or was lost, reaches nobody.
            None => self.nothing_known(work),
            Some(_) if fault == Some(Fault::After) => self.nothing_known(work),
            Some(Reply::Answer(text)) => done(payload(&text)),
            Some(Reply::Nothing | Reply::Sealed(_) | Reply::Wait(_)) => done(payload("null")),
            Some(Reply::Failed(failure)) => {
                if failure.outcome == Outcome::NotDone && !work.undo {
                    // A fence has seen all attempts.
                    self.ledger.record(key).refuse_all();
                }
                self.fails(work, &failure.name)
            }
        }
    }

    fn invoke(&mut self, work: &Work, fault: Option<Fault>) -> End {
        self.seen.insert("a handler without a fence");
        let mut effect = self.ledger.record(&work.key).effect;
        // One that is idempotent by nature does not refuse what it has done.
        let fault = fault.filter(|_| work.undo || !effect || fault == Some(Fault::After));
        let ended = act(work.undo, fault, &mut effect);
        self.ledger.record(&work.key).effect = effect;
        match ended {
            None => self.nothing_known(work),
            Some(Ok(())) => done(payload(&answer(work))),
            Some(Err((name, _))) => self.fails(work, name),
        }
    }

    fn request(
        &mut self,
        work: &Work,
        action: &str,
        arguments: &Value,
        fault: Option<Fault>,
    ) -> Result<End, Broken> {
        let call = self.call(work);
        let performed = match items::table(arguments) {
            Some(_) => self
                .items
                .perform(call, action, arguments, fault.is_none())?,
            None => self.rows.perform(action, arguments),
        };
        let task = call.map(|call| &call.task);
        let end = match performed {
            Ok(answer) => {
                self.ledger.record(&work.key).effect = !work.undo;
                done(serde_json::from_value(answer).map_err(|error| error.to_string())?)
            }
            Err(error) if error.name() == "ConditionalCheckFailedException" => {
                self.seen.insert("a condition that does not hold");
                let mut errors = call.into_iter().flat_map(|call| &call.errors);
                let settles = errors.any(|error| error.settled && error.name == CONDITION_FAILED);
                if !work.undo && settles && work.is_known_late() && fault.is_none() {
                    // It holds for the saga's own row: so no attempt before it has put that, and whoever
                    // waits for the answer knows.
                    self.ledger.record(&work.key).refuse_all();
                }
                let end = self.fails(work, CONDITION_FAILED);
                let fate = match task {
                    // It is held by nobody, or by another saga.
                    Some(Task::DynamodbRelease { .. }) => Fate::Done,
                    // It may be tried again, or an operator sees to it.
                    Some(
                        Task::DynamodbAdd { .. } | Task::DynamodbUpdate { basis: Some(_), .. },
                    ) if work.undo => self.lost_fate(work),
                    // There is nothing to undo.
                    _ if work.undo => Fate::Done,
                    _ => end.fate,
                };
                End { fate, ..end }
            }
            Err(error) => return Err(format!("DynamoDB does not take {arguments}: {error}")),
        };
        Ok(match fault {
            Some(_) => self.nothing_known(work),
            None => end,
        })
    }

    fn ask(&mut self, work: &Work, fault: Option<Fault>) -> End {
        let unanswered = match self.call(work).map(|call| &call.task) {
            Some(Task::Approval { unanswered, .. }) => unanswered.is_some(),
            _ => false,
        };
        let late = |error: &str| End {
            fate: match unanswered {
                true => Fate::Done,
                false => Fate::Refused,
            },
            event: Answer::Error(error.into()),
        };
        match fault {
            None => {
                self.seen.insert("a question that was answered");
                self.ledger.record(&work.key).effect = !work.undo;
                done(serde_json::from_str(&answer(work)).unwrap_or_default())
            }
            Some(Fault::Silent) => {
                self.seen.insert("a question that nobody answered");
                late("States.Timeout")
            }
            Some(Fault::NoHeartbeat) => late("States.HeartbeatTimeout"),
            Some(_) => self.fails(work, DECLINED),
        }
    }

    fn nothing_known(&mut self, work: &Work) -> End {
        End {
            fate: self.lost_fate(work),
            event: Answer::Error(self.lost(work)),
        }
    }

    fn fails(&mut self, work: &Work, error: &str) -> End {
        End {
            fate: self.fate_of(work, error),
            event: Answer::Error(error.into()),
        }
    }
}

/// What a handler does; nothing where it dies in it.
fn act(
    undo: bool,
    fault: Option<Fault>,
    effect: &mut bool,
) -> Option<Result<(), (&'static str, Outcome)>> {
    let acts = matches!(
        fault,
        None | Some(Fault::After | Fault::Unknown(true)) // The rest fails first.
    );
    // Who is asked again, by the same key, for what was done answers as if it was done now.
    let done_before = *effect && !undo;
    if acts {
        *effect = !undo;
    }
    match fault {
        Some(Fault::After) => None,
        Some(Fault::Unknown(_)) => Some(Err((LOST, Outcome::Unknown))),
        Some(Fault::Refuse) => Some(Err((REFUSED, Outcome::NotDone))),
        Some(Fault::Doubted) => Some(Err((DOUBTED, Outcome::NotDone))),
        Some(Fault::Trusted) if !done_before => Some(Err((TRUSTED, Outcome::Unknown))),
        _ => Some(Ok(())),
    }
}

/// What a handler answers: who it is.
fn answer(work: &Work) -> String {
    serde_json::json!({ "id": work.key.id() }).to_string()
}

fn payload(json: &str) -> Data {
    Data::object([("Payload", Data::parse(json).unwrap_or_default())])
}

fn done(output: Data) -> End {
    End {
        fate: Fate::Done,
        event: Answer::Success(output),
    }
}
