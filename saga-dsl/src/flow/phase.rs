//! Phases: what may be done where in a saga, as types.

use std::marker::PhantomData;

/// The phase before the pivot: what is done can be undone.
pub enum Before {}

/// The phase from the pivot on: the saga goes forward until it is completed.
pub enum After {}

/// The phase of what is only a part of a saga — a branch, an item, a case, a savepoint — where the whole
/// is in the phase `P`: as there, but without pivot and without completion.
pub struct Within<P>(PhantomData<P>);

/// The phase of a way that does not go on.
pub enum Ended {}

/// The phase of a flow that goes on.
#[diagnostic::on_unimplemented(
    message = "none of these ways goes on",
    label = "what would follow is never reached",
    note = "let a way end with `saga.goes_on(…)`"
)]
pub trait Phase {}

#[diagnostic::do_not_recommend]
impl Phase for Before {}

#[diagnostic::do_not_recommend]
impl Phase for After {}

#[diagnostic::do_not_recommend]
impl<P> Phase for Within<P> {}

/// A phase in which what is done can still be undone.
#[diagnostic::on_unimplemented(
    message = "the pivot is behind this flow: a saga has one point of no return",
    label = "only `forward` and `read` from here"
)]
pub trait Undoable {}

#[diagnostic::do_not_recommend]
impl Undoable for Before {}

#[diagnostic::do_not_recommend]
impl<P: Undoable> Undoable for Within<P> {}

/// A phase in which there is no way back.
#[diagnostic::on_unimplemented(
    message = "this flow has not passed its pivot: a step that only goes forward comes after it",
    label = "use `saga.step(… .compensate(…))` or `saga.pivot(…)` here"
)]
pub trait Committed {}

#[diagnostic::do_not_recommend]
impl Committed for After {}

#[diagnostic::do_not_recommend]
impl<P: Committed> Committed for Within<P> {}

/// A phase in which the saga as a whole may pass its pivot, if it has not.
#[diagnostic::on_unimplemented(
    message = "a branch, an item, a case or a savepoint has no point of no return of its own",
    label = "the pivot is the whole saga's",
    note = "pivot before or after it; the ways of `saga.choose_way(…)` may pivot, if each that goes on does"
)]
pub trait Pivots {}

#[diagnostic::do_not_recommend]
impl Pivots for Before {}

// What is wrong with a second pivot is that it cannot be undone: `Undoable` says so.
#[diagnostic::do_not_recommend]
impl Pivots for After {}

/// A phase in which the saga may be completed.
#[diagnostic::on_unimplemented(
    message = "a branch, an item, a case or a savepoint is a part of a saga, and does not complete it",
    label = "it ends with its value",
    note = "complete the saga after it; a way of `saga.choose_way(…)` may complete it early"
)]
pub trait Completes {}

#[diagnostic::do_not_recommend]
impl Completes for Before {}

#[diagnostic::do_not_recommend]
impl Completes for After {}

// That no way goes on is said where they would come together.
#[diagnostic::do_not_recommend]
impl Completes for Ended {}

/// The phase of a way that comes together with one that is in the phase `Q`.
#[diagnostic::on_unimplemented(
    message = "one of these ways passes the pivot and the other does not",
    label = "what follows would be before the pivot and after it",
    note = "let every way that goes on pivot, or none"
)]
pub trait Meets<Q> {
    /// The phase of what follows both.
    type Joined;
}

macro_rules! meetings {
    ($($one:ty, $other:ty => $joined:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Meets<$other> for $one {
            type Joined = $joined;
        }
    )*};
}

meetings! {
    Before, Before => Before;
    After, After => After;
    Before, Ended => Before;
    After, Ended => After;
    Ended, Before => Before;
    Ended, After => After;
    Ended, Ended => Ended;
}
