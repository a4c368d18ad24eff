//! Changes of a number by an amount, which sagas may make in any order.
//!
//! A change leaves two numbers beside the one that it changes, under a name of the step instance's own: what is
//! left to do (nothing), and what is left to undo (the amount). The change adds what is left to do, which is all
//! of the amount only where it has not been done; its inverse what is left to undo. So each may be told any
//! number of times. When the saga is undone or completed, both are removed, and the item notes when: a change
//! that was sent before that does nothing any more.

use saga_asl::json::Value;
use saga_manifest::expr::Expr;
use saga_manifest::task::Direction;

use super::write::Write;
use crate::checked::{Amount, Item};
use crate::jsonata::{Term, attribute, delimited, value};
use crate::permission::Uses;
use crate::states::request::{Frame, Request};

/// Begins the name of the attribute that holds what is left to do.
const TO_DO: &str = "saga_to_do";

/// Begins the name of the attribute that holds what is left to undo.
const TO_UNDO: &str = "saga_to_undo";

/// How many hexadecimal digits tell the step instances apart that change one item at a time.
const DIGITS: usize = 16;

/// The change itself.
pub(super) fn change<'s>(
    mut write: Write<'s, '_>,
    amount: Amount<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let number = write.placeholders.path(amount.attribute.split('.'));
    let [to_do, to_undo] = beside(&mut write);
    let by = expression(amount.amount, write.frame.scope);
    let by = write.value("amount", by);
    let zero = write.zero();
    let sign = sign(amount.direction);
    let before = before(&mut write, &amount, &number);
    write.set(
        &number,
        &format!("{before} {sign} if_not_exists({to_do}, {by})"),
    );
    write.set(&to_do, &zero);
    write.set(&to_undo, &format!("if_not_exists({to_undo}, {by})"));
    let within = match amount.bound {
        None if amount.creates => None,
        None => Some(format!("attribute_exists({number})")),
        Some(bound) => {
            let edge = edge(&mut write, &amount, bound, &by);
            Some(match amount.direction {
                Direction::Add => format!("{number} <= {edge}"),
                Direction::Subtract => format!("{number} >= {edge}"),
            })
        }
    };
    let in_time = write.in_time();
    let first = match within {
        Some(within) => format!("{within} AND {in_time}"),
        None => in_time,
    };
    let first = write.and_author(first);
    let condition = format!("attribute_exists({to_do}) OR ({first})");
    write.update(amount.key, Some(condition), uses)
}

/// The inverse: takes back what the change did, if it did.
pub(super) fn take_back<'s>(
    mut write: Write<'s, '_>,
    inverse: Amount<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let number = write.placeholders.path(inverse.attribute.split('.'));
    let [to_do, to_undo] = beside(&mut write);
    let zero = write.zero();
    let sign = sign(inverse.direction);
    let before = before(&mut write, &inverse, &number);
    write.set(
        &number,
        &format!("{before} {sign} if_not_exists({to_undo}, {zero})"),
    );
    write.set_late();
    write.remove(to_do);
    write.remove(to_undo);
    let in_time = write.in_time();
    let there = match inverse.creates {
        true => in_time,
        false => format!("attribute_exists({number}) AND {in_time}"),
    };
    let condition = write.and_author(there);
    write.update(inverse.key, Some(condition), uses)
}

/// Makes the change final: it is not undone any more.
pub(in crate::states) fn confirm<'s>(
    item: Item<'s>,
    amount: Amount<'_>,
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let mut write = Write::new(item, frame);
    let [to_do, to_undo] = beside(&mut write);
    write.set_late();
    let condition = format!("attribute_exists({to_do}) AND {}", write.in_time());
    write.remove(to_do);
    write.remove(to_undo);
    write.update(amount.key, Some(condition), uses)
}

/// The number before a change.
fn before(write: &mut Write<'_, '_>, amount: &Amount<'_>, number: &str) -> String {
    match amount.creates {
        true => format!("if_not_exists({number}, {})", write.zero()),
        false => number.to_owned(),
    }
}

/// The placeholders of the two numbers beside the one that is changed.
fn beside(write: &mut Write<'_, '_>) -> [String; 2] {
    let key = write.key_of(&write.instance());
    [TO_DO, TO_UNDO].map(|called| {
        let name = format!("\"{called}_\" & $substring($hash({key}, \"SHA-256\"), 0, {DIGITS})");
        write.placeholders.computed_name(called, delimited(&name))
    })
}

/// What the number must be before the change, to be within the bound after it.
fn edge(write: &mut Write<'_, '_>, amount: &Amount<'_>, bound: &Expr, by: &str) -> String {
    if *bound == Expr::Literal(0.into()) && amount.direction == Direction::Subtract {
        return by.to_owned();
    }
    let scope = write.frame.scope;
    let operator = match amount.direction {
        Direction::Add => "-",
        Direction::Subtract => "+",
    };
    let edge = value::value(bound, scope).operator(operator, &value::value(amount.amount, scope));
    write.number("bound", &Term::call("$string", &edge))
}

fn expression(amount: &Expr, scope: crate::jsonata::Scope<'_>) -> Value {
    attribute::attribute_value(amount, &saga_manifest::task::Shape::Number, scope)
}

fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Add => "+",
        Direction::Subtract => "-",
    }
}
