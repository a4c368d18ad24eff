use super::filter::parse_filter;
use super::{Cursor, Function, Path, Root, Segment};

/// Why a text is not a JSONPath.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// Byte offset in the path's text.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

pub(super) type Parsed<T> = Result<T, PathError>;

pub(super) fn fail<T>(at: usize, message: impl Into<String>) -> Parsed<T> {
    Err(PathError {
        at,
        message: message.into(),
    })
}

/// Filters nest at most this deep: a bound on the parser's own stack.
pub(super) const MAX_DEPTH: usize = 32;

impl Path {
    /// Parses a whole text as one path.
    ///
    /// # Errors
    /// The first thing in `text` that no path has there.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor::new(text);
        let path = parse_path(&mut cursor, false, 0)?;
        match cursor.peek() {
            None => Ok(path),
            Some(' ') => fail(
                cursor.at(),
                "a name with a blank is written in brackets: `['my name']`",
            ),
            Some(found) => fail(cursor.at(), format!("unexpected `{found}`")),
        }
    }
}

/// Parses a path that ends where an argument of an intrinsic function ends.
pub(crate) fn parse_prefix(cursor: &mut Cursor<'_>) -> Result<Path, PathError> {
    parse_path(cursor, true, 0)
}

/// `within`: the path stands inside an expression, so that blanks, commas, operators and
/// parentheses end it.
pub(super) fn parse_path(cursor: &mut Cursor<'_>, within: bool, depth: usize) -> Parsed<Path> {
    let start = cursor.at();
    if depth > MAX_DEPTH {
        return fail(start, "too deeply nested");
    }
    let root = parse_root(cursor)?;
    let mut segments = Vec::new();
    while let Some(next) = cursor.peek() {
        match next {
            '.' => parse_dot(cursor, within, &mut segments)?,
            '[' => segments.push(parse_bracket(cursor, depth)?),
            _ => break,
        }
    }
    Ok(Path {
        text: cursor.since(start).into(),
        root,
        segments,
    })
}

fn parse_root(cursor: &mut Cursor<'_>) -> Parsed<Root> {
    let at = cursor.at();
    if cursor.eat('@') {
        return Ok(Root::Item);
    }
    if !cursor.eat('$') {
        return fail(at, "a path starts with `$`");
    }
    if cursor.eat('$') {
        return Ok(Root::Context);
    }
    match cursor.take_while(|c| c.is_alphanumeric() || c == '_') {
        "" => Ok(Root::Input),
        name => Ok(Root::Variable(name.into())),
    }
}

fn parse_dot(cursor: &mut Cursor<'_>, within: bool, segments: &mut Vec<Segment>) -> Parsed<()> {
    let dot = cursor.at();
    cursor.bump();
    if cursor.eat('.') {
        segments.push(Segment::Descendants);
    }
    match cursor.peek() {
        None => fail(dot, "a path does not end with a dot"),
        Some('.') => fail(cursor.at(), "at most two dots follow each other"),
        Some('[') => Ok(()),
        Some('*') => {
            cursor.bump();
            segments.push(Segment::Wildcard);
            Ok(())
        }
        Some(_) => parse_name(cursor, within, segments),
    }
}

fn parse_name(cursor: &mut Cursor<'_>, within: bool, segments: &mut Vec<Segment>) -> Parsed<()> {
    let at = cursor.at();
    let plain = cursor.take_while(|next| next != '\\' && !ends_name(next, within));
    if !plain.is_empty() && !matches!(cursor.peek(), Some('\\' | '(')) {
        segments.push(Segment::Names(vec![plain.into()]));
        return Ok(());
    }
    let mut name = plain.to_owned();
    while let Some(next) = cursor.peek() {
        if ends_name(next, within) {
            break;
        }
        cursor.bump();
        // The specification lets a backslash carry any character into a name.
        match (next, cursor.peek()) {
            ('\\', Some(escaped)) => {
                cursor.bump();
                name.push(escaped);
            }
            _ => name.push(next),
        }
    }
    if name.is_empty() {
        return fail(at, "a name is missing here");
    }
    if cursor.peek() == Some('(') {
        return parse_function(cursor, at, &name, segments);
    }
    segments.push(Segment::Names(vec![name.into()]));
    Ok(())
}

fn ends_name(next: char, within: bool) -> bool {
    matches!(next, '.' | '[' | '(') || next == ' ' || within && ends_operand(next)
}

fn ends_operand(next: char) -> bool {
    next.is_whitespace()
        || matches!(
            next,
            ',' | ')' | ']' | '=' | '<' | '>' | '!' | '&' | '|' | '~'
        )
}

fn parse_function(
    cursor: &mut Cursor<'_>,
    at: usize,
    name: &str,
    segments: &mut Vec<Segment>,
) -> Parsed<()> {
    let Some(function) = Function::named(name) else {
        return fail(at, format!("`{name}` is not a function of JSONPath"));
    };
    cursor.bump();
    cursor.skip_space();
    if !cursor.eat(')') {
        return fail(cursor.at(), format!("`{name}` takes no arguments"));
    }
    segments.push(Segment::Function(function));
    Ok(())
}

fn parse_bracket(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Segment> {
    let open = cursor.at();
    cursor.bump();
    cursor.skip_space();
    let segment = match cursor.peek() {
        Some('*') => {
            cursor.bump();
            Segment::Wildcard
        }
        Some('?') => {
            cursor.bump();
            Segment::Filter(Box::new(parse_filter(cursor, depth + 1)?))
        }
        Some('\'' | '"') => Segment::Names(parse_names(cursor)?),
        Some(':' | '-' | '0'..='9') => parse_indexes(cursor)?,
        Some(_) => {
            return fail(
                cursor.at(),
                "expected a quoted name, an index, a slice, `*` or `?(…)`",
            );
        }
        None => return fail(open, "this bracket is not closed"),
    };
    cursor.skip_space();
    if cursor.eat(']') {
        return Ok(segment);
    }
    fail(cursor.at(), "expected `]`")
}

fn parse_names(cursor: &mut Cursor<'_>) -> Parsed<Vec<Box<str>>> {
    let mut names = Vec::new();
    loop {
        names.push(parse_quoted(cursor)?.into_boxed_str());
        cursor.skip_space();
        if !cursor.eat(',') {
            return Ok(names);
        }
        cursor.skip_space();
    }
}

/// A quoted name or string. A backslash escapes the quote and itself; before any other
/// character it is an ordinary character, as in executions recorded on AWS.
pub(super) fn parse_quoted(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let at = cursor.at();
    let Some(quote @ ('\'' | '"')) = cursor.bump() else {
        return fail(at, "expected a name in quotes");
    };
    let mut text = String::new();
    while let Some(next) = cursor.bump() {
        match next {
            _ if next == quote => return Ok(text),
            '\\' => match cursor.peek() {
                Some(escaped) if escaped == quote || escaped == '\\' => {
                    cursor.bump();
                    text.push(escaped);
                }
                _ => text.push('\\'),
            },
            _ => text.push(next),
        }
    }
    fail(at, "this quote is not closed")
}

fn parse_indexes(cursor: &mut Cursor<'_>) -> Parsed<Segment> {
    let first = parse_integer(cursor)?;
    cursor.skip_space();
    if cursor.eat(':') {
        cursor.skip_space();
        return Ok(Segment::Slice(first, parse_integer(cursor)?));
    }
    let mut indexes: Vec<i64> = first.into_iter().collect();
    while cursor.eat(',') {
        cursor.skip_space();
        match parse_integer(cursor)? {
            Some(index) => indexes.push(index),
            None => return fail(cursor.at(), "expected an index"),
        }
        cursor.skip_space();
    }
    Ok(Segment::Indexes(indexes))
}

fn parse_integer(cursor: &mut Cursor<'_>) -> Parsed<Option<i64>> {
    let at = cursor.at();
    cursor.eat('-');
    cursor.take_while(|c| c.is_ascii_digit());
    match cursor.since(at) {
        "" => Ok(None),
        digits => match digits.parse() {
            Ok(index) => Ok(Some(index)),
            Err(_) => fail(at, format!("`{digits}` is not an index")),
        },
    }
}
