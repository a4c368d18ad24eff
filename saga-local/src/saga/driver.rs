//! The loop: effects to the backend, its answers and time back to the execution.

use std::collections::VecDeque;
use std::sync::Arc;

use saga_asl::data::Data;
use saga_engine::execution::{Effect, Event, Execution, Identity, Settings};
use saga_engine::fault::Failure;
use saga_engine::history::HistoryEvent;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::call::{self, Called};
use super::{Backend, Clock, Ended, Faults, Prepared};
use crate::lambda::GRACE;

/// Runs sagas.
pub struct Driver {
    /// What carries out tasks.
    pub backend: Backend,
    /// What goes wrong.
    pub faults: Faults,
    /// How time passes.
    pub clock: Clock,
    /// The name of the execution; a part of the saga's id.
    pub execution: String,
    /// What random numbers follow from: jitter, `$random()`.
    pub seed: u64,
}

/// Tells a run to stop: what is at work is ended, and the execution is aborted.
pub type Stop = watch::Receiver<bool>;

/// Why a run could not come to an end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A state calls what is not embedded.
    #[error("the state `{state}` calls `{resource}`, which is not embedded here")]
    NotEmbedded {
        /// The state.
        state: Arc<str>,
        /// What it calls.
        resource: String,
    },
    /// A state waits for what never comes.
    #[error("the execution waits for an answer that never comes")]
    Stuck,
}

impl Driver {
    /// Runs a saga to its end. `seen` is handed the history as it grows.
    ///
    /// # Errors
    /// When a state calls something that is not embedded, or waits without a timeout for what never comes.
    pub async fn run(
        mut self,
        saga: &Prepared,
        input: Data,
        mut stop: Stop,
        seen: &mut dyn FnMut(&[HistoryEvent]),
    ) -> Result<Ended, RunError> {
        let program = Arc::clone(&saga.program);
        let settings = self.settings(saga);
        let mut execution = Execution::start(program, settings, input, self.clock.now());
        let mut work = Work::default();
        let mut shown = 0;
        loop {
            for effect in execution.take_effects() {
                self.perform(effect, &mut work);
            }
            seen(execution.history().get(shown..).unwrap_or_default());
            shown = execution.history().len();
            if let Some(outcome) = execution.outcome().cloned() {
                return Ok(Ended::of(saga, execution, outcome));
            }
            let wake = execution.next_wake();
            let event = tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    self.backend.handlers.terminate();
                    work.end().await;
                    Event::Stopped(Failure::new("Interrupted", "stopped by the user"))
                }
                event = work.next(&mut self.clock, wake) => event?,
            };
            execution.handle(event, self.clock.now());
        }
    }

    fn settings(&self, saga: &Prepared) -> Settings {
        Settings {
            identity: Identity {
                region: crate::REGION.into(),
                account: crate::ACCOUNT.into(),
                machine: saga.saga.as_str().into(),
                execution: self.execution.as_str().into(),
                ..Identity::default()
            },
            seed: self.seed,
            ..Settings::default()
        }
    }

    fn perform(&self, effect: Effect, work: &mut Work) {
        match effect {
            Effect::Invoke(invocation) => {
                let fault = self
                    .faults
                    .hitting(&invocation.state, invocation.attempt)
                    .cloned();
                let now = self.clock.now().0;
                work.tasks
                    .spawn(call::call(*invocation, fault, self.backend.clone(), now));
            }
            // A task that nobody waits for goes on, as a function on Lambda does.
            Effect::Cancel(_) => {}
            Effect::Read(read) => {
                let cause = format!("`{}` is not embedded", read.resource);
                work.told.push_back(Event::ReadFailed(read.task, cause));
            }
            Effect::Write(write) => {
                let cause = format!("`{}` is not embedded", write.resource);
                work.told.push_back(Event::WriteFailed(write.task, cause));
            }
        }
    }
}

/// What is at work, and what is known already.
#[derive(Default)]
struct Work {
    tasks: JoinSet<Called>,
    told: VecDeque<Event>,
}

impl Work {
    /// What happens next: an answer, or time passing.
    async fn next(
        &mut self,
        clock: &mut Clock,
        wake: Option<saga_engine::time::Timestamp>,
    ) -> Result<Event, RunError> {
        loop {
            if let Some(event) = self.told.pop_front() {
                return Ok(event);
            }
            if self.tasks.is_empty() {
                clock.idle_until(wake.ok_or(RunError::Stuck)?).await;
                return Ok(Event::TimePassed);
            }
            tokio::select! {
                biased;
                called = self.tasks.join_next() => match called {
                    Some(Ok(Called::Told(event))) => self.told.extend(event),
                    Some(Ok(Called::NotEmbedded { state, resource })) => {
                        return Err(RunError::NotEmbedded { state, resource });
                    }
                    // INVARIANT: what is spawned does not panic, and is not aborted before it is dropped.
                    Some(Err(_)) | None => {}
                },
                () = clock.while_at_work(wake) => return Ok(Event::TimePassed),
            }
        }
    }
}

impl Work {
    /// Waits for what was asked to end, but not for long: what is left is killed with this.
    async fn end(&mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // Whoever does not end in time had its chance.
        let _ = tokio::time::timeout(GRACE, all).await;
    }
}

/// Comes back when the run is to stop; never, where nobody can say so any more.
async fn stopped(stop: &mut Stop) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
