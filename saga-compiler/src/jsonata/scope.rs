//! Where the saga's data is when an expression runs.

use crate::checked::Variables;
use crate::checked::region::Level;
use crate::checked::variables::Fact;

use super::Term;

/// Where an expression reads from, and what it does where required data is missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    variables: &'a Variables<'a>,
    /// The machine; else the saga's own.
    level: Option<&'a Level>,
    home: Home,
    reading: Reading,
}

/// Where the outputs of earlier steps are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    /// In the execution's variables.
    Variables,
    /// In the state's own input, under the variables' names.
    StateInput,
}

/// What a read does where there is nothing to read: required data may be missing after all, since
/// somebody broke the contract of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Optional data is null; required data fails, which a state with a Catch handles.
    Strict,
    /// All data is null: for states whose failure nobody could catch.
    Guarded,
    /// All data is undefined, and so left out of the object around it: for what people read.
    Loose,
}

impl<'a> Scope<'a> {
    /// Outputs are variables, and a required read may fail.
    pub(crate) fn new(variables: &'a Variables<'a>) -> Self {
        Self {
            variables,
            level: None,
            home: Home::Variables,
            reading: Reading::Strict,
        }
    }

    /// The same in a machine inside the saga's own.
    pub(crate) fn at(self, level: &'a Level) -> Self {
        Self {
            level: Some(level),
            ..self
        }
    }

    /// The same with outputs in the state's input: what a parked state starts from.
    pub(crate) fn in_state_input(self) -> Self {
        Self {
            home: Home::StateInput,
            ..self
        }
    }

    /// The same with reads that never fail.
    pub(crate) fn guarded(self) -> Self {
        Self {
            reading: Reading::Guarded,
            ..self
        }
    }

    /// The same with reads that leave out what is missing.
    pub(crate) fn loose(self) -> Self {
        Self {
            reading: Reading::Loose,
            ..self
        }
    }

    pub(super) fn reading(&self) -> Reading {
        self.reading
    }

    /// The output of a step, or the value of a block.
    pub(crate) fn output(&self, node: &str) -> Term {
        self.known(Fact::Output(node))
    }

    /// The item that a map is at.
    pub(crate) fn item(&self, map: &str) -> Term {
        self.known(Fact::Item(map))
    }

    /// The index of the item that a map is at.
    pub(crate) fn item_index(&self, map: &str) -> Term {
        self.known(Fact::Index(map))
    }

    /// What the execution knows.
    pub(crate) fn known(&self, fact: Fact<'_>) -> Term {
        let outermost = Level::outermost();
        let level = self.level.unwrap_or(&outermost);
        let variable = self.variables.find(fact, level);
        self.variable(self.variables.name(variable))
    }

    /// A variable of the execution.
    pub(crate) fn variable(&self, name: &str) -> Term {
        match self.home {
            Home::Variables => Term::path(format!("${name}")),
            Home::StateInput => Term::path("$states.input").field(name),
        }
    }

    /// The execution's input.
    pub(crate) fn input() -> Term {
        Term::path("$states.context.Execution.Input")
    }

    /// The saga id: the execution's ARN.
    pub(crate) fn saga_id() -> Term {
        Term::path("$states.context.Execution.Id")
    }
}
