//! Which of the copies of an author's node a state is: a savepoint's block is written once for each
//! try, and its undo once more for each try that may follow.

/// A copy of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instance {
    /// The try of each savepoint around the node, the outermost first.
    tries: Vec<u32>,
    /// For which try the undo makes room: what comes after the name.
    chain: String,
}

impl Instance {
    /// The copy for one try of a savepoint that stands at this one.
    pub(super) fn at_try(&self, number: u32) -> Self {
        let tries = self.tries.iter().copied().chain([number]);
        Self {
            tries: tries.collect(),
            chain: String::new(),
        }
    }

    /// The same copy in another chain.
    pub(super) fn in_chain(&self, chain: &str) -> Self {
        Self {
            tries: self.tries.clone(),
            chain: chain.to_owned(),
        }
    }

    /// What follows the node's name in the names of its states: nothing for a first try.
    pub(super) fn suffix(&self) -> String {
        let numbers = self.later_tries().iter();
        numbers.map(|number| format!("Try{number}")).collect()
    }

    /// For which try a state of a chain makes room.
    pub(super) fn chain(&self) -> &str {
        &self.chain
    }

    /// A step instance: the step's name, and of a later try its number.
    pub(crate) fn of(&self, step: &str) -> String {
        let numbers = self.later_tries().iter();
        let numbers = numbers.map(|number| format!("#{number}"));
        std::iter::once(step.to_owned()).chain(numbers).collect()
    }

    /// The tries without the first ones at the end, which are not told. The number of savepoints around
    /// a node is fixed, so what is left still tells its copies apart.
    fn later_tries(&self) -> &[u32] {
        let told = self.tries.iter().rposition(|number| *number != 1);
        let count = told.map_or(0, |last| last + 1);
        self.tries.get(..count).unwrap_or_default()
    }
}
