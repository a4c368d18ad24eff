//! What a definition has recorded so far.

mod api;
mod definition;
mod sagas;

use std::any::TypeId;
use std::collections::BTreeMap;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::Problem;
use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::resource::{Queue as QueueEntry, Table as TableEntry, Topic as TopicEntry};
use saga_manifest::step::Call as RecordedCall;
use saga_manifest::task::Task;

use self::definition::Definition;
use self::sagas::Known;
use crate::api::{RegisteredApi, RegisteredAuthorizer};
use crate::error::{SagaError, declared};
use crate::handler::Registered;
use crate::integration::dynamodb::CONDITION_FAILED;
use crate::integration::lambda::FenceError;
use crate::node::Arena;
use crate::place;
use crate::resource::{Queue, Table, Topic};
use crate::retry::{Retry, whole_seconds};
use crate::step::{Prepared, Step};

/// Retries of what must succeed in the end: compensations, steps after the pivot, notifications.
const PERSISTENT: Retry = Retry::after(Duration::from_secs(2))
    .times(6)
    .backoff(2.0)
    .at_most(Duration::from_secs(60))
    .jitter();

/// The definition of one saga, and the sagas, handlers and resources that all of a package's sagas name.
#[derive(Default)]
pub struct Recorder {
    definition: Definition,
    pub(crate) sagas: Vec<Known>,
    pub(crate) handlers: BTreeMap<String, Registered>,
    pub(crate) tables: BTreeMap<String, Declared<TableEntry>>,
    pub(crate) topics: BTreeMap<String, Declared<TopicEntry>>,
    pub(crate) queues: BTreeMap<String, Declared<QueueEntry>>,
    pub(crate) apis: Vec<RegisteredApi>,
    pub(crate) authorizers: BTreeMap<String, RegisteredAuthorizer>,
    pub(crate) problems: Vec<Problem>,
}

/// A resource, and the type that declares it.
pub(crate) struct Declared<T> {
    by: TypeId,
    pub(crate) entry: T,
}

/// What a call is in its saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It has no effect, and so no fence.
    Reads,
    /// It has an effect, and the saga has a way without it.
    May,
    /// It has an effect, and must succeed in the end: it retries what nothing else is said about.
    Must,
}

impl Recorder {
    /// Records a call.
    pub(crate) fn call<'s, S: Step>(
        &mut self,
        call: Prepared<'s, S>,
        arena: &'s Arena,
        at: &Location<'_>,
        weight: Weight,
    ) -> RecordedCall {
        let others = match (call.retry_others, weight) {
            (Some(policy), _) => policy,
            (None, Weight::Must) if S::RETRY_OTHERS == Retry::NEVER => PERSISTENT,
            (None, _) => S::RETRY_OTHERS,
        };
        let mut errors = self.errors(&call, at);
        let task = (call.lower)(arena, self);
        match weight {
            Weight::Reads => {}
            _ if self.fences(&task) => {
                errors.extend(self.declared(declared::<FenceError>(), &[], &[], at));
                let of_service = declared::<S::Service>();
                // What is raised in front of the fence speaks of its own attempt.
                settle(&mut errors, |name| {
                    of_service.iter().all(|(error, _)| error.name != name)
                });
            }
            _ if knows_itself(&task) => {
                settle(&mut errors, |name| CONDITION_FAILED.contains(&name));
            }
            _ => {}
        }
        RecordedCall {
            description: S::description().map(str::to_owned),
            errors,
            retry_others: self.policy(others, at),
            timeout_seconds: self.seconds(call.timeout.unwrap_or(S::TIMEOUT), at),
            heartbeat_seconds: S::HEARTBEAT.map(|heartbeat| self.seconds(heartbeat, at)),
            events: call.events,
            task,
        }
    }

    /// Whether a task, which has an effect, has a fence.
    fn fences(&self, task: &Task) -> bool {
        let Task::Lambda { handler, .. } = task else {
            return false;
        };
        let handler = self.handlers.get(handler);
        handler.is_some_and(|handler| handler.entry.unfenced.is_none())
    }

    fn errors<S: Step>(&mut self, call: &Prepared<'_, S>, at: &Location<'_>) -> Vec<DeclaredError> {
        if call
            .outcomes
            .iter()
            .any(|(.., because)| because.trim().is_empty())
        {
            self.problem(
                "this call says otherwise than its step whether it was done, and not why",
                "state the reason as the last argument of `.outcome(…)`: it is kept beside the error",
                at,
            );
        }
        let mut errors = declared::<<S::Error as SagaError>::Kind>();
        errors.extend(declared::<S::Service>());
        self.declared(errors, &call.retries, &call.outcomes, at)
    }

    fn declared(
        &mut self,
        errors: Vec<(DeclaredError, Retry)>,
        retries: &[(&str, Retry)],
        outcomes: &[(&str, Outcome, &str)],
        at: &Location<'_>,
    ) -> Vec<DeclaredError> {
        errors
            .into_iter()
            .map(|(error, policy)| {
                let mut said = retries.iter().rev();
                let retry = match said.find(|(name, _)| *name == error.name) {
                    // Said, and not only left unsaid: what is retried of the others does not count for it.
                    Some((_, Retry::NEVER)) => Retry::NEVER.to_manifest().ok(),
                    Some((_, policy)) => self.policy(*policy, at),
                    None => self.policy(policy, at),
                };
                let mut said = outcomes.iter().rev();
                let error = match said.find(|(name, ..)| *name == error.name) {
                    Some((_, outcome, because)) => DeclaredError {
                        outcome: *outcome,
                        reason: Some((*because).to_owned()),
                        ..error
                    },
                    None => error,
                };
                DeclaredError { retry, ..error }
            })
            .collect()
    }

    fn policy(&mut self, retry: Retry, at: &Location<'_>) -> Option<RetryPolicy> {
        if retry == Retry::NEVER {
            return None;
        }
        match retry.to_manifest() {
            Ok(policy) => Some(policy),
            Err(message) => {
                self.problem(
                    message,
                    "correct the retry policy of this call, or of the errors its step declares",
                    at,
                );
                None
            }
        }
    }

    pub(crate) fn seconds(&mut self, duration: Duration, at: &Location<'_>) -> u32 {
        whole_seconds(duration).unwrap_or_else(|message| {
            self.problem(message, "state the time as `Duration::from_secs(…)`", at);
            1
        })
    }

    pub(crate) fn problem(&mut self, message: &str, help: &str, at: &Location<'_>) {
        let (message, help) = (message.to_owned(), help.to_owned());
        self.problems.push(Problem {
            message,
            help,
            place: place::of(at),
        });
    }

    /// Registers a handler, and the resources it uses.
    #[doc(hidden)]
    pub fn handler(&mut self, handler: Registered) {
        for register in &handler.resources {
            register(self);
        }
        let name = handler.name();
        let same = |known: &Registered| known.step == handler.step;
        if self.handlers.get(&name).is_some_and(|known| !same(known)) {
            self.clash(&name, handler.entry.place.clone());
        }
        self.handlers.entry(name).or_insert(handler);
    }

    /// Registers a table.
    pub fn table<T: Table>(&mut self) {
        let entry = T::declare();
        let place = entry.place.clone();
        if !keep::<T, _>(&mut self.tables, entry.name.clone(), entry) {
            self.clash(&T::declare().name, place);
        }
    }

    /// Registers a topic.
    pub fn topic<T: Topic>(&mut self) {
        let entry = T::declare();
        let place = entry.place.clone();
        if !keep::<T, _>(&mut self.topics, entry.name.clone(), entry) {
            self.clash(&T::declare().name, place);
        }
    }

    /// Registers a queue, and the topics it subscribes to.
    pub fn queue<T: Queue>(&mut self) {
        let entry = T::declare();
        let place = entry.place.clone();
        if !keep::<T, _>(&mut self.queues, entry.name.clone(), entry) {
            self.clash(&T::declare().name, place);
        }
        T::topics(self);
    }

    fn clash(&mut self, name: &str, place: saga_manifest::place::Place) {
        let message = format!("two types named `{name}` are used in one package");
        let help =
            "rename one of them: functions and resources are named after their types".to_owned();
        self.problems.push(Problem {
            message,
            help,
            place,
        });
    }
}

/// Whether the call's condition holds for what the call itself has written: when it fails, no attempt has had its
/// effect.
fn knows_itself(task: &Task) -> bool {
    matches!(
        task,
        Task::DynamodbPut { .. } | Task::DynamodbLock { .. } | Task::DynamodbAdd { .. }
    )
}

/// A fence turns a refusal that comes after an unknown attempt into an unknown outcome, and a condition that knows its
/// own effect does not fail after it. So what these let through settles what became of the call; not what its author
/// judged otherwise.
fn settle(errors: &mut [DeclaredError], speaks_of_all: impl Fn(&str) -> bool) {
    for error in errors {
        let is_refusal = error.outcome == Outcome::NotDone && error.reason.is_none();
        error.settled = is_refusal && speaks_of_all(&error.name);
    }
}

/// Keeps an entry, unless another type already has its name.
fn keep<T: 'static, E>(known: &mut BTreeMap<String, Declared<E>>, name: String, entry: E) -> bool {
    let by = TypeId::of::<T>();
    known.entry(name).or_insert(Declared { by, entry }).by == by
}
