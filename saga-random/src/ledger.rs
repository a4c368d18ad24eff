//! What was done and undone, in the order of what was seen.

use std::collections::BTreeMap;

use crate::order::Key;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// With its effect, and an answer.
    Done,
    /// Without an effect, by an error that says so.
    Refused,
    /// With its effect, but without an answer.
    LostAfter,
    /// Without an effect, but without an answer either.
    LostBefore,
    /// Nobody waits for it any more.
    Cancelled,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began.
    pub start: u64,
    /// When it ended, and how.
    pub end: Option<(u64, Fate)>,
}

/// What became of a step instance.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Its attempts to do.
    pub dos: Vec<Attempt>,
    /// Its attempts to undo.
    pub undos: Vec<Attempt>,
    /// Whether it has an effect.
    pub effect: bool,
}

/// What was done and undone.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// By step instance.
    pub records: BTreeMap<Key, Record>,
    /// What was seen, for people.
    pub trace: Vec<String>,
    now: u64,
}

impl Ledger {
    /// The next moment.
    pub fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    /// The record of a step instance.
    pub fn record(&mut self, key: &Key) -> &mut Record {
        self.records.entry(key.clone()).or_default()
    }

    /// Notes what was seen.
    pub fn note(&mut self, text: impl Into<String>) {
        self.trace.push(text.into());
    }
}

impl Record {
    /// Whether it was done or may have been.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        let refused = |attempt: &Attempt| matches!(attempt.end, Some((_, Fate::Refused)));
        !self.dos.iter().all(refused)
    }

    /// Whether it surely did not happen: it was refused at once.
    #[must_use]
    pub fn surely_did_not_happen(&self) -> bool {
        self.dos.len() <= 1 && !self.may_have_happened()
    }

    /// Whether it answered.
    #[must_use]
    pub fn answered(&self) -> bool {
        let ends = self.dos.iter().filter_map(|attempt| attempt.end);
        ends.into_iter().any(|(_, fate)| fate == Fate::Done)
    }

    /// Whether its undo has succeeded.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        let ends = self.undos.iter().filter_map(|attempt| attempt.end);
        ends.into_iter().any(|(_, fate)| fate == Fate::Done)
    }

    /// Whether it may have an effect that nobody has undone.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.may_have_happened() && !self.is_undone()
    }

    /// Whether an attempt to do it is going on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.dos.iter().any(|attempt| attempt.end.is_none())
    }
}
