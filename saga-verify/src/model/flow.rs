//! What a saga's flow asks for: which step instances are done where nothing goes wrong, with these data.
//! Conditions and lists are what the manifest says of them, not what the definition makes of it.

use std::collections::{BTreeMap, BTreeSet};

use saga_choreography::evaluate::{Scope, holds, value};
use saga_manifest::expr::Expr;
use saga_manifest::flow::{Block, Choice, End, Map, Node};
use serde_json::Value;

/// A saga's flow, with what its steps answer.
#[derive(Clone, Debug)]
pub struct Flow {
    pub(crate) body: Block,
    /// By step.
    pub(crate) outputs: BTreeMap<String, Value>,
    /// What takes the place of an answer that nobody gave, by step.
    pub(crate) unanswered: BTreeMap<String, Expr>,
}

/// The way that data lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// The steps to be done, each with its item, as `[2]`.
    pub(crate) steps: BTreeSet<(String, String)>,
    /// Where the author gives up.
    pub(crate) given_up: Option<String>,
}

impl Flow {
    /// The way from an input. `answered` says of a step that may go unanswered whether it was answered.
    pub(crate) fn way(&self, input: &Value, answered: &dyn Fn(&str) -> bool) -> Way {
        let mut walk = Walk {
            flow: self,
            answered,
            input,
            outputs: BTreeMap::new(),
            items: Vec::new(),
            way: Way::default(),
        };
        if let Some(Stop::GivenUp(place)) = walk.block(&self.body).err() {
            walk.way.given_up = Some(place);
        }
        walk.way
    }
}

/// Why a walk is over.
enum Stop {
    Completed,
    GivenUp(String),
}

struct Walk<'w> {
    flow: &'w Flow,
    answered: &'w dyn Fn(&str) -> bool,
    input: &'w Value,
    outputs: BTreeMap<String, Value>,
    /// The maps around, each with its item and the index.
    items: Vec<(String, Value, usize)>,
    way: Way,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) -> Result<Value, Stop> {
        for node in &block.nodes {
            let result = self.node(node)?;
            self.outputs.insert(node.name().to_owned(), result);
        }
        match &block.end {
            End::Continue(result) => Ok(value(result, self)),
            End::Complete(_) => Err(Stop::Completed),
            End::Abort(abort) => Err(Stop::GivenUp(abort.name.clone())),
        }
    }

    fn node(&mut self, node: &Node) -> Result<Value, Stop> {
        match node {
            Node::Step(step) => Ok(self.step(&step.name)),
            Node::Parallel(parallel) => {
                let branches = parallel.branches.iter();
                branches.map(|branch| self.block(branch)).collect()
            }
            Node::Choice(choice) => {
                let taken = self.taken(choice);
                self.block(taken)
            }
            Node::Map(map) => self.map(map),
            Node::Wait(_) => Ok(Value::Null),
            Node::Savepoint(savepoint) => self.block(&savepoint.block),
        }
    }

    fn step(&mut self, name: &str) -> Value {
        let item: String = self
            .items
            .iter()
            .map(|(_, _, index)| format!("[{index}]"))
            .collect();
        self.way.steps.insert((name.to_owned(), item));
        match self.flow.unanswered.get(name) {
            Some(instead) if !(self.answered)(name) => value(instead, self),
            _ => self.flow.outputs.get(name).cloned().unwrap_or_default(),
        }
    }

    fn taken<'c>(&self, choice: &'c Choice) -> &'c Block {
        let case = choice.cases.iter().find(|case| holds(&case.when, self));
        case.map_or(&choice.otherwise, |case| &case.then)
    }

    fn map(&mut self, map: &Map) -> Result<Value, Stop> {
        let Value::Array(items) = value(&map.items, self) else {
            return Err(Stop::GivenUp(map.name.clone()));
        };
        if items.len() > map.at_most as usize {
            return Err(Stop::GivenUp(map.name.clone()));
        }
        let mut results = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            self.items.push((map.name.clone(), item, index));
            let result = self.block(&map.item);
            self.items.pop();
            results.push(result?);
        }
        Ok(Value::Array(results))
    }
}

impl Scope for Walk<'_> {
    fn input(&self) -> Value {
        self.input.clone()
    }

    fn output(&self, node: &str) -> Value {
        self.outputs.get(node).cloned().unwrap_or_default()
    }

    fn item(&self, map: &str) -> Value {
        let found = self.items.iter().find(|(name, ..)| name == map);
        found.map_or(Value::Null, |(_, item, _)| item.clone())
    }

    fn item_index(&self, map: &str) -> Value {
        let found = self.items.iter().find(|(name, ..)| name == map);
        found.map_or(Value::Null, |(_, _, index)| (*index).into())
    }

    fn saga_id(&self) -> Value {
        crate::identity::EXECUTION.into()
    }
}
