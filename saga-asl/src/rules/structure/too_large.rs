use crate::lint::{Context, Findings, rule};
use crate::syntax::Span;

rule! {
    /// The definition has more than 1,048,576 characters.
    ///
    /// That is AWS's limit (service API model, `Definition`).
    ///
    /// The example is shortened; `explain` cannot print a megabyte.
    pub static TOO_LARGE = Error "ASL117" "too-large" in Structure, check;
}

/// Characters of a definition (service API model of November 2026).
const LONGEST: usize = 1_048_576;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let root = cx.outline.root;
    let alone = cx.embedding.is_none();
    if alone && cx.source.len() > LONGEST && cx.source.chars().count() > LONGEST {
        let place = Span::new(root.span.start, root.span.start + 1);
        out.report(
            place,
            format!("the definition has more than {LONGEST} characters"),
        )
        .help("move parts into state machines of their own");
    }
}

#[cfg(test)]
mod tests {
    use super::LONGEST;
    use crate::lint::check;

    fn fires(blanks: usize) -> bool {
        let text = r#"{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }"#;
        let text = text.replacen(' ', &" ".repeat(blanks), 1);
        check(&text)
            .iter()
            .any(|diagnostic| diagnostic.code == "ASL117")
    }

    #[test]
    fn a_definition_may_be_a_megabyte_and_not_more() {
        assert!(!fires(LONGEST - 100));
        assert!(fires(LONGEST));
    }
}
