//! The compiler's check of its own output: what AWS would refuse never leaves it.

use saga_asl::lint::{self, Severity};
use saga_asl::model::StateMachine;

use crate::checked::Saga;
use crate::diagnostic::Diagnostic;

/// The longest definition, in characters (Step Functions quotas), and the rule that says so.
const LONGEST: (usize, &str) = (1_048_576, "ASL117");

/// The text of a definition: indented, unless only a compact one is short enough for AWS.
pub(crate) fn text(machine: &StateMachine) -> String {
    let indented = format!("{}\n", machine.to_pretty());
    if indented.chars().count() <= LONGEST.0 {
        indented
    } else {
        machine.to_value().to_string()
    }
}

/// What AWS would refuse in a saga's definition.
pub(crate) fn check(saga: &Saga<'_>, machine: &StateMachine) -> Vec<Diagnostic> {
    let name = &saga.definition.name;
    let text = text(machine);
    let found = lint::check(&text).into_iter();
    let refused = found.filter(|finding| finding.severity == Severity::Error);
    refused
        .map(|finding| {
            let lint::Diagnostic {
                code,
                pointer,
                message,
                ..
            } = finding;
            if code == LONGEST.1 {
                return too_long(saga, text.chars().count());
            }
            let message =
                format!("the state machine of `{name}` breaks {code} at `{pointer}`: {message}");
            let help =
                "this is a defect of saga-compiler; `saga-cli explain` tells what the rule is for";
            Diagnostic::new(message, help).at(&saga.definition.place, "the saga")
        })
        .collect()
}

/// What a definition holds of a saga grows with it: that is the author's to change.
fn too_long(saga: &Saga<'_>, length: usize) -> Diagnostic {
    let name = &saga.definition.name;
    let (longest, _) = LONGEST;
    let message = format!(
        "the definition of `{name}` has {length} characters, and AWS takes {longest} at most"
    );
    let help = "make a saga of a part of it: of a savepoint's block first, which is written once for each try, and its \
                undo once more for each";
    Diagnostic::new(message, help).at(&saga.definition.place, "this saga")
}
