use super::invalid_path::place;
use crate::lint::{Context, Findings, Parsed, rule};
use crate::schema::Language;

rule! {
    /// An expression between `{%` and `%}` is not JSONata.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $sum($states.input.prices %}", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $sum($states.input.prices) %}", "End": true } }
    /// ```
    pub static INVALID_JSONATA = Error "ASL123" "invalid-jsonata" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for expression in &cx.expressions {
        let Parsed::Broken {
            meant: Language::JsonAta,
            at,
            message,
        } = &expression.parsed
        else {
            continue;
        };
        out.report(
            place(cx, expression.slot.node, *at),
            format!("the expression is no JSONata: {message}"),
        );
    }
}
