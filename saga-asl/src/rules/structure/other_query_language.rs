use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;

rule! {
    /// A field belongs to the other query language.
    ///
    /// JSONPath states have `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`;
    /// JSONata states have `Arguments` and `Output` in their place.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Parameters": { "a": 1 }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": { "a": 1 }, "End": true } }
    /// ```
    pub static OTHER_QUERY_LANGUAGE = Error "ASL107" "other-query-language" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        let (Departure::OtherLanguage(record, field), Some(member)) =
            (&misfit.departure, misfit.member)
        else {
            continue;
        };
        let theirs = field.only.map_or("", crate::model::QueryLanguage::as_str);
        let message = format!(
            "`{}` is a field of {theirs}, and {} here uses the other query language",
            field.name, record.what
        );
        out.report(member.name.span, message)
            .help(instead(field.name));
    }
}

/// What the other language has in the field's place.
fn instead(field: &str) -> &'static str {
    match field {
        "Parameters" => "write `Arguments`",
        "Arguments" => "write `Parameters`, or set `QueryLanguage` to `JSONata`",
        "Output" => "write `ResultPath` and `OutputPath`, or set `QueryLanguage` to `JSONata`",
        "ResultPath" | "ResultSelector" | "OutputPath" | "InputPath" => {
            "write `Output` and `Assign`"
        }
        "ItemsPath" => "write `Items`",
        "Items" => "write `ItemsPath`, or set `QueryLanguage` to `JSONata`",
        _ => "write an expression between `{%` and `%}` in the field without `Path`",
    }
}
