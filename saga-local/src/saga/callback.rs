//! Tokens that tasks wait for, and how they come back.
//!
//! A state with `.waitForTaskToken` ends when somebody returns its token: a test or a person whom
//! [`Answers`] speak for, or whoever was sent the token and holds [`Callbacks`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use saga_asl::data::Data;
use saga_engine::execution::{Event, TaskId};
use saga_engine::fault::Failure;
use tokio::sync::Notify;

use super::address::{Address, Site};
use super::executions::Number;

/// What comes back with a token.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// `SendTaskSuccess` with this output.
    Succeed(Data),
    /// `SendTaskFailure` with this error and cause.
    Fail(Failure),
}

/// The answers that are known beforehand, by the state that waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    by_address: Vec<(Address, Answer, Duration)>,
}

/// Why an answer cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// No state of this name waits for an answer.
    #[error("no state `{name}` waits for an answer")]
    Unknown {
        /// What was named.
        name: String,
        /// The states that wait for one.
        known: Vec<String>,
    },
    /// A state has an answer already.
    #[error("two answers are given for `{0}`")]
    Twice(String),
}

impl Answers {
    /// Adds an answer to a state, as an [`Address`] names it, that comes so long after the state asked;
    /// `known` are all states that wait for one.
    ///
    /// # Errors
    /// When there is no such state, or it has an answer already.
    pub fn add(
        &mut self,
        state: &str,
        answer: Answer,
        after: Duration,
        known: &[String],
    ) -> Result<(), AnswerError> {
        let Some(address) = Address::find(state, known) else {
            return Err(AnswerError::Unknown {
                name: state.into(),
                known: known.to_vec(),
            });
        };
        if self.by_address.iter().any(|(given, ..)| *given == address) {
            return Err(AnswerError::Twice(state.into()));
        }
        self.by_address.push((address, answer, after));
        Ok(())
    }

    /// What is answered there, and after how many milliseconds.
    pub(super) fn to(&self, site: &Site<'_>) -> Option<(Answer, i64)> {
        let mut given = self.by_address.iter();
        let (_, answer, after) = given.find(|(address, ..)| address.leads_to(site))?;
        let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
        Some((answer.clone(), after))
    }
}

impl Answer {
    pub(super) fn event(self, task: TaskId) -> Event {
        match self {
            Self::Succeed(output) => Event::TaskSucceeded(task, output),
            Self::Fail(failure) => Event::TaskFailed(task, failure),
        }
    }
}

/// Returns tokens to a run. A clone is another handle to the same tokens.
#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    tokens: Mutex<Tokens>,
    told: Notify,
}

#[derive(Debug, Default)]
struct Tokens {
    /// `None` for a token that is no longer waited for.
    given: BTreeMap<Arc<str>, Option<Waiting>>,
    told: VecDeque<(Number, Event)>,
}

/// A task that waits for its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The state.
    pub state: Arc<str>,
    /// The token.
    pub token: Arc<str>,
    task: TaskId,
    execution: Number,
}

/// Why a token is refused, in the words of the service (API reference, `SendTaskSuccess`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Its task is over.
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TaskTimedOut,
    /// There never was such a token.
    #[error("Invalid Token: 'Invalid token'")]
    InvalidToken,
}

impl CallbackError {
    /// The error's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskTimedOut => "TaskTimedOut",
            Self::InvalidToken => "InvalidToken",
        }
    }
}

impl Callbacks {
    /// The tasks that wait now.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting> {
        let tokens = self.lock();
        tokens.given.values().flatten().cloned().collect()
    }

    /// Returns a token with its task's output.
    ///
    /// # Errors
    /// When nobody waits for it.
    pub fn succeed(&self, token: &str, output: Data) -> Result<(), CallbackError> {
        self.answer(token, Answer::Succeed(output))
    }

    /// Returns a token with an error and its cause.
    ///
    /// # Errors
    /// When nobody waits for it.
    pub fn fail(&self, token: &str, failure: Failure) -> Result<(), CallbackError> {
        self.answer(token, Answer::Fail(failure))
    }

    /// Says that a task is alive.
    ///
    /// # Errors
    /// When nobody waits for it.
    pub fn heartbeat(&self, token: &str) -> Result<(), CallbackError> {
        let mut tokens = self.lock();
        let waiting = tokens.waiting(token)?;
        let told = (waiting.execution, Event::Heartbeat(waiting.task));
        tokens.told.push_back(told);
        drop(tokens);
        self.shared.told.notify_one();
        Ok(())
    }

    fn answer(&self, token: &str, answer: Answer) -> Result<(), CallbackError> {
        let mut tokens = self.lock();
        let waiting = tokens.waiting(token)?;
        let told = (waiting.execution, answer.event(waiting.task));
        tokens.told.push_back(told);
        tokens.close(token);
        drop(tokens);
        self.shared.told.notify_one();
        Ok(())
    }

    pub(super) fn open(&self, state: &Arc<str>, token: &Arc<str>, execution: Number, task: TaskId) {
        let waiting = Waiting {
            state: Arc::clone(state),
            token: Arc::clone(token),
            task,
            execution,
        };
        self.lock().given.insert(Arc::clone(token), Some(waiting));
    }

    /// The tokens of a task are waited for no longer.
    pub(super) fn close(&self, execution: Number, task: TaskId) {
        for given in self.lock().given.values_mut() {
            if matches!(given, Some(waiting) if (waiting.execution, waiting.task) == (execution, task))
            {
                *given = None;
            }
        }
    }

    /// What somebody has told, if anybody has.
    pub(super) fn take(&self) -> Option<(Number, Event)> {
        self.lock().told.pop_front()
    }

    /// What somebody tells next.
    pub(super) async fn next(&self) -> (Number, Event) {
        loop {
            if let Some(told) = self.take() {
                return told;
            }
            self.shared.told.notified().await;
        }
    }

    /// The state. A holder that panicked leaves it as it was between two tokens.
    fn lock(&self) -> MutexGuard<'_, Tokens> {
        let tokens = self.shared.tokens.lock();
        tokens.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tokens {
    fn waiting(&self, token: &str) -> Result<Waiting, CallbackError> {
        match self.given.get(token) {
            Some(Some(waiting)) => Ok(waiting.clone()),
            Some(None) => Err(CallbackError::TaskTimedOut),
            None => Err(CallbackError::InvalidToken),
        }
    }

    fn close(&mut self, token: &str) {
        if let Some(given) = self.given.get_mut(token) {
            *given = None;
        }
    }
}
