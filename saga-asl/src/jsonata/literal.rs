//! Strings, numbers and regular expressions.

use super::lex::{Parsed, Token, fail};
use crate::jsonpath::Cursor;

pub(super) fn string(cursor: &mut Cursor<'_>) -> Parsed<Token> {
    let at = cursor.at();
    let quote = cursor.bump();
    let mut text = String::new();
    while let Some(next) = cursor.bump() {
        match next {
            _ if Some(next) == quote => return Ok(Token::String(text)),
            '\\' => text.push(escape(cursor)?),
            _ => text.push(next),
        }
    }
    fail(at, "S0101", "this quote is not closed")
}

/// What stands after a backslash. A lone half of a surrogate pair becomes U+FFFD.
fn escape(cursor: &mut Cursor<'_>) -> Parsed<char> {
    let at = cursor.at();
    match cursor.bump() {
        Some(same @ ('"' | '\'' | '\\' | '/')) => Ok(same),
        Some('b') => Ok('\u{8}'),
        Some('f') => Ok('\u{c}'),
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some('u') => match cursor
            .rest()
            .get(..4)
            .map(|hex| u32::from_str_radix(hex, 16))
        {
            Some(Ok(code)) => {
                for _ in 0..4 {
                    cursor.bump();
                }
                Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
            }
            _ => fail(at, "S0104", "`\\u` is followed by four hexadecimal digits"),
        },
        Some(other) => fail(at, "S0103", format!("`\\{other}` is no escape sequence")),
        None => fail(at, "S0101", "this string is not closed"),
    }
}

/// Digits, a fraction, an exponent; `1..3` is a range, so a dot needs a digit after it.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Parsed<Token> {
    let at = cursor.at();
    if !cursor.eat('0') {
        cursor.take_while(|c| c.is_ascii_digit());
    }
    let mut fraction = *cursor;
    if fraction.eat('.') && !fraction.take_while(|c| c.is_ascii_digit()).is_empty() {
        *cursor = fraction;
    }
    let mut exponent = *cursor;
    if exponent.eat('e') || exponent.eat('E') {
        let _sign = exponent.eat('-') || exponent.eat('+');
        if !exponent.take_while(|c| c.is_ascii_digit()).is_empty() {
            *cursor = exponent;
        }
    }
    match cursor.since(at).parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Token::Number(number)),
        _ => fail(
            at,
            "S0102",
            format!("`{}` is out of range", cursor.since(at)),
        ),
    }
}

pub(super) fn regex(cursor: &mut Cursor<'_>) -> Parsed<Token> {
    let at = cursor.at();
    cursor.bump();
    let mut nested = 0usize;
    while let Some(next) = cursor.bump() {
        match next {
            '\\' => {
                cursor.bump();
            }
            '/' if nested == 0 => {
                if cursor.since(at).len() == 2 {
                    return fail(at, "S0301", "an empty regular expression");
                }
                cursor.take_while(|c| matches!(c, 'i' | 'm'));
                return Ok(Token::Regex(cursor.since(at).to_owned()));
            }
            '(' | '[' | '{' => nested += 1,
            ')' | ']' | '}' => nested = nested.saturating_sub(1),
            _ => {}
        }
    }
    fail(at, "S0302", "this regular expression is not closed")
}
