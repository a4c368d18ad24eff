use crate::lint::{Context, Findings, Source, did_you_mean, rule};
use crate::outline::StateType;
use crate::schema::Site;

rule! {
    /// An expression reads a part of `$states` that is not there.
    ///
    /// `$states` has `input` and `context` everywhere, `result` after the work in `Assign` and
    /// `Output`, and `errorOutput` in those of a catcher.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.inputs.id %}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true } }
    /// ```
    pub static RESERVED_STATES_FIELD = Error "ASL125" "reserved-states-field" in Structure, check;
}

const PARTS: [&str; 4] = ["input", "result", "errorOutput", "context"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is_jsonata())
    {
        for (expression, read) in cx.reads_of(state.id) {
            let site = expression.slot.site;
            match &read.source {
                Source::Unknown(part) => {
                    let near = did_you_mean(part, PARTS).unwrap_or("input");
                    out.report(read.span, format!("`$states` has no field `{part}`"))
                        .help(format!("did you mean `$states.{near}`?"));
                }
                Source::Result if !has_result(state.kind, site) => {
                    let message = format!(
                        "there is no `$states.result` in `{}`",
                        expression.slot.field
                    );
                    out.report(read.span, message)
                        .help("only `Assign` and `Output` of Task, Parallel and Map see a result");
                }
                Source::ErrorOutput if site != Site::CatchOutput => {
                    let message = format!(
                        "there is no `$states.errorOutput` in `{}`",
                        expression.slot.field
                    );
                    out.report(read.span, message)
                        .help("only `Assign` and `Output` of a catcher see the error");
                }
                _ => {}
            }
        }
    }
}

fn has_result(kind: Option<StateType>, site: Site) -> bool {
    site == Site::Output && kind.is_none_or(|kind| kind.can_catch() || kind == StateType::Pass)
}
