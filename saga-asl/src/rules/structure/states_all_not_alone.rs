use crate::lint::{Context, Findings, rule};
use crate::outline::State;

rule! {
    /// `States.ALL` stands beside other error names.
    ///
    /// `States.ALL` matches every error that can be matched; a name beside it has no meaning
    /// (States Language specification, "Errors").
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [ { "ErrorEquals": [ "States.ALL", "Refused" ], "Next": "Failed" } ], "End": true }, "Failed": { "Type": "Fail" } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Failed" } ], "End": true }, "Failed": { "Type": "Fail" } }
    /// ```
    pub static STATES_ALL_NOT_ALONE = Error "ASL140" "states-all-not-alone" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        for entry in state.retriers().iter().chain(state.catchers()) {
            let names: Vec<_> = State::error_names(entry).collect();
            let all = names.iter().find(|(name, _)| *name == "States.ALL");
            if let Some((_, node)) = all.filter(|_| names.len() > 1) {
                out.report(node.span, "`States.ALL` must stand alone in its list")
                    .help("give it an entry of its own, the last one");
            }
        }
    }
}
