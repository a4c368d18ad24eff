//! What an execution knows, and the variables that hold it.
//!
//! A machine inside another one (a branch, an item) may not assign a variable of the outer one's, so
//! what is known in a branch has a second variable in the machine around it, which is given its value
//! when the branches have joined.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::jsonata::{FORBIDDEN, FUNCTIONS};
use saga_manifest::flow::{Block, Node};
use saga_manifest::saga::Saga;

use super::region::{Level, Regions};

/// The first failure of the forward path: `{step, error, cause}`.
pub(crate) const FAILURE: &str = "failure";

/// How often the failed step was retried.
const ATTEMPTS: &str = "attempts";

/// The output of a saga that may complete in several places.
const RESULT: &str = "result";

/// The context object, of the language itself.
const STATES: &str = "states";

/// What a variable may not be called: ours, the language's, and the functions of JSONata, which a
/// variable of the same name would hide.
fn taken() -> BTreeSet<String> {
    let ours = [FAILURE, ATTEMPTS, RESULT, STATES];
    let all = ours.into_iter().chain(FUNCTIONS).chain(FORBIDDEN);
    all.map(str::to_owned).collect()
}

/// The longest name of a variable, in characters (Step Functions developer guide, variables).
const LONGEST: usize = 80;

/// Something that an execution knows. The names are those of nodes of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact<'m> {
    /// How often the failed step was retried.
    Attempts,
    /// The first failure.
    Failure,
    /// The output of a saga that may complete in several places.
    Result,
    /// A step's output, or the value of a block.
    Output(&'m str),
    /// The case of a choice, from 1, or the try of a savepoint. Null where nobody can tell.
    Taken(&'m str),
    /// The undo state with which the undo of a parallel's branch begins; null where there is none.
    UndoFrom(&'m str, usize),
    /// What became of the items of a map. Null where nobody can tell.
    Outcomes(&'m str),
    /// The item that a map is at.
    Item(&'m str),
    /// Its index.
    Index(&'m str),
    /// Its path: names of maps with indexes, from the outermost.
    Path(&'m str),
}

/// A variable of the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Variable<'m> {
    pub(crate) fact: Fact<'m>,
    /// The parallel that has handed it on from one of its branches, if one has. Of a failure and its
    /// attempts: the parallel or map that it happened in.
    pub(crate) by: Option<&'m str>,
}

/// All variables of a saga.
#[derive(Debug, Default)]
pub(crate) struct Variables<'m> {
    pub(crate) regions: Regions<'m>,
    names: BTreeMap<Variable<'m>, String>,
}

impl<'m> Fact<'m> {
    /// The node that it is about.
    pub(crate) fn node(self) -> Option<&'m str> {
        match self {
            Self::Attempts | Self::Failure | Self::Result => None,
            Self::Output(node)
            | Self::Taken(node)
            | Self::UndoFrom(node, _)
            | Self::Outcomes(node)
            | Self::Item(node)
            | Self::Index(node)
            | Self::Path(node) => Some(node),
        }
    }

    /// The variable's name, from that of the node.
    fn name(self, node: &str) -> String {
        match self {
            Self::Attempts => ATTEMPTS.to_owned(),
            Self::Failure => FAILURE.to_owned(),
            Self::Result => RESULT.to_owned(),
            Self::Output(_) => node.to_owned(),
            Self::Taken(_) => format!("{node}Taken"),
            Self::UndoFrom(_, branch) => format!("{node}UndoFrom{}", branch + 1),
            Self::Outcomes(_) => format!("{node}Outcomes"),
            Self::Item(_) => format!("{node}Item"),
            Self::Index(_) => format!("{node}Index"),
            Self::Path(_) => format!("{node}Path"),
        }
    }
}

impl<'m> Variables<'m> {
    /// The variables of a saga: `ChargeFare` gives `chargeFare`. Names that fall together are numbered
    /// in the order of the nodes, values before what the compiler needs to know besides.
    pub(crate) fn new(saga: &'m Saga) -> Self {
        let regions = Regions::new(&saga.body);
        let mut names = Names::default();
        let nodes = saga.body.all_nodes();
        for node in &nodes {
            if !matches!(node, Node::Wait(_)) {
                names.give(Fact::Output(node.name()), None);
            }
        }
        for fact in [Fact::Attempts, Fact::Failure, Fact::Result] {
            let variable = Variable { fact, by: None };
            names.given.insert(variable, fact.name(""));
        }
        for node in &nodes {
            let facts = known(node).into_iter().chain(known_inside(node));
            facts.for_each(|fact| names.give(fact, None));
        }
        for node in &nodes {
            if matches!(node, Node::Parallel(_) | Node::Map(_)) {
                names.give(Fact::Failure, Some(node.name()));
                names.give(Fact::Attempts, Some(node.name()));
            }
        }
        let facts: Vec<_> = regions.facts().collect();
        for (fact, home) in facts {
            for by in regions.handed_on_by(home) {
                names.give(fact, Some(by));
            }
        }
        Self {
            regions,
            names: names.given,
        }
    }

    /// The name of a variable.
    pub(crate) fn name<'v>(&'v self, variable: Variable<'v>) -> &'v str {
        // INVARIANT: expressions name nodes of their saga (`checked::data_flow`), so the fallback,
        // which is no legal name, never shows.
        self.names.get(&variable).map_or("", String::as_str)
    }

    /// The variable that holds what is known, where a machine is.
    pub(crate) fn find<'f>(&self, fact: Fact<'f>, level: &Level) -> Variable<'f>
    where
        'm: 'f,
    {
        Variable {
            fact,
            by: self.regions.handed_on_to(fact, level),
        }
    }

    /// The names of all variables that hold a fact, in one machine or another.
    pub(crate) fn names_of<'v>(&'v self, fact: Fact<'v>) -> impl Iterator<Item = &'v str> {
        let named = self.names.iter();
        named
            .filter(move |(variable, _)| variable.fact == fact)
            .map(|(_, name)| name.as_str())
    }

    /// The variable of the failure of a machine that settles, or of the saga's own.
    pub(crate) fn failure_at(&self, level: &Level) -> Variable<'m> {
        Variable {
            fact: Fact::Failure,
            by: self.regions.node_around(level.region()),
        }
    }
}

/// What the compiler needs to know of a node besides its value.
pub(super) fn known(node: &Node) -> Vec<Fact<'_>> {
    let name = node.name();
    match node {
        Node::Choice(_) | Node::Savepoint(_) => vec![Fact::Taken(name)],
        Node::Parallel(parallel) => {
            let branches = (0..parallel.branches.len()).map(|branch| Fact::UndoFrom(name, branch));
            branches.collect()
        }
        Node::Map(_) => vec![Fact::Outcomes(name)],
        Node::Step(_) | Node::Wait(_) => Vec::new(),
    }
}

/// What the items of a node know besides.
pub(super) fn known_inside(node: &Node) -> Vec<Fact<'_>> {
    match node {
        Node::Map(map) => {
            let name = map.name.as_str();
            vec![Fact::Item(name), Fact::Index(name), Fact::Path(name)]
        }
        _ => Vec::new(),
    }
}

/// Names that have been given.
struct Names<'m> {
    given: BTreeMap<Variable<'m>, String>,
    taken: BTreeSet<String>,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Self {
            given: BTreeMap::new(),
            taken: taken(),
        }
    }
}

impl<'m> Names<'m> {
    fn give(&mut self, fact: Fact<'m>, by: Option<&'m str>) {
        let variable = Variable { fact, by };
        if self.given.contains_key(&variable) {
            return;
        }
        let node = fact.node().map(camel_case).unwrap_or_default();
        let name = fact.name(&node);
        let name = match by {
            Some(by) => format!("{name}Of{}", cased(&camel_case(by), true)),
            None => name,
        };
        let name = free(&name, &self.taken);
        self.taken.insert(name.clone());
        self.given.insert(variable, name);
    }
}

/// The name itself, shortened so that a number has room behind it, or with the first number that makes
/// it free.
fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let name: String = name.chars().take(LONGEST - 4).collect();
    let numbered = (2..).map(|number: u32| format!("{name}{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

/// The ASCII letters and digits of a state's name, words joined in lower camel case.
fn camel_case(state: &str) -> String {
    let words = state.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).enumerate();
    let name: String = words.map(|(index, word)| cased(word, index > 0)).collect();
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

/// The names of all nodes of a block, those of nested ones among them.
pub(crate) fn names_in(block: &Block) -> BTreeSet<&str> {
    block.all_nodes().into_iter().map(Node::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: &str, variable: &str) {
        assert_eq!(free(&camel_case(state), &BTreeSet::new()), variable);
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
        let long: String = "1".repeat(80);
        let name = free(&camel_case(&long), &BTreeSet::new());
        let second = free(&camel_case(&long), &[name.clone()].into());
        assert!(name.len() <= LONGEST && second.len() <= LONGEST, "{second}");
        assert_ne!(name, second);
    }
}
