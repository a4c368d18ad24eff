//! The verbs that state the kind of a step.

use std::panic::Location;

use saga_manifest::flow::Node as RecordedNode;
use saga_manifest::step::{Kind, Step as RecordedStep};

use super::Flow;
use super::phase::{After, Committed, Pivots, Undoable};
use crate::node::Node;
use crate::place;
use crate::recorder::Recorder;
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

    pub(super) fn record<S: Step>(
        &mut self,
        call: Prepared<'s, S>,
        at: &Location<'_>,
        kind: Kind,
    ) -> Ref<'s, S::Output> {
        let name = call.instance();
        let output = self.output(&name);
        let persistent = matches!(kind, Kind::Retriable);
        let mut call = self.recorder.call(call, self.arena, at, persistent);
        if matches!(kind, Kind::ReadOnly) {
            call = Recorder::without_effect(call);
        }
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
