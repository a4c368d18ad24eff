use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};

rule! {
    /// A Pass state does nothing, or two in a row could be one.
    ///
    /// Each is a transition that is paid for ($0.025 per 1,000 in us-east-1).
    ///
    /// ```json bad
    /// { "Begin": { "Type": "Pass", "Next": "Work" }, "Work": { "Type": "Task", "Resource": "${Work}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Begin": { "Type": "Pass", "Parameters": { "id.$": "$.order.id" }, "Next": "Work" }, "Work": { "Type": "Task", "Resource": "${Work}", "End": true } }
    /// ```
    pub static IDLE_PASS = Note "ASL401" "idle-pass" in Habit, check;
}

/// Fields that make a Pass state do something.
const WORK: [&str; 8] = [
    "Assign",
    "InputPath",
    "Output",
    "OutputPath",
    "Parameters",
    "Result",
    "ResultPath",
    "QueryLanguage",
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut ways_in = vec![0_usize; cx.outline.states().len()];
    for to in cx.outline.edges().iter().filter_map(|edge| edge.to) {
        ways_in
            .get_mut(to.index())
            .into_iter()
            .for_each(|count| *count += 1);
    }
    let only_way = |state: &State<'_>| ways_in.get(state.id.index()) == Some(&1);
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Pass))
    {
        let idle = WORK.iter().all(|field| state.get(field).is_none());
        let next = cx
            .outline
            .successors(state.id)
            .next()
            .map(|next| cx.outline.state(next));
        let name = state.name();
        if idle && next.is_some() {
            out.report(
                state.name.span,
                format!("the Pass state `{name}` does nothing"),
            )
            .help("go to the next state at once");
        } else if let Some(next) = next.filter(|next| next.is(StateType::Pass) && only_way(next)) {
            out.report(
                next.name.span,
                format!("`{name}` and `{}` could be one Pass state", next.name()),
            )
            .help("do the work of both in one");
        }
    }
}
