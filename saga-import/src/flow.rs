//! A definition's way forward, as a tree.

use saga_asl::model::{Catcher, Retrier};

use crate::call::Call;
use crate::condition::Test;
use crate::data::Data;
use crate::template::Env;
use crate::types::Type;

/// States in a row.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) nodes: Vec<Node>,
    pub(crate) end: End,
}

/// How a row of states ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The saga is completed with this output; of a branch or an item, it is its output.
    Completes(Data),
    /// It comes together with others.
    GoesOn,
    /// The saga gives up with this error.
    GivesUp { error: String },
}

/// A part of the way.
#[derive(Debug)]
pub(crate) enum Node {
    /// A call.
    Task(Box<Step>),
    /// A pause.
    Wait { name: String, time: Time },
    /// One of several ways.
    Choice {
        name: String,
        cases: Vec<(Test, Block)>,
        otherwise: Block,
    },
    /// Branches at the same time.
    Parallel { name: String, branches: Vec<Block> },
    /// The same for each item of a list.
    Map {
        name: String,
        list: Data,
        at_a_time: u64,
        item: Block,
    },
}

/// How long a pause is.
#[derive(Debug)]
pub(crate) enum Time {
    Seconds(u64),
    /// So many seconds as the data say.
    OfTheData(Data),
    /// Until a time in the data.
    Until(Data),
}

impl Node {
    /// What it reads itself, with the types that are known.
    pub(crate) fn reads(&self) -> Vec<(&Data, Option<&Type>)> {
        match self {
            Self::Wait {
                time: Time::OfTheData(data),
                ..
            } => vec![(data, Some(&Type::Seconds))],
            Self::Wait {
                time: Time::Until(data),
                ..
            } => vec![(data, Some(&Type::Time))],
            Self::Choice { cases, .. } => cases.iter().flat_map(|(test, _)| test.reads()).collect(),
            Self::Map { list, .. } => vec![(list, None)],
            Self::Task(_) | Self::Wait { .. } | Self::Parallel { .. } => Vec::new(),
        }
    }

    /// The state's name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Task(step) => &step.name,
            Self::Wait { name, .. }
            | Self::Choice { name, .. }
            | Self::Parallel { name, .. }
            | Self::Map { name, .. } => name,
        }
    }

    /// The blocks in it.
    pub(crate) fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::Task(_) | Self::Wait { .. } => Vec::new(),
            Self::Choice {
                cases, otherwise, ..
            } => cases
                .iter()
                .map(|(_, block)| block)
                .chain([otherwise])
                .collect(),
            Self::Parallel { branches, .. } => branches.iter().collect(),
            Self::Map { item, .. } => vec![item],
        }
    }
}

impl Block {
    /// The Tasks in it, in their order, those of blocks inside it too.
    pub(crate) fn steps(&self) -> Vec<&Step> {
        let mut steps = Vec::new();
        for node in &self.nodes {
            match node {
                Node::Task(step) => steps.push(step.as_ref()),
                node => steps.extend(node.blocks().into_iter().flat_map(Self::steps)),
            }
        }
        steps
    }

    /// Whether the saga is completed on one way before its end.
    pub(crate) fn completes_early(&self) -> bool {
        self.nodes.iter().any(|node| match node {
            Node::Choice { .. } => node
                .blocks()
                .into_iter()
                .any(|block| matches!(block.end, End::Completes(_)) || block.completes_early()),
            _ => false,
        })
    }

    /// The list that the Map of this name goes over.
    pub(crate) fn list_of(&self, map: &str) -> Option<&Data> {
        self.nodes.iter().find_map(|node| match node {
            Node::Map { name, list, .. } if name == map => Some(list),
            node => node
                .blocks()
                .into_iter()
                .find_map(|block| block.list_of(map)),
        })
    }

    /// Whether a Map stands in another one.
    pub(crate) fn has_nested_maps(&self) -> bool {
        self.nodes.iter().any(|node| match node {
            Node::Map { item, .. } => !item.maps().is_empty(),
            node => node.blocks().into_iter().any(Self::has_nested_maps),
        })
    }

    /// The Maps in it, in their order.
    pub(crate) fn maps(&self) -> Vec<&str> {
        let mut maps = Vec::new();
        for node in &self.nodes {
            if let Node::Map { name, .. } = node {
                maps.push(name.as_str());
            }
            maps.extend(node.blocks().into_iter().flat_map(Self::maps));
        }
        maps
    }

    /// The last Task in it.
    pub(crate) fn last_step(&mut self) -> Option<&mut Step> {
        last_step(&mut self.nodes)
    }

    /// Whether the saga ends in it.
    pub(crate) fn ends(&self) -> bool {
        matches!(self.end, End::GivesUp { .. } | End::Completes(_))
    }
}

/// The last Task of a row.
pub(crate) fn last_step(nodes: &mut [Node]) -> Option<&mut Step> {
    nodes.iter_mut().rev().find_map(|node| match node {
        Node::Task(step) => Some(step.as_mut()),
        Node::Wait { .. } => None,
        Node::Choice {
            cases, otherwise, ..
        } => {
            let blocks = cases.iter_mut().map(|(_, block)| block).chain([otherwise]);
            blocks.rev().find_map(Block::last_step)
        }
        Node::Parallel { branches, .. } => branches.iter_mut().rev().find_map(Block::last_step),
        Node::Map { item, .. } => item.last_step(),
    })
}

/// A Task on the way forward.
#[derive(Debug)]
pub(crate) struct Step {
    /// The state's name.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) call: Call,
    pub(crate) timeout: Option<u64>,
    pub(crate) retriers: Vec<Retrier>,
    pub(crate) caught: Vec<Caught>,
    /// Where it leads when something behind it or around it fails that is no Task: a way back from there undoes it first.
    pub(crate) closing: Vec<Closing>,
    /// Whether it is in a branch, an item or one of several ways.
    pub(crate) is_within: bool,
    /// The data before it and after it.
    pub(crate) before: Env,
    pub(crate) after: Env,
}

impl Step {
    /// The errors that its retriers and catchers name, which its handler reports: the language's own and those of
    /// services in front of it are not.
    pub(crate) fn declared(&self) -> Vec<&str> {
        let Call::Handler { replaces, .. } = &self.call else {
            return Vec::new();
        };
        let is_service = replaces.starts_with("arn:aws:states:::");
        let retried = self
            .retriers
            .iter()
            .flat_map(|retrier| &retrier.error_equals);
        let caught = self
            .caught
            .iter()
            .flat_map(|caught| &caught.catcher.error_equals);
        let mut names: Vec<&str> = Vec::new();
        for name in retried.chain(caught) {
            let own =
                !name.starts_with("States.") && !name.starts_with("Lambda.") && !name.is_empty();
            if own && !is_service && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// All ways back that begin at it.
    pub(crate) fn ways(&self) -> impl Iterator<Item = &WayBack> {
        self.caught
            .iter()
            .map(|caught| &caught.way)
            .chain(self.closing.iter().map(|closing| &closing.way))
    }
}

/// A catcher, and where it leads.
#[derive(Debug)]
pub(crate) struct Caught {
    pub(crate) catcher: Catcher,
    pub(crate) way: WayBack,
    /// The data that the first state of the way is handed.
    pub(crate) env: Env,
}

/// A way back that begins behind or around a step, and the data that its first state is handed.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub(crate) way: WayBack,
    pub(crate) env: Env,
}

/// What is done after a failure.
#[derive(Clone, Debug, Default)]
pub(crate) struct WayBack {
    /// The Tasks that undo, in their order.
    pub(crate) undos: Vec<String>,
    /// The Tasks that only tell somebody, in their order.
    pub(crate) notices: Vec<String>,
    /// The state that ends it.
    pub(crate) last: String,
    /// Whether the execution then succeeds.
    pub(crate) succeeds: bool,
}
