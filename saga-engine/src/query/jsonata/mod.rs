//! JSONata expressions, on `jsonata-core`.
//!
//! What that crate leaves to its caller is done here: its panics are caught, its evaluations
//! are bounded, values that are no JSON are refused, the functions that Step Functions adds are
//! registered and those that depend on chance or on the clock are replaced. The plainest and
//! most common expressions, `$states.input.a.b` and `$variable.a`, need none of that and are
//! read directly.

mod convert;
mod evaluate;
mod expression;
mod functions;
mod needs;
mod rewrite;

pub use evaluate::{Jsonata, Unevaluated};
pub use expression::Expression;
