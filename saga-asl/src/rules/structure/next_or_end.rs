use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};
use crate::syntax::Syntax;

rule! {
    /// A state says neither where it goes nor that it ends, or says both.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Pass" } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Pass", "End": true } }
    /// ```
    pub static NEXT_OR_END = Error "ASL113" "next-or-end" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let states = cx.outline.states().iter();
    for state in states.filter(|state| state.kind.is_some_and(StateType::has_transition)) {
        check_state(state, out);
    }
}

fn check_state(state: &State<'_>, out: &mut Findings<'_>) {
    let next = state.node.member("Next");
    let end = state.node.member("End");
    match (next, end) {
        (None, None) => {
            let message = format!("the state `{}` has neither `Next` nor `End`", state.name());
            out.report(state.name.span, message)
                .help("add `\"Next\": \"…\"`, or `\"End\": true` where the machine ends");
        }
        (Some(_), Some(end)) if state.ends() => {
            let message = format!("the state `{}` has both `Next` and `End`", state.name());
            out.report(end.name.span, message).help("keep one of them");
        }
        (None, Some(end)) if matches!(end.value.syntax, Syntax::Bool(false)) => {
            let message = format!(
                "the state `{}` does not end, and has no `Next`",
                state.name()
            );
            out.report(end.value.span, message)
                .help("add `Next`, or write `\"End\": true`");
        }
        _ => {}
    }
}
