//! The parked form of a step that runs another saga: a Parallel state of one branch, so that the saga can
//! be asked for again and again without a way back in the machine around it.
//!
//! `Held` fails until a redrive came after the parking: before that nobody has done anything. Then `Again`
//! runs the saga; one that has undone itself or is completed ends the branch, any other is held again. A
//! redrive resumes inside, with the state that failed.

use saga_asl::json::{Value, object};
use saga_asl::model::{
    Branch, Catcher, Choice, ChoiceRule, Condition, Parallel, Pass, State, Task, Transition,
};

use super::exits::Source;
use super::nested::{UNDONE, is_compensated};
use super::redrives::redrives;
use super::request::{Frame, Request};
use super::{Writer, retry, task};
use crate::checked::Call;
use crate::jsonata::{Term, delimited};
use crate::plan::Node;

/// The field of the state's input that holds how often the execution had been redriven when it parked.
/// No variable's name begins so.
pub(super) const REDRIVES: &str = "_redrives";

/// The field that holds the cause of the last failure.
const CAUSE: &str = "_cause";

/// What an operator reads who redrives too early, or looks where the execution stands.
const HELD: &str = "parked: the saga that this step runs has not come to its end; see to that one, then \
                    redrive this one";

/// How often the execution has been redriven, to be carried to the parked form.
pub(super) fn redriven() -> (String, Value) {
    (REDRIVES.to_owned(), delimited(redrives()))
}

impl<'s> Writer<'s> {
    pub(super) fn parked_nested(
        &mut self,
        call: &'s Call<'s>,
        frame: Frame<'_>,
        about: String,
        node: &Node<'s>,
        state: &str,
    ) -> State {
        let inner = |name: &str| format!("{state}:{name}");
        let states = [
            (inner("Held"), held(&inner("Again"))),
            (inner("Again"), self.again(call, frame, &inner("Ended"))),
            (inner("Ended"), ended(&inner("Undone"), &inner("Held"))),
            (inner("Undone"), undone()),
        ];
        let output = delimited("$states.result[0].output");
        let source = Source { output: &output };
        let is_undone = delimited(format!("$states.result[0].{UNDONE}"));
        Parallel {
            comment: Some(about),
            branches: vec![Branch::new(inner("Held"), states)],
            assign: self.assigned(node, source),
            output: Some(object([(UNDONE, is_undone)])),
            transition: Self::transition(node),
            ..Parallel::default()
        }
        .into()
    }

    fn again(&mut self, call: &'s Call<'s>, frame: Frame<'_>, ended: &str) -> State {
        let Request {
            resource,
            arguments,
            output,
        } = self.request(call, frame);
        let failed = Term::object([
            (REDRIVES, redrives()),
            (CAUSE, Term::path("$states.errorOutput.Cause")),
        ]);
        let failed = delimited(format!("$merge([$states.input, {failed}])"));
        let catcher = |error: &str| Catcher {
            error_equals: vec![error.to_owned()],
            output: Some(failed.clone()),
            next: ended.to_owned(),
            ..Catcher::default()
        };
        Task {
            resource: resource.to_owned(),
            arguments: Some(arguments),
            timeout_seconds: Some(task::timeout(call).into()),
            output: Some(object([(UNDONE, false.into()), ("output", output)])),
            retry: retry::of_call(call),
            catch: vec![catcher("States.DataLimitExceeded"), catcher("States.ALL")],
            transition: Transition::End,
            ..Task::default()
        }
        .into()
    }
}

/// Fails where no redrive came since the execution parked.
fn held(next: &str) -> State {
    let parked = Term::path("$states.input").field(REDRIVES);
    let redriven = redrives().operator(">", &parked);
    let error = Term::call("$error", &Term::string(HELD));
    let input = Term::path("$states.input");
    Pass {
        comment: Some(
            "Waits for an operator, and for the end of the saga that it runs.".to_owned(),
        ),
        output: Some(delimited(Term::conditional(&redriven, &input, &error))),
        transition: Transition::from(next),
        ..Pass::default()
    }
    .into()
}

fn ended(undone: &str, held: &str) -> State {
    let cause = Term::path("$states.input").field(CAUSE);
    Choice {
        choices: vec![ChoiceRule {
            condition: Condition::Expression(delimited(is_compensated(&cause))),
            next: undone.to_owned(),
            ..ChoiceRule::default()
        }],
        default: Some(held.to_owned()),
        ..Choice::default()
    }
    .into()
}

fn undone() -> State {
    Pass {
        output: Some(object([(UNDONE, true.into()), ("output", Value::Null)])),
        transition: Transition::End,
        ..Pass::default()
    }
    .into()
}
