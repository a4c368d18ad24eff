//! Calls of a kind of their own: sagas that sagas run, questions to people, errors that an author knows
//! better.

pub mod approval;
pub mod nested;
mod reason;
