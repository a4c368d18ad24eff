//! Semantic locks. The holder is the saga with the step that takes the lock. A lock is taken where nobody holds
//! it, and done again where the step holds it already. Giving it back notes when: what was sent before that
//! does nothing any more, neither a lock that is delivered late nor a change that was made under it.

use saga_asl::json::object;
use saga_manifest::task::Attribute;

use super::write::Write;
use crate::fence;
use crate::permission::Uses;
use crate::states::request::{Phase, Request};

/// Takes the lock of an item, which `creates` makes where there is none.
pub(super) fn take<'s>(
    mut write: Write<'s, '_>,
    key: &[Attribute],
    creates: bool,
    uses: &mut Uses<'s>,
) -> Request {
    let step = write.frame.effect;
    let (holder, me) = holder(&mut write, step);
    write.set(&holder, &me);
    let free = free(&mut write, &holder, creates);
    let free = write.and_author(free);
    write.update(key, Some(format!("{holder} = {me} OR ({free})")), uses)
}

/// Gives the lock back that a step of this name takes. An item that the lock would make is made, for a lock that
/// comes late finds in it that it does.
pub(super) fn release<'s>(
    mut write: Write<'s, '_>,
    key: &[Attribute],
    lock: &str,
    creates: bool,
    uses: &mut Uses<'s>,
) -> Request {
    let (holder, me) = holder(&mut write, lock);
    write.set_late();
    let free = free(&mut write, &holder, creates);
    write.remove(holder.clone());
    write.update(key, Some(format!("{holder} = {me} OR ({free})")), uses)
}

/// Changes the item under the lock that a step of this name takes. An undo makes a late do do nothing.
pub(super) fn update<'s>(
    mut write: Write<'s, '_>,
    key: &[Attribute],
    set: &[Attribute],
    lock: &str,
    uses: &mut Uses<'s>,
) -> Request {
    set.iter().for_each(|attribute| write.assign(attribute));
    if matches!(write.frame.phase, Phase::Undo { .. }) {
        write.set_late();
    }
    let (holder, me) = holder(&mut write, lock);
    let held = format!("{holder} = {me} AND {}", write.in_time());
    let condition = write.and_author(held);
    write.update(key, Some(condition), uses)
}

/// The attribute that names the holder, and the step of this name as the holder. It stands in no map and no
/// savepoint, so that its name is its instance.
fn holder(write: &mut Write<'_, '_>, step: &str) -> (String, String) {
    let field = fence::isolation_field(&write.item);
    let me = write.key_of(&write.frame.scope.instance(step));
    (write.name(field), write.text(field, &me))
}

/// That nobody holds the item, which is there unless it may be made. A handler may have written null.
fn free(write: &mut Write<'_, '_>, holder: &str, creates: bool) -> String {
    let exists = match creates {
        true => String::new(),
        false => format!("{} AND ", write.exists()),
    };
    let null = write.value("null", object([("S", "NULL".into())]));
    let in_time = write.in_time();
    format!(
        "{exists}(attribute_not_exists({holder}) OR attribute_type({holder}, {null})) AND {in_time}"
    )
}
