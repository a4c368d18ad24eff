//! Numbers, placeholders and words.

use std::borrow::Cow;

use super::super::{Node, Span, Syntax};
use super::parser::Parser;
use crate::json::Number;

impl<'s> Parser<'s> {
    pub(super) fn number(&mut self) -> Node<'s> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
        ) {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        let text = span.text(self.source);
        if Number::parse(text).is_some() {
            return Node {
                syntax: Syntax::Number(Cow::Borrowed(text)),
                span,
            };
        }
        self.error(span, format!("`{text}` is not a number"), "");
        Node {
            syntax: Syntax::Invalid,
            span,
        }
    }

    /// `${name}` where a value should be: a template's substitutions fill it in.
    pub(super) fn placeholder(&mut self) -> Node<'s> {
        let start = self.at;
        let rest = self.slice(start, self.bytes.len());
        let end = if rest.starts_with("${") {
            rest.find('}')
        } else {
            None
        };
        let Some(end) = end else { return self.word() };
        self.at = start + end + 1;
        let span = Span::new(start, self.at);
        Node {
            syntax: Syntax::Placeholder(Cow::Borrowed(span.text(self.source))),
            span,
        }
    }

    /// `true`, `false`, `null`, or something that is no JSON.
    pub(super) fn word(&mut self) -> Node<'s> {
        let span = self.bare_word();
        let syntax = match span.text(self.source) {
            "true" => Syntax::Bool(true),
            "false" => Syntax::Bool(false),
            "null" => Syntax::Null,
            other => {
                self.error(
                    span,
                    format!("expected a value, found `{}`", shorten(other)),
                    "strings need double quotes",
                );
                Syntax::Invalid
            }
        };
        Node { syntax, span }
    }

    /// The text up to where the next value may begin; at least one character.
    pub(super) fn bare_word(&mut self) -> Span {
        let start = self.at;
        let rest = self.slice(start, self.bytes.len());
        let stop =
            |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"');
        let length = rest.find(stop).unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at = start + length.max(first);
        Span::new(start, self.at)
    }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 30;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
