//! Ways out of a state: its transition, its catchers, and what they assign.

use saga_asl::json::{Object, Value, object};
use saga_asl::model::{Catcher, Transition};
use saga_manifest::expr::Expr;

use super::gate::EVERYTHING;
use super::{Writer, fits};
use crate::checked::variables::Variable;
use crate::jsonata::{Scope, Term, delimited, template, value};
use crate::plan::{Exit, Given, Node, Trigger};

/// Where the values come from that a way out sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The call's output, or the list of the values of branches or items.
    pub(super) output: &'a Value,
}

impl Source<'_> {
    /// Of a state without an output.
    pub(super) fn none() -> Self {
        Self {
            output: &Value::Null,
        }
    }
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
    pub(super) fn variable(&self, variable: Variable<'s>) -> &'s str {
        self.saga.variables.name(variable)
    }

    pub(super) fn assign(&self, exit: &Exit<'s>, source: Source<'_>) -> Object {
        let assigns = exit.assigns.iter();
        let assigns = assigns.map(|assign| {
            let name = self.variable(assign.variable);
            (name.to_owned(), self.given(&assign.given, name, source))
        });
        assigns.collect()
    }

    /// What a variable of that name is given.
    fn given(&self, given: &Given<'s>, name: &str, source: Source<'_>) -> Value {
        match given {
            Given::Null => Value::Null,
            Given::Number(number) => Value::from(*number),
            Given::Everything => EVERYTHING.into(),
            Given::Output => source.output.clone(),
            Given::Retries => delimited("$states.context.State.RetryCount"),
            Given::Error(step) => failure(step),
            Given::FirstFailure => {
                let first = Term::path("($states.result.failure)[0]");
                delimited(first.or(&Term::null()))
            }
            Given::HandedOn(branch, there) => {
                let outputs = of_branch(*branch).field("outputs");
                delimited(outputs.field(self.variable(*there)).or(&Term::null()))
            }
            Given::UndoFrom(branch) => {
                let from = of_branch(*branch).field("undoFrom");
                delimited(from.or(&Term::null()))
            }
            Given::Outcomes => delimited(OUTCOMES),
            Given::Value(expr) => template::template(expr, self.scope().guarded()),
            Given::Abort(abort) => object([
                ("step", template::string(&abort.name)),
                ("error", template::string(&abort.error)),
                ("cause", cause(&abort.cause, self.scope())),
            ]),
            Given::DoesNotFit(map) => delimited(fits::failure(map, self.scope())),
            Given::Item => delimited(of_item("item").or(&Term::null())),
            Given::Index => delimited(of_item("index")),
            Given::Path(map, around) => {
                let around = around.map(|around| self.scope().variable(self.variable(around)));
                delimited(item_path(map, around))
            }
            Given::Restored(variable) => {
                let outputs = of_item("outputs");
                delimited(outputs.field(self.variable(*variable)).or(&Term::null()))
            }
            Given::Carried => delimited(self.scope().in_state_input().variable(name)),
        }
    }
}

/// Of the items that have something to undo: where that begins, and what it needs.
const OUTCOMES: &str = "[$map($states.result, function($outcome, $index) { \
                        $exists($outcome.undoFrom) ? {\"index\": $index, \
                        \"undoFrom\": $outcome.undoFrom, \"outputs\": $outcome.outputs} })]";

/// The outcome of a branch.
fn of_branch(branch: usize) -> Term {
    Term::path(format!("$states.result[{branch}]"))
}

/// What an item's machine was given.
pub(super) fn of_item(field: &str) -> Term {
    Term::path("$states.input").field(field)
}

/// The path of an item: `Orders[2]/Lines[0]`.
fn item_path(map: &str, around: Option<Term>) -> Term {
    let index = Term::call("$string", &of_item("index"));
    let own = Term::primary(format!(
        "{} & {index} & {}",
        Term::string(&format!("{map}[")),
        Term::string("]")
    ));
    match around {
        Some(around) => Term::primary(format!("{around} & {} & {own}", Term::string("/"))),
        None => own,
    }
}

/// The text of a failure's cause.
fn cause(expr: &Expr, scope: Scope<'_>) -> Value {
    match expr {
        Expr::Literal(serde_json::Value::String(text)) => template::string(text),
        _ => delimited(Term::call("$string", &value::value(expr, scope.guarded()))),
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
