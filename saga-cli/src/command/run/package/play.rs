//! What is shown of a saga while it is played.

use saga_engine::history::HistoryEvent;
use saga_local::saga::{Act, Audience, RunError, Seen};

use super::session::failed;
use crate::exit::Failure;
use crate::show::Progress;

/// Shows each execution while it happens.
pub(super) struct Shown<'s> {
    pub(super) progress: Progress<'s>,
    pub(super) saga: &'s str,
    pub(super) execution: &'s str,
}

impl Audience for Shown<'_> {
    fn begin(&mut self, act: Act, known: &[HistoryEvent]) {
        let saga = format!("{}{}", act.prefix(), self.saga);
        self.progress.begin(&saga, self.execution, known);
    }

    fn see(&mut self, seen: Seen<'_>) {
        self.progress.show(&seen);
    }
}

pub(super) fn refused(error: &RunError) -> Failure {
    let help = match error {
        RunError::NotEmbedded { .. } => {
            "run the saga on services that have it: `--endpoint-url URL`, or on AWS"
        }
        RunError::NotRedriven => "",
        RunError::Stuck => "give the waiting state a timeout, or an answer: `--answer STATE=JSON`",
    };
    failed(&error.to_string(), help)
}
