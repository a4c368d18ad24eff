//! What keeps a saga apart from those that run at the same time.

use std::panic::Location;

use saga_manifest::expr::Test;
use saga_manifest::flow::{Block, End};
use saga_manifest::step::Kind;
use saga_manifest::task::Task;

use super::abort::aborted;
use super::choice::undecided;
use super::{Flow, Undoable};
use crate::error::SagaError;
use crate::integration::dynamodb::{Acquire, Get, Locked};
use crate::isolation::Rereads;
use crate::node::Node;
use crate::reference::Ref;
use crate::resource::Table;
use crate::step::{Call, Prepared};

impl<'s, P> Flow<'s, '_, P> {
    /// Takes the semantic lock of an item: the step fails while another saga holds it
    /// ([`LockError::Held`](crate::integration::dynamodb::LockError::Held), which is tried again for a while). Where the
    /// saga is undone, the lock is given back; the item is changed through what is returned.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// # #[derive(Saga)] struct Spend;
    /// # impl Saga for Spend {
    /// # type Input = Trip;
    /// # type Output = Booked;
    /// fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Booked> {
    ///     let budget = saga.lock(Budgets::lock(trip.id));
    ///     saga.step(
    ///         budget
    ///             .update(move |row| row.planned.set(trip.price))
    ///             .compensate(|_| budget.update(|row| row.planned.set(0))),
    ///     );
    ///     // Once the lock is given back nothing can be undone any more.
    ///     let (saga, _) = saga.pivot(budget.clone().release());
    ///     saga.complete(BookedRef { id: trip.id })
    /// }
    /// # }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn lock<T: Table>(&mut self, lock: Acquire<'s, T>) -> Locked<'s, T>
    where
        P: Undoable,
    {
        let at = Location::caller();
        let step = self.arena.text(&lock.call.instance());
        let held = Locked::new(lock.key, step);
        let compensation = self.compensation(held.clone().release(), at);
        self.record(lock.call, at, Kind::Compensatable { compensation });
        held
    }

    /// Reads an item again, and gives up where it is no longer what was read before: what was done is undone,
    /// and the execution fails with the error. `name` is that of the choice; the read has its own.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn check<'s, P: Undoable>(saga: &mut Flow<'s, '_, P>, trip: Ref<'s, Trip>) {
    ///     let rate = saga.read(Rates::get(trip.id));
    ///     // … what is done at that rate …
    ///     let again = Rates::get(trip.id).named("GetRatesAgain");
    ///     saga.reread("IsTheRateTheSame", again, rate, TripError::TooDear);
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn reread<T: Table, E: SagaError>(
        &mut self,
        name: &str,
        again: Prepared<'s, Get<T>>,
        before: Ref<'s, Option<T::Item>>,
        error: E,
    ) where
        P: Undoable,
        T::Isolation: Rereads,
    {
        let at = Location::caller();
        let first = match before.node() {
            Node::Output(step) => Some(step.to_owned()),
            _ => None,
        };
        let again = again.lowered(move |mut task, _, recorder| {
            if first.is_none() {
                recorder.problem(
                    "this is compared with what no step has read",
                    "hand over what `saga.read(….get(…))` returned, as it is",
                    at,
                );
            }
            if let Task::DynamodbGet { again, .. } = &mut task {
                *again = first;
            }
            task
        });
        let now = self.record(again.prepare(), at, Kind::ReadOnly);
        let same = Test::Same(before.node().to_expr(), now.node().to_expr());
        let abort = aborted(&format!("Abort{name}"), &error, at);
        self.recorder.push(undecided(name, at));
        let block = Block {
            nodes: Vec::new(),
            end: End::Abort(abort),
        };
        self.recorder.add_case(Test::Not(Box::new(same)), block);
    }
}
