use std::collections::HashMap;

use crate::lint::{Context, Findings, rule};

rule! {
    /// Two states of one definition have the same name.
    ///
    /// Names are unique within the whole state machine, branches and item processors included
    /// (States Language specification, "States").
    ///
    /// ```json bad
    /// { "Both": { "Type": "Parallel", "End": true, "Branches": [
    ///   { "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } },
    ///   { "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } ] } }
    /// ```
    ///
    /// ```json good
    /// { "Both": { "Type": "Parallel", "End": true, "Branches": [
    ///   { "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } },
    ///   { "StartAt": "DoToo", "States": { "DoToo": { "Type": "Pass", "End": true } } } ] } }
    /// ```
    pub static DUPLICATE_STATE_NAME = Error "ASL116" "duplicate-state-name" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut seen = HashMap::new();
    for state in cx.outline.states() {
        let first = *seen.entry(state.name()).or_insert(state.scope);
        // The same name in the same object is a duplicate key, which has a finding of its own.
        if first != state.scope {
            let message = format!(
                "another state of this definition is called `{}`",
                state.name()
            );
            out.report(state.name.span, message)
                .help("rename one of them");
        }
    }
}
