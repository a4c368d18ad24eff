use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::syntax::{Node, Syntax};

rule! {
    /// A JSONata expression is opened and not closed, or closed and not opened.
    ///
    /// It begins with `{%` and ends with `%}`, with nothing before and nothing behind, not even a
    /// blank (developer guide, "Transforming data with JSONata").
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id }", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true } }
    /// ```
    pub static UNBALANCED_EXPRESSION = Error "ASL128" "unbalanced-expression" in Structure, check;
}

/// Fields whose text is never an expression, and fields with states of their own.
const PLAIN: [&str; 6] = [
    "Comment",
    "Type",
    "Next",
    "Branches",
    "ItemProcessor",
    "Iterator",
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is_jsonata())
    {
        check_state(state, out);
    }
}

fn check_state(state: &State<'_>, out: &mut Findings<'_>) {
    let members = state.node.members().iter();
    for member in members.filter(|member| !PLAIN.contains(&member.name.text.as_ref())) {
        visit(&member.value, out);
    }
}

fn visit(node: &Node<'_>, out: &mut Findings<'_>) {
    if let Syntax::String(text) = &node.syntax {
        match (text.starts_with("{%"), text.ends_with("%}")) {
            (true, false) => {
                out.report(node.span, "the expression has no `%}` at its end")
                    .help("end it with `%}`");
            }
            (false, true) if !text.trim_start().starts_with("{%") => {
                out.report(node.span, "the expression has no `{%` at its beginning")
                    .help("begin it with `{%`");
            }
            _ => {}
        }
    }
    node.members()
        .iter()
        .for_each(|member| visit(&member.value, out));
    node.items().iter().for_each(|item| visit(item, out));
}
