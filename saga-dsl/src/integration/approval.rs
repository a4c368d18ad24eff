//! Questions to people or other systems, which answer with a task token.

use std::marker::PhantomData;
use std::time::Duration;

use saga_manifest::expr::Expr;
use saga_manifest::task::{Channel, Task};
use serde::{Deserialize, Serialize};

use crate::data::{Describe, FieldType, Literal, ObjectType, SagaData, Type};
use crate::error::{Never, SagaError};
use crate::node::Arena;
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::step::{Prepared, Step};

/// What somebody is asked, and what may be answered.
pub trait Request: SagaData {
    /// What is answered.
    type Answer: SagaData;
    /// What may be answered otherwise: each fails the saga, which is then undone. [`Never`]
    /// for none.
    type Refusal: SagaError;
}

/// The message that asks, which is what a topic or queue of questions carries:
/// `#[queue(message = Question<TripRequest>)]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question<R> {
    /// What is asked.
    pub request: R,
    /// What it is answered with.
    pub answer: AnswerCode,
}

/// What a question is answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCode {
    /// The code, which no mail program or shell changes.
    pub code: String,
    /// The command line that it is handed to.
    pub command: String,
}

impl<R: Request> SagaData for Question<R> {
    type Fields<'s> = ();

    fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
        &()
    }

    fn describe() -> Type {
        Type::Object(ObjectType {
            id: std::any::type_name::<Self>(),
            description: Some("A question, and what it is answered with."),
            fields: vec![field("request", R::describe), field("answer", answer_code)],
            closed: false,
        })
    }
}

fn answer_code() -> Type {
    Type::Object(ObjectType {
        id: std::any::type_name::<AnswerCode>(),
        description: None,
        fields: vec![
            field("code", String::describe),
            field("command", String::describe),
        ],
        closed: false,
    })
}

fn field(name: &str, of: Describe) -> FieldType {
    FieldType {
        name: name.into(),
        description: None,
        of,
        optional: false,
        default: None,
        skip_null: false,
        sensitive: None,
        flatten: false,
    }
}

/// The step of asking: it has no effect, and its output is the answer.
pub struct Approval<R>(PhantomData<fn() -> R>);

impl<R: Request> Step for Approval<R> {
    type Output = R::Answer;
    type Error = R::Refusal;
    type Service = Never;

    fn name() -> String {
        "Approval".into()
    }

    /// Each approval states its own.
    const TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
}

/// A question that does not say yet how long its answer is waited for.
#[must_use = "an approval is asked for with `saga.approve(…)`"]
pub struct Ask<'s, R> {
    lower: Asked<'s>,
    of: PhantomData<fn() -> R>,
}

/// A question that does not say yet what happens when nobody answers.
#[must_use = "an approval is asked for with `saga.approve(…)`"]
pub struct Bounded<'s, R> {
    ask: Ask<'s, R>,
    time: Duration,
}

/// A question that says all.
#[must_use = "an approval is asked for with `saga.approve(…)`"]
pub struct Complete<'s, R>(pub(crate) Prepared<'s, Approval<R>>);

type Asked<'s> = Box<dyn FnOnce(&'s Arena, &mut Recorder) -> (Channel, Expr) + 's>;

/// What [`Flow::approve`](crate::Flow::approve) takes.
#[diagnostic::on_unimplemented(
    message = "this approval does not say how long an answer is waited for, or what happens without one",
    label = "nobody may ever answer",
    note = "add `.within(Duration::…)`, and then `.or_fail()` or `.unanswered(…)`"
)]
pub trait Approvable<'s> {
    /// What is asked.
    type Request: Request;

    /// The call.
    #[doc(hidden)]
    fn call(self) -> Prepared<'s, Approval<Self::Request>>;
}

#[diagnostic::do_not_recommend]
impl<'s, R: Request> Approvable<'s> for Complete<'s, R> {
    type Request = R;

    fn call(self) -> Prepared<'s, Approval<R>> {
        self.0
    }
}

pub(crate) fn ask<'s, R: Request>(
    request: impl Literal<'s, Data = R> + 's,
    register: impl FnOnce(&mut Recorder) -> Channel + 's,
) -> Ask<'s, R> {
    Ask {
        lower: Box::new(move |arena, recorder| {
            (register(recorder), request.write(arena).to_expr())
        }),
        of: PhantomData,
    }
}

impl<'s, R: Request> Ask<'s, R> {
    /// How long an answer is waited for: whole seconds.
    pub fn within(self, time: Duration) -> Bounded<'s, R> {
        Bounded { ask: self, time }
    }
}

impl<'s, R: Request> Bounded<'s, R> {
    /// Without an answer the step fails, and the saga is undone.
    pub fn or_fail(self) -> Complete<'s, R> {
        let ask = self.ask.lower;
        complete(self.time, move |arena, recorder| {
            let (channel, request) = ask(arena, recorder);
            Task::Approval {
                channel,
                request,
                unanswered: None,
            }
        })
    }

    /// Without an answer this is taken for one.
    pub fn unanswered(self, answer: impl Literal<'s, Data = R::Answer> + 's) -> Complete<'s, R> {
        let ask = self.ask.lower;
        complete(self.time, move |arena, recorder| {
            let (channel, request) = ask(arena, recorder);
            Task::Approval {
                channel,
                request,
                unanswered: Some(answer.write(arena).to_expr()),
            }
        })
    }
}

fn complete<'s, R: Request>(
    time: Duration,
    lower: impl FnOnce(&'s Arena, &mut Recorder) -> Task + 's,
) -> Complete<'s, R> {
    let mut call = Prepared::new(lower);
    call.timeout = Some(time);
    Complete(call)
}
