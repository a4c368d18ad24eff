//! The functions on text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::evaluate::Computed;
use crate::data::Data;
use crate::jsonpath::Cursor;

/// The longest text that Base64 functions take, in characters (developer guide).
const MAX_BASE64: usize = 10_000;

fn text(data: &Data) -> Result<&str, String> {
    data.as_str()
        .ok_or_else(|| format!("expected a string, found {data}"))
}

/// Fills each `{}` of the template with the next value.
pub(super) fn format(template: &Data, values: &[Data]) -> Computed {
    let mut filled = String::new();
    let mut values = values.iter();
    let mut cursor = Cursor::new(text(template)?);
    while let Some(next) = cursor.bump() {
        match (next, cursor.peek()) {
            ('\\', Some(escaped @ ('{' | '}' | '\\' | '\''))) => {
                cursor.bump();
                filled.push(escaped);
            }
            ('{', Some('}')) => {
                cursor.bump();
                let value = values.next().ok_or("there are fewer values than places")?;
                show(value, &mut filled);
            }
            ('{' | '}', _) => return Err("a brace in the text is written `\\{`".to_owned()),
            _ => filled.push(next),
        }
    }
    match values.next() {
        None => Ok(Data::from(filled)),
        Some(_) => Err("there are more values than places".to_owned()),
    }
}

/// A value in a formatted text: strings bare, objects as `{key=value, …}`.
fn show(value: &Data, out: &mut String) {
    match value {
        Data::String(text) => out.push_str(text),
        Data::Array(items) => {
            let items = items.iter().map(|item| shown("", item));
            enclose('[', items, ']', out);
        }
        Data::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| shown(&format!("{key}="), value));
            enclose('{', members, '}', out);
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn shown(key: &str, value: &Data) -> String {
    let mut text = key.to_owned();
    show(value, &mut text);
    text
}

fn enclose(open: char, parts: impl Iterator<Item = String>, close: char, out: &mut String) {
    out.push(open);
    out.push_str(&parts.collect::<Vec<_>>().join(", "));
    out.push(close);
}

/// Splits at every character of `delimiters`; empty parts vanish.
pub(super) fn split(data: &Data, delimiters: &Data) -> Computed {
    let delimiters = text(delimiters)?;
    let parts = text(data)?.split(|c| delimiters.contains(c));
    Ok(Data::array(
        parts
            .filter(|part| !part.is_empty())
            .map(Data::from)
            .collect(),
    ))
}

pub(super) fn encode(data: &Data) -> Computed {
    let text = text(data)?;
    check_length(text)?;
    Ok(Data::from(STANDARD.encode(text)))
}

pub(super) fn decode(data: &Data) -> Computed {
    let text = text(data)?;
    check_length(text)?;
    let bytes = STANDARD
        .decode(text)
        .map_err(|error| format!("not valid Base64: {error}"))?;
    Ok(Data::from(String::from_utf8_lossy(&bytes).into_owned()))
}

fn check_length(text: &str) -> Result<(), String> {
    match text.chars().count() {
        0..=MAX_BASE64 => Ok(()),
        length => Err(format!(
            "the text has {length} characters, at most {MAX_BASE64} are allowed"
        )),
    }
}
