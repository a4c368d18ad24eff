//! A value of a source text, and where it is.

use std::borrow::Cow;

use super::Span;
use crate::json::{Number, Value};

/// A value and its place. The place of a string includes its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'s> {
    /// What it is.
    pub syntax: Syntax<'s>,
    /// Where it is.
    pub span: Span,
}

/// What a node may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Syntax<'s> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(Cow<'s, str>),
    /// A string, unescaped.
    String(Cow<'s, str>),
    /// An array.
    Array(Vec<Node<'s>>),
    /// An object with all its members, duplicates included.
    Object(Vec<Member<'s>>),
    /// A bare `${name}` that a template's substitutions will fill in.
    Placeholder(Cow<'s, str>),
    /// Something that could not be read. It has an error of its own.
    Invalid,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'s> {
    /// Its name.
    pub name: Name<'s>,
    /// Its value.
    pub value: Node<'s>,
}

/// The name of a field and its place, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<'s> {
    /// The name, unescaped.
    pub text: Cow<'s, str>,
    /// Where it is.
    pub span: Span,
}

impl<'s> Node<'s> {
    /// The members of an object; none for any other value.
    #[must_use]
    pub fn members(&self) -> &[Member<'s>] {
        if let Syntax::Object(members) = &self.syntax {
            members
        } else {
            &[]
        }
    }

    /// The items of an array; none for any other value.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Syntax::Array(items) = &self.syntax {
            items
        } else {
            &[]
        }
    }

    /// The field of that name. Of duplicates the last one counts, as it does for most readers.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.member(name).map(|member| &member.value)
    }

    /// The field of that name, with the place of the name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member<'s>> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.name.text == name)
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Syntax::String(text) = &self.syntax {
            Some(text)
        } else {
            None
        }
    }

    /// The text of the string in that field.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A number.
    #[must_use]
    pub fn as_number(&self) -> Option<Number> {
        if let Syntax::Number(text) = &self.syntax {
            Number::parse(text)
        } else {
            None
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.syntax, Syntax::Object(_))
    }

    /// Whether it is a value that something else will fill in: a bare `${name}`, or a string that
    /// holds one. (JSONata's and CloudFormation's escape `${!` is no placeholder.)
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        match &self.syntax {
            Syntax::Placeholder(_) => true,
            Syntax::String(text) => has_placeholder(text),
            _ => false,
        }
    }

    /// Whether nothing can be said of it: a placeholder, or a value that could not be read.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.is_placeholder() || matches!(self.syntax, Syntax::Invalid)
    }

    /// What kind of value it is, in JSON's words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.syntax {
            Syntax::Null => "null",
            Syntax::Bool(_) => "a boolean",
            Syntax::Number(_) => "a number",
            Syntax::String(_) => "a string",
            Syntax::Array(_) => "an array",
            Syntax::Object(_) => "an object",
            Syntax::Placeholder(_) => "a placeholder",
            Syntax::Invalid => "something unreadable",
        }
    }

    /// The place of a part of a string's text, in bytes of the unescaped text. Where escapes stand
    /// between, the place of the whole string.
    #[must_use]
    pub fn span_within(&self, source: &str, start: usize, end: usize) -> Span {
        let quoted = matches!(source.as_bytes().get(self.span.start), Some(b'"' | b'\''));
        let first = self.span.start + usize::from(quoted);
        let part = Span::new(first + start, first + end);
        let text = self.as_str().and_then(|text| text.get(start..end));
        let same = text.is_some_and(|text| self.span.contains(part) && part.text(source) == text);
        if same { part } else { self.span }
    }

    /// The value without its places. What could not be read becomes null.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.syntax {
            Syntax::Null | Syntax::Invalid => Value::Null,
            Syntax::Bool(value) => Value::Bool(*value),
            Syntax::Number(text) => Number::parse(text).map_or(Value::Null, Value::Number),
            Syntax::String(text) | Syntax::Placeholder(text) => Value::from(text.as_ref()),
            Syntax::Array(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Syntax::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| {
                        (
                            member.name.text.clone().into_owned(),
                            member.value.to_value(),
                        )
                    })
                    .collect(),
            ),
        }
    }

    /// The same tree, with every place and text changed by `edit`, and nothing borrowed.
    #[must_use]
    pub fn relocate(&self, place: &impl Fn(Span) -> Span) -> Node<'static> {
        let syntax = match &self.syntax {
            Syntax::Null => Syntax::Null,
            Syntax::Bool(value) => Syntax::Bool(*value),
            Syntax::Number(text) => Syntax::Number(owned(text)),
            Syntax::String(text) => Syntax::String(owned(text)),
            Syntax::Placeholder(text) => Syntax::Placeholder(owned(text)),
            Syntax::Invalid => Syntax::Invalid,
            Syntax::Array(items) => {
                Syntax::Array(items.iter().map(|item| item.relocate(place)).collect())
            }
            Syntax::Object(members) => Syntax::Object(
                members
                    .iter()
                    .map(|member| member.relocate(place))
                    .collect(),
            ),
        };
        Node {
            syntax,
            span: place(self.span),
        }
    }
}

impl Member<'_> {
    fn relocate(&self, place: &impl Fn(Span) -> Span) -> Member<'static> {
        let name = Name {
            text: owned(&self.name.text),
            span: place(self.name.span),
        };
        Member {
            name,
            value: self.value.relocate(place),
        }
    }
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn has_placeholder(text: &str) -> bool {
    // Nearly all texts have none, and a byte is found sooner than two.
    if !text.as_bytes().contains(&b'$') {
        return false;
    }
    text.match_indices("${").any(|(start, mark)| {
        let rest = text.get(start + mark.len()..).unwrap_or_default();
        !rest.starts_with('!') && rest.contains('}')
    })
}
