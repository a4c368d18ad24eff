//! The two ends of a saga.

use saga_asl::model::{Fail, State, Succeed};
use saga_manifest::expr::Expr;
pub(crate) use saga_manifest::saga::COMPENSATED;

use crate::checked::variables::{FAILURE, Fact};
use crate::jsonata::{Scope, Term, delimited, template};

/// How much of the first failure's cause a compensated saga's cause holds, in characters. AWS takes
/// 32,768 for the whole; in JSON text one character may become six.
const LONGEST_CAUSE: u32 = 5_000;

/// Completed, with the saga's output. Nothing could catch a failure here, so every read is guarded.
pub(super) fn succeeded(result: Option<&Expr>, scope: Scope<'_>) -> State {
    let output = match result {
        Some(result) => template::template(result, scope.guarded()),
        None => delimited(scope.known(Fact::Result)),
    };
    Succeed {
        output: Some(output),
        ..Succeed::default()
    }
    .into()
}

/// Compensated, with the first failure.
pub(super) fn failed() -> State {
    let failure = Term::path(format!("${FAILURE}"));
    let cause = Term::primary(format!(
        "$substring({}, 0, {LONGEST_CAUSE})",
        failure.field("cause")
    ));
    let cause = Term::object([
        ("step", failure.field("step")),
        ("error", failure.field("error")),
        ("cause", cause),
    ]);
    Fail {
        comment: Some("What was done is undone.".to_owned()),
        error: Some(COMPENSATED.to_owned()),
        cause: delimited(Term::call("$string", &cause))
            .as_str()
            .map(str::to_owned),
        ..Fail::default()
    }
    .into()
}
