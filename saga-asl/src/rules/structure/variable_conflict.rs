use std::collections::HashMap;

use super::invalid_variable_name::{assigned, variable_name};
use crate::lint::{Context, Findings, rule};
use crate::outline::{ScopeKind, StateId, reachable};

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
    let mut setters: HashMap<&str, Vec<StateId>> = HashMap::new();
    for state in cx.outline.states() {
        for member in assigned(state) {
            setters
                .entry(variable_name(state, member))
                .or_default()
                .push(state.id);
        }
    }
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| cx.outline.scope(state.scope).parent.is_some())
    {
        for member in assigned(state) {
            let name = variable_name(state, member);
            let others = setters.get(name).map_or(&[][..], Vec::as_slice);
            if others
                .iter()
                .any(|other| is_set_before(cx, *other, state.id))
            {
                let message = format!("the machine around this one sets `{name}` too");
                out.report(member.name.span, message)
                    .help("call one of them something else");
            }
        }
    }
}

/// Whether a state of an outer machine, whose variables the inner one sees, can run before it.
fn is_set_before(cx: &Context<'_>, outer: StateId, inner: StateId) -> bool {
    let mut scope = cx.outline.scope_of(inner);
    while scope.kind != ScopeKind::Distributed {
        let Some(parent) = scope.parent else {
            return false;
        };
        scope = cx.outline.scope_of(parent);
        if scope.id == cx.outline.state(outer).scope {
            let behind = reachable(&cx.outline, cx.outline.successors(outer), |_| true);
            return behind.contains(parent);
        }
    }
    false
}
