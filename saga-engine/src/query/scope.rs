use saga_asl::data::{Data, Object};
use saga_asl::jsonpath::{Root, Roots};

use crate::time::Timestamp;

/// What a state's expressions can refer to.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `$` in JSONPath, `$states.input` in JSONata.
    pub input: &'a Data,
    /// `$states.result`
    pub result: Option<&'a Data>,
    /// `$states.errorOutput`
    pub error: Option<&'a Data>,
    /// The variables, as they were when the state was entered.
    pub variables: &'a Object,
    /// The context object, made only when something asks for it.
    pub context: &'a dyn Fn() -> Data,
    /// The time that expressions are told.
    pub now: Timestamp,
}

impl<'a> Scope<'a> {
    /// The same with another `$`.
    pub fn with_input(self, input: &'a Data) -> Self {
        Scope { input, ..self }
    }

    /// A member of `$states`.
    pub(super) fn of_states(&self, field: &str) -> Option<Data> {
        match field {
            "input" => Some(self.input.clone()),
            "result" => self.result.cloned(),
            "errorOutput" => self.error.cloned(),
            "context" => Some((self.context)()),
            _ => None,
        }
    }
}

impl Roots for Scope<'_> {
    fn root(&self, root: &Root) -> Option<Data> {
        match root {
            Root::Input | Root::Item => Some(self.input.clone()),
            Root::Context => Some((self.context)()),
            Root::Variable(name) => self.variables.get(name).cloned(),
        }
    }
}
