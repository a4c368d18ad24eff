//! The fault model: what can become of one delivery of a task.

use serde::Serialize;

use crate::machine::Handling;
use crate::model::{Kind, Outcome, Role, Task, integration};

/// An error that no step declares.
const UNDECLARED: &str = "UndeclaredError";

/// The cause of `States.TaskFailed` where the execution that was waited for ended compensated: its description
/// (recorded: the members in the order of their names).
const UNDONE: &str = r#"{"Cause":"injected","Error":"SagaCompensated","Status":"FAILED"}"#;

/// Something that goes wrong with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The error that the state machine sees; none where it sees a success.
    pub error: Option<String>,
    /// What the task did.
    pub effect: Effect,
    /// The error says that nothing was done.
    pub known: bool,
    /// It cannot happen to what has happened.
    pub only_if_not_done: bool,
    /// The cause that comes with the error, where the state machine may look at it.
    pub cause: Option<&'static str>,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// An error that the step declares.
    Declared,
    /// An error that nobody declares.
    Undeclared,
    /// The service rejects the call before anything runs.
    Throttle,
    /// The time runs out before the effect, which never comes.
    TimeoutBefore,
    /// The time runs out after the effect.
    TimeoutAfter,
    /// It dies between its effect and its answer.
    Crash,
    /// It is delivered twice; the second answer counts.
    Duplicate,
    /// A delivery that was given up arrives later, after another one of its step.
    Late,
    /// A delivery that was given up is at work until after the next one of its step.
    Slow,
    /// The answer is larger than a payload may be.
    TooLarge,
    /// The answer is not what `Output` or `Assign` can read.
    Unreadable,
    /// The saga that it runs has undone itself.
    Undone,
    /// The saga that it asks about was never started.
    NeverStarted,
    /// The saga that it asks about has not come to its end.
    Unsettled,
    /// A delivery that was made before comes once more.
    Stray,
    /// The execution is stopped while it is at work, and recovered.
    Stopped,
    /// Another saga comes to an item whose isolation is stated, and takes its lock or changes it.
    Interference,
}

impl FaultKind {
    /// Whether the state machine gives up waiting.
    pub(crate) fn times_out(self) -> bool {
        matches!(
            self,
            Self::TimeoutBefore | Self::TimeoutAfter | Self::Late | Self::Slow
        )
    }
}

/// What a delivery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing.
    None,
    /// What it is for.
    Once,
    /// The same twice.
    Twice,
    /// Nothing yet: once it arrives.
    Late,
    /// Nothing yet: once the next delivery has come.
    AtWork,
}

/// What a delivery leaves behind in its handler's fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing: it did not come there.
    Nothing,
    /// An answer.
    Answer,
    /// A failure.
    Failure,
    /// That it was begun: the handler died at work.
    Begun,
    /// The same, and the handler is at work.
    AtWork,
}

impl Fault {
    /// Whether something remains to be seen to by somebody.
    pub(crate) fn fails(&self) -> bool {
        self.error.is_some() || self.kind == FaultKind::Unsettled
    }

    /// What it leaves in a fence.
    pub(crate) fn leaves(&self) -> Left {
        use FaultKind::{
            Crash, Declared, Duplicate, Interference, Late, NeverStarted, Slow, Stopped, Stray,
            Throttle, TimeoutAfter, TimeoutBefore, TooLarge, Undeclared, Undone, Unreadable,
            Unsettled,
        };
        match self.kind {
            Throttle | TimeoutBefore | Late | Undone | Stray | Stopped | NeverStarted
            | Unsettled | Interference => Left::Nothing,
            Declared if !self.is_the_handlers() && self.effect == Effect::None => Left::Nothing,
            Declared if !self.is_the_handlers() => Left::Begun,
            Declared | Undeclared => Left::Failure,
            Crash => Left::Begun,
            Slow => Left::AtWork,
            TimeoutAfter | TooLarge | Unreadable | Duplicate => Left::Answer,
        }
    }

    /// Whether the handler answers so, and not the service in front of it, or its process before the first
    /// event: then the answer has come through its fence, and speaks of all attempts.
    pub(crate) fn is_the_handlers(&self) -> bool {
        let error = self.error.as_deref().unwrap_or_default();
        let before = ["SagaStartFailed", "SagaUnknownHandler", "SagaBadEvent"];
        self.kind != FaultKind::Throttle
            && !error.starts_with("Lambda.")
            && !before.contains(&error)
    }

    fn new(kind: FaultKind, error: Option<&str>, effect: Effect) -> Self {
        Self {
            kind,
            error: error.map(str::to_owned),
            effect,
            known: false,
            only_if_not_done: false,
            cause: None,
        }
    }

    /// What happened, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let error = self.error.as_deref().unwrap_or_default();
        let done = match self.effect {
            Effect::None => "before its effect",
            _ => "after its effect",
        };
        match self.kind {
            FaultKind::Declared if self.known => format!("fails with `{error}`: not done"),
            FaultKind::Declared => format!("fails with `{error}` {done}"),
            FaultKind::Undeclared => format!("fails with an undeclared error {done}"),
            FaultKind::Throttle => format!("is rejected with `{error}` before it runs"),
            FaultKind::TimeoutBefore | FaultKind::TimeoutAfter => format!("times out {done}"),
            FaultKind::Crash => format!("dies after its effect (`{error}`)"),
            FaultKind::Duplicate => "is delivered twice".to_owned(),
            FaultKind::Late => "times out before it arrives, and arrives later".to_owned(),
            FaultKind::Slow => "times out while it is at work, until after the next one".to_owned(),
            FaultKind::TooLarge => format!("answers too much, after its effect (`{error}`)"),
            FaultKind::Unreadable => {
                format!("answers what cannot be read, after its effect (`{error}`)")
            }
            FaultKind::Undone => "runs a saga that has undone itself".to_owned(),
            FaultKind::NeverStarted => "asks about a saga that was never started".to_owned(),
            FaultKind::Unsettled => "asks about a saga that has not come to its end".to_owned(),
            FaultKind::Stray => "comes once more".to_owned(),
            FaultKind::Stopped => "is at work when the execution is stopped".to_owned(),
            FaultKind::Interference => "is in another saga's way".to_owned(),
        }
    }
}

/// A fault, and those that the definition cannot tell from it.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) fault: Fault,
    /// Whether it differs to be hit on the first attempt only and on every attempt.
    pub(crate) retried: bool,
    /// The faults that it stands for, itself the first.
    pub(crate) members: Vec<Fault>,
}

/// All faults of a task.
pub(crate) fn faults(
    task: &Task,
    resource: &str,
    kind: Option<Kind>,
    idempotent: bool,
) -> Vec<Fault> {
    if task.looks {
        return of_look(task, resource);
    }
    let effects: &[Effect] = match (task.role, kind) {
        (Role::Message, _) | (_, Some(Kind::ReadOnly)) => &[Effect::None],
        _ => &[Effect::None, Effect::Once],
    };
    let after = effects.last().copied().unwrap_or(Effect::None);
    let mut found = Vec::new();
    for error in &task.errors {
        let known = error.outcome == Outcome::NotDone;
        for effect in if known { &[Effect::None][..] } else { effects } {
            found.push(Fault {
                known,
                only_if_not_done: error.only_if_not_done,
                ..Fault::new(FaultKind::Declared, Some(&error.name), *effect)
            });
        }
    }
    found.push(Fault::new(
        FaultKind::TimeoutBefore,
        Some("States.Timeout"),
        Effect::None,
    ));
    if after == Effect::Once {
        found.push(Fault::new(
            FaultKind::TimeoutAfter,
            Some("States.Timeout"),
            after,
        ));
    }
    let crash = integration::crash(resource);
    found.push(Fault::new(FaultKind::Crash, Some(&crash), after));
    let undeclared = |effect: &Effect| Fault::new(FaultKind::Undeclared, Some(UNDECLARED), *effect);
    found.extend(effects.iter().map(undeclared));
    if let Some(name) = integration::throttle(resource)
        && !task.errors.iter().any(|error| error.name == name)
    {
        found.push(Fault {
            known: true,
            ..Fault::new(FaultKind::Throttle, Some(name), Effect::None)
        });
    }
    for (kind, name) in [
        (FaultKind::TooLarge, "States.DataLimitExceeded"),
        (FaultKind::Unreadable, "States.QueryEvaluationError"),
    ] {
        found.push(Fault::new(kind, Some(name), after));
    }
    if after == Effect::Once {
        found.push(Fault::new(FaultKind::Duplicate, None, Effect::Twice));
    }
    if matches!(task.role, Role::Do(_)) && task.runs_saga {
        found.push(Fault {
            known: true,
            only_if_not_done: true,
            cause: Some(UNDONE),
            ..Fault::new(FaultKind::Undone, Some("States.TaskFailed"), Effect::None)
        });
    }
    if matches!(task.role, Role::Do(_)) && after == Effect::Once && idempotent {
        found.push(Fault::new(
            FaultKind::Late,
            Some("States.Timeout"),
            Effect::Late,
        ));
    }
    if !matches!(task.role, Role::Message) && after == Effect::Once && idempotent {
        found.push(Fault::new(
            FaultKind::Slow,
            Some("States.Timeout"),
            Effect::AtWork,
        ));
    }
    found
}

/// What can become of a question about a saga that another state ran. Where nothing goes wrong, that saga's own
/// operator has brought it to its completion.
fn of_look(task: &Task, resource: &str) -> Vec<Fault> {
    let does = matches!(task.role, Role::Do(_));
    let not_done = |kind, error| Fault {
        known: does,
        only_if_not_done: does,
        ..Fault::new(kind, error, Effect::None)
    };
    let throttle = integration::throttle(resource);
    let mut found = vec![
        Fault::new(FaultKind::Unsettled, None, Effect::None),
        Fault::new(
            FaultKind::TimeoutBefore,
            Some("States.Timeout"),
            Effect::None,
        ),
        Fault::new(FaultKind::Throttle, throttle, Effect::None),
        not_done(FaultKind::NeverStarted, Some(integration::NEVER_STARTED)),
    ];
    found.extend(does.then(|| not_done(FaultKind::Undone, None)));
    found
}

/// Faults in classes: two are of one class where they have the same effect, say the same about it, leave the
/// same in a fence, and the state has the same retrier and the same catcher for them. What they are called may
/// then show in data, but no state of the definition goes another way for it; where one looks at names of
/// errors, `names_matter`. What is no function has no fence.
pub(crate) fn classes(
    faults: Vec<Fault>,
    resource: &str,
    handling: &Handling,
    names_matter: bool,
) -> Vec<Class> {
    let is_function = integration::is_function(resource);
    let acts = faults.iter().any(|fault| fault.effect == Effect::Once);
    let mut found: Vec<(Class, Option<usize>, Option<usize>)> = Vec::new();
    for fault in faults {
        let error = fault.error.as_deref();
        let retrier = error.and_then(|error| handling.retrier(error));
        let catcher = error.and_then(|error| handling.catcher(error));
        let alike = found.iter_mut().find(|(class, its_retrier, its_catcher)| {
            let other = &class.fault;
            other.error.is_some() == fault.error.is_some()
                && (
                    other.effect,
                    other.known,
                    other.only_if_not_done,
                    other.cause,
                ) == (
                    fault.effect,
                    fault.known,
                    fault.only_if_not_done,
                    fault.cause,
                )
                && (!is_function || !acts || other.leaves() == fault.leaves())
                && (*its_retrier, *its_catcher) == (retrier, catcher)
                && (!names_matter || other.error == fault.error)
        });
        match alike {
            Some((class, ..)) => class.members.push(fault),
            None => found.push((
                Class {
                    members: vec![fault.clone()],
                    fault,
                    retried: retrier.is_some_and(|index| handling.retries(index)),
                },
                retrier,
                catcher,
            )),
        }
    }
    found.into_iter().map(|(class, ..)| class).collect()
}
