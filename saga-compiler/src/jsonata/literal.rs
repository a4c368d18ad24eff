//! Constants and names, quoted.

use serde_json::Value;

/// A string constant of JSONata.
///
/// Its escapes are JSON's. Besides, no `{%`, `%}` or `${` is left in the text: the first two delimit
/// expressions in a definition, the third one starts a substitution of CloudFormation.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut before = None;
    for character in text.chars() {
        push(&mut quoted, before, character);
        before = Some(character);
    }
    quoted.push('"');
    quoted
}

fn push(quoted: &mut String, before: Option<char>, character: char) {
    match (before, character) {
        (_, '"') => quoted.push_str("\\\""),
        (_, '\\') => quoted.push_str("\\\\"),
        (_, '\n') => quoted.push_str("\\n"),
        (_, '\r') => quoted.push_str("\\r"),
        (_, '\t') => quoted.push_str("\\t"),
        (Some('%'), '}')
        | (Some('{'), '%')
        | (Some('$'), '{')
        | (_, '\0'..='\u{1f}' | '\u{7f}') => {
            quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
        }
        (_, character) => quoted.push(character),
    }
}

/// Whether a string means itself where a definition holds it: no expression, no substitution.
pub(crate) fn is_plain(text: &str) -> bool {
    !["{%", "%}", "${"].iter().any(|mark| text.contains(mark))
}

/// Words that JSONata reads as operators or constants where a name could stand.
const WORDS: [&str; 6] = ["and", "or", "in", "true", "false", "null"];

/// The name of a field in a path, in backticks where it is no plain word. It holds no backtick.
pub(crate) fn name(name: &str) -> String {
    let first = name.chars().next().unwrap_or('-');
    let word = (first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if word && !WORDS.contains(&name) {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// A constant of any kind as JSONata.
pub(crate) fn constant(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(constant).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = sorted(fields)
                .map(|(name, value)| format!("{}: {}", quoted(name), constant(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The fields of a constant object by name: their order in a `serde_json::Map` depends on a feature
/// that any crate of the build may switch on.
pub(crate) fn sorted(
    fields: &serde_json::Map<String, Value>,
) -> impl Iterator<Item = (&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| name.as_str());
    fields.into_iter()
}
