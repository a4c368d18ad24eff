use crate::lint::{Context, Findings, Read, Source, did_you_mean, rule};
use crate::outline::{StateId, StateType, reachable};
use crate::words::Words;

rule! {
    /// An expression reads a variable that nothing has set.
    ///
    /// Reading it fails: in JSONata with `States.QueryEvaluationError`, in JSONPath with
    /// `States.Runtime`, which nothing catches.
    ///
    /// ```json bad
    /// { "Keep": { "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "orderId": "{% $states.input.id %}" }, "Next": "Use" },
    ///   "Use": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $orderID %}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Keep": { "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "orderId": "{% $states.input.id %}" }, "Next": "Use" },
    ///   "Use": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $orderId %}", "End": true } }
    /// ```
    pub static UNDEFINED_VARIABLE = Warning "ASL202" "undefined-variable" in DataFlow, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (state, variable, read) in unset(cx) {
        if might_set(cx, state, &variable).is_some() {
            continue;
        }
        let variables = cx.variables();
        let near = did_you_mean(
            &variable,
            variables
                .names()
                .filter(|name| variables.is_sometimes_set(state, name)),
        );
        let help = match near {
            Some(near) => format!("did you mean `${near}`?"),
            None => format!("set `{variable}` in the `Assign` of a state before"),
        };
        let message = if variables.exists(&variable) {
            format!("no state that sets `${variable}` can run before this")
        } else {
            format!("nothing sets the variable `${variable}`")
        };
        out.report(read.span, message).help(help);
    }
}

/// Reads of variables that nothing can have set.
pub(super) fn unset(cx: &Context<'_>) -> Vec<(StateId, String, Read)> {
    let mut found = Vec::new();
    let reached = cx
        .outline
        .states()
        .iter()
        .filter(|state| cx.variables().is_reached(state.id));
    for state in reached {
        for (_, read) in cx.reads_of(state.id) {
            let Source::Variable(name) = &read.source else {
                continue;
            };
            if !cx.variables().is_sometimes_set(state.id, name) {
                found.push((state.id, name.clone(), read.clone()));
            }
        }
    }
    found
}

/// A Task that runs before, whose name speaks of the variable, and which keeps nothing of its result.
pub(super) fn might_set(cx: &Context<'_>, reader: StateId, variable: &str) -> Option<StateId> {
    if cx.variables().exists(variable) {
        return None;
    }
    let about = Words::of(variable);
    let scope = cx.outline.scope_of(reader);
    let tasks = scope.states.iter().map(|id| cx.outline.state(*id));
    let mut tasks = tasks.filter(|state| {
        let keeps = state
            .get("Assign")
            .is_some_and(|assign| !assign.members().is_empty());
        state.is(StateType::Task) && state.id != reader && !keeps
    });
    let meant = tasks.find(|state| {
        let next = cx
            .outline
            .edges_of(state.id)
            .iter()
            .filter(|edge| !edge.kind.is_catch());
        let behind = reachable(&cx.outline, next.filter_map(|edge| edge.to), |_| true);
        about.share(&state.words) && behind.contains(reader)
    });
    meant.map(|state| state.id)
}
