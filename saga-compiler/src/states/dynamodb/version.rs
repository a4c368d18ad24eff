//! Updates from a version that was read: the item names the step instance that gave it its version, so that the
//! same is found done when it is tried again, and another's is not.

use saga_manifest::expr::Expr;
use saga_manifest::task::Attribute;

use super::write::Write;
use crate::checked::dynamodb::SAGA_MARK;
use crate::fence::{self, Cover};
use crate::jsonata::{Term, value};
use crate::permission::Uses;
use crate::states::request::{Phase, Request};

/// An update from a version. As an undo it finds the version that its do was made from, or that its do has made,
/// and raises either past what a late do could be made from.
pub(super) fn update<'s>(
    mut write: Write<'s, '_>,
    key: &[Attribute],
    set: &[Attribute],
    read: &Expr,
    uses: &mut Uses<'s>,
) -> Request {
    set.iter().for_each(|attribute| write.assign(attribute));
    let is_undo = matches!(
        write.frame.phase,
        Phase::Undo {
            cover: Some(Cover::Version)
        }
    );
    let field = fence::isolation_field(&write.item);
    let (version, mark) = (write.name(field), write.name(SAGA_MARK));
    let key_of_do = write.key_of(&write.instance());
    let read = value::value(read, write.frame.scope);
    let later = |by: &str| Term::call("$string", &read.operator("+", &Term::primary(by)));

    let from = write.number(field, &Term::call("$string", &read));
    let by_do = write.number(&format!("{field}_done"), &later("1"));
    let me = write.text(SAGA_MARK, &key_of_do);
    let done = format!("({version} = {by_do} AND {mark} = {me})");
    let (made, maker, found) = if is_undo {
        let by_undo = write.number(&format!("{field}_undone"), &later("2"));
        let key_of_undo = key_of_do.operator("&", &Term::string("/undo"));
        let undo = write.text("saga_undo", &key_of_undo);
        let undone = format!("({version} = {by_undo} AND {mark} = {undo})");
        let found = format!("{version} = {from} OR {done} OR {undone}");
        (by_undo, undo, found)
    } else {
        let from = write.and_author(format!("{version} = {from}"));
        (by_do, me, format!("({from}) OR {done}"))
    };
    write.set(&version, &made);
    write.set(&mark, &maker);
    write.update(key, Some(found), uses)
}
