//! What a soak is measured by.

use std::collections::BTreeMap;

use saga_engine::history::{Detail, HistoryEvent};
use saga_local::saga::Ending;

/// Figures of a soak.
#[derive(Default)]
pub struct Report {
    pub endings: BTreeMap<&'static str, usize>,
    /// Attempts that failed, by error.
    pub errors: BTreeMap<String, usize>,
    pub transitions: u64,
}

impl Report {
    pub fn ended(&mut self, ending: Ending) {
        *self.endings.entry(ending.name()).or_default() += 1;
    }

    pub fn count(&self, ending: Ending) -> usize {
        self.endings.get(ending.name()).copied().unwrap_or_default()
    }

    pub fn seen(&mut self, history: &[HistoryEvent]) {
        for event in history {
            let (Detail::Failed { failure, .. } | Detail::TimedOut { failure, .. }) = &event.detail
            else {
                continue;
            };
            let error = failure.error.as_deref().unwrap_or("no name");
            *self.errors.entry(error.to_owned()).or_default() += 1;
        }
    }
}
