//! The compiler's check of its own output: what AWS would refuse never leaves it.

use saga_asl::lint::{self, Severity};
use saga_asl::model::StateMachine;

use crate::checked::Saga;
use crate::diagnostic::Diagnostic;

/// What AWS would refuse in a saga's definition.
pub(crate) fn check(saga: &Saga<'_>, machine: &StateMachine) -> Vec<Diagnostic> {
    let name = &saga.definition.name;
    let found = lint::check(&machine.to_pretty()).into_iter();
    let refused = found.filter(|finding| finding.severity == Severity::Error);
    refused
        .map(|finding| {
            let lint::Diagnostic {
                code,
                pointer,
                message,
                ..
            } = finding;
            let message =
                format!("the state machine of `{name}` breaks {code} at `{pointer}`: {message}");
            let help =
                "this is a defect of saga-compiler; `saga-cli explain` tells what the rule is for";
            Diagnostic::new(message, help).at(&saga.definition.place, "the saga")
        })
        .collect()
}
