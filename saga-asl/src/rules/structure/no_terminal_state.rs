use crate::lint::{Context, Findings, rule};
use crate::outline::Scope;

rule! {
    /// A machine, branch or item processor has no state in which it can end.
    ///
    /// It needs a Succeed, a Fail, or a state with `"End": true`. Without one it runs in circles until
    /// its history is full.
    ///
    /// ```json bad
    /// { "Poll": { "Type": "Wait", "Seconds": 5, "Next": "Again" }, "Again": { "Type": "Pass", "Next": "Poll" } }
    /// ```
    ///
    /// ```json good
    /// { "Poll": { "Type": "Wait", "Seconds": 5, "Next": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    pub static NO_TERMINAL_STATE = Error "ASL114" "no-terminal-state" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for scope in cx
        .outline
        .scopes()
        .iter()
        .filter(|scope| !scope.states.is_empty())
    {
        let ends = scope
            .states
            .iter()
            .any(|id| cx.outline.state(*id).is_terminal());
        // States whose transition is missing or dangles have a finding of their own; they may have
        // been meant to end.
        let unfinished = scope.states.iter().any(|id| is_unfinished(cx, *id));
        if !ends && !unfinished {
            report(scope, out);
        }
    }
}

fn is_unfinished(cx: &Context<'_>, id: crate::outline::StateId) -> bool {
    let state = cx.outline.state(id);
    let mut transitions = cx
        .outline
        .edges_of(id)
        .iter()
        .filter(|edge| !edge.kind.is_catch())
        .peekable();
    let none = transitions.peek().is_none();
    state.kind.is_none() || none || transitions.any(|edge| edge.to.is_none())
}

fn report(scope: &Scope<'_>, out: &mut Findings<'_>) {
    let place = scope
        .node
        .member("States")
        .map_or(scope.node.span, |states| states.name.span);
    out.report(place, "there is no state in which this can end")
        .help("add a Succeed or a Fail, or `\"End\": true`");
}
