//! A state as it is written.

use std::ops::Range;

use super::ScopeId;
use crate::integration::Resource;
use crate::model::QueryLanguage;
use crate::syntax::{Name, Node};
use crate::words::Words;

/// Which state of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub(super) usize);

impl StateId {
    /// Its place among all states of the outline.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// A state as it is written.
#[derive(Debug)]
pub struct State<'t> {
    /// Its number.
    pub id: StateId,
    /// The machine it is in.
    pub scope: ScopeId,
    /// Its name.
    pub name: &'t Name<'t>,
    /// Its object.
    pub node: &'t Node<'t>,
    /// Its type, where that is one of the language's.
    pub kind: Option<StateType>,
    /// The language of its expressions.
    pub language: QueryLanguage,
    /// What a Task asks for, where its text says so.
    pub resource: Option<Resource<'t>>,
    /// The words of its name.
    pub(crate) words: Words,
    /// The machines inside it.
    pub inner: Vec<ScopeId>,
    pub(super) edges: Range<usize>,
}

/// The types of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its name in the specification")]
pub enum StateType {
    Task,
    Parallel,
    Map,
    Choice,
    Wait,
    Pass,
    Succeed,
    Fail,
}

impl StateType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Task,
        Self::Parallel,
        Self::Map,
        Self::Choice,
        Self::Wait,
        Self::Pass,
        Self::Succeed,
        Self::Fail,
    ];

    /// The name as a definition has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether such a state may have retriers and catchers.
    #[must_use]
    pub fn can_catch(self) -> bool {
        matches!(self, Self::Task | Self::Parallel | Self::Map)
    }

    /// Whether such a state has `Next` or `End`.
    #[must_use]
    pub fn has_transition(self) -> bool {
        !matches!(self, Self::Choice | Self::Succeed | Self::Fail)
    }
}

impl<'t> State<'t> {
    /// Its name as text.
    #[must_use]
    pub fn name(&self) -> &'t str {
        &self.name.text
    }

    /// Whether its expressions are in JSONata.
    #[must_use]
    pub fn is_jsonata(&self) -> bool {
        self.language == QueryLanguage::JsonAta
    }

    /// Whether it is of that type.
    #[must_use]
    pub fn is(&self, kind: StateType) -> bool {
        self.kind == Some(kind)
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&'t Node<'t>> {
        self.node.get(field)
    }

    /// Whether it says `"End": true`.
    #[must_use]
    pub fn ends(&self) -> bool {
        matches!(
            self.get("End").map(|end| &end.syntax),
            Some(crate::syntax::Syntax::Bool(true))
        )
    }

    /// Whether an execution of its machine may end here.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self.kind, Some(StateType::Succeed | StateType::Fail)) || self.ends()
    }

    /// The error names of a retrier or a catcher.
    pub fn error_names(entry: &'t Node<'t>) -> impl Iterator<Item = (&'t str, &'t Node<'t>)> {
        let names = entry.get("ErrorEquals").map_or(&[][..], Node::items);
        names.iter().filter_map(|name| Some((name.as_str()?, name)))
    }

    /// Its retriers.
    #[must_use]
    pub fn retriers(&self) -> &'t [Node<'t>] {
        self.get("Retry").map_or(&[], Node::items)
    }

    /// Its catchers.
    #[must_use]
    pub fn catchers(&self) -> &'t [Node<'t>] {
        self.get("Catch").map_or(&[], Node::items)
    }
}
