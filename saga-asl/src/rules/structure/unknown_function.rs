use crate::jsonata::{FORBIDDEN, FUNCTIONS, is_known};
use crate::lint::{Context, Findings, Parsed, did_you_mean, rule};

rule! {
    /// A JSONata expression calls a function that Step Functions does not have.
    ///
    /// AWS creates the state machine, and the state fails with `States.QueryEvaluationError`.
    /// `$eval` is left out; `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse` are added.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $eval($states.input.code) %}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $parse($states.input.text) %}", "End": true } }
    /// ```
    pub static UNKNOWN_FUNCTION = Warning "ASL124" "unknown-function" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for expression in &cx.expressions {
        let Parsed::JsonAta(references) = &expression.parsed else {
            continue;
        };
        for call in references.calls.iter().filter(|call| !is_known(&call.name)) {
            let span = expression
                .slot
                .node
                .span_within(cx.source, call.span.start, call.span.end);
            let name = &call.name;
            if FORBIDDEN.contains(&name.as_str()) {
                out.report(span, format!("Step Functions has no `${name}`"));
                continue;
            }
            let near = did_you_mean(name, FUNCTIONS.iter().copied());
            let help = near
                .map(|near| format!("did you mean `${near}`?"))
                .unwrap_or_default();
            out.report(span, format!("there is no function `${name}`"))
                .help(help);
        }
    }
}
