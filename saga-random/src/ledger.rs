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
    /// Attempts to do it that no undo has answered for.
    fn open(&self) -> impl Iterator<Item = &Attempt> {
        let undone = self.undone_at().unwrap_or_default();
        self.dos
            .iter()
            .filter(move |attempt| attempt.start > undone)
    }

    /// When an undo of it succeeded last.
    fn undone_at(&self) -> Option<u64> {
        let ends = self.undos.iter().filter_map(|attempt| attempt.end);
        let done = ends.filter(|(_, fate)| *fate == Fate::Done);
        done.map(|(at, _)| at).max()
    }

    /// Something tells that no attempt that has ended had an effect.
    pub fn refuse_all(&mut self) {
        for attempt in &mut self.dos {
            if let Some((at, _)) = attempt.end {
                attempt.end = Some((at, Fate::Refused));
            }
        }
    }

    /// Whether it surely did not happen: it was refused at once.
    #[must_use]
    pub fn surely_did_not_happen(&self) -> bool {
        self.dos.len() <= 1 && self.dos.iter().all(Attempt::is_refused)
    }

    /// Whether it answered, and was not undone since.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.open().any(|attempt| attempt.is_done())
    }

    /// Whether it ever answered.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.dos.iter().any(Attempt::is_done)
    }

    /// Whether its undo has succeeded.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        self.undone_at().is_some()
    }

    /// Whether it may have an effect that nobody has undone.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.open().any(|attempt| !attempt.is_refused())
    }

    /// Whether an attempt to do it is going on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.dos.iter().any(|attempt| attempt.end.is_none())
    }
}

impl Attempt {
    /// Whether it answered.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.end, Some((_, Fate::Done)))
    }

    fn is_refused(&self) -> bool {
        matches!(self.end, Some((_, Fate::Refused)))
    }
}
