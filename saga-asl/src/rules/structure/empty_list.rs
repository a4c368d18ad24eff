use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;

rule! {
    /// A list has no entries that needs one.
    ///
    /// ```json bad
    /// { "Decide": { "Type": "Choice", "Choices": [], "Default": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    ///
    /// ```json good
    /// { "Decide": { "Type": "Choice", "Choices": [ { "Variable": "$.paid", "BooleanEquals": true, "Next": "Done" } ], "Default": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    pub static EMPTY_LIST = Error "ASL108" "empty-list" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        if let Departure::TooFew(record) = misfit.departure {
            out.report(
                misfit.node.span,
                format!("the list is empty, and needs {}", record.what),
            );
        }
    }
    for scope in cx.outline.scopes() {
        let states = scope.node.get("States").filter(|states| states.is_object());
        if let Some(states) = states.filter(|states| states.members().is_empty()) {
            out.report(states.span, "there are no states")
                .help("add the state that `StartAt` names");
        }
    }
}
