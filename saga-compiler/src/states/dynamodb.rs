//! `dynamodb:putItem`, `getItem`, `updateItem`, `deleteItem`; one file for each way in which a write finds in
//! the item what it or its undo has done already.

mod amount;
mod lock;
mod put;
mod version;
mod write;

pub(super) use amount::confirm;

use saga_asl::json::object;
use saga_manifest::resource::Table;
use saga_manifest::task::{Attribute, AttributeShape, Basis};

use self::put::Fence;
use self::write::Write;
use super::request::{Frame, Phase, Request};
use crate::checked::{Item, Operation};
use crate::fence::Cover;
use crate::jsonata::{Term, attribute, delimited, item};
use crate::permission::Uses;

/// The request of a call. `own` says that its saga puts the item.
pub(super) fn request<'s>(
    item: Item<'s>,
    own: bool,
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let write = Write::new(item, frame);
    let cover = match frame.phase {
        Phase::Undo { cover } => cover,
        Phase::Do => None,
    };
    match (item.operation, cover) {
        (
            Operation::Get {
                key, item: shapes, ..
            },
            _,
        ) => get(item.table, key, shapes, frame, uses),
        (Operation::Put { item: attributes }, _) => put::put(write, Fence::Do, attributes, uses),
        (Operation::Update { key, set, .. }, Some(Cover::Put)) => {
            put::update(write, Fence::Undo, key, set, uses)
        }
        (Operation::Delete { key }, Some(Cover::Put)) => put::put(write, Fence::Undo, key, uses),
        (Operation::Lock { key, creates }, _) => lock::take(write, key, creates, uses),
        (Operation::Release { key, lock, creates }, _) => {
            lock::release(write, key, lock, creates, uses)
        }
        (Operation::Add(amount), Some(Cover::Amount)) => amount::take_back(write, amount, uses),
        (Operation::Add(amount), _) => amount::change(write, amount, uses),
        (Operation::Update { key, set, basis }, _) => match basis {
            Some(Basis::Lock(lock)) => lock::update(write, key, set, lock, uses),
            Some(Basis::Version(read)) => version::update(write, key, set, read, uses),
            None if own => put::update(write, Fence::Order, key, set, uses),
            None => put::update(write, Fence::None, key, set, uses),
        },
        (Operation::Delete { key }, _) => delete(write, key, uses),
    }
}

/// A strongly consistent read. The output is the item, or null where there is none.
fn get<'s>(
    table: &'s Table,
    key: &[Attribute],
    shapes: &[AttributeShape],
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let found = Term::path("$states.result.Item");
    let exists = Term::call("$exists", &found);
    let output = Term::conditional(&exists, &item::item(&found, shapes), &Term::null());
    Request {
        resource: "arn:aws:states:::dynamodb:getItem",
        arguments: object([
            ("TableName", uses.table(table, "dynamodb:GetItem").into()),
            ("Key", attribute::attributes(key, frame.scope)),
            ("ConsistentRead", true.into()),
        ]),
        output: delimited(output),
    }
}

fn delete<'s>(mut write: Write<'s, '_>, key: &[Attribute], uses: &mut Uses<'s>) -> Request {
    let condition = write.author();
    let mut arguments = write.arguments("dynamodb:DeleteItem", uses);
    arguments.insert("Key".into(), attribute::attributes(key, write.frame.scope));
    write.finish("arn:aws:states:::dynamodb:deleteItem", arguments, condition)
}
