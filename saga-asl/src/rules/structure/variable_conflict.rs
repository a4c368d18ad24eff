use super::invalid_variable_name::{assigned, variable_name};
use crate::lint::{Context, Findings, rule};
use crate::outline::ScopeKind;

rule! {
    /// A branch or an item sets a variable of the machine around it.
    ///
    /// Inner machines can read the variables of outer ones, not set them, and may have none of the
    /// same name (developer guide, "Variables": scope). A distributed Map sees none of them.
    ///
    /// ```json bad
    /// { "Keep": { "Type": "Pass", "Assign": { "id": 1 }, "Next": "Both" },
    ///   "Both": { "Type": "Parallel", "End": true, "Branches": [
    ///     { "StartAt": "Do", "States": { "Do": { "Type": "Pass", "Assign": { "id": 2 }, "End": true } } } ] } }
    /// ```
    ///
    /// ```json good
    /// { "Keep": { "Type": "Pass", "Assign": { "id": 1 }, "Next": "Both" },
    ///   "Both": { "Type": "Parallel", "End": true, "Branches": [
    ///     { "StartAt": "Do", "States": { "Do": { "Type": "Pass", "Assign": { "branchId": 2 }, "End": true } } } ] } }
    /// ```
    pub static VARIABLE_CONFLICT = Error "ASL127" "variable-conflict" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        let scope = cx.outline.scope(state.scope);
        let outer = scope
            .parent
            .filter(|_| scope.kind != ScopeKind::Distributed);
        let Some(parent) = outer else { continue };
        for member in assigned(state) {
            let name = variable_name(state, member);
            if cx.variables().is_sometimes_set(parent, name) {
                let message = format!("the machine around this one sets `{name}` too");
                out.report(member.name.span, message)
                    .help("call one of them something else");
            }
        }
    }
}
