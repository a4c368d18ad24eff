//! What a JSONata expression makes of the data it sees, where that can be told from its text.

use std::borrow::Cow;

use super::shape::{Origin, Shape};
use crate::jsonata::{self, Kind, Node};
use crate::outline::StateId;

/// The values that an expression of a state may read.
#[derive(Clone, Copy)]
pub(super) struct Seen<'s> {
    pub(super) state: StateId,
    pub(super) input: &'s Shape,
    /// The result, or the error output.
    pub(super) result: &'s Shape,
}

/// The value of an expression: a path into `$states`, an object, or a `$merge` of such.
pub(super) fn value(text: &str, seen: Seen<'_>) -> Shape {
    let Some((_, inner)) = jsonata::expression(text) else {
        return Shape::Unknown;
    };
    if let Some(shape) = plain_path(inner, seen) {
        return shape;
    }
    if !may_build(inner) {
        return Shape::Unknown;
    }
    jsonata::parse(inner).map_or(Shape::Unknown, |node| of(&node, seen))
}

/// Only these are worth parsing.
fn may_build(text: &str) -> bool {
    text.starts_with(['{', '(']) || text.contains("$merge")
}

/// Paths are most of what is written, and need no parser.
fn plain_path(text: &str, seen: Seen<'_>) -> Option<Shape> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '$' | '.' | '_');
    if !text.chars().all(plain) {
        return None;
    }
    let names: Vec<_> = text.split('.').collect();
    Some(at(&names, seen))
}

fn at(names: &[&str], seen: Seen<'_>) -> Shape {
    match names {
        ["$states", "input", rest @ ..] => seen.input.at(rest),
        ["$states", "result" | "errorOutput", rest @ ..] => seen.result.at(rest),
        _ => Shape::Unknown,
    }
}

fn of(node: &Node, seen: Seen<'_>) -> Shape {
    match &node.kind {
        Kind::Variable(_) | Kind::Path(..) => names(node).map_or(Shape::Unknown, |names| {
            let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
            at(&names, seen)
        }),
        Kind::Object(pairs) => object(pairs, seen),
        Kind::Call(..) => merged(node).map_or(Shape::Unknown, |parts| merge(parts, seen)),
        Kind::Block(nodes) => match nodes.as_slice() {
            [only] => of(only, seen),
            _ => Shape::Unknown,
        },
        _ => Shape::Unknown,
    }
}

/// The names of a path from a variable on.
fn names(node: &Node) -> Option<Vec<Cow<'_, str>>> {
    match &node.kind {
        Kind::Variable(name) => Some(vec![Cow::Owned(format!("${name}"))]),
        Kind::Path(left, right) => {
            let mut names = names(left)?;
            let Kind::Name(name) = &right.kind else {
                return None;
            };
            names.push(Cow::Borrowed(name));
            Some(names)
        }
        _ => None,
    }
}

fn object(pairs: &[(Node, Node)], seen: Seen<'_>) -> Shape {
    let fields: Option<Vec<_>> = pairs
        .iter()
        .map(|(key, value)| match &key.kind {
            Kind::String(name) => Some((name.as_str(), of(value, seen))),
            _ => None,
        })
        .collect();
    fields.map_or(Shape::Unknown, |fields| {
        Shape::closed(Origin::Built(seen.state), fields)
    })
}

/// What `$merge([…])` merges.
fn merged(node: &Node) -> Option<&[Node]> {
    let Kind::Call(function, arguments) = &node.kind else {
        return None;
    };
    match (&function.kind, arguments.as_slice()) {
        (Kind::Variable(name), [only]) if name == "merge" => match &only.kind {
            Kind::Array(parts) => Some(parts),
            _ => None,
        },
        _ => None,
    }
}

/// Later fields win. What is merged in must be written out: of anything else nobody knows the fields.
fn merge(parts: &[Node], seen: Seen<'_>) -> Shape {
    let Some((first, rest)) = parts.split_first() else {
        return Shape::Unknown;
    };
    rest.iter()
        .fold(of(first, seen), |all, part| match &part.kind {
            Kind::Object(pairs) => pairs.iter().fold(all, |all, (key, value)| match &key.kind {
                Kind::String(name) => all.with(&[name.as_str()], of(value, seen)),
                _ => Shape::Unknown,
            }),
            _ => Shape::Unknown,
        })
}

/// The fields that a `$merge` puts into the state's input.
pub(super) fn merged_fields(text: &str) -> Vec<String> {
    let inner = jsonata::expression(text).map_or("", |(_, inner)| inner);
    if !inner.contains("$merge") {
        return Vec::new();
    }
    let Ok(node) = jsonata::parse(inner) else {
        return Vec::new();
    };
    let parts = merged(&node).unwrap_or_default().iter().skip(1);
    let pairs = parts.flat_map(|part| match &part.kind {
        Kind::Object(pairs) => pairs.as_slice(),
        _ => &[],
    });
    let names = pairs.filter_map(|(key, _)| match &key.kind {
        Kind::String(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}
