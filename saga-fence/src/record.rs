//! What a fence remembers.

use serde::{Deserialize, Serialize};

use crate::delivery::{Claim, Delivery};
use crate::reply::Failure;

/// The record of one [`Key`](crate::Key).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// How often it was written: what a compare-and-swap compares.
    pub revision: u64,
    /// The delivery that wrote [`Self::stage`].
    pub by: Claim,
    /// Where do and undo are.
    pub stage: Stage,
    /// Whether recovery forbids that anything is done from now on.
    #[serde(default)]
    pub sealed: bool,
    /// Whether an attempt before that of [`Self::by`] may have had its effect.
    #[serde(default)]
    pub doubtful: bool,
    /// The do's answer as JSON text, once it is done: later undos may read it, also after the undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// Where do and undo of a step are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// A do acts, until its lease ends.
    Begun,
    /// It is done.
    Done,
    /// The attempt surely had no effect, and none before it.
    Refused(Failure),
    /// The attempt ended, and nobody knows whether it had its effect.
    Unsure(Failure),
    /// An undo acts, until its lease ends.
    Undoing,
    /// The undo failed: it is to be tried again.
    UndoFailed(Failure),
    /// What was done, or may have been, is undone.
    Undone,
    /// Nothing was done, and nothing will be.
    Tombstone,
}

impl Stage {
    /// Whether a handler may be at work, as long as its lease lasts.
    #[must_use]
    pub fn acts(&self) -> bool {
        matches!(self, Self::Begun | Self::Undoing)
    }
}

impl Record {
    /// The record that follows this one, or the first.
    pub(crate) fn next(found: Option<&Self>, delivery: &Delivery, stage: Stage) -> Self {
        Self {
            revision: found.map_or(0, |record| record.revision) + 1,
            by: delivery.claim(),
            stage,
            sealed: found.is_some_and(|record| record.sealed),
            doubtful: found.is_some_and(|record| record.doubtful),
            answer: found.and_then(|record| record.answer.clone()),
        }
    }
}
