//! Source text as rustfmt would have it.

/// A doc comment, an attribute a line: `#` for an item's, `#!` for a module's.
pub(super) fn doc(mark: &str, text: &str) -> String {
    let line = |line: &str| match line {
        "" => format!("{mark}[doc = \"\"]\n"),
        line => format!("{mark}[doc = {:?}]\n", format!(" {line}")),
    };
    text.trim().lines().map(str::trim_end).map(line).collect()
}

/// The text in its usual form, with an empty line between items.
///
/// A text that is no Rust stays as it is: the tests compile every golden, and would show it.
pub(super) fn formatted(text: &str) -> String {
    let Ok(file) = syn::parse_file(text) else {
        return text.to_owned();
    };
    spaced(&prettyplease::unparse(&file))
}

/// An empty line before each item but the first, and between a saga's statements; and a table's keys as a field's type is
/// written.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut in_attributes = true;
    let mut before = "";
    for line in text.lines() {
        let begins_item = !in_attributes
            && ["#[", "///", "pub ", "impl "]
                .iter()
                .any(|word| line.starts_with(word));
        let after_uses = before.starts_with("use ") && !line.starts_with("use ");
        let first_use =
            line.starts_with("use ") && !before.starts_with("use ") && !before.is_empty();
        let attribute = line.starts_with("#[") || line.starts_with("///");
        let ended = before.starts_with('}') || before.ends_with(';') || before.ends_with("{}");
        let begins_item = begins_item && ended;
        let between = line.starts_with("    fn ") && before.starts_with("    type ");
        let statement =
            line.starts_with("        ") && !line.starts_with("         ") && line.trim() != "}";
        let after_call = before == "        );" && statement;
        if (begins_item || after_uses || first_use || between || after_call) && !spaced.is_empty() {
            spaced.push('\n');
        }
        in_attributes = attribute && in_attributes;
        let is_key = ["    partition_key = ", "    sort_key = "]
            .iter()
            .any(|key| line.starts_with(key));
        match line.split_once(':').filter(|_| is_key) {
            Some((field, of)) => spaced.extend([field, ": ", of]),
            None => spaced.push_str(line),
        }
        spaced.push('\n');
        before = line;
    }
    spaced
}

/// Whether code reads a variable, or names a type.
pub(super) fn reads(text: &str, name: &str) -> bool {
    let code = without_strings(text);
    let is_part =
        |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
    code.match_indices(name).any(|(at, word)| {
        let (before, from) = code.split_at(at);
        let after = from.get(word.len()..).unwrap_or_default();
        let before = before.chars().next_back();
        let is_word = !is_part(before) && !is_part(after.chars().next());
        // Of another value, or of a struct's literal, it is a field.
        let is_field = before == Some('.') || after.starts_with(':') && !after.starts_with("::");
        is_word && !is_field
    })
}

/// Code without what stands in its strings.
fn without_strings(text: &str) -> String {
    let (mut code, mut is_string, mut is_escaped) =
        (String::with_capacity(text.len()), false, false);
    for character in text.chars() {
        if !is_string {
            code.push(character);
        }
        match character {
            '"' if !is_escaped => is_string = !is_string,
            _ => {}
        }
        is_escaped = is_string && character == '\\' && !is_escaped;
    }
    code
}
