//! Whether a value is what was recorded, where parts of a recording stand for values that vary.

use serde_json::Value;

/// The first place where `found` is not like `expected`.
pub fn unlike(expected: &Value, found: &Value, wild: &[String]) -> Option<String> {
    compare(expected, found, wild, "$")
}

fn compare(expected: &Value, found: &Value, wild: &[String], place: &str) -> Option<String> {
    let differs = || Some(format!("{place}: expected {expected}, found {found}"));
    match (expected, found) {
        (Value::String(text), _) if stands_for_anything(text, wild) => None,
        (Value::String(text), Value::String(other)) => {
            let alike = like(text, other, wild) || same_json(text, other, wild);
            (!alike).then(differs)?
        }
        (Value::Object(_) | Value::Array(_), Value::String(text)) => {
            match serde_json::from_str(text) {
                Ok(parsed) => compare(expected, &parsed, wild, place),
                Err(_) => differs(),
            }
        }
        (Value::Number(a), Value::Number(b)) => (a.as_f64() != b.as_f64()).then(differs)?,
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(i, (a, b))| compare(a, b, wild, &format!("{place}[{i}]")))
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(key, value)| match b.get(key) {
                Some(other) => compare(value, other, wild, &format!("{place}.{key}")),
                None => Some(format!("{place}.{key}: missing in {found}")),
            })
        }
        _ => (expected != found).then(differs)?,
    }
}

/// Two texts that are both JSON are alike if their values are.
fn same_json(expected: &str, found: &str, wild: &[String]) -> bool {
    if !expected.starts_with(['{', '[']) {
        return false;
    }
    match (serde_json::from_str(expected), serde_json::from_str(found)) {
        (Ok(a), Ok(b)) => compare(&a, &b, wild, "$").is_none(),
        _ => false,
    }
}

fn stands_for_anything(text: &str, wild: &[String]) -> bool {
    let one = text.starts_with('<') && text.ends_with('>') && !text.contains(' ');
    one || matches!(text, "date" | "timestamp") || wild.iter().any(|wild| wild == text)
}

/// Whether `found` is `expected` with something in place of each part that varies.
fn like(expected: &str, found: &str, wild: &[String]) -> bool {
    let parts = fixed_parts(expected, wild);
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return expected == found;
    };
    if parts.len() == 1 {
        return expected == found;
    }
    let Some(mut rest) = found.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

/// The parts of a text between those that vary.
fn fixed_parts(text: &str, wild: &[String]) -> Vec<String> {
    let mut marked = text.to_owned();
    for word in wild {
        marked = marked.replace(word.as_str(), "\u{0}");
    }
    let mut parts = vec![String::new()];
    let mut letters = marked.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{0}' => parts.push(String::new()),
            '<' => {
                let rest: String = letters.clone().take_while(|c| *c != '>').collect();
                let name = rest
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-:. <".contains(c));
                match name && letters.clone().any(|c| c == '>') {
                    true => {
                        letters
                            .by_ref()
                            .take(rest.chars().count() + 1)
                            .for_each(drop);
                        parts.push(String::new());
                    }
                    false => parts.last_mut().unwrap().push('<'),
                }
            }
            _ => parts.last_mut().unwrap().push(letter),
        }
    }
    parts
}
