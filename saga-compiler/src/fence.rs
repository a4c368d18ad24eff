//! Fences: what makes a step and its undo idempotent.
//!
//! A handler's effect has a record in the stack's table (`saga_fence`), which its runtime keeps, unless
//! the author says why it needs none.
//!
//! An item of DynamoDB needs no record elsewhere: what was done to it stands in it. A [`Cover`] is a pair of a
//! do and its undo that find there what the other has done, so that both are idempotent and a do that comes
//! after its undo does nothing.
//!
//! - A *put* writes the saga's id and the step instance into the item, and overwrites only an item of its own
//!   that was not undone. Its undo leaves a mark: an undo that comes before its do leaves an item that is little
//!   but the mark, and the late do finds it and writes nothing. A delete would leave nothing that refuses a late
//!   do, so one that undoes a put replaces the item by its key and the mark.
//! - A *lock* names its holder, and its release when that was.
//! - A *change of a number* leaves two numbers beside it: what is left to do, and what is left to undo.
//! - An update *from a version* raises it, and so does its undo.
//!
//! A saga may write its item again after the put, and a put may be delivered again after that. So whatever
//! writes the item notes when its state was entered, and a put overwrites nothing that is later.

use saga_manifest::resource::{Isolation, Key};
use saga_manifest::task::{Attribute, Basis};

use crate::checked::dynamodb::keys;
use crate::checked::{Amount, Call, Item, Operation, Step, Target};

/// Whether a call with an effect goes through a fence in the stack's table.
pub(crate) fn guards(call: &Call<'_>) -> bool {
    matches!(call.target, Target::Lambda { handler, .. } if handler.unfenced.is_none())
}

/// Whether a step's fence is sealed before it is undone: a handler that undoes leaves a tombstone there, which refuses
/// a do that comes later, and nothing else does.
pub(crate) fn is_sealed_before(step: &Call<'_>, undo: &Call<'_>) -> bool {
    guards(step) && !guards(undo)
}

/// A do and its undo that find in the item what the other has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// A put, and what changes or deletes the item.
    Put,
    /// A lock and its release.
    Lock,
    /// A change of a number and its inverse.
    Amount,
    /// Two updates from one version.
    Version,
}

impl Cover {
    /// Whether an undo whose condition fails has nothing to undo, and asking again would not change that.
    pub(crate) fn may_find_nothing(self) -> bool {
        matches!(self, Self::Put | Self::Lock)
    }
}

/// How the second call, as the undo of the first one, finds what that one did; none where it does not.
pub(crate) fn cover(call: &Call<'_>, undo: &Call<'_>) -> Option<Cover> {
    let (Target::Item(done), Target::Item(undone)) = (call.target, undo.target) else {
        return None;
    };
    if !same_item(&done, &undone) {
        return None;
    }
    match (done.operation, undone.operation) {
        (Operation::Put { .. }, Operation::Update { .. } | Operation::Delete { .. }) => {
            Some(Cover::Put)
        }
        (Operation::Lock { .. }, Operation::Release { .. }) => Some(Cover::Lock),
        (Operation::Add(done), Operation::Add(undone)) if are_inverse(&done, &undone) => {
            Some(Cover::Amount)
        }
        (
            Operation::Update {
                basis: Some(Basis::Version(done)),
                ..
            },
            Operation::Update {
                basis: Some(Basis::Version(undone)),
                ..
            },
        ) if done == undone => Some(Cover::Version),
        _ => None,
    }
}

/// Whether a call changes the item that a put of the saga makes: it notes when.
pub(crate) fn rewrites(put: &Call<'_>, call: &Call<'_>) -> bool {
    cover(put, call) == Some(Cover::Put)
}

/// Whether two calls are about one item, as far as their expressions tell.
pub(crate) fn same_item(one: &Item<'_>, other: &Item<'_>) -> bool {
    let [left, right] = [one, other].map(|item| item.operation.key());
    let same_key = |key| value(left, key) == value(right, key);
    one.table.name == other.table.name && keys(one.table).all(same_key)
}

fn are_inverse(one: &Amount<'_>, other: &Amount<'_>) -> bool {
    one.attribute == other.attribute
        && one.direction != other.direction
        && one.amount == other.amount
}

/// Whether a call is done also where its condition fails: a lock that the saga does not hold is given back.
pub(crate) fn is_release(call: &Call<'_>) -> bool {
    matches!(call.target, Target::Item(item) if matches!(item.operation, Operation::Release { .. }))
}

/// The change of a number that a step makes, which is final only once the saga is completed.
pub(crate) fn is_change(step: &Step<'_>) -> bool {
    matches!(step.call.target, Target::Item(item) if matches!(item.operation, Operation::Add(_)))
}

/// The attribute that a table's isolation is about.
pub(crate) fn isolation_field<'m>(item: &Item<'m>) -> &'m str {
    match &item.table.isolation {
        Isolation::Lock(field) | Isolation::Version(field) => field,
        Isolation::Commutative | Isolation::Reread | Isolation::None(_) => "",
    }
}

fn value<'m>(attributes: &'m [Attribute], key: &Key) -> Option<&'m Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name == key.name)
}
