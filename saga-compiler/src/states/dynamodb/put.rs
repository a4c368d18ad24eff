//! Puts, and what changes or deletes what was put.
//!
//! The item carries the saga's id, the step instance that put it and when its state was entered; an undo adds a
//! mark. So a put is done again only over its own item, an undo finds nothing else, and a later try of the same
//! saga may put anew what an earlier one has undone.

use saga_manifest::task::Attribute;

use super::write::{Write, entered};
use crate::checked::dynamodb::{SAGA_AT, SAGA_ID, SAGA_STEP, SAGA_UNDONE};
use crate::jsonata::attribute::Mark;
use crate::jsonata::{Term, attribute};
use crate::permission::Uses;
use crate::states::request::{Phase, Request};

/// How a write is protected against repetition and against its own undo.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    /// Not at all: only the author's condition counts.
    None,
    /// Only by the author's condition, and it notes when: a put of this saga that comes late finds that.
    Order,
    /// As a do: writes where there is nothing, or what this step put and did neither undo nor change later.
    Do,
    /// As an undo: marks what the step put, or the place where it would.
    Undo,
}

/// A put of the author's attributes and the fence's.
pub(super) fn put<'s>(
    mut write: Write<'s, '_>,
    fence: Fence,
    attributes: &[Attribute],
    uses: &mut Uses<'s>,
) -> Request {
    let condition = condition(&mut write, fence);
    let mut arguments = write.arguments("dynamodb:PutItem", uses);
    let marks = marks(&write, fence);
    let item = attribute::attributes_and(attributes, &marks, write.frame.scope);
    arguments.insert("Item".into(), item);
    write.finish("arn:aws:states:::dynamodb:putItem", arguments, condition)
}

/// An update of the author's attributes and the fence's.
pub(super) fn update<'s>(
    mut write: Write<'s, '_>,
    fence: Fence,
    key: &[Attribute],
    set: &[Attribute],
    uses: &mut Uses<'s>,
) -> Request {
    set.iter().for_each(|attribute| write.assign(attribute));
    for mark in marks(&write, fence) {
        let (name, value) = (write.name(mark.name), write.mark(&mark));
        write.set(&name, &value);
    }
    let condition = condition(&mut write, fence);
    write.update(key, condition, uses)
}

/// The attributes that the fence writes.
fn marks(write: &Write<'_, '_>, fence: Fence) -> Vec<Mark> {
    let saga = Mark::new(SAGA_ID, "S", write.frame.scope.saga_id());
    let at = Mark::new(SAGA_AT, "N", entered());
    match fence {
        Fence::None => Vec::new(),
        Fence::Order => vec![at],
        Fence::Do => vec![saga, step(write), at],
        Fence::Undo => {
            let undone = Mark {
                written: true.into(),
                ..Mark::new(SAGA_UNDONE, "BOOL", Term::primary("true"))
            };
            vec![saga, step(write), undone, at]
        }
    }
}

/// The step instance that puts the item.
fn step(write: &Write<'_, '_>) -> Mark {
    Mark {
        written: write.frame.instance_value(write.step()),
        ..Mark::new(SAGA_STEP, "S", write.instance())
    }
}

/// What must hold where a put undoes a delete. Whatever the saga itself has put there since is undone by now, or
/// was put back by the undo of an earlier try.
fn puts_back(write: &mut Write<'_, '_>, absent: &str, own: &str, author: Option<String>) -> String {
    let at = write.name(SAGA_AT);
    let now = write.number(SAGA_AT, &entered());
    let absent = match author {
        Some(author) => format!("({absent} AND ({author}))"),
        None => absent.to_owned(),
    };
    format!("{absent} OR ({own} AND {at} <= {now})")
}

/// What must hold. The author's condition is about the item before this saga touched it, so it
/// counts where a do finds no item of its own, and where an undo finds one.
fn condition(write: &mut Write<'_, '_>, fence: Fence) -> Option<String> {
    let author = write.author();
    if matches!(fence, Fence::None | Fence::Order) {
        return author;
    }
    let key = write.name(&write.item.table.partition_key.name);
    let absent = format!("attribute_not_exists({key})");
    let saga = write.frame.scope.saga_id();
    let own = format!("{} = {}", write.name(SAGA_ID), write.text(SAGA_ID, &saga));
    if let (Fence::Do, Phase::Undo { .. }) = (fence, write.frame.phase) {
        return Some(puts_back(write, &absent, &own, author));
    }
    let instance = step(write);
    let (step, instance) = (write.name(SAGA_STEP), write.mark(&instance));
    Some(match (fence, author) {
        // The mark of an earlier try makes room for this one's, or the do of this one would still be let in late.
        (Fence::Undo, None) => {
            let undone = write.name(SAGA_UNDONE);
            format!("{absent} OR ({own} AND ({step} = {instance} OR attribute_exists({undone})))")
        }
        (Fence::Undo, Some(author)) => {
            let undone = write.name(SAGA_UNDONE);
            format!(
                "{absent} OR ({own} AND (({step} = {instance} AND ({author})) OR \
                 ({step} <> {instance} AND attribute_exists({undone}))))"
            )
        }
        (_, author) => {
            let absent = match author {
                Some(author) => format!("({absent} AND ({author}))"),
                None => absent,
            };
            let undone = write.name(SAGA_UNDONE);
            let at = write.name(SAGA_AT);
            let now = write.number(SAGA_AT, &entered());
            format!(
                "{absent} OR ({own} AND {at} <= {now} AND \
                 (({step} = {instance} AND attribute_not_exists({undone})) OR \
                 ({step} <> {instance} AND attribute_exists({undone}))))"
            )
        }
    })
}
