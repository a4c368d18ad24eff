//! Checks a definition with every rule.
//!
//! The pipeline: text → tree ([`crate::syntax`]) → definitions in it ([`crate::document`]) →
//! outline, departures from the schema, parsed expressions ([`Context`]) → findings of the
//! rules ([`crate::rules`]) → suppressions → [`Diagnostic`]s in the order of the text.

mod context;
mod diagnostic;
mod expression;
mod finding;
mod fix;
mod rule;
mod run;
mod suggest;
mod suppression;

pub use self::context::{Context, Embedding, Misfit};
pub use self::diagnostic::{Diagnostic, Severity};
pub use self::expression::{Expression, Parsed, Read, Source};
pub use self::finding::{Finding, Findings};
pub use self::fix::{Edit, Fix, apply};
pub use self::rule::{Family, Rule};
pub use self::run::{
    Options, Referenced, Report, check, check_if_one, check_reference, check_with,
};
pub use self::suggest::did_you_mean;
pub(crate) use self::suggest::nearest;
pub(crate) use self::suppression::Suppression;

pub(crate) use self::rule::rule;
