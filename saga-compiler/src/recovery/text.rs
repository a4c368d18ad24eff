//! The texts of a saga's own undo states, as a recovery has them.

use saga_asl::json::{Value, object};

/// The variable that holds the saga's id.
pub(super) const SAGA_ID: &str = "recoveredSaga";

/// The variable that holds the ARN of the execution that is recovered. The linter knows by such a name that what is
/// sent with it may be sent twice.
pub(super) const EXECUTION: &str = "recoveredExecutionId";

/// The variable that holds its input.
pub(super) const INPUT: &str = "recoveredInput";

/// The variable that holds why the saga is undone, in a saga's own states too.
pub(super) const FAILURE: &str = crate::checked::variables::FAILURE;

/// The execution's own ARN, where an operator redrives it: this one's.
const REDRIVE: &str = "--execution-arn \" & $states.context.Execution.Id";

/// A value with the recovered execution and its input in the place of the recovery's own.
pub(super) fn recovered(value: &Value) -> Value {
    match value {
        Value::String(text) => recovered_text(text).into(),
        Value::Array(items) => Value::Array(items.iter().map(recovered).collect()),
        Value::Object(fields) => {
            let fields = fields.iter();
            object(fields.map(|(name, value)| (name.clone(), recovered(value))))
        }
        other => other.clone(),
    }
}

fn recovered_text(text: &str) -> String {
    if !text.starts_with("{%") {
        return text.to_owned();
    }
    let kept = text.replace(REDRIVE, "\u{0}");
    let kept = kept
        .replace("$states.context.Execution.Id", &format!("${EXECUTION}"))
        .replace("$states.context.Execution.Input", &format!("${INPUT}"));
    kept.replace('\u{0}', REDRIVE)
}
