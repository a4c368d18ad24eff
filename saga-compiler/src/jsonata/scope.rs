//! Where the saga's data is when an expression runs.

use saga_asl::json::Value;

use crate::checked::Variables;
use crate::checked::region::Level;
use crate::checked::variables::Fact;

use super::{Term, delimited, literal, template};

/// The field of a called saga's input that hands on `{"id": saga id, "step": step instance}`.
pub(crate) const SAGA: &str = "_saga";

/// The field by which the console links an execution to the one that started it (developer guide,
/// "Start workflow executions from a task state").
pub(crate) const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

/// What a caller adds to a saga's input.
pub(crate) const HANDED_ON: [&str; 2] = [SAGA, STARTED_BY];

/// Where an expression reads from, and what it does where required data is missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    variables: &'a Variables<'a>,
    /// The machine; else the saga's own.
    level: Option<&'a Level>,
    home: Home,
    reading: Reading,
    /// Whether another saga may have started this one, and handed its id on.
    is_called: bool,
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
            is_called: false,
        }
    }

    /// The same in a machine inside the saga's own.
    pub(crate) fn at(self, level: &'a Level) -> Self {
        Self {
            level: Some(level),
            ..self
        }
    }

    /// The same of a saga that others may run as a step.
    pub(crate) fn of_called(self, is_called: bool) -> Self {
        Self { is_called, ..self }
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

    /// The execution's input, as the start of a path.
    pub(crate) fn input() -> Term {
        Term::path("$states.context.Execution.Input")
    }

    /// The saga's input as a whole: without what a caller added to it.
    pub(super) fn whole_input(&self) -> Term {
        if !self.is_called {
            return Self::input();
        }
        let added = HANDED_ON.map(|name| format!("$name != {}", literal::quoted(name)));
        // Of an object without fields `$sift` gives nothing.
        Term::primary(format!(
            "$merge([{{}}, $sift({}, function($value, $name) {{ {} }})])",
            Self::input(),
            added.join(" and "),
        ))
    }

    /// The saga id: the first execution's ARN, which a caller hands on.
    pub(crate) fn saga_id(&self) -> Term {
        let own = Self::execution();
        if !self.is_called {
            return own;
        }
        let given = Self::input().field(SAGA).field("id");
        let is_given = Term::call("$type", &given).operator("=", &Term::string("string"));
        Term::conditional(&is_given, &given, &own)
    }

    /// This execution's ARN.
    pub(crate) fn execution() -> Term {
        Term::path("$states.context.Execution.Id")
    }

    /// A step instance: below the one that runs this saga, where there is one.
    pub(crate) fn instance(&self, step: &str) -> Term {
        if !self.is_called {
            return Term::string(step);
        }
        let above = Self::input().field(SAGA).field("step");
        let below = above.operator("&", &Term::string(&format!("/{step}")));
        Term::conditional(&Term::call("$exists", &above), &below, &Term::string(step))
    }

    /// A step instance that is known beforehand.
    pub(crate) fn plain_instance<'i>(&self, step: &'i str) -> Option<&'i str> {
        (!self.is_called).then_some(step)
    }

    /// A step instance where a definition holds it.
    pub(crate) fn instance_value(&self, step: &str) -> Value {
        match self.is_called {
            true => delimited(self.instance(step)),
            false => template::string(step),
        }
    }
}
