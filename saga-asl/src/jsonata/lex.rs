use std::ops::Range;

use super::literal;
use super::operator::{OPERATORS, WORDS, ends_name};
use crate::jsonpath::Cursor;

/// Why a text is no JSONata expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Byte offset in the expression's text.
    pub at: usize,
    /// JSONata's own code for the error, as in `S0201`.
    pub code: &'static str,
    /// What is wrong there.
    pub message: String,
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

pub(super) fn fail<T>(at: usize, code: &'static str, message: impl Into<String>) -> Parsed<T> {
    Err(SyntaxError {
        at,
        code,
        message: message.into(),
    })
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Operator(&'static str),
    Name(String),
    Variable(String),
    String(String),
    Number(f64),
    Constant(String),
    Regex(String),
    End,
}

impl Token {
    /// The token in a message.
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Operator(text) => format!("`{text}`"),
            Token::Name(text) | Token::Constant(text) | Token::Regex(text) => format!("`{text}`"),
            Token::Variable(name) => format!("`${name}`"),
            Token::String(_) => "a string".to_owned(),
            Token::Number(number) => format!("`{number}`"),
            Token::End => "the end of the expression".to_owned(),
        }
    }
}

/// Reads the next token. `prefix`: a value is expected, so that `/` starts a regular
/// expression.
pub(super) fn next(cursor: &mut Cursor<'_>, prefix: bool) -> Parsed<(Token, Range<usize>)> {
    skip_blank(cursor)?;
    let at = cursor.at();
    let token = match cursor.peek() {
        None => Token::End,
        Some('/') if prefix => literal::regex(cursor)?,
        Some('"' | '\'') => literal::string(cursor)?,
        Some('`') => quoted_name(cursor)?,
        Some('0'..='9') => literal::number(cursor)?,
        Some(_) => match operator(cursor) {
            Some(operator) => Token::Operator(operator),
            None => word(cursor),
        },
    };
    Ok((token, at..cursor.at()))
}

fn skip_blank(cursor: &mut Cursor<'_>) -> Parsed<()> {
    loop {
        cursor.skip_space();
        let at = cursor.at();
        if !cursor.eat_str("/*") {
            return Ok(());
        }
        while !cursor.eat_str("*/") {
            if cursor.bump().is_none() {
                return fail(at, "S0106", "this comment is not closed");
            }
        }
    }
}

fn operator(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    OPERATORS
        .into_iter()
        .find_map(|(operator, _)| cursor.eat_str(operator).then_some(operator))
}

fn quoted_name(cursor: &mut Cursor<'_>) -> Parsed<Token> {
    let at = cursor.at();
    cursor.bump();
    let name = cursor.take_while(|c| c != '`').to_owned();
    if cursor.eat('`') {
        return Ok(Token::Name(name));
    }
    fail(at, "S0105", "this back-quoted name is not closed")
}

fn word(cursor: &mut Cursor<'_>) -> Token {
    let text = cursor.take_while(|c| !ends_name(c));
    if let Some(name) = text.strip_prefix('$') {
        return Token::Variable(name.to_owned());
    }
    let operator = WORDS.into_iter().find(|(word, _)| *word == text);
    match (operator, text) {
        (Some((word, _)), _) => Token::Operator(word),
        (None, "true" | "false" | "null") => Token::Constant(text.to_owned()),
        (None, _) => Token::Name(text.to_owned()),
    }
}
