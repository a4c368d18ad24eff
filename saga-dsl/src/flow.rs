//! The flow: what a saga does, in order, and how its order branches, repeats, waits and ends.
//!
//! | Verb | Does |
//! |---|---|
//! | [`step`](Flow::step), [`read`](Flow::read), [`pivot`](Flow::pivot), [`forward`](Flow::forward) | a step, of that kind |
//! | [`both`](Flow::both), [`parallel`](Flow::parallel) | branches at the same time |
//! | [`choose`](Flow::choose), [`cases`](Flow::cases) | one of several ways, which come together again |
//! | [`choose_way`](Flow::choose_way), [`ways`](Flow::ways) | the same where a way passes the pivot or ends the saga |
//! | [`map`](Flow::map), [`map_indexed`](Flow::map_indexed) | the same for each item of a list |
//! | [`wait`](Flow::wait), [`wait_seconds`](Flow::wait_seconds), [`wait_until`](Flow::wait_until) | nothing, for a time |
//! | [`approve`](Flow::approve) | somebody's answer |
//! | [`lock`](Flow::lock) | takes a semantic lock |
//! | [`reread`](Flow::reread) | reads again, and gives up where it is no longer the same |
//! | [`savepoint`](Flow::savepoint) | a part that is undone and tried again before the saga gives up |
//! | [`abort_if`](Flow::abort_if), [`abort`](Flow::abort) | undoes what was done, deliberately |
//! | [`complete`](Flow::complete) | ends the forward path |
//!
//! A branch, an item, a case or a savepoint is handed a flow of its own: what belongs to it cannot leave
//! it but as its value, and what is outside may be read inside.

mod abort;
mod approval;
mod block;
mod choice;
mod isolation;
mod list;
mod map;
mod notification;
mod parallel;
mod phase;
mod savepoint;
mod step;
mod wait;
mod way;

use std::marker::PhantomData;
use std::panic::Location;

use saga_manifest::expr::Expr;

pub use self::choice::Cases;
pub use self::list::{Items, List};
pub use self::parallel::{Append, Parallel};
pub use self::phase::{
    After, Before, Committed, Completes, Ended, Meets, Phase, Pivots, Undoable, Within,
};
pub use self::savepoint::Tries;
pub use self::way::{Way, Ways};
use crate::data::{Literal, SagaData};
use crate::node::{Arena, Node};
use crate::recorder::Recorder;
use crate::reference::Ref;

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
    at: &'static Location<'static>,
    of: PhantomData<Branded<'s, T>>,
}

type Branded<'s, T> = (&'s (), fn() -> T);

impl<'s, 'env, P> Flow<'s, 'env, P> {
    pub(crate) fn new(arena: &'s Arena, recorder: Recorder) -> Self {
        Self {
            arena,
            recorder,
            phase: PhantomData,
        }
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

    /// A list of values: `saga.list([outward.seat, back.seat])`.
    #[must_use]
    pub fn list<T: SagaData>(
        &self,
        items: impl IntoIterator<Item = Ref<'s, T>>,
    ) -> Ref<'s, Vec<T>> {
        let nodes: Vec<_> = items.into_iter().map(Ref::node).collect();
        Ref::new(self.arena, Node::List(self.arena.nodes(&nodes)))
    }

    /// Ends the forward path. The saga is completed with this output. One way of several may do it early:
    /// [`choose_way`](Self::choose_way).
    #[track_caller]
    pub fn complete<L: Literal<'s>>(self, output: L) -> Completed<'s, L::Data>
    where
        P: Completes,
    {
        Completed {
            result: output.write(self.arena).to_expr(),
            recorder: self.recorder,
            at: Location::caller(),
            of: PhantomData,
        }
    }

    /// The value of the node of this name.
    fn output<T: ?Sized>(&self, name: &str) -> Ref<'s, T> {
        Ref::new(self.arena, Node::Output(self.arena.text(name)))
    }

    /// The same flow in another phase.
    fn enter<Q>(self) -> Flow<'s, 'env, Q> {
        Flow::new(self.arena, self.recorder)
    }
}
