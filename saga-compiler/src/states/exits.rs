//! Ways out of a state: its transition, its catchers, and what they assign.

use saga_asl::json::{Object, Value};
use saga_asl::model::{Catcher, Transition};

use super::Writer;
use crate::checked::variables::{ATTEMPTS, FAILURE};
use crate::jsonata::{Term, delimited};
use crate::plan::{Assign, Exit, Node, Trigger, Variable};

/// Where the values come from that a way out sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The step that fails on this way.
    pub(super) step: &'a str,
    /// The call's output.
    pub(super) output: &'a Value,
}

impl<'s> Writer<'s> {
    /// Where a state goes when it succeeded.
    pub(super) fn transition(node: &Node<'_>) -> Transition {
        success(node).map_or(Transition::End, |exit| Transition::from(exit.to.as_str()))
    }

    /// What a state assigns when it succeeded.
    pub(super) fn assigned(&self, node: &Node<'s>, source: Source<'_>) -> Object {
        let exit = success(node);
        exit.map_or_else(Object::new, |exit| self.assign(exit, source))
    }

    /// A state's catchers. `output` is what the states that they lead to are given, else the error.
    pub(super) fn catchers(
        &self,
        node: &Node<'s>,
        source: Source<'_>,
        output: Option<&Value>,
    ) -> Vec<Catcher> {
        let exits = node.exits.iter();
        let catchers = exits.filter_map(|exit| match &exit.trigger {
            Trigger::Errors(names) => Some(Catcher {
                comment: exit.about.map(str::to_owned),
                error_equals: names.iter().map(|name| (*name).to_owned()).collect(),
                assign: self.assign(exit, source),
                output: output.cloned(),
                next: exit.to.clone(),
                ..Catcher::default()
            }),
            _ => None,
        });
        catchers.collect()
    }

    /// The name of a variable in the definition.
    pub(super) fn variable(&self, variable: Variable<'s>) -> &str {
        match variable {
            Variable::Attempts => ATTEMPTS,
            Variable::Failure => FAILURE,
            Variable::Output(step) => self.saga.variables.output(step),
        }
    }

    fn assign(&self, exit: &Exit<'s>, source: Source<'_>) -> Object {
        let assigns = exit.assigns.iter();
        let assigns = assigns.map(|assign| {
            let name = self.variable(assign.variable());
            let value = match assign {
                Assign::Null(_) => Value::Null,
                Assign::Restore(_) => delimited(self.scope().in_state_input().variable(name)),
                Assign::Set(Variable::Output(_)) => source.output.clone(),
                Assign::Set(Variable::Attempts) => delimited("$states.context.State.RetryCount"),
                Assign::Set(Variable::Failure) => failure(source.step),
            };
            (name.to_owned(), value)
        });
        assigns.collect()
    }
}

fn success<'n, 's>(node: &'n Node<'s>) -> Option<&'n Exit<'s>> {
    node.exits
        .iter()
        .find(|exit| exit.trigger == Trigger::Success)
}

/// The first failure.
fn failure(step: &str) -> Value {
    let fields = [("step", Term::string(step))];
    delimited(Term::object(
        fields.into_iter().chain(error("$states.errorOutput")),
    ))
}

/// The name and the cause of an error. It may come without either: an object leaves out what is
/// undefined.
pub(super) fn error(output: &str) -> [(&'static str, Term); 2] {
    let output = Term::path(output);
    [
        ("error", output.field("Error")),
        ("cause", output.field("Cause")),
    ]
}
