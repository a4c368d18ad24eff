use super::{Argument, Call, Intrinsic};
use crate::data::{Data, Number};
use crate::jsonpath::{Cursor, parse_prefix};

/// Why a text is no call of an intrinsic function.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct IntrinsicError {
    /// Byte offset in the expression's text.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

type Parsed<T> = Result<T, IntrinsicError>;

fn fail<T>(at: usize, message: impl Into<String>) -> Parsed<T> {
    Err(IntrinsicError {
        at,
        message: message.into(),
    })
}

/// Calls nest at most this deep: a bound on the parser's own stack. (AWS's own limit is 10.)
const MAX_DEPTH: usize = 32;

impl Call {
    /// Parses a whole text as one call.
    ///
    /// # Errors
    /// The first thing in `text` that is wrong: an unknown function, a wrong number of
    /// arguments, a malformed argument.
    pub fn parse(text: &str) -> Result<Self, IntrinsicError> {
        let mut cursor = Cursor::new(text);
        cursor.skip_space();
        let call = parse_call(&mut cursor, 0)?;
        cursor.skip_space();
        match cursor.peek() {
            None => Ok(call),
            Some(found) => fail(cursor.at(), format!("unexpected `{found}` after the call")),
        }
    }
}

fn parse_call(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Call> {
    let at = cursor.at();
    if depth > MAX_DEPTH {
        return fail(at, "too deeply nested");
    }
    let name = cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    if name.is_empty() {
        return fail(at, "expected a value, a path or an intrinsic function");
    }
    let Some(function) = Intrinsic::named(name) else {
        return fail(at, format!("`{name}` is not an intrinsic function"));
    };
    cursor.skip_space();
    if !cursor.eat('(') {
        return fail(cursor.at(), format!("expected `(` after `{name}`"));
    }
    let mut arguments = parse_arguments(cursor, depth)?;
    resolve_escapes(function, &mut arguments);
    check_arity(at, function, arguments.len())?;
    Ok(Call {
        function,
        arguments,
        text: cursor.since(at).into(),
        at,
    })
}

fn check_arity(at: usize, function: Intrinsic, given: usize) -> Parsed<()> {
    let (arity, name) = (function.arity(), function.name());
    if arity.contains(&given) {
        return Ok(());
    }
    let takes = match (*arity.start(), *arity.end()) {
        (1, usize::MAX) => "at least one argument".to_owned(),
        (0, _) => "no arguments".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    };
    fail(at, format!("`{name}` takes {takes}, found {given}"))
}

/// Literals lose their escapes but for the template of `States.Format`, which reads them.
fn resolve_escapes(function: Intrinsic, arguments: &mut [Argument]) {
    let template = usize::from(function == Intrinsic::Format);
    for argument in arguments.iter_mut().skip(template) {
        if let Argument::Literal(Data::String(text)) = argument {
            *argument = Argument::Literal(Data::from(unescape(text)));
        }
    }
}

fn parse_arguments(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Vec<Argument>> {
    let mut arguments = Vec::new();
    cursor.skip_space();
    if cursor.eat(')') {
        return Ok(arguments);
    }
    loop {
        cursor.skip_space();
        arguments.push(parse_argument(cursor, depth)?);
        cursor.skip_space();
        if cursor.eat(')') {
            return Ok(arguments);
        }
        if !cursor.eat(',') {
            return fail(cursor.at(), "expected `,` or `)`");
        }
    }
}

fn parse_argument(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Argument> {
    match cursor.peek() {
        Some('\'') => parse_string(cursor).map(|text| Argument::Literal(Data::from(text))),
        Some('$') => match parse_prefix(cursor) {
            Ok(path) => Ok(Argument::Path(path)),
            Err(error) => fail(error.at, error.message),
        },
        Some('-' | '+' | '.' | '0'..='9') => parse_number(cursor).map(Argument::Literal),
        _ => parse_word(cursor, depth),
    }
}

fn parse_word(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Argument> {
    let start = *cursor;
    match cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_')) {
        "true" => Ok(Argument::Literal(Data::Bool(true))),
        "false" => Ok(Argument::Literal(Data::Bool(false))),
        "null" => Ok(Argument::Literal(Data::Null)),
        _ => {
            *cursor = start;
            Ok(Argument::Call(Box::new(parse_call(cursor, depth + 1)?)))
        }
    }
}

/// A string in single quotes, with the escapes that end or cross it resolved: `\'`.
/// The rest is [`unescape`]d later, since a template needs to see its escaped braces.
fn parse_string(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let at = cursor.at();
    cursor.bump();
    let mut text = String::new();
    while let Some(next) = cursor.bump() {
        match (next, cursor.peek()) {
            ('\'', _) => return Ok(text),
            ('\\', Some('\'')) => {
                cursor.bump();
                text.push('\'');
            }
            ('\\', Some('\\')) => {
                cursor.bump();
                text.push_str("\\\\");
            }
            _ => text.push(next),
        }
    }
    fail(at, "this quote is not closed")
}

/// Resolves the escapes of backslashes and braces; a backslash before anything else is
/// itself.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut cursor = Cursor::new(text);
    while let Some(next) = cursor.bump() {
        match (next, cursor.peek()) {
            ('\\', Some(escaped @ ('\\' | '{' | '}'))) => {
                cursor.bump();
                plain.push(escaped);
            }
            _ => plain.push(next),
        }
    }
    plain
}

fn parse_number(cursor: &mut Cursor<'_>) -> Parsed<Data> {
    let at = cursor.at();
    let text = cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    if let Ok(integer) = text.parse::<i64>() {
        return Ok(Data::from(integer));
    }
    match text.parse().ok().and_then(Number::from_f64) {
        Some(number) => Ok(Data::Number(number)),
        None => fail(at, format!("`{text}` is not a number")),
    }
}
