//! Messages to an operator: a call is parked, or a notification is owed. Their own failure never
//! blocks: whatever becomes of them, the saga goes on as it would have.

use saga_asl::json::{Value, object};
use saga_asl::model::{State, Task};
use saga_manifest::saga::Ending;

use super::exits::{self, Source};
use super::message::effect_id;
use super::{Writer, fits, nested, nested_parked, retry, task};
use crate::checked::Notification;
use crate::checked::flow::Map;
use crate::checked::message::MESSAGE_ID;
use crate::checked::region::Level;
use crate::checked::variables::{FAILURE, Fact};
use crate::jsonata::{Scope, Term, delimited};
use crate::plan::{Node, Parked};

/// Seconds that sending a message may take.
const TIMEOUT: u64 = 30;

impl<'s> Writer<'s> {
    /// Tells that a call is parked, and hands on what it and the states after it need.
    pub(super) fn park(&mut self, name: &str, parked: Parked<'s>, node: &Node<'s>) -> State {
        let variables = &self.saga.variables;
        let failure = match parked {
            Parked::Undo(..) | Parked::Held(_) => variables.find(Fact::Failure, self.level),
            Parked::Do(_) => variables.failure_at(self.level),
        };
        let item = self.item_path(self.scope());
        let redrive = Term::string("aws stepfunctions redrive-execution --execution-arn ");
        let step = Term::string(&node.instance.of(parked.step().name));
        let item = item.map(|item| ("item", item));
        let locks = self.saga.locks.get(parked.step().name).map(|locks| {
            let locks: Vec<_> = locks
                .iter()
                .map(|lock| Term::string(lock).to_string())
                .collect();
            ("locks", Term::primary(format!("[{}]", locks.join(", "))))
        });
        // What was held in a branch failed there: here its first failure tells.
        let failed = match parked {
            Parked::Held(_) => None,
            Parked::Undo(..) | Parked::Do(_) => Some(parked_error()),
        };
        let runs = self.runs(parked, node);
        let message = self.message(
            [("step", step)]
                .into_iter()
                .chain(item)
                .chain(runs)
                .chain(locks)
                .chain([
                    ("state", Term::string(&parked.state(&node.instance))),
                    ("error", self.scope().variable(self.variable(failure))),
                    ("arguments", self.readable_arguments(parked.call())),
                    ("redrive", redrive.operator("&", &Scope::execution())),
                ])
                .chain(failed)
                .chain(self.loses(parked).then(lost)),
        );
        let asked = parked.runs_saga().map(|_| nested_parked::carried());
        let carried = object(
            asked
                .into_iter()
                .flatten()
                .chain(node.live_after.iter().map(|variable| {
                    let name = self.variable(*variable);
                    (name.to_owned(), delimited(self.scope().variable(name)))
                })),
        );
        let about = format!(
            "Tells an operator that `{}` ran out of retries.",
            parked.first_try(&node.instance)
        );
        self.send(name, about, message, carried, node)
    }

    /// The execution of the saga that a parked call runs: an operator has to see to that one first.
    fn runs(&mut self, parked: Parked<'s>, node: &Node<'s>) -> Option<(&'static str, Term)> {
        let (saga, _) = parked.runs_saga()?;
        let (instance, phase, effect) = task::of_parked(parked, node);
        let item = self.item_path(self.scope());
        let frame = self.frame(&instance, item.as_ref(), phase, &effect);
        let first = Term::primary("0");
        let execution = nested::execution(saga, frame, &first, &mut self.uses);
        Some(("runs", execution))
    }

    /// Whether a call requires what a branch or an item answered: that is lost where their outcome is larger than
    /// a state may hand on.
    fn loses(&self, parked: Parked<'s>) -> bool {
        let regions = &self.saga.variables.regions;
        let is_inside = |fact: Fact<'s>| regions.home(fact) != Level::outermost().region();
        let Parked::Undo(_, undo) = parked else {
            return false;
        };
        let mut reads = undo.reads().into_iter();
        reads.any(|read| read.sure && matches!(read.fact, Fact::Output(_)) && is_inside(read.fact))
    }

    /// Tells that a map after the pivot waits for a list that fits.
    pub(super) fn park_list(&mut self, name: &str, map: &'s Map<'s>, node: &Node<'s>) -> State {
        let definition = map.definition;
        let item = self.item_path(self.scope()).map(|item| ("item", item));
        let step = ("step", Term::string(&node.instance.of(&definition.name)));
        let map_state = node.state_of(&definition.name);
        let error = fits::failure(definition, self.scope());
        let message = self.message([step].into_iter().chain(item).chain([
            ("state", Term::string(&map_state)),
            ("error", error),
            parked_error(),
        ]));
        let about = format!(
            "Tells an operator that the list of `{}` does not fit.",
            definition.name
        );
        self.send(name, about, message, object::<&str>([]), node)
    }

    /// Tells that a notification is owed.
    pub(super) fn owed(
        &mut self,
        name: &str,
        notification: &'s Notification<'s>,
        node: &Node<'s>,
    ) -> State {
        let (ending, error) = match notification.on {
            Ending::Completed => ("completed", Term::null()),
            Ending::Compensated => ("compensated", self.scope().variable(FAILURE)),
            Ending::Parked => ("parked", Term::null()),
        };
        let message = self.message([
            ("notification", Term::string(notification.name)),
            ("ending", Term::string(ending)),
            ("error", error),
            ("arguments", self.readable_arguments(&notification.call)),
            parked_error(),
        ]);
        let about = format!("Tells an operator that `{}` is owed.", notification.name);
        self.send(name, about, message, object::<&str>([]), node)
    }

    /// A message about this execution.
    fn message<'f>(&self, fields: impl IntoIterator<Item = (&'f str, Term)>) -> Term {
        let saga = [
            ("saga", Term::string(&self.saga.definition.name)),
            ("execution", Scope::execution()),
        ];
        let fields = saga.into_iter().chain(fields);
        Term::call("$string", &Term::object(fields))
    }

    fn send(
        &mut self,
        name: &str,
        about: String,
        message: Term,
        output: Value,
        node: &Node<'s>,
    ) -> State {
        let item = self.item_path(self.scope());
        let id = object([
            ("DataType", "String".into()),
            (
                "StringValue",
                delimited(effect_id(name, item.as_ref(), self.scope())),
            ),
        ]);
        let arguments = object([
            ("QueueUrl", self.uses.parked_queue().into()),
            ("MessageBody", delimited(message)),
            ("MessageAttributes", object([(MESSAGE_ID, id)])),
        ]);
        let source = Source::none();
        Task {
            comment: Some(about),
            resource: "arn:aws:states:::sqs:sendMessage".to_owned(),
            arguments: Some(arguments),
            timeout_seconds: Some(TIMEOUT.into()),
            assign: self.assigned(node, source),
            retry: retry::of_parking(),
            catch: self.catchers(node, source, Some(&output)),
            output: Some(output),
            transition: Self::transition(node),
            ..Task::default()
        }
        .into()
    }
}

/// What an operator can do where an output that undo requires is lost.
fn lost() -> (&'static str, Term) {
    let evaluation = Term::string("States.QueryEvaluationError");
    let is_lost = Term::path("$states.input")
        .field("Error")
        .operator("=", &evaluation);
    let help = "an output that this reads was lost, for a branch or an item had more to hand on than a state may: a \
                redrive does not bring it back. The saga's recovery, which has begun by now, takes it from the step's \
                fence and undoes the saga. Where that is parked here, too, there is no fence that keeps it: undo the \
                step by hand, and what was done before it";
    ("help", Term::only_if(&is_lost, &Term::string(help)))
}

/// The error that the call itself ran out of retries with.
fn parked_error() -> (&'static str, Term) {
    let error = Term::object(exits::error("$states.input"));
    ("parkedError", error)
}
