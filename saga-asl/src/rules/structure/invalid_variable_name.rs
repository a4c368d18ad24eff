use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::syntax::{Member, Node};

rule! {
    /// `Assign` names a variable that cannot be called so.
    ///
    /// A name begins with a letter or an underscore, goes on with letters, digits and underscores,
    /// and has at most 80 characters. `states` is reserved (developer guide, "Variables").
    ///
    /// ```json bad
    /// { "Keep": { "Type": "Pass", "Assign": { "order-id": 1 }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Keep": { "Type": "Pass", "Assign": { "orderId": 1 }, "End": true } }
    /// ```
    pub static INVALID_VARIABLE_NAME = Error "ASL126" "invalid-variable-name" in Structure, check;
}

/// Characters of a variable's name (developer guide, "Variables").
const LONGEST: usize = 80;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        for member in assigned(state) {
            let name = variable_name(state, member);
            if let Some(reason) = wrong(name) {
                out.report(
                    member.name.span,
                    format!("no variable may be called `{name}`: {reason}"),
                );
            }
        }
    }
}

fn wrong(name: &str) -> Option<&'static str> {
    let mut characters = name.chars();
    let starts = characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    if name == "states" {
        return Some("it is reserved");
    }
    if !starts {
        return Some("it must begin with a letter or an underscore");
    }
    if name.chars().count() > LONGEST {
        return Some("it has more than 80 characters");
    }
    let plain = characters.all(|c| c.is_alphanumeric() || c == '_');
    (!plain).then_some("only letters, digits and underscores may be in it")
}

/// All variables that a state sets, in any of its `Assign`.
pub(crate) fn assigned<'t>(state: &State<'t>) -> impl Iterator<Item = &'t Member<'t>> + use<'t> {
    let choices = state.get("Choices").map_or(&[][..], Node::items);
    let entries = choices.iter().chain(state.catchers());
    let nested = entries.filter_map(|entry| entry.get("Assign"));
    state
        .get("Assign")
        .into_iter()
        .chain(nested)
        .flat_map(Node::members)
}

/// The variable that a field of `Assign` sets: in JSONPath its name may end in `.$`.
pub(crate) fn variable_name<'t>(state: &State<'_>, member: &'t Member<'t>) -> &'t str {
    let name = member.name.text.as_ref();
    if state.is_jsonata() {
        name
    } else {
        name.strip_suffix(".$").unwrap_or(name)
    }
}
