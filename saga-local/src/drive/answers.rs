use std::collections::BTreeMap;

use saga_asl::data::Data;
use saga_engine::execution::{Event, TaskId};
use saga_engine::time::Timestamp;

use super::TaskResult;

/// How a service answers a call.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Milliseconds until it answers.
    pub after: i64,
    /// What it says on taking a job or a message, where its end is waited for.
    pub submitted: Option<Data>,
    /// The result; none if it never comes.
    pub result: Option<TaskResult>,
}

impl Answer {
    /// An answer at once.
    pub fn now(result: TaskResult) -> Self {
        Answer {
            result: Some(result),
            ..Answer::default()
        }
    }
}

/// Answers that are on their way, by the instant at which they come.
#[derive(Default)]
pub(super) struct Answers {
    coming: BTreeMap<(Timestamp, u64), (TaskId, Event)>,
    order: u64,
}

impl Answers {
    pub(super) fn promise(&mut self, task: TaskId, answer: Answer, now: Timestamp) {
        if let Some(output) = answer.submitted {
            self.add(now, task, Event::TaskSubmitted(task, output));
        }
        let at = now + answer.after;
        match answer.result {
            Some(Ok(output)) => self.add(at, task, Event::TaskSucceeded(task, output)),
            Some(Err(failure)) => self.add(at, task, Event::TaskFailed(task, failure)),
            None => {}
        }
    }

    pub(super) fn add(&mut self, at: Timestamp, task: TaskId, event: Event) {
        self.order += 1;
        self.coming.insert((at, self.order), (task, event));
    }

    pub(super) fn cancel(&mut self, task: TaskId) {
        self.coming.retain(|_, (coming, _)| *coming != task);
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.coming.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next answer, if it is there by `now`.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Event> {
        let first = self.coming.first_entry()?;
        (first.key().0 <= now).then(|| first.remove().1)
    }
}
