//! What is at work, and what is known already.

use std::collections::{BTreeMap, VecDeque};

use saga_engine::execution::{Event, TaskId};
use saga_engine::time::Timestamp;
use tokio::task::JoinSet;

use super::call::Called;
use super::executions::Number;
use super::{Callbacks, Clock, RunError};
use crate::lambda::GRACE;

/// The calls of a run's executions, and their answers.
#[derive(Default)]
pub(super) struct Work {
    calls: JoinSet<(Number, Called)>,
    told: VecDeque<(Number, Event)>,
    /// Answers that are on their way, by the instant at which they come.
    coming: BTreeMap<(Timestamp, u64), (Number, TaskId, Event)>,
    order: u64,
}

/// What happens next.
pub(super) enum Next {
    /// An execution is told something.
    Told(Number, Event),
    /// A call has been made.
    Called(Number, Called),
    /// Time has passed.
    TimePassed,
}

impl Work {
    pub(super) fn call(
        &mut self,
        number: Number,
        call: impl Future<Output = Called> + Send + 'static,
    ) {
        self.calls.spawn(async move { (number, call.await) });
    }

    pub(super) fn tell(&mut self, number: Number, event: Event) {
        self.told.push_back((number, event));
    }

    pub(super) fn tell_at(&mut self, at: Timestamp, number: Number, task: TaskId, event: Event) {
        self.order += 1;
        self.coming.insert((at, self.order), (number, task, event));
    }

    /// What comes for a task is not waited for any more.
    pub(super) fn forget(&mut self, number: Number, task: TaskId) {
        self.coming
            .retain(|_, (waiting, of, _)| (*waiting, *of) != (number, task));
    }

    /// What happens next: an answer, or time passing, up to an instant that an execution waits for.
    pub(super) async fn next(
        &mut self,
        clock: &mut Clock,
        callbacks: &Callbacks,
        wake: Option<Timestamp>,
    ) -> Result<Next, RunError> {
        let coming = self.coming.first_key_value().map(|((at, _), _)| *at);
        let wake = [wake, coming].into_iter().flatten().min();
        loop {
            let told = self.told.pop_front().or_else(|| callbacks.take());
            if let Some((number, event)) = told.or_else(|| self.due(clock.now())) {
                return Ok(Next::Told(number, event));
            }
            if self.calls.is_empty() {
                return idle(clock, callbacks, wake).await;
            }
            tokio::select! {
                biased;
                // INVARIANT: what is spawned does not panic, and is not aborted before it is dropped.
                called = self.calls.join_next() => if let Some(Ok((number, called))) = called {
                    return Ok(Next::Called(number, called));
                },
                (number, event) = callbacks.next() => return Ok(Next::Told(number, event)),
                () = clock.while_at_work(wake) => return Ok(Next::TimePassed),
            }
        }
    }

    fn due(&mut self, now: Timestamp) -> Option<(Number, Event)> {
        let first = self.coming.first_entry()?;
        (first.key().0 <= now).then(|| {
            let (number, _, event) = first.remove();
            (number, event)
        })
    }

    /// Waits for what was asked to end, but not for long: what is left is killed with this.
    pub(super) async fn end(&mut self) {
        let all = async { while self.calls.join_next().await.is_some() {} };
        // Whoever does not end in time had its chance.
        let _ = tokio::time::timeout(GRACE, all).await;
    }
}

/// Nothing is at work: time passes, unless a token comes back before.
async fn idle(
    clock: &mut Clock,
    callbacks: &Callbacks,
    wake: Option<Timestamp>,
) -> Result<Next, RunError> {
    // On a clock that skips, nobody outside of the run has the time to return a token.
    let waits = *clock == Clock::Real && !callbacks.waiting().is_empty();
    let Some(wake) = wake else {
        if !waits {
            return Err(RunError::Stuck);
        }
        let (number, event) = callbacks.next().await;
        return Ok(Next::Told(number, event));
    };
    tokio::select! {
        biased;
        (number, event) = callbacks.next() => Ok(Next::Told(number, event)),
        () = clock.idle_until(wake) => Ok(Next::TimePassed),
    }
}
