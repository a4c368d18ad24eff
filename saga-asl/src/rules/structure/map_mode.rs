use crate::lint::{Context, Findings, rule};
use crate::outline::{ScopeKind, State, StateType};

rule! {
    /// A Map state in inline mode has fields that only a distributed one may have.
    ///
    /// `ItemReader`, `ItemBatcher`, `ResultWriter` and `Label` need
    /// `"ProcessorConfig": { "Mode": "DISTRIBUTED" }`, which needs an `ExecutionType`.
    ///
    /// ```json bad
    /// { "Each": { "Type": "Map", "ItemBatcher": { "MaxItemsPerBatch": 10 }, "End": true, "ItemProcessor": {
    ///   "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    ///
    /// ```json good
    /// { "Each": { "Type": "Map", "ItemBatcher": { "MaxItemsPerBatch": 10 }, "End": true, "ItemProcessor": {
    ///   "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///   "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    pub static MAP_MODE = Error "ASL160" "map-mode" in Structure, check;
}

/// Tolerated failures belong to a distributed Map too, but AWS takes them in any.
const DISTRIBUTED_ONLY: [&str; 4] = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Map))
    {
        let inline = cx
            .outline
            .inner_scopes(state.id)
            .any(|scope| scope.kind == ScopeKind::Inline);
        if inline {
            check_inline(state, out);
        } else {
            check_distributed(state, out);
        }
    }
}

fn check_inline(state: &State<'_>, out: &mut Findings<'_>) {
    for field in DISTRIBUTED_ONLY {
        if let Some(member) = state.node.member(field) {
            out.report(
                member.name.span,
                format!("only a distributed Map has `{field}`"),
            )
            .help("set `\"Mode\": \"DISTRIBUTED\"` in `ProcessorConfig`");
        }
    }
    let config = state
        .get("ItemProcessor")
        .and_then(|processor| processor.get("ProcessorConfig"));
    if let Some(member) = config.and_then(|config| config.member("ExecutionType")) {
        out.report(
            member.name.span,
            "only a distributed Map has `ExecutionType`",
        )
        .help("remove it");
    }
}

fn check_distributed(state: &State<'_>, out: &mut Findings<'_>) {
    let config = state
        .get("ItemProcessor")
        .and_then(|processor| processor.member("ProcessorConfig"));
    let Some(config) = config else { return };
    if config.value.get("ExecutionType").is_none() {
        out.report(config.name.span, "a distributed Map needs `ExecutionType`")
            .help("add `\"ExecutionType\": \"STANDARD\"` or `\"EXPRESS\"`");
    }
}
