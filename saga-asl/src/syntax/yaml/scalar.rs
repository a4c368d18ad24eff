//! What a plain scalar is: YAML 1.2's core schema.

use std::borrow::Cow;

use super::super::Syntax;
use crate::json::Number;

/// The value of an unquoted scalar.
pub(super) fn plain(text: Cow<'_, str>) -> Syntax<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Syntax::Null,
        "true" | "True" | "TRUE" => Syntax::Bool(true),
        "false" | "False" | "FALSE" => Syntax::Bool(false),
        other => match number(other) {
            Some(number) => Syntax::Number(Cow::Owned(number)),
            None => Syntax::String(text),
        },
    }
}

/// The number as JSON writes it, where the text is one that JSON can write.
fn number(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if Number::parse(unsigned).is_some() {
        return Some(unsigned.to_owned());
    }
    let (sign, digits) = unsigned
        .strip_prefix('-')
        .map_or(("", unsigned), |rest| ("-", rest));
    if let Some(hex) = digits.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16)
            .ok()
            .map(|value| format!("{sign}{value}"));
    }
    if let Some(octal) = digits.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8)
            .ok()
            .map(|value| format!("{sign}{value}"));
    }
    loose_decimal(sign, digits)
}

/// Decimals that YAML allows and JSON does not: `.5`, `5.`, `007`.
fn loose_decimal(sign: &str, digits: &str) -> Option<String> {
    let numeric = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    if !numeric || !digit || digits.matches('.').count() > 1 {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}
