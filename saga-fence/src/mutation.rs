//! Rules of the protocol that a test may break, to see that it finds out. Nothing is broken, and nothing
//! is asked, unless the crate's feature `mutations` is on.

#[cfg(feature = "mutations")]
use std::cell::Cell;

/// A rule that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// An undo before its do leaves nothing, so that the late do acts.
    NoTombstone,
    /// All items of a map share a fence.
    KeyWithoutItem,
    /// A handler that may be at work counts as gone.
    LeaseIgnored,
    /// A late delivery acts like a new one.
    OrderIgnored,
    /// A do is done, and its answer is not kept: the next one does it again.
    AnswerNotKept,
    /// An answer that could not be kept is given all the same.
    UnkeptAnswerGiven,
    /// A refusal is not kept: a duplicate of the refused attempt acts.
    RefusalNotKept,
    /// A refusal is believed after an attempt of which nothing is known.
    RefusalBelieved,
    /// An undo is not recorded as begun: a late do acts beside it.
    UndoNotBegun,
    /// An undo is not recorded as undone: it is undone twice.
    UndoNotKept,
    /// A do may act after its undo.
    LateDoActs,
    /// A step that was surely not done is undone.
    RefusedIsUndone,
    /// A step of which nothing is known is not undone.
    UnsureIsNotUndone,
    /// A write takes effect whatever was written in between.
    BlindWrites,
    /// A do acts after recovery began.
    SealIgnored,
    /// Recovery forgets the do that is at work, and its answer.
    SealForgets,
    /// A fence that does not answer lets the handler act.
    UnavailableActs,
}

impl Mutation {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::NoTombstone,
        Self::KeyWithoutItem,
        Self::LeaseIgnored,
        Self::OrderIgnored,
        Self::AnswerNotKept,
        Self::UnkeptAnswerGiven,
        Self::RefusalNotKept,
        Self::RefusalBelieved,
        Self::UndoNotBegun,
        Self::UndoNotKept,
        Self::LateDoActs,
        Self::RefusedIsUndone,
        Self::UnsureIsNotUndone,
        Self::BlindWrites,
        Self::SealIgnored,
        Self::SealForgets,
        Self::UnavailableActs,
    ];
}

#[cfg(feature = "mutations")]
thread_local! {
    static BROKEN: Cell<Option<Mutation>> = const { Cell::new(None) };
}

/// Runs something on this thread with a rule broken.
#[cfg(feature = "mutations")]
pub fn with<T>(mutation: Mutation, run: impl FnOnce() -> T) -> T {
    struct Mended;
    impl Drop for Mended {
        fn drop(&mut self) {
            BROKEN.set(None);
        }
    }
    BROKEN.set(Some(mutation));
    let _mended = Mended;
    run()
}

/// Whether a rule is broken on this thread.
#[cfg(feature = "mutations")]
#[must_use]
pub fn broken(mutation: Mutation) -> bool {
    BROKEN.get() == Some(mutation)
}

/// Whether a rule is broken: none is.
#[cfg(not(feature = "mutations"))]
#[must_use]
pub const fn broken(_: Mutation) -> bool {
    false
}
