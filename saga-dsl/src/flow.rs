//! The flow: a saga's steps, in order.

use std::marker::PhantomData;
use std::panic::Location;

use saga_manifest::expr::Expr;
use saga_manifest::flow::Node as RecordedNode;
use saga_manifest::saga::{Ending, Notification};
use saga_manifest::step::{Kind, Step as RecordedStep};

use crate::data::{Literal, SagaData};
use crate::node::{Arena, Node};
use crate::place;
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::step::{Call, Compensated, Prepared, Step};

/// The phase before the pivot: what is done can be undone.
pub enum Before {}

/// The phase from the pivot on: the saga goes forward until it is completed.
pub enum After {}

/// A phase in which what is done can still be undone.
#[diagnostic::on_unimplemented(
    message = "the pivot is behind this flow: a saga has one point of no return",
    label = "only `forward` and `read` from here"
)]
pub trait Undoable {}

#[diagnostic::do_not_recommend]
impl Undoable for Before {}

/// A phase in which there is no way back.
#[diagnostic::on_unimplemented(
    message = "this flow has not passed its pivot: a step that only goes forward comes after it",
    label = "use `saga.step(… .compensate(…))` or `saga.pivot(…)` here"
)]
pub trait Committed {}

#[diagnostic::do_not_recommend]
impl Committed for After {}

/// A saga while it is defined. Its verbs state the kind of each step; `'s` brands the references that
/// belong to it, and `P` is the phase.
pub struct Flow<'s, 'env: 's, P = Before> {
    arena: &'s Arena,
    recorder: Recorder,
    phase: PhantomData<(P, &'s &'env ())>,
}

/// The end of a saga's forward path, with its output.
pub struct Completed<'s, T> {
    pub(crate) recorder: Recorder,
    pub(crate) result: Expr,
    of: PhantomData<Branded<'s, T>>,
}

type Branded<'s, T> = (&'s (), fn() -> T);

impl<'s> Flow<'s, '_> {
    pub(crate) fn new(arena: &'s Arena, recorder: Recorder) -> Self {
        Self {
            arena,
            recorder,
            phase: PhantomData,
        }
    }
}

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// A compensatable step: `saga.step(ChargeFareRef { … }.compensate(|charge| RefundFareRef { … }))`.
    #[track_caller]
    pub fn step<C: Compensated<'s>>(&mut self, step: C) -> Ref<'s, <C::Step as Step>::Output>
    where
        P: Undoable,
    {
        let at = Location::caller();
        let output = Node::MaybeOutput(self.arena.text(&step.instance()));
        let (call, undo) = step.split(Ref::new(self.arena, output));
        let compensation = Box::new(self.recorder.call(undo.prepare(), self.arena, at, true));
        self.record(call, at, Kind::Compensatable { compensation })
    }

    /// A step without effect, which nothing has to undo.
    #[track_caller]
    pub fn read<C: Call<'s>>(&mut self, step: C) -> Ref<'s, <C::Step as Step>::Output> {
        self.record(step.prepare(), Location::caller(), Kind::ReadOnly)
    }

    /// The point of no return: what came before it can be undone until it has happened, and nothing
    /// after it is undone.
    #[track_caller]
    pub fn pivot<C: Call<'s>>(
        mut self,
        step: C,
    ) -> (Flow<'s, 'env, After>, Ref<'s, <C::Step as Step>::Output>)
    where
        P: Undoable,
    {
        let output = self.record(step.prepare(), Location::caller(), Kind::Pivot);
        (
            Flow {
                arena: self.arena,
                recorder: self.recorder,
                phase: PhantomData,
            },
            output,
        )
    }

    /// A step after the pivot, which goes forward until it succeeds.
    #[track_caller]
    pub fn forward<C: Call<'s>>(&mut self, step: C) -> Ref<'s, <C::Step as Step>::Output>
    where
        P: Committed,
    {
        self.record(step.prepare(), Location::caller(), Kind::Retriable)
    }

    /// Tells of the saga's completion.
    #[track_caller]
    pub fn on_completed<C: Call<'s>>(&mut self, notification: C) {
        self.notify(
            notification.prepare(),
            Location::caller(),
            Ending::Completed,
        );
    }

    /// Tells that the saga was undone. Reads only the saga's input: no step's output is sure to exist.
    #[track_caller]
    pub fn on_compensated<C: Call<'s>>(&mut self, notification: C) {
        self.notify(
            notification.prepare(),
            Location::caller(),
            Ending::Compensated,
        );
    }

    /// Tells that the saga waits for an operator. Reads only the saga's input.
    #[track_caller]
    pub fn on_parked<C: Call<'s>>(&mut self, notification: C) {
        self.notify(notification.prepare(), Location::caller(), Ending::Parked);
    }

    /// The saga's id: the first execution's ARN, the same on every retry, redrive and recovery.
    #[must_use]
    pub fn id(&self) -> Ref<'s, String> {
        Ref::new(self.arena, Node::SagaId)
    }

    /// A constant.
    #[must_use]
    pub fn value<T: SagaData>(&self, value: &T) -> Ref<'s, T> {
        let text = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
        Ref::new(self.arena, Node::Json(self.arena.text(&text)))
    }

    /// A value made of others: `saga.data(AddressRef { … })`.
    #[must_use]
    pub fn data<L: Literal<'s>>(&self, literal: L) -> Ref<'s, L::Data> {
        Ref::new(self.arena, literal.write(self.arena))
    }

    /// Ends the forward path. The saga is completed with this output.
    pub fn complete<L: Literal<'s>>(self, output: L) -> Completed<'s, L::Data> {
        Completed {
            result: output.write(self.arena).to_expr(),
            recorder: self.recorder,
            of: PhantomData,
        }
    }

    fn record<S: Step>(
        &mut self,
        call: Prepared<'s, S>,
        at: &Location<'_>,
        kind: Kind,
    ) -> Ref<'s, S::Output> {
        let name = call.instance();
        let output = Ref::new(self.arena, Node::Output(self.arena.text(&name)));
        let persistent = matches!(kind, Kind::Retriable);
        let call = self.recorder.call(call, self.arena, at, persistent);
        let description = call.description.clone();
        self.recorder
            .nodes
            .push(RecordedNode::Step(Box::new(RecordedStep {
                name,
                description,
                place: place::of(at),
                kind,
                call,
            })));
        output
    }

    fn notify<S: Step>(&mut self, call: Prepared<'s, S>, at: &Location<'_>, on: Ending) {
        let name = call.instance();
        let call = self.recorder.call(call, self.arena, at, true);
        let description = call.description.clone();
        let notification = Notification {
            name,
            description,
            place: place::of(at),
            on,
            call,
        };
        self.recorder.notifications.push(notification);
    }
}
