//! The verbs that state the kind of a step.

use std::panic::Location;

use saga_manifest::flow::Node as RecordedNode;
use saga_manifest::step::{Call as RecordedCall, Kind, Step as RecordedStep};

use super::Flow;
use super::phase::{After, Committed, Pivots, Undoable};
use crate::node::Node;
use crate::place;
use crate::recorder::Weight;
use crate::reference::Ref;
use crate::step::{Call, Compensated, Prepared, Step};

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
        let compensation = self.compensation(undo, at);
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
        P: Undoable + Pivots,
    {
        let output = self.record(step.prepare(), Location::caller(), Kind::Pivot);
        (self.enter(), output)
    }

    /// A step after the pivot, which goes forward until it succeeds.
    #[track_caller]
    pub fn forward<C: Call<'s>>(&mut self, step: C) -> Ref<'s, <C::Step as Step>::Output>
    where
        P: Committed,
    {
        self.record(step.prepare(), Location::caller(), Kind::Retriable)
    }

    /// A call that undoes one.
    pub(super) fn compensation<C: Call<'s>>(
        &mut self,
        undo: C,
        at: &Location<'_>,
    ) -> Box<RecordedCall> {
        let undo = undo.prepare();
        Box::new(self.recorder.call(undo, self.arena, at, Weight::Must))
    }

    pub(super) fn record<S: Step>(
        &mut self,
        call: Prepared<'s, S>,
        at: &Location<'_>,
        kind: Kind,
    ) -> Ref<'s, S::Output> {
        let name = call.instance();
        let output = self.output(&name);
        let weight = match kind {
            Kind::ReadOnly => Weight::Reads,
            Kind::Compensatable { .. } | Kind::Pivot => Weight::May,
            Kind::Retriable => Weight::Must,
        };
        let call = self.recorder.call(call, self.arena, at, weight);
        let description = call.description.clone();
        self.recorder
            .push(RecordedNode::Step(Box::new(RecordedStep {
                name,
                description,
                place: place::of(at),
                kind,
                call,
            })));
        output
    }
}
