use std::collections::HashSet;

use crate::lint::{Context, Findings, rule};
use crate::outline::StateType;

rule! {
    /// Two Map states have the same `Label`.
    ///
    /// It tells their map runs apart, so it is unique within the definition.
    ///
    /// ```json bad
    /// { "One": { "Type": "Map", "Label": "a", "Next": "Two", "ItemProcessor": {
    ///     "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///     "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } },
    ///   "Two": { "Type": "Map", "Label": "a", "End": true, "ItemProcessor": {
    ///     "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///     "StartAt": "DoToo", "States": { "DoToo": { "Type": "Pass", "End": true } } } } }
    /// ```
    ///
    /// ```json good
    /// { "One": { "Type": "Map", "Label": "a", "End": true, "ItemProcessor": {
    ///     "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///     "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    pub static DUPLICATE_LABEL = Error "ASL162" "duplicate-label" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Map))
    {
        let Some(node) = state.get("Label") else {
            continue;
        };
        if node.as_str().is_some_and(|label| !seen.insert(label)) {
            out.report(node.span, "another Map state has the same label")
                .help("change one of them");
        }
    }
}
