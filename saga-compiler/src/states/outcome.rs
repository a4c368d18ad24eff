//! Questions about what became of a failed step: whether one that failed as if nothing had happened may
//! have happened in an earlier attempt; whether a nested saga has undone itself.

/// What the state is for.
pub(super) const ABOUT: &str =
    "A failure that says nothing was done counts only if no earlier attempt may have done it.";

/// What the state is for that looks at a nested saga's failure.
pub(super) const ABOUT_NESTED: &str =
    "Only a saga that says so has undone itself: any other may be parked, or was stopped.";

/// What the state is for that looks at what the parked form found.
pub(super) const ABOUT_SETTLED: &str = "A saga that has undone itself is not done.";
