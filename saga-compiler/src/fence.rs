//! Fences: what makes a step and its undo idempotent.
//!
//! A handler's effect has a record in the stack's table (`saga_fence`), which its runtime keeps, unless
//! the author says why it needs none.
//!
//! An item of DynamoDB needs no record elsewhere. A put writes the saga's id into the item, and overwrites only an item of its own that was not
//! undone. Its undo, on the same item of the same table, leaves a mark: an undo that comes before its
//! do leaves an item that is little but the mark, and the late do finds it and writes nothing. A
//! delete would leave nothing that refuses a late do, so one that undoes a put replaces the item by its
//! key and the mark.
//!
//! A saga may write its item again after the put, and a put may be delivered again after that. So whatever
//! writes the item notes when its state was entered, and a put overwrites nothing that is later.

use saga_manifest::resource::Key;
use saga_manifest::task::Attribute;

use crate::checked::dynamodb::keys;
use crate::checked::{Call, Operation, Target};

/// Whether a call with an effect goes through a fence in the stack's table.
pub(crate) fn guards(call: &Call<'_>) -> bool {
    matches!(call.target, Target::Lambda { handler, .. } if handler.unfenced.is_none())
}

/// Whether the second call changes the item that the first one puts: as its undo it marks the item, as a later
/// step it notes when.
pub(crate) fn covers(call: &Call<'_>, undo: &Call<'_>) -> bool {
    let (Target::Item(done), Target::Item(undone)) = (call.target, undo.target) else {
        return false;
    };
    let Operation::Put { item } = done.operation else {
        return false;
    };
    let (Operation::Update { key, .. } | Operation::Delete { key }) = undone.operation else {
        return false;
    };
    let same_key = |name| value(item, name) == value(key, name);
    done.table.name == undone.table.name && keys(done.table).all(same_key)
}

fn value<'m>(attributes: &'m [Attribute], key: &Key) -> Option<&'m Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name == key.name)
}
