use crate::lint::{Context, Edit, Findings, did_you_mean, rule};
use crate::outline::StateType;

rule! {
    /// A state is of a type that does not exist.
    ///
    /// The types are Task, Parallel, Map, Choice, Wait, Pass, Succeed and Fail.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Lambda", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "charge" }, "End": true } }
    /// ```
    pub static UNKNOWN_STATE_TYPE = Error "ASL110" "unknown-state-type" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.kind.is_none())
    {
        let Some(node) = state.get("Type").filter(|node| !node.is_opaque()) else {
            continue;
        };
        let written = node.span.text(cx.source);
        let stated = node.as_str().unwrap_or(written);
        let names = StateType::ALL.map(StateType::as_str);
        let near = did_you_mean(stated, names);
        let help = near.map_or_else(
            || format!("write `{}`", names.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        );
        let finding = out
            .report(node.span, format!("no state type is called `{stated}`"))
            .help(help);
        if let Some(near) = near.filter(|near| near.eq_ignore_ascii_case(stated)) {
            let edit = Edit {
                span: node.span,
                text: written.replace(stated, near),
            };
            finding.fix(format!("write `{near}`"), vec![edit]);
        }
    }
}
