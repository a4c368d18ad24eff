//! Strings and their escapes.

use std::borrow::Cow;

use super::super::Span;
use super::parser::Parser;
use super::scan;

impl<'s> Parser<'s> {
    /// Reads the string that begins here.
    pub(super) fn string(&mut self) -> (Cow<'s, str>, Span) {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut run = self.at;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += scan::plain(rest);
            match self.peek() {
                Some(b'"') => {
                    let last = self.slice(run, self.at);
                    self.at += 1;
                    let text = joined(text, last);
                    return (text, Span::new(start, self.at));
                }
                Some(b'\\') => {
                    text.push_str(self.slice(run, self.at));
                    self.escape(&mut text);
                    run = self.at;
                }
                Some(b'\n') | None => {
                    let last = self.slice(run, self.at);
                    let span = Span::new(start, self.at);
                    self.error(span, "the string has no closing quote", "");
                    return (joined(text, last), span);
                }
                Some(_) => {
                    let span = Span::new(self.at, self.at + 1);
                    self.error(span, "a control character must be escaped in a string", "");
                    self.at += 1;
                }
            }
        }
    }

    /// Reads the escape that begins here.
    fn escape(&mut self, text: &mut String) {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let character = self.unicode(start);
                text.push(character);
                return;
            }
            _ => {
                self.at = (self.at + self.char_length()).min(self.bytes.len());
                let span = Span::new(start, self.at);
                let written = span.text(self.source);
                self.error(
                    span,
                    format!("`{written}` is not an escape"),
                    "write `\\\\` for a backslash",
                );
                text.push_str(written);
                return;
            }
        };
        self.at += 1;
        text.push(character);
    }

    /// Four hexadecimal digits, and the second half of a surrogate pair.
    fn unicode(&mut self, start: usize) -> char {
        let Some(first) = self.hex() else {
            self.error(
                Span::new(start, self.at),
                "`\\u` needs four hexadecimal digits",
                "",
            );
            return char::REPLACEMENT_CHARACTER;
        };
        if let Some(character) = char::from_u32(first) {
            return character;
        }
        let behind_first = self.at;
        if (0xD800..0xDC00).contains(&first) && self.slice(self.at, self.at + 2) == "\\u" {
            self.at += 2;
            let second = self
                .hex()
                .filter(|second| (0xDC00..0xE000).contains(second));
            let pair = second.map(|second| 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            if let Some(character) = pair.and_then(char::from_u32) {
                return character;
            }
            self.at = behind_first;
        }
        self.error(
            Span::new(start, self.at),
            "half of a surrogate pair is no character",
            "",
        );
        char::REPLACEMENT_CHARACTER
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.source.get(self.at..self.at + 4)?;
        let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u32::from_str_radix(digits, 16).ok().filter(|_| all_hex)?;
        self.at += 4;
        Some(value)
    }
}

/// The whole text: borrowed where it is one run.
fn joined(text: String, last: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed(last);
    }
    Cow::Owned(text + last)
}
