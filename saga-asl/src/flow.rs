//! What data can be where: variables, and the shape of inputs and outputs.
//!
//! Both analyses go through the transitions of a machine until nothing changes. They never claim
//! what they cannot know: the input of an execution may hold anything, a function may answer
//! anything, and what is too varied to follow counts as unknown.

mod expression;
mod payload;
mod propagate;
mod shape;
mod transfer;
mod variables;

pub use self::payload::{Payloads, Production};
pub use self::shape::{Fields, Origin, Shape};
pub use self::transfer::answer_of;
pub use self::variables::Variables;
