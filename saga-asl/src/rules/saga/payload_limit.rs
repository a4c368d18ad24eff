use crate::lint::{Context, Findings, rule};
use crate::outline::{ScopeKind, State, StateType};
use crate::syntax::Syntax;

rule! {
    /// A distributed Map gathers the results of all its items in the payload.
    ///
    /// At 256 KiB the execution fails with `States.DataLimitExceeded`. Write the results to S3 with
    /// a `ResultWriter`, or throw them away.
    ///
    /// ```json bad
    /// { "Each": { "Type": "Map", "End": true, "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" }, "Parameters": { "Bucket": "b", "Key": "k" } },
    ///   "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///     "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    ///
    /// ```json good
    /// { "Each": { "Type": "Map", "End": true, "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" }, "Parameters": { "Bucket": "b", "Key": "k" } }, "ResultPath": null,
    ///   "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///     "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    pub static PAYLOAD_LIMIT = Warning "ASL315" "payload-limit" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Map))
    {
        let mut inner = cx.outline.inner_scopes(state.id);
        let distributed = inner.any(|scope| scope.kind == ScopeKind::Distributed);
        let many = state.get("ItemReader").is_some();
        if distributed && many && gathers(state) {
            let message = format!(
                "the results of all items of `{}` may pass 256 KiB",
                state.name()
            );
            out.report(state.name.span, message)
                .help("add a `ResultWriter`, or set `ResultPath` to null");
        }
    }
}

/// Whether the results stay in the payload.
fn gathers(state: &State<'_>) -> bool {
    let dropped = state
        .get("ResultPath")
        .is_some_and(|path| path.syntax == Syntax::Null)
        || state.get("ResultSelector").is_some()
        || state.get("Output").is_some();
    state.get("ResultWriter").is_none() && !dropped
}
