//! Names and labels, broken into lines.

/// Breaks a name at the borders of its words into lines of so many characters. What does not fit into four lines
/// is cut, and says so.
pub(crate) fn wrap(name: &str, width: usize) -> Vec<String> {
    const MOST: usize = 4;
    let mut lines: Vec<String> = vec![String::new()];
    for word in words(name) {
        let length = word.trim_end().chars().count();
        let fits = |line: &&mut String| line.is_empty() || line.chars().count() + length <= width;
        match lines.last_mut().filter(fits) {
            Some(line) => line.push_str(&word),
            None => lines.push(word),
        }
    }
    let cut = lines.len() > MOST;
    lines.truncate(MOST);
    let mut lines: Vec<String> = lines.iter().map(|line| short(line.trim(), width)).collect();
    if let Some(last) = lines.last_mut().filter(|_| cut) {
        *last = short(&format!("{last}……"), width.max(last.chars().count()));
    }
    lines
}

/// A text of at most so many characters, cut where it is longer.
pub(crate) fn short(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The words of a name, each with what follows it up to the next.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in name
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
    {
        let starts = character.is_uppercase() && !before.is_uppercase()
            || matches!(before, ' ' | '-' | '_' | '.' | ':' | '/') && character != ' ';
        match words.last_mut() {
            Some(word) if !starts => word.push(character),
            _ => words.push(character.to_string()),
        }
        before = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn names_break_at_words_and_never_vanish() {
        for (name, expected) in [
            ("ChargeCard", vec!["ChargeCard"]),
            (
                "ReserveInventoryOfWarehouse",
                vec!["ReserveInventoryOf", "Warehouse"],
            ),
            (
                "reserve the stock of a shop",
                vec!["reserve the stock", "of a shop"],
            ),
            ("abcdefghijklmnopqrstuvwxyz", vec!["abcdefghijklmnopq…"]),
            ("", vec![""]),
        ] {
            assert_eq!(wrap(name, 18), expected, "{name}");
        }
        let long = wrap(&"VeryLongName".repeat(20), 18);
        assert_eq!(long.len(), 4);
        assert!(long.last().is_some_and(|line| line.ends_with('…')));
    }
}
