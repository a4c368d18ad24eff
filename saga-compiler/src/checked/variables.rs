//! Names of the variables that hold the values of steps and blocks, and the items of maps.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::jsonata::{FORBIDDEN, FUNCTIONS};
use saga_manifest::flow::Node;
use saga_manifest::saga::Saga;

/// The first failure of the forward path: `{step, error, cause}`.
pub(crate) const FAILURE: &str = "failure";

/// How often the failed step was retried.
pub(crate) const ATTEMPTS: &str = "attempts";

/// The context object, of the language itself.
const STATES: &str = "states";

/// What a variable may not be called: ours, the language's, and the functions of JSONata, which a
/// variable of the same name would hide.
fn taken() -> BTreeSet<String> {
    let ours = [FAILURE, ATTEMPTS, STATES];
    let all = ours.into_iter().chain(FUNCTIONS).chain(FORBIDDEN);
    all.map(str::to_owned).collect()
}

/// The longest name of a variable, in characters (Step Functions developer guide, variables).
const LONGEST: usize = 80;

/// The variable of each value.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    outputs: BTreeMap<String, String>,
    items: BTreeMap<String, String>,
    indexes: BTreeMap<String, String>,
}

impl Variables {
    /// A variable for each node that has a value: `ChargeFare` gives `chargeFare`; and two for each
    /// map, `…Item` and `…Index`. Names that fall together are numbered in the order of the nodes.
    pub(crate) fn new(saga: &Saga) -> Self {
        let mut taken = taken();
        let mut variables = Self::default();
        for node in saga.body.all_nodes() {
            if matches!(node, Node::Wait(_)) {
                continue;
            }
            let name = camel_case(node.name());
            give(&mut variables.outputs, node, &name, &mut taken);
            if let Node::Map(_) = node {
                give(
                    &mut variables.items,
                    node,
                    &format!("{name}Item"),
                    &mut taken,
                );
                give(
                    &mut variables.indexes,
                    node,
                    &format!("{name}Index"),
                    &mut taken,
                );
            }
        }
        variables
    }

    /// The variable of a step's output, or of a block's value.
    pub(crate) fn output(&self, node: &str) -> &str {
        named(&self.outputs, node)
    }

    /// The variable of the item that a map is at.
    pub(crate) fn item(&self, map: &str) -> &str {
        named(&self.items, map)
    }

    /// The variable of the index of the item that a map is at.
    pub(crate) fn item_index(&self, map: &str) -> &str {
        named(&self.indexes, map)
    }
}

fn named<'n>(names: &'n BTreeMap<String, String>, node: &str) -> &'n str {
    // INVARIANT: expressions name nodes of their saga (`checked::data_flow`), so the fallback, which
    // is no legal name, never shows.
    names.get(node).map_or("", String::as_str)
}

fn give(
    names: &mut BTreeMap<String, String>,
    node: &Node,
    name: &str,
    taken: &mut BTreeSet<String>,
) {
    let name = free(name, taken);
    taken.insert(name.clone());
    names.entry(node.name().to_owned()).or_insert(name);
}

/// The name itself, or with the first number that makes it free.
fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u32| format!("{name}{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

/// The ASCII letters and digits of a state's name, words joined in lower camel case.
fn camel_case(state: &str) -> String {
    let words = state.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).enumerate();
    let name: String = words.map(|(index, word)| cased(word, index > 0)).collect();
    // Room for `Index` and a number behind it.
    let name: String = name.chars().take(LONGEST - 9).collect();
    match name.chars().next() {
        None => "step".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("step{name}"),
        Some(_) => name,
    }
}

fn cased(word: &str, upper: bool) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| match upper {
        true => first.to_ascii_uppercase(),
        false => first.to_ascii_lowercase(),
    });
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: &str, variable: &str) {
        assert_eq!(camel_case(state), variable);
    }

    #[test]
    fn a_state_name_of_any_kind_gives_a_variable_name() {
        check("ChargeFare", "chargeFare");
        check("charge the fare", "chargeTheFare");
        check("charge-fare #2", "chargeFare2");
        check("3DSecure", "step3DSecure");
        check("計算", "step");
        check("_private", "private");
    }

    #[test]
    fn names_that_are_taken_are_numbered() {
        let taken: BTreeSet<String> = ["count", "count2"].map(str::to_owned).into();
        assert_eq!(free("count", &taken), "count3");
        assert_eq!(free("other", &taken), "other");
    }

    #[test]
    fn the_longest_name_fits() {
        let name = camel_case(&"1".repeat(80));
        assert!(name.len() <= LONGEST, "{}", name.len());
    }
}
