use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::syntax::Node;

rule! {
    /// A template has a field twice: as it is, and computed with `.$`.
    ///
    /// Evaluation takes the `.$` off, and then there are two fields of one name.
    ///
    /// ```json bad
    /// { "Shape": { "Type": "Pass", "Parameters": { "id": 1, "id.$": "$.order.id" }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Shape": { "Type": "Pass", "Parameters": { "id.$": "$.order.id" }, "End": true } }
    /// ```
    pub static CONFLICTING_TEMPLATE_FIELD = Error "ASL109" "conflicting-template-field" in Structure, check;
}

/// Fields that hold templates.
const TEMPLATES: [&str; 4] = ["Parameters", "ResultSelector", "ItemSelector", "Assign"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| !state.is_jsonata())
    {
        templates(state).for_each(|template| visit(template, out));
    }
}

fn templates<'t>(state: &State<'t>) -> impl Iterator<Item = &'t Node<'t>> + use<'t> {
    let node = state.node;
    TEMPLATES
        .into_iter()
        .filter_map(move |field| node.get(field))
}

fn visit(node: &Node<'_>, out: &mut Findings<'_>) {
    for member in node.members() {
        let computed = member.name.text.strip_suffix(".$");
        if let Some(plain) = computed.filter(|plain| node.get(plain).is_some()) {
            let message = format!("`{plain}` and `{plain}.$` are one field");
            out.report(member.name.span, message)
                .help("keep one of them");
        }
        visit(&member.value, out);
    }
    node.items().iter().for_each(|item| visit(item, out));
}
