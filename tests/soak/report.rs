//! What a soak is measured by.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use saga_engine::history::Detail;
use saga_local::saga::{Ended, Ending};

use crate::killer::Killed;
use crate::stage::Stage;

/// Figures of the sagas that have ended.
#[derive(Default)]
pub struct Report {
    sagas: usize,
    endings: BTreeMap<&'static str, usize>,
    /// Attempts that failed, by error.
    errors: BTreeMap<String, usize>,
    transitions: u64,
}

impl Report {
    pub fn add(&mut self, ended: &Ended) {
        self.sagas += 1;
        *self.endings.entry(ended.ending.name()).or_default() += 1;
        self.transitions += ended.execution.transitions();
        for event in ended.execution.history() {
            let (Detail::Failed { failure, .. } | Detail::TimedOut { failure, .. }) = &event.detail
            else {
                continue;
            };
            let error = failure.error.as_deref().unwrap_or("no name");
            *self.errors.entry(error.to_owned()).or_default() += 1;
        }
    }

    pub fn tell(&self, took: Duration, stage: &Stage) {
        let (sagas, seconds) = (self.sagas, took.as_secs_f64());
        let (handlers, killed) = (&stage.handlers, &stage.killed);
        eprintln!(
            "{sagas} sagas in {seconds:.1} s, {:.1} a second, {} transitions: {:?}",
            sagas as f64 / seconds,
            self.transitions,
            self.endings
        );
        eprintln!(
            "{} invocations, {} of them of an event that was delivered before; {} handlers killed at \
             random, {} between effect and answer; {} lines in the books",
            handlers.invocations.load(Ordering::Relaxed),
            handlers.repeated.load(Ordering::Relaxed),
            killed.at_random.get(),
            killed.after_effect.get(),
            stage.balance().lines,
        );
        eprintln!("attempts that failed: {:?}", self.errors);
    }

    /// What there is too little of, or too much: of each ending, and of kills.
    pub fn proportions(&self, killed: &Killed) -> Vec<String> {
        let of = |ending: Ending| {
            let count = self.endings.get(ending.name()).copied();
            count.unwrap_or_default() as f64 / self.sagas as f64
        };
        let kills = killed.at_random.get() + killed.after_effect.get();
        let wrong = [
            (of(Ending::Completed) < 0.2, "less than a fifth completed"),
            (
                of(Ending::Compensated) < 0.2,
                "less than a fifth was compensated",
            ),
            (of(Ending::Parked) >= 0.05, "a twentieth or more was parked"),
            (kills * 10 < self.sagas, "too few handlers were killed"),
            (
                killed.after_effect.get() == 0,
                "none was killed between effect and answer",
            ),
        ];
        let wrong = wrong.into_iter().filter(|(is_wrong, _)| *is_wrong);
        wrong.map(|(_, what)| what.to_owned()).collect()
    }
}
