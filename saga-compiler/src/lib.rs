//! From a saga's manifest to a state machine and a SAM template. Pure: nothing is read or written.
//!
//! [`compile()`] is the pipeline:
//!
//! manifest ─`checked`→ package without mistakes ─`plan`→ states and their ways out
//! ─`states`→ definition and what it uses ─`recovery`→ what recovers it, `starter`→ what starts it
//! ─`template`→ template

pub mod approval;
mod checked;
mod compile;
mod diagnostic;
pub mod diff;
mod fence;
mod jsonata;
mod lint;
mod logical_id;
mod options;
mod permission;
mod plan;
mod recovery;
mod starter;
mod states;
mod template;
pub mod yaml;

pub use compile::{Definition, Output, choreograph, compile};
pub use diagnostic::Diagnostic;
pub use options::{Architecture, Definitions, Options};
pub use template::limit::fits;
