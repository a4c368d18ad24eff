//! The question whether a step that failed as if nothing had happened may have happened in an earlier
//! attempt.

/// What the state is for.
pub(super) const ABOUT: &str =
    "A failure that says nothing was done counts only if no earlier attempt may have done it.";
