//! Values, objects and arrays.

use std::borrow::Cow;

use super::super::{Comment, Member, Name, Node, Span, Syntax, SyntaxError, Tree};
use super::scan;

/// Objects and arrays may be nested that deep. AWS's own limit is lower; this one keeps the
/// recursion of everything that walks a tree within any thread's stack.
const MAX_DEPTH: usize = 192;

/// More errors than that help nobody.
const MAX_ERRORS: usize = 100;

/// Reads a text as JSON.
pub fn parse(source: &str) -> Tree<'_> {
    let mut parser = Parser::new(source);
    parser.skip_blank();
    let root = if parser.at_end() {
        parser.error(
            Span::at(parser.at),
            "the text is empty",
            "write a definition: an object with `StartAt` and `States`",
        );
        Node {
            syntax: Syntax::Invalid,
            span: Span::at(parser.at),
        }
    } else {
        parser.value(0)
    };
    parser.skip_blank();
    if !parser.at_end() && parser.errors.is_empty() {
        let rest = Span::new(parser.at, source.trim_end().len());
        parser.error(rest, "there is more text after the definition", "remove it");
    }
    Tree {
        root,
        errors: parser.errors,
        comments: parser.comments,
    }
}

/// A place in the text, and what was found wrong before it.
pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    pub(super) bytes: &'s [u8],
    pub(super) at: usize,
    errors: Vec<SyntaxError>,
    comments: Vec<Comment<'s>>,
    /// The members of all objects that are open, the innermost last: each is built in one piece
    /// when it closes, and not grown.
    open_members: Vec<Member<'s>>,
    /// The same for arrays.
    open_items: Vec<Node<'s>>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        let at = if source.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let bytes = source.as_bytes();
        Self {
            source,
            bytes,
            at,
            errors: Vec::new(),
            comments: Vec::new(),
            open_members: Vec::new(),
            open_items: Vec::new(),
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'s str {
        self.source.get(start..end).unwrap_or_default()
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, help: &'static str) {
        self.report(SyntaxError {
            span,
            message: message.into(),
            help,
            fix: None,
        });
    }

    fn report(&mut self, error: SyntaxError) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }

    /// Skips blank text and comments, which JSON does not have but people write.
    fn skip_blank(&mut self) {
        loop {
            match self.peek() {
                Some(b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b' ') => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    self.at += scan::spaces(rest);
                }
                Some(b'/') if self.comment() => {}
                _ => return,
            }
        }
    }

    /// Skips a comment, if here is one.
    fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.slice(start, self.bytes.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            return false;
        };
        self.at = start + length;
        let span = Span::new(start, self.at);
        let inner = span
            .text(self.source)
            .trim_start_matches(['/', '*'])
            .trim_end_matches("*/");
        self.comments.push(Comment { span, text: inner });
        self.report(SyntaxError {
            span,
            message: "JSON has no comments".to_owned(),
            help: "use the field `Comment`",
            fix: Some((span, "")),
        });
        true
    }

    /// Reads the value here. Always moves on, unless at the end or at a closing bracket.
    fn value(&mut self, depth: usize) -> Node<'s> {
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => self.too_deep(),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                let (text, span) = self.string();
                Node {
                    syntax: Syntax::String(text),
                    span,
                }
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'$') => self.placeholder(),
            _ => self.word(),
        }
    }

    fn too_deep(&mut self) -> Node<'s> {
        let span = Span::new(self.at, self.at + 1);
        self.error(span, "objects and arrays are nested too deep", "");
        self.at = self.bytes.len();
        Node {
            syntax: Syntax::Invalid,
            span,
        }
    }

    fn object(&mut self, depth: usize) -> Node<'s> {
        let start = self.at;
        self.at += 1;
        let first = self.open_members.len();
        let mut comma = None;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b'}') => {
                    self.trailing_comma(comma);
                    self.at += 1;
                    break;
                }
                None | Some(b']') => {
                    self.unclosed(start, "object", "}");
                    break;
                }
                Some(_) => {
                    let member = self.member(depth);
                    self.open_members.push(member);
                }
            }
            comma = self.separator(b'}');
        }
        Node {
            syntax: Syntax::Object(self.open_members.split_off(first)),
            span: Span::new(start, self.at),
        }
    }

    fn member(&mut self, depth: usize) -> Member<'s> {
        let name = self.name();
        self.skip_blank();
        if self.peek() == Some(b':') {
            self.at += 1;
            self.skip_blank();
        } else {
            let message = format!("a colon is missing after `{}`", name.text);
            self.error(Span::new(name.span.start, name.span.end), message, "");
        }
        if matches!(self.peek(), None | Some(b',' | b'}' | b']')) {
            self.error(name.span, format!("`{}` has no value", name.text), "");
            return Member {
                name,
                value: Node {
                    syntax: Syntax::Invalid,
                    span: Span::at(self.at),
                },
            };
        }
        let value = self.value(depth + 1);
        Member { name, value }
    }

    /// The name of a field. Unquoted ones are noted and read on.
    fn name(&mut self) -> Name<'s> {
        if self.peek() == Some(b'"') {
            let (text, span) = self.string();
            return Name { text, span };
        }
        let span = self.bare_word();
        let text = span.text(self.source);
        self.error(
            span,
            format!("expected a field name in double quotes, found `{text}`"),
            "",
        );
        let bare = text.trim_matches('\'');
        Name {
            text: Cow::Borrowed(bare),
            span,
        }
    }

    fn array(&mut self, depth: usize) -> Node<'s> {
        let start = self.at;
        self.at += 1;
        let first = self.open_items.len();
        let mut comma = None;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.trailing_comma(comma);
                    self.at += 1;
                    break;
                }
                None | Some(b'}') => {
                    self.unclosed(start, "array", "]");
                    break;
                }
                Some(_) => {
                    let item = self.value(depth + 1);
                    self.open_items.push(item);
                }
            }
            comma = self.separator(b']');
        }
        Node {
            syntax: Syntax::Array(self.open_items.split_off(first)),
            span: Span::new(start, self.at),
        }
    }

    /// Moves behind the comma after an entry and gives its place. A missing one is noted.
    fn separator(&mut self, close: u8) -> Option<usize> {
        let end = self.at;
        self.skip_blank();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Some(self.at - 1)
            }
            Some(b'}' | b']') | None => None,
            Some(byte) if byte == close => None,
            Some(_) => {
                self.report(SyntaxError {
                    span: Span::new(self.at, self.at + self.char_length()),
                    message: "a comma is missing before this".to_owned(),
                    help: "",
                    fix: Some((Span::at(end), ",")),
                });
                None
            }
        }
    }

    fn trailing_comma(&mut self, comma: Option<usize>) {
        let Some(at) = comma else { return };
        let span = Span::new(at, at + 1);
        self.report(SyntaxError {
            span,
            message: "there is a comma after the last entry".to_owned(),
            help: "remove it",
            fix: Some((span, "")),
        });
    }

    fn unclosed(&mut self, start: usize, what: &str, close: &str) {
        let span = Span::new(start, start + 1);
        self.error(
            span,
            format!("the {what} that begins here has no `{close}`"),
            "",
        );
    }

    pub(super) fn char_length(&self) -> usize {
        let rest = self.slice(self.at, self.bytes.len());
        rest.chars().next().map_or(1, char::len_utf8)
    }
}
