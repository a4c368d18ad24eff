use crate::lint::{Context, Findings, rule};
use crate::outline::StateType;

rule! {
    /// A Map's `Label` is too long or has characters that cannot be in it.
    ///
    /// It becomes a part of the map run's ARN: at most 40 characters, no white space, no wildcards,
    /// brackets, special or control characters (States Language specification, "Map State").
    ///
    /// ```json bad
    /// { "Each": { "Type": "Map", "Label": "the orders", "End": true, "ItemProcessor": {
    ///   "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///   "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    ///
    /// ```json good
    /// { "Each": { "Type": "Map", "Label": "theOrders", "End": true, "ItemProcessor": {
    ///   "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
    ///   "StartAt": "Do", "States": { "Do": { "Type": "Pass", "End": true } } } } }
    /// ```
    pub static INVALID_LABEL = Error "ASL161" "invalid-label" in Structure, check;
}

/// Characters of a label (States Language specification, "Map State").
const LONGEST: usize = 40;

/// The special characters that the specification names, and what AWS refuses with them.
const SPECIAL: &str = " \"#%\\^|~`$&,;:/?*<>{}[]";

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Map))
    {
        let Some(node) = state.get("Label").filter(|node| !node.is_opaque()) else {
            continue;
        };
        let Some(label) = node.as_str() else { continue };
        let length = label.chars().count();
        if length > LONGEST {
            out.report(
                node.span,
                format!("the label has {length} characters, and {LONGEST} are allowed"),
            );
        }
        if let Some(character) = label.chars().find(|c| is_refused(*c)) {
            let shown = character.escape_default();
            out.report(node.span, format!("a label may not contain `{shown}`"));
        }
    }
}

fn is_refused(character: char) -> bool {
    character.is_whitespace() || character.is_control() || SPECIAL.contains(character)
}
