//! Sensitive data: where it stands in an input, and how it is kept out of what is written.

use std::borrow::Cow;

use saga_manifest::saga::SensitiveField;
use serde_json::Value;

/// What stands in the place of a sensitive value.
const REDACTED: &str = "[redacted]";

/// Up to so many characters a secret is replaced only as a word of its own: inside of words and numbers it
/// tells nothing, and a verification value of `1` is not to be cut out of every number.
const LONGEST_WORD: usize = 3;

/// The path segment for every item of a list or map, as [`SensitiveField::path`] has it.
const EVERY: &str = "*";

/// Takes the sensitive values out of an input.
pub(crate) fn redact(input: &mut Value, fields: &[SensitiveField]) -> Secrets {
    let mut texts = Vec::new();
    for field in fields {
        visit(input, &field.path, &mut |value| {
            if !value.is_null() {
                collect(&std::mem::replace(value, REDACTED.into()), &mut texts);
            }
        });
    }
    Secrets::new(texts)
}

/// The sensitive values of one invocation, as texts that must not be written.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// Longest first, so that no secret hides a part of a longer one.
    texts: Vec<String>,
}

impl Secrets {
    fn new(mut texts: Vec<String>) -> Self {
        texts.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        texts.dedup();
        Self { texts }
    }

    /// The text with every secret replaced.
    pub(crate) fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.texts.iter().any(|secret| text.contains(secret)) {
            return Cow::Borrowed(text);
        }
        let (mut clean, mut rest, mut before) = (String::with_capacity(text.len()), text, None);
        while let Some(next) = rest.chars().next() {
            let length = match self.at_start(rest, before) {
                Some(secret) => {
                    clean.push_str(REDACTED);
                    secret.len()
                }
                None => {
                    clean.push(next);
                    next.len_utf8()
                }
            };
            // INVARIANT: `length` is that of a prefix, a secret or a character.
            let (passed, left) = rest.split_at(length);
            (before, rest) = (passed.chars().next_back(), left);
        }
        Cow::Owned(clean)
    }

    /// The longest secret that a text starts with, what comes `before` it being known.
    fn at_start(&self, text: &str, before: Option<char>) -> Option<&String> {
        self.texts.iter().find(|secret| {
            let after = text.strip_prefix(secret.as_str());
            let inside = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
            after.is_some_and(|after| {
                secret.chars().count() > LONGEST_WORD
                    || !(inside(before) || inside(after.chars().next()))
            })
        })
    }
}

/// The texts that a value may show up as: itself, and as a message quotes it.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => texts.push(flag.to_string()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => {
            let quoted = format!("{text:?}");
            let escaped = quoted.trim_matches('"');
            if escaped != text {
                texts.push(escaped.to_owned());
            }
            texts.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
    }
}

/// Visits the values at a path; there may be none, or many.
fn visit(value: &mut Value, path: &[String], found: &mut impl FnMut(&mut Value)) {
    let Some((name, rest)) = path.split_first() else {
        return found(value);
    };
    match value {
        Value::Array(items) if name == EVERY => {
            items.iter_mut().for_each(|item| visit(item, rest, found));
        }
        Value::Object(fields) => {
            if let Some(field) = fields.get_mut(name) {
                visit(field, rest, found);
            } else if name == EVERY {
                fields
                    .values_mut()
                    .for_each(|field| visit(field, rest, found));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use saga_manifest::saga::SensitiveForm;
    use serde_json::json;

    use super::*;

    fn fields(paths: &[&str]) -> Vec<SensitiveField> {
        let field = |path: &&str| SensitiveField {
            path: path.split('.').map(str::to_owned).collect(),
            form: SensitiveForm::Clear,
        };
        paths.iter().map(field).collect()
    }

    #[track_caller]
    fn check_input(mut input: Value, paths: &[&str], expected: Value) {
        redact(&mut input, &fields(paths));
        assert_eq!(input, expected);
    }

    #[test]
    fn sensitive_fields_are_replaced_wherever_they_stand() {
        check_input(
            json!({"id": "7", "card": {"cc": "4111", "expiry": "12/30"}}),
            &["card.cc", "card.cvv", "id.cc"],
            json!({"id": "7", "card": {"cc": "[redacted]", "expiry": "12/30"}}),
        );
        check_input(
            json!({"cards": [{"cc": "4111"}, {"cc": 4222}, {"cc": null}, 7]}),
            &["cards.*.cc"],
            json!({"cards": [{"cc": "[redacted]"}, {"cc": "[redacted]"}, {"cc": null}, 7]}),
        );
        check_input(
            json!({"byName": {"a": {"cc": [1, 2]}, "b": {}}}),
            &["byName.*.cc"],
            json!({"byName": {"a": {"cc": "[redacted]"}, "b": {}}}),
        );
    }

    #[track_caller]
    fn check_text(mut input: Value, text: &str, expected: &str) {
        let secrets = redact(&mut input, &fields(&["cc"]));
        assert_eq!(secrets.scrub(text), expected);
    }

    #[test]
    fn secrets_are_scrubbed_from_texts() {
        check_text(
            json!({"cc": "4111"}),
            "refused 4111 (4111)",
            "refused [redacted] ([redacted])",
        );
        check_text(json!({"cc": 4111}), "refused 4111", "refused [redacted]");
        check_text(
            json!({"cc": ["41", "4111"]}),
            "4111 41",
            "[redacted] [redacted]",
        );
        check_text(
            json!({"cc": "a\"b"}),
            r#"string "a\"b" or a"b"#,
            r#"string "[redacted]" or [redacted]"#,
        );
        check_text(
            json!({"cc": ["redacted", "e", "12"]}),
            "redacted: e, 12, 123 and me",
            "[redacted]: [redacted], [redacted], 123 and me",
        );
        check_text(json!({"cc": "é-ü"}), "é-üé-ü é-ü", "é-üé-ü [redacted]");
        check_text(json!({"cc": ""}), "nothing to hide", "nothing to hide");
        check_text(json!({}), "nothing to hide", "nothing to hide");
    }
}
