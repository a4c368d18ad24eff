use crate::lint::{Context, Findings, rule};
use crate::outline::reachable;

rule! {
    /// No transition leads to a state.
    ///
    /// It never runs; often a `Next` or a `Catch` was meant to name it.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Pass", "End": true }, "Ship": { "Type": "Succeed" } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Pass", "Next": "Ship" }, "Ship": { "Type": "Succeed" } }
    /// ```
    pub static UNREACHABLE_STATE = Error "ASL112" "unreachable-state" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let starts = cx.outline.scopes().iter().filter_map(|scope| scope.start);
    let reached = reachable(&cx.outline, starts, |_| true);
    for scope in cx
        .outline
        .scopes()
        .iter()
        .filter(|scope| scope.start.is_some())
    {
        for state in scope.states.iter().map(|id| cx.outline.state(*id)) {
            // Of two states of one name only the last counts; the other has a finding of its own.
            let counts = scope.find(state.name()) == Some(state.id);
            if counts && !reached.contains(state.id) {
                let message = format!("no transition leads to the state `{}`", state.name());
                out.report(state.name.span, message)
                    .help("name it in a `Next`, or remove it");
            }
        }
    }
}
