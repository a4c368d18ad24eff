//! Names as Rust has them.

use std::fmt::Write as _;

use crate::types::Field;

/// Words that Rust keeps for itself.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    // What the saga itself is called where it is defined.
    "saga",
];

/// The words of a name: at other characters than letters and digits, and where small letters end.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let characters: Vec<char> = name.chars().collect();
    for (index, character) in characters.iter().copied().enumerate() {
        if character.is_ascii_alphanumeric() {
            let after = characters.get(index + 1);
            let begins = match before {
                None => true,
                Some(before) => {
                    character.is_ascii_uppercase()
                        && (!before.is_ascii_uppercase()
                            || after.is_some_and(char::is_ascii_lowercase))
                }
            };
            if begins {
                words.push(String::new());
            }
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.push(character));
        }
        before = Some(character).filter(char::is_ascii_alphanumeric);
    }
    words
}

/// A variable's or a field's name.
pub(crate) fn snake(name: &str) -> String {
    let words: Vec<_> = words(name)
        .iter()
        .map(|word| word.to_ascii_lowercase())
        .collect();
    let mut name = words.join("_");
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, 'n');
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// A type's name.
pub(crate) fn pascal(name: &str) -> String {
    let mut pascal = String::new();
    for word in words(name) {
        let (first, rest) = word.split_at(1.min(word.len()));
        pascal.push_str(&first.to_ascii_uppercase());
        pascal.push_str(rest);
    }
    if pascal.is_empty() || pascal.starts_with(|first: char| first.is_ascii_digit()) {
        pascal.insert(0, 'N');
    }
    if pascal == "Self" {
        pascal.push('_');
    }
    pascal
}

/// What serde's `camelCase` makes of a field's name.
fn camel(rust: &str) -> String {
    let mut camel = String::new();
    for (index, word) in rust.split('_').enumerate() {
        let (first, rest) = word.split_at(1.min(word.len()));
        match index {
            0 => camel.push_str(first),
            _ => camel.push_str(&first.to_ascii_uppercase()),
        }
        camel.push_str(rest);
    }
    camel
}

/// The attribute that names all fields, and the fields.
pub(super) fn fields(fields: &[Field]) -> (&'static str, String) {
    let is = |camel: &dyn Fn(&str) -> String| {
        fields.iter().all(|field| camel(&field.rust) == field.json)
    };
    let (rename, each) = if is(&str::to_owned) {
        ("", false)
    } else if is(&camel) {
        ("#[serde(rename_all = \"camelCase\")]\n", false)
    } else {
        ("", true)
    };
    let mut text = String::new();
    for field in fields {
        if each && field.json != field.rust {
            writeln!(text, "#[serde(rename = {:?})]", field.json).unwrap_or_default();
        }
        writeln!(text, "pub {}: {},", field.rust, field.of).unwrap_or_default();
    }
    (rename, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases = [
            (
                "ReserveHotelResult",
                "reserve_hotel_result",
                "ReserveHotelResult",
            ),
            (
                "sns:NotifySuccess",
                "sns_notify_success",
                "SnsNotifySuccess",
            ),
            ("order_id", "order_id", "OrderId"),
            ("We have made it!", "we_have_made_it", "WeHaveMadeIt"),
            ("HTTPStatus", "http_status", "HTTPStatus"),
            ("type", "type_", "Type"),
            ("2nd", "n2nd", "N2nd"),
            ("ü", "n", "N"),
        ];
        for (name, in_snake, in_pascal) in cases {
            assert_eq!(
                (snake(name).as_str(), pascal(name).as_str()),
                (in_snake, in_pascal),
                "{name}"
            );
        }
    }
}
