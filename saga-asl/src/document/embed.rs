//! A definition inside a template's resource.

use std::borrow::Cow;

use crate::syntax::{self, Format, Member, Node, Span, Syntax, TextMap};

/// A definition that was found in a template.
pub(super) struct Embedded<'s> {
    /// Its value; what deployment fills in is a placeholder.
    pub(super) root: Node<'s>,
    /// The `${name}` that are left for `DefinitionSubstitutions`, and their places in the source.
    pub(super) placeholders: Vec<(String, Span)>,
}

/// The definition that a property holds, where it is here to be read.
pub(super) fn definition<'s>(source: &'s str, node: &Node<'s>) -> Option<Embedded<'s>> {
    if let Some(text) = node.as_str() {
        let root = parse_string(source, node, text);
        let placeholders = placeholders_in(source, &root);
        return Some(Embedded { root, placeholders });
    }
    match node.members() {
        [only] if only.name.text == "Fn::Sub" => sub(source, &only.value),
        [only] if only.name.text == "Fn::ToJsonString" => definition(source, &only.value),
        [only] if is_function(&only.name.text) => None,
        _ => {
            let placeholders = placeholders_in(source, node);
            Some(Embedded {
                root: fill_in(node.clone()),
                placeholders,
            })
        }
    }
}

/// `Fn::Sub` of a text, or of a text and names with their values. It fills in every name it meets:
/// parameters and resources too, and which of them exist is the template's matter.
fn sub<'s>(source: &'s str, argument: &Node<'s>) -> Option<Embedded<'s>> {
    let text = argument.items().first().unwrap_or(argument);
    let root = parse_string(source, text, text.as_str()?);
    Some(Embedded {
        root,
        placeholders: Vec::new(),
    })
}

/// Parses the text inside a string; places are in the source.
fn parse_string(source: &str, node: &Node<'_>, text: &str) -> Node<'static> {
    let map = TextMap::new(text, source, node.span);
    let tree = syntax::parse(text, Format::guess(text));
    tree.root.relocate(&|span| map.span(span))
}

/// Replaces what CloudFormation computes by placeholders.
fn fill_in(node: Node<'_>) -> Node<'_> {
    let Node { syntax, span } = node;
    let syntax = match syntax {
        Syntax::Object(members) => match function(&members) {
            Some(placeholder) => placeholder,
            None => Syntax::Object(members.into_iter().map(fill_in_member).collect()),
        },
        Syntax::Array(items) => Syntax::Array(items.into_iter().map(fill_in).collect()),
        other => other,
    };
    Node { syntax, span }
}

fn fill_in_member(member: Member<'_>) -> Member<'_> {
    Member {
        name: member.name,
        value: fill_in(member.value),
    }
}

/// What stands for an intrinsic function of CloudFormation.
fn function<'s>(members: &[Member<'s>]) -> Option<Syntax<'s>> {
    match members {
        [only] if only.name.text == "Fn::Sub" && only.value.as_str().is_some() => {
            Some(only.value.syntax.clone())
        }
        [only] if is_function(&only.name.text) => Some(Syntax::Placeholder(Cow::Owned(format!(
            "{{{}}}",
            only.name.text
        )))),
        _ => None,
    }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// The `${name}` of a definition, in the order of the text, but for those that intrinsic functions fill in.
pub(super) fn placeholders_in(source: &str, root: &Node<'_>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    collect(source, root, &mut found);
    found
}

fn collect(source: &str, node: &Node<'_>, found: &mut Vec<(String, Span)>) {
    match &node.syntax {
        Syntax::String(text) | Syntax::Placeholder(text) => {
            let names = names_in(text).map(|(name, place)| {
                (
                    name.to_owned(),
                    node.span_within(source, place.start, place.end),
                )
            });
            found.extend(names);
        }
        Syntax::Array(items) => items.iter().for_each(|item| collect(source, item, found)),
        Syntax::Object(members) if function(members).is_none() => {
            members
                .iter()
                .for_each(|member| collect(source, &member.value, found));
        }
        _ => {}
    }
}

/// Every `${name}` in a text, with its place there.
fn names_in(text: &str) -> impl Iterator<Item = (&str, Span)> {
    text.match_indices("${").filter_map(|(start, mark)| {
        let inner = text.get(start + mark.len()..)?;
        let end = inner.find('}')?;
        let name = inner.get(..end)?;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        plain.then(|| (name, Span::new(start, start + mark.len() + end + 1)))
    })
}
