use crate::lint::{Context, Findings, rule};
use crate::model::QueryLanguage;

rule! {
    /// A state wants JSONPath in a machine that is in JSONata.
    ///
    /// A JSONPath machine may have JSONata states, not the other way round.
    ///
    /// ```json bad
    /// { "QueryLanguage": "JSONata", "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "QueryLanguage": "JSONPath" } } }
    /// ```
    ///
    /// ```json good
    /// { "QueryLanguage": "JSONata", "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
    /// ```
    pub static QUERY_LANGUAGE_DOWNGRADE = Error "ASL118" "query-language-downgrade" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.outline.language != QueryLanguage::JsonAta {
        return;
    }
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| !state.is_jsonata())
    {
        let place = state
            .get("QueryLanguage")
            .map_or(state.name.span, |node| node.span);
        out.report(
            place,
            "a state cannot use JSONPath where the whole machine uses JSONata",
        )
        .help("write the state in JSONata, or state JSONata per state instead of for the machine");
    }
}
