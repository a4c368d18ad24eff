//! How often the execution was redriven.

use crate::jsonata::Term;

/// The count in an expression of its own. An execution that never was redriven may not say so, and reading what
/// is not there would fail the state.
pub(crate) const REDRIVES: &str = "$exists($states.context.Execution.RedriveCount) ? \
                                   $states.context.Execution.RedriveCount : 0";

/// The count as a part of an expression.
pub(super) fn redrives() -> Term {
    Term::primary(format!("({REDRIVES})"))
}
