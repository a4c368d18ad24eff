//! The parked form of a call that runs another saga: a Parallel state of one branch, so that the saga can
//! be asked about again and again without a way back in the machine around it.
//!
//! `Held` fails until a redrive came after the parking: before that nobody has done anything. Then `Look` asks
//! what became of the execution, which `Ended` judges: one that is completed or has undone itself ends the
//! branch, and any other is held again until its own operator has brought it to its end. `Again` starts one
//! only where there was none, or where the last one says that nothing of it is done and the call has to
//! go forward; never where it is to be undone next. A redrive resumes inside, with the state that failed.

use saga_asl::json::{Value, object};
use saga_asl::model::{
    Branch, Catcher, Choice, ChoiceRule, Condition, Parallel, Pass, State, Task, Transition,
};
use saga_manifest::expr::Expr;
use saga_manifest::saga::Saga;

use super::ending::COMPENSATED;
use super::exits::Source;
use super::nested::{self, UNDONE, is_compensated};
use super::redrives::redrives;
use super::request::{Frame, Request};
use super::{Writer, retry, task};
use crate::checked::Call;
use crate::jsonata::{Term, delimited};
use crate::plan::Node;

/// The field of the state's input that holds how often the execution had been redriven when it parked.
/// No variable's name begins so.
const REDRIVES: &str = "_redrives";

/// The field that holds which attempt to run the saga was the last, from 0.
const ATTEMPT: &str = "_attempt";

/// The field that holds what is known of its execution.
const ENDED: &str = "_ended";

/// The field that holds its output.
const OUTPUT: &str = "_output";

/// It is completed.
const COMPLETED: &str = "completed";

/// It has undone itself.
const IS_UNDONE: &str = "compensated";

/// There is no such execution.
const NEVER: &str = "never started";

/// It runs, is parked or was stopped, or nobody can say.
const UNSETTLED: &str = "unsettled";

/// Seconds that a look may take.
const TIMEOUT: u64 = 30;

/// What an operator reads who redrives too early, or looks where the execution stands.
const HELD: &str = "parked: the saga that this step runs has not come to its end; see to that one, then \
                    redrive this one";

/// A call that is parked and runs a saga.
pub(super) struct Running<'f, 's> {
    pub(super) call: &'s Call<'s>,
    pub(super) saga: &'s Saga,
    pub(super) input: &'s Expr,
    /// Where data is read from the state's own input.
    pub(super) frame: Frame<'f>,
    /// Whether the saga around it goes back where this one has undone itself.
    pub(super) may_be_undone: bool,
    /// Whether the saga around it goes back whatever became of this one.
    pub(super) goes_back: bool,
}

/// What the parked form is handed: how often the execution has been redriven, the last attempt, and no output
/// yet.
pub(super) fn carried() -> [(String, Value); 3] {
    [
        (REDRIVES.to_owned(), delimited(redrives())),
        (ATTEMPT.to_owned(), 0.into()),
        (OUTPUT.to_owned(), Value::Null),
    ]
}

impl<'s> Writer<'s> {
    pub(super) fn parked_nested(
        &mut self,
        running: &Running<'_, 's>,
        about: String,
        node: &Node<'s>,
        state: &str,
    ) -> State {
        let inner = |name: &str| format!("{state}:{name}");
        let [held, look, ended, again, done] =
            ["Held", "Look", "Ended", "Again", "Done"].map(inner);
        let mut states = vec![
            (held.clone(), waits(&look)),
            (look, self.look(running, &ended)),
            (ended.clone(), judges(running, [&done, &again, &held])),
        ];
        if !running.goes_back {
            states.push((again, self.again(running, &ended, &done)));
        }
        states.push((done, settled()));
        let output = delimited("$states.result[0].output");
        let source = Source { output: &output };
        let is_undone = delimited(format!("$states.result[0].{UNDONE}"));
        let asked = running.may_be_undone.then_some((UNDONE, is_undone));
        Parallel {
            comment: Some(about),
            branches: vec![Branch::new(held, states)],
            assign: self.assigned(node, source),
            output: Some(object(asked)),
            transition: Self::transition(node),
            ..Parallel::default()
        }
        .into()
    }

    /// Asks what became of the execution.
    fn look(&mut self, running: &Running<'_, 's>, next: &str) -> State {
        let Running { saga, frame, .. } = *running;
        let arn = nested::execution(saga, frame, &told(ATTEMPT), &mut self.uses);
        let status = |is: &str| {
            let status = Term::path("$states.result.Status");
            status.operator("=", &Term::string(is))
        };
        let error = Term::path("$states.result.Error");
        let undone = error.operator("=", &Term::string(COMPENSATED));
        let failed = Term::conditional(&undone, &Term::string(IS_UNDONE), &Term::string(UNSETTLED));
        let ended = Term::conditional(&status("SUCCEEDED"), &Term::string(COMPLETED), &failed);
        let parsed = Term::call("$parse", &Term::path("$states.result.Output"));
        let output = Term::conditional(&status("SUCCEEDED"), &parsed, &Term::null());
        let names = nested::DOES_NOT_EXIST.map(str::to_owned).to_vec();
        let missing = Catcher {
            error_equals: names.clone(),
            output: Some(with([(ENDED, Term::string(NEVER))])),
            next: next.to_owned(),
            ..Catcher::default()
        };
        let unknown = caught(&[(ENDED, Term::string(UNSETTLED))], next);
        Task {
            comment: Some("Asks what became of the saga that it runs.".to_owned()),
            resource: "arn:aws:states:::aws-sdk:sfn:describeExecution".to_owned(),
            arguments: Some(object([("ExecutionArn", delimited(arn))])),
            timeout_seconds: Some(TIMEOUT.into()),
            output: Some(with([(ENDED, ended), (OUTPUT, output)])),
            retry: retry::of_look(names),
            catch: [vec![missing], unknown].concat(),
            transition: Transition::from(next),
            ..Task::default()
        }
        .into()
    }

    /// Starts an execution.
    fn again(&mut self, running: &Running<'_, 's>, ended: &str, done: &str) -> State {
        let Running {
            call,
            saga,
            input,
            frame,
            ..
        } = *running;
        let Request {
            resource,
            arguments,
            ..
        } = nested::start(saga, input, frame, &told(ATTEMPT), &mut self.uses);
        // What goes forward only is held even where it did nothing: it would be started on and on.
        let cause = Term::path("$states.errorOutput.Cause");
        let failed = match running.may_be_undone {
            true => Term::conditional(
                &is_compensated(&cause),
                &Term::string(IS_UNDONE),
                &Term::string(UNSETTLED),
            ),
            false => Term::string(UNSETTLED),
        };
        let output = Term::path("$states.result.Output");
        Task {
            resource: resource.to_owned(),
            arguments: Some(arguments),
            timeout_seconds: Some(task::timeout(call).into()),
            output: Some(with([(ENDED, Term::string(COMPLETED)), (OUTPUT, output)])),
            retry: retry::of_start(call),
            catch: caught(&[(ENDED, failed)], ended),
            transition: Transition::from(done),
            ..Task::default()
        }
        .into()
    }
}

/// A field of the state's input.
fn told(field: &str) -> Term {
    Term::path("$states.input").field(field)
}

/// The state's input with other fields, and how often the execution has been redriven by now.
fn with<'f>(fields: impl IntoIterator<Item = (&'f str, Term)>) -> Value {
    let added = fields.into_iter().chain([(REDRIVES, redrives())]);
    let added = Term::object(added);
    delimited(format!("$merge([$states.input, {added}])"))
}

fn caught(fields: &[(&str, Term)], next: &str) -> Vec<Catcher> {
    let errors = ["States.DataLimitExceeded", "States.ALL"];
    let catchers = errors.map(|error| Catcher {
        error_equals: vec![error.to_owned()],
        output: Some(with(fields.iter().cloned())),
        next: next.to_owned(),
        ..Catcher::default()
    });
    catchers.into()
}

/// Fails where no redrive came since the execution parked.
fn waits(next: &str) -> State {
    let redriven = redrives().operator(">", &told(REDRIVES));
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

/// Where what is known of the execution leads.
fn judges(running: &Running<'_, '_>, [done, again, held]: [&String; 3]) -> State {
    let rule = |ended: &str, output: Option<Value>, next: &String| ChoiceRule {
        condition: Condition::Expression(delimited(
            told(ENDED).operator("=", &Term::string(ended)),
        )),
        output,
        next: next.clone(),
        ..ChoiceRule::default()
    };
    let undone = match running.may_be_undone {
        true => rule(IS_UNDONE, None, done),
        // Nothing of it is done: a new execution may do it.
        false => {
            let attempt = told(ATTEMPT).operator("+", &Term::primary("1"));
            rule(IS_UNDONE, Some(with([(ATTEMPT, attempt)])), again)
        }
    };
    let never = match running.goes_back {
        true => rule(NEVER, None, done),
        false => rule(NEVER, None, again),
    };
    Choice {
        choices: vec![rule(COMPLETED, None, done), undone, never],
        default: Some(held.clone()),
        ..Choice::default()
    }
    .into()
}

fn settled() -> State {
    let undone = told(ENDED).operator("!=", &Term::string(COMPLETED));
    Pass {
        output: Some(object([
            (UNDONE, delimited(undone)),
            ("output", delimited(told(OUTPUT))),
        ])),
        transition: Transition::End,
        ..Pass::default()
    }
    .into()
}
