//! Environment variables of handlers.

use std::collections::BTreeSet;

use saga_manifest::handler::Handler;

use crate::diagnostic::{Diagnostic, Report};

/// What names of variables begin with that Lambda or the runtime sets (Lambda developer guide,
/// defined runtime environment variables).
const RESERVED: [&str; 4] = ["AWS_", "LAMBDA_", "SAGA_", "_"];

/// Checks the variables that a handler states itself: its own, and those of its secrets.
pub(super) fn check(handler: &Handler, report: &mut Report) {
    let own = handler.environment.iter().map(|variable| &variable.name);
    let secrets = handler.secrets.iter().map(|secret| &secret.variable);
    let mut seen = BTreeSet::new();
    for name in own.chain(secrets) {
        let owner = &handler.name;
        let (message, help) = if !seen.insert(name) {
            (
                format!("`{owner}` states the variable `{name}` twice"),
                "state it once",
            )
        } else if !is_name(name) {
            let message = format!("Lambda takes no variable of the name `{name}` for `{owner}`");
            (
                message,
                "use letters, digits and `_`, a letter first, at least two",
            )
        } else if RESERVED.iter().any(|reserved| name.starts_with(reserved)) {
            let message = format!("`{owner}` states the variable `{name}`, which is set already");
            (
                message,
                "choose a name that does not begin with `AWS_`, `LAMBDA_` or `SAGA_`",
            )
        } else {
            continue;
        };
        report.push(Diagnostic::new(message, help).at(&handler.place, "this handler"));
    }
}

/// The rule for names (Lambda API reference, `Environment`).
fn is_name(name: &str) -> bool {
    name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
