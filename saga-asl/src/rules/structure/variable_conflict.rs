use std::collections::HashMap;

use super::invalid_variable_name::{assigned, variable_name};
use crate::lint::{Context, Findings, rule};
use crate::outline::{ScopeId, ScopeKind};

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
    let mut owners: HashMap<&str, Vec<ScopeId>> = HashMap::new();
    for state in cx.outline.states() {
        for member in assigned(state) {
            owners
                .entry(variable_name(state, member))
                .or_default()
                .push(state.scope);
        }
    }
    for state in cx.outline.states() {
        for member in assigned(state) {
            let name = variable_name(state, member);
            let others = owners.get(name).map_or(&[][..], Vec::as_slice);
            if others.iter().any(|owner| is_outer(cx, *owner, state.scope)) {
                let message = format!("the machine around this one sets `{name}` too");
                out.report(member.name.span, message)
                    .help("call one of them something else");
            }
        }
    }
}

/// Whether variables of one machine are seen in another one inside it.
fn is_outer(cx: &Context<'_>, outer: ScopeId, inner: ScopeId) -> bool {
    let mut scope = cx.outline.scope(inner);
    while scope.kind != ScopeKind::Distributed {
        let Some(parent) = scope.parent else {
            return false;
        };
        scope = cx.outline.scope_of(parent);
        if scope.id == outer {
            return true;
        }
    }
    false
}
