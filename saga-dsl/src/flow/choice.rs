//! One of several ways, which come together again.

use std::marker::PhantomData;
use std::panic::Location;

use saga_manifest::expr::Expr;
use saga_manifest::flow::{Block, Choice, End, Node as RecordedNode};
use serde_json::Value;

use super::{Flow, Within};
use crate::condition::Condition;
use crate::data::SagaData;
use crate::place;
use crate::reference::Ref;

/// Cases, as far as they are stated: [`Flow::cases`].
#[must_use = "say what is done where no case holds: `.otherwise(|saga| …)`"]
pub struct Cases<'f, 's, 'env, P, T> {
    flow: &'f mut Flow<'s, 'env, P>,
    name: &'s str,
    at: &'static Location<'static>,
    of: PhantomData<fn() -> T>,
}

impl<'s, 'env, P> Flow<'s, 'env, P> {
    /// One of two ways. Its value is that of the way taken.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn reserve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    ///     let far = trip.kilometres.is_greater_than(600) & trip.by_train.not();
    ///     saga.choose("HowToGo", far, |saga| reserve_flight(saga, trip), |saga| reserve_train(saga, trip))
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// Where a way passes the pivot or ends the saga: [`choose_way`](Self::choose_way).
    #[track_caller]
    pub fn choose<T: SagaData>(
        &mut self,
        name: &str,
        when: Condition<'s>,
        then: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
        otherwise: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Ref<'s, T> {
        self.cases(name).case(when, then).otherwise(otherwise)
    }

    /// One of several ways, the first whose condition holds.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn reserve<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    ///     saga.cases("HowToGo")
    ///         .case(trip.by_train.is_true(), |saga| reserve_train(saga, trip))
    ///         .case_some(trip.flight, |saga, flight| reserve_this_flight(saga, flight))
    ///         .otherwise(|saga| reserve_flight(saga, trip))
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn cases<T: SagaData>(&mut self, name: &str) -> Cases<'_, 's, 'env, P, T> {
        let at = Location::caller();
        self.recorder.push(undecided(name, at));
        Cases {
            name: self.arena.text(name),
            flow: self,
            at,
            of: PhantomData,
        }
    }
}

impl<'s, P, T: SagaData> Cases<'_, 's, '_, P, T> {
    /// What is done when the condition holds, and none before it.
    #[track_caller]
    pub fn case(
        self,
        when: Condition<'s>,
        then: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Self {
        let when = when.to_test(&mut self.flow.recorder, self.at);
        let block = self.flow.part(then);
        self.flow.recorder.add_case(when, block);
        self
    }

    /// What is done when the value is there, with the value.
    #[track_caller]
    pub fn case_some<V: SagaData>(
        self,
        value: Ref<'s, Option<V>>,
        then: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>, Ref<'i, V>) -> Ref<'i, T>,
    ) -> Self {
        let some = value.cast();
        self.case(value.is_present(), move |saga| then(saga, some))
    }

    /// What is done where no case holds.
    pub fn otherwise(
        self,
        define: impl for<'i> FnOnce(&mut Flow<'i, 's, Within<P>>) -> Ref<'i, T>,
    ) -> Ref<'s, T> {
        let block = self.flow.part(define);
        self.flow.recorder.set_otherwise(block);
        self.flow.output(self.name)
    }
}

/// A choice whose ways are still to be stated: it goes on, whatever the data are.
pub(super) fn undecided(name: &str, at: &Location<'_>) -> RecordedNode {
    RecordedNode::Choice(Choice {
        name: name.into(),
        description: None,
        place: place::of(at),
        cases: Vec::new(),
        otherwise: Block {
            nodes: Vec::new(),
            end: End::Continue(Expr::Literal(Value::Null)),
        },
    })
}
