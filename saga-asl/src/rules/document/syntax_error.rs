use crate::lint::{Context, Edit, Finding, Findings, rule};
use crate::syntax::SyntaxError;

rule! {
    /// The text is not JSON or YAML.
    ///
    /// AWS refuses a definition that it cannot read. All places are reported at once, and what
    /// could be read around them is checked too.
    ///
    /// ```json bad
    /// { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", } } }
    /// ```
    ///
    /// Instead:
    ///
    /// ```json good
    /// { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
    /// ```
    pub static SYNTAX_ERROR = Error "ASL001" "syntax-error" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    cx.syntax_errors.iter().for_each(|error| report(error, out));
}

fn report(error: &SyntaxError, out: &mut Findings<'_>) {
    let finding = out
        .report(error.span, error.message.clone())
        .help(error.help);
    if let Some((span, text)) = error.fix {
        let title = if text.is_empty() {
            "remove it".to_owned()
        } else {
            format!("write `{text}`")
        };
        finding.fix(
            title,
            vec![Edit {
                span,
                text: text.to_owned(),
            }],
        );
    }
}

/// The same for a text that holds no definition, such as a template that could not be read.
pub fn in_template(errors: &[SyntaxError]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut out = Findings::new(&SYNTAX_ERROR, &mut found);
    errors.iter().for_each(|error| report(error, &mut out));
    found
}
