//! A saga's forward path: steps, and what branches, repeats, waits or ends between them.
//!
//! A [`Block`] is a sequence of [`Node`]s and says how it ends. Blocks nest: a parallel's branches, a
//! choice's cases, a map's items and what a savepoint retries are blocks. Names of nodes are unique in
//! the saga, those of nested blocks among them; [`Expr::Output`] reads a node's value by its name.
//!
//! Branches and items never raise. One that fails stops there and tells what it did; its siblings are
//! let go on to their ends; then what happened is undone, the last first.

use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Test};
use crate::place::Place;
use crate::step::Step;

/// A sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Block {
    /// What is done, in order.
    pub nodes: Vec<Node>,
    /// How it ends.
    pub end: End,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The saga goes on after the block, whose value is this.
    Continue(Expr),
    /// The saga is completed, with this output. Only where no branch or item is around it.
    Complete(Expr),
    /// The author gives up: what was done is undone.
    Abort(Abort),
}

/// A deliberate end: the saga fails with a declared error and is undone. Only before the pivot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Abort {
    /// The state's name, unique in the saga.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// The error's declared name, at most 256 characters.
    pub error: String,
    /// The error's text.
    pub cause: Expr,
}

/// A part of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    /// A local transaction.
    Step(Box<Step>),
    /// Branches at the same time.
    Parallel(Parallel),
    /// One of several ways.
    Choice(Choice),
    /// The same for each item of a list.
    Map(Box<Map>),
    /// Nothing, for a time.
    Wait(Wait),
    /// A part that is undone and tried again before the saga gives up.
    Savepoint(Savepoint),
}

/// Branches that run at the same time. Its value is the list of their values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parallel {
    /// The state's name, unique in the saga.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// The branches, in the author's order; two at least. No pivot is in them, and none completes the
    /// saga.
    pub branches: Vec<Block>,
}

/// One of several ways. Its value is that of the way taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// The state's name, unique in the saga.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// The cases, of which the first that holds is taken. The pivot may be in them: then every case that
    /// goes on has passed one.
    pub cases: Vec<Case>,
    /// What is done where none holds.
    pub otherwise: Block,
}

/// A case of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Case {
    /// When it is taken.
    pub when: Test,
    /// What is done then.
    pub then: Block,
}

/// The same for each item of a list. Its value is the list of the items' values, in the list's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Map {
    /// The state's name, unique in the saga.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// The list. Inside, [`Expr::Item`] is the item and [`Expr::ItemIndex`] its index.
    pub items: Expr,
    /// How many items the list may have: one with more is a known failure, `SagaTooManyItems`.
    pub at_most: u32,
    /// How many items are worked on at a time, 1 to 40.
    pub max_concurrency: u32,
    /// What is done with an item. No pivot is in it, and it does not complete the saga.
    pub item: Block,
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wait {
    /// The state's name, unique in the saga.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// How long.
    pub until: Until,
    /// Seconds that it takes at most, up to 31,536,000 (a year), whatever the data say.
    pub at_most_seconds: u32,
}

/// When a pause is over. What is no number of seconds, or no time, is no pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// After so many seconds.
    Seconds(Expr),
    /// At this time, in RFC 3339.
    Time(Expr),
}

/// A part that is tried again: when it fails, what it did is undone back to its start, and it is done
/// once more, until its tries are used up; then the saga is undone as a whole. Its value is the block's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Savepoint {
    /// The savepoint's name, unique in the saga.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// How often the block is done at most, 2 to 5. A step instance of a later try is
    /// `<name>#<try>`: what was undone is not done again under its old key.
    pub tries: u32,
    /// Seconds between the end of an undo and the next try.
    pub interval_seconds: u32,
    /// What is tried. No pivot is in it, and it does not complete the saga.
    pub block: Block,
}

impl Node {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Step(step) => &step.name,
            Self::Parallel(parallel) => &parallel.name,
            Self::Choice(choice) => &choice.name,
            Self::Map(map) => &map.name,
            Self::Wait(wait) => &wait.name,
            Self::Savepoint(savepoint) => &savepoint.name,
        }
    }

    /// Where it is written.
    #[must_use]
    pub fn place(&self) -> &Place {
        match self {
            Self::Step(step) => &step.place,
            Self::Parallel(parallel) => &parallel.place,
            Self::Choice(choice) => &choice.place,
            Self::Map(map) => &map.place,
            Self::Wait(wait) => &wait.place,
            Self::Savepoint(savepoint) => &savepoint.place,
        }
    }

    /// The blocks inside it, in the author's order.
    #[must_use]
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::Step(_) | Self::Wait(_) => Vec::new(),
            Self::Parallel(parallel) => parallel.branches.iter().collect(),
            Self::Choice(choice) => {
                let cases = choice.cases.iter().map(|case| &case.then);
                cases.chain([&choice.otherwise]).collect()
            }
            Self::Map(map) => vec![&map.item],
            Self::Savepoint(savepoint) => vec![&savepoint.block],
        }
    }
}

impl Block {
    /// A block of these steps that goes on with a value, as a linear saga's is.
    #[must_use]
    pub fn of_steps(steps: impl IntoIterator<Item = Step>, end: End) -> Self {
        let nodes = steps.into_iter().map(|step| Node::Step(Box::new(step)));
        Self {
            nodes: nodes.collect(),
            end,
        }
    }

    /// All nodes, those of nested blocks after the node that they are in.
    #[must_use]
    pub fn all_nodes(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    /// All steps, those of nested blocks among them, in the author's order.
    #[must_use]
    pub fn all_steps(&self) -> Vec<&Step> {
        let nodes = self.all_nodes().into_iter();
        let steps = nodes.filter_map(|node| match node {
            Node::Step(step) => Some(&**step),
            _ => None,
        });
        steps.collect()
    }

    fn collect<'b>(&'b self, found: &mut Vec<&'b Node>) {
        for node in &self.nodes {
            found.push(node);
            for block in node.blocks() {
                block.collect(found);
            }
        }
    }
}
