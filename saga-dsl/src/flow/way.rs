//! Ways of which one may pass the pivot, or end the saga.

use std::marker::PhantomData;
use std::panic::Location;

use saga_manifest::flow::End;

use super::choice::undecided;
use super::{Completed, Ended, Flow, Meets, Phase};
use crate::condition::Condition;
use crate::data::SagaData;
use crate::recorder::Recorder;
use crate::reference::Ref;

/// How a way ends: it goes on in the phase `Q` with a value, or, where `Q` is [`Ended`], it does not.
pub struct Way<'s, 'env, Q, T> {
    pub(super) recorder: Recorder,
    pub(super) end: End,
    scope: PhantomData<&'s &'env ()>,
    of: PhantomData<(Q, fn() -> T)>,
}

/// Ways, as far as they are stated: [`Flow::ways`].
#[must_use = "say what is done where no condition holds: `.otherwise(|saga| …)`"]
pub struct Ways<'s, 'env, P, Q, T> {
    flow: Flow<'s, 'env, P>,
    name: &'s str,
    at: &'static Location<'static>,
    of: PhantomData<(Q, fn() -> T)>,
}

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// Ends a way: the saga goes on after it, with this value.
    pub fn goes_on<T: SagaData>(self, value: Ref<'s, T>) -> Way<'s, 'env, P, T> {
        Way::new(self.recorder, End::Continue(value.node().to_expr()))
    }

    /// One of two ways, of which one may pass the pivot or end the saga: it is handed the flow itself, and
    /// says how it ends. What goes on comes together in the same phase.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn pay<'s>(saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    ///     let (mut saga, paid) = saga.choose_way(
    ///         "IsItFree",
    ///         trip.price.equals(0),
    ///         |saga| saga.complete(BookedRef { id: trip.id }).into(),
    ///         |saga| {
    ///             let (saga, paid) = saga.pivot(PayRef { trip: trip.id, price: trip.price });
    ///             saga.goes_on(paid)
    ///         },
    ///     );
    ///     saga.forward(TellRef { trip: trip.id });
    ///     saga.complete(paid)
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn choose_way<T: SagaData, A, B>(
        self,
        name: &str,
        when: Condition<'s>,
        then: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, A, T>,
        otherwise: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, B, T>,
    ) -> (Flow<'s, 'env, A::Joined>, Ref<'s, T>)
    where
        A: Meets<B, Joined: Phase>,
    {
        let at = Location::caller();
        let ways = Ways::<'s, 'env, P, A, T>::new(self, name, at);
        ways.record(when, then).otherwise(otherwise)
    }

    /// One of several ways, the first whose condition holds, of which each may pass the pivot or end the
    /// saga: `saga.ways("HowToPay").case(…, |saga| …).case(…, |saga| …).otherwise(|saga| …)`.
    #[track_caller]
    pub fn ways<T: SagaData>(self, name: &str) -> Ways<'s, 'env, P, Ended, T> {
        Ways::new(self, name, Location::caller())
    }
}

impl<'s, 'env, P, Q, T: SagaData> Ways<'s, 'env, P, Q, T> {
    fn new(mut flow: Flow<'s, 'env, P>, name: &str, at: &'static Location<'static>) -> Self {
        flow.recorder.push(undecided(name, at));
        Self {
            name: flow.arena.text(name),
            flow,
            at,
            of: PhantomData,
        }
    }

    /// What is done when the condition holds, and none before it.
    pub fn case<A>(
        self,
        when: Condition<'s>,
        then: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, A, T>,
    ) -> Ways<'s, 'env, P, A::Joined, T>
    where
        A: Meets<Q>,
    {
        let ways = self.record(when, then);
        Ways {
            flow: ways.flow,
            name: ways.name,
            at: ways.at,
            of: PhantomData,
        }
    }

    /// What is done where no condition holds.
    pub fn otherwise<B>(
        self,
        define: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, B, T>,
    ) -> (Flow<'s, 'env, Q::Joined>, Ref<'s, T>)
    where
        Q: Meets<B, Joined: Phase>,
    {
        let (mut flow, block) = self.flow.way(define);
        flow.recorder.set_otherwise(block);
        let value = flow.output(self.name);
        (flow.enter(), value)
    }

    fn record<A>(
        mut self,
        when: Condition<'s>,
        then: impl for<'i> FnOnce(Flow<'i, 's, P>) -> Way<'i, 's, A, T>,
    ) -> Self {
        let when = when.to_test(&mut self.flow.recorder, self.at);
        let (mut flow, block) = self.flow.way(then);
        flow.recorder.add_case(when, block);
        Self { flow, ..self }
    }
}

impl<'s, 'env, Q, T> Way<'s, 'env, Q, T> {
    pub(super) fn new(recorder: Recorder, end: End) -> Self {
        Self {
            recorder,
            end,
            scope: PhantomData,
            of: PhantomData,
        }
    }
}

impl<'s, O: 'static, T> From<Completed<'s, O>> for Way<'s, '_, Ended, T> {
    /// Ends a way and the saga with it: `saga.complete(output).into()`.
    fn from(completed: Completed<'s, O>) -> Self {
        let Completed {
            mut recorder,
            result,
            at,
            ..
        } = completed;
        recorder.completes_with::<O>(at);
        Self::new(recorder, End::Complete(result))
    }
}
