use super::lookup::is_guarded;
use crate::lint::{Context, Findings, Source, rule};

rule! {
    /// An expression reads a variable that is not set on every way there.
    ///
    /// A state sets its variables only when it succeeds: an undo behind its catcher finds them
    /// unset, and fails. Start them as null, and test with `$exists` or a condition.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": { "FunctionName": "charge" },
    ///     "Assign": { "charge": "{% $states.result.Payload %}" }, "Next": "Undo",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Undo" } ] },
    ///   "Undo": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $charge.id %}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Begin": { "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "charge": null }, "Next": "Charge" },
    ///   "Charge": { "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": { "FunctionName": "charge" },
    ///     "Assign": { "charge": "{% $states.result.Payload %}" }, "Next": "Undo",
    ///     "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Undo" } ] },
    ///   "Undo": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $charge ? $charge.id : null %}", "End": true } }
    /// ```
    pub static UNSET_VARIABLE = Warning "ASL205" "unset-variable" in DataFlow, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        for (expression, read) in cx.reads_of(state.id) {
            let Source::Variable(name) = &read.source else {
                continue;
            };
            let variables = cx.variables();
            let sometimes = variables.is_sometimes_set(state.id, name);
            let unsure = sometimes && !variables.is_always_set(state.id, name);
            if unsure && !is_guarded(state, expression) {
                let message = format!("`${name}` is not set on every way to `{}`", state.name());
                out.report(read.span, message).help(format!(
                    "set `{name}` to null at the start, and test it here"
                ));
            }
        }
    }
}
