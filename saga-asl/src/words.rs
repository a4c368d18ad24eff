//! The words of a name, and whether two words are about the same thing.

/// The words of a name, in lower case: `RefundCard`, `refund_card` and `refund card` have the same.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for character in name.chars() {
        if character.is_alphanumeric() {
            let begins = match before {
                None => true,
                Some(before) => character.is_uppercase() && !before.is_uppercase(),
            };
            if begins {
                words.push(String::with_capacity(name.len()));
            }
            if let Some(word) = words.last_mut() {
                match character {
                    ascii if ascii.is_ascii() => word.push(ascii.to_ascii_lowercase()),
                    other => word.extend(other.to_lowercase()),
                }
            }
        }
        before = Some(character).filter(|character| character.is_alphanumeric());
    }
    words
}

/// Words that say nothing of what a state is about.
const EMPTY: [&str; 32] = [
    "a", "an", "and", "call", "data", "do", "error", "execute", "failed", "failure", "for", "fn",
    "function", "handle", "id", "info", "invoke", "lambda", "of", "on", "output", "parked",
    "perform", "process", "response", "result", "run", "state", "status", "step", "task", "the",
];

/// The words of a name that say what it is about.
#[must_use]
pub fn telling_words(name: &str) -> Vec<String> {
    words(name)
        .into_iter()
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .collect()
}

/// Whether two words are forms of one: `reserve` and `reservation`, `pay` and `payment`.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        "s", "es", "ed", "d", "ing", "ings", "ment", "ments", "al", "ation", "tion", "ion", "er",
    ];
    /// Endings that even the shortest words take: `pay`, `payment`.
    const OF_SHORT_WORDS: [&str; 4] = ["s", "ing", "ment", "ments"];
    const LONG_ENOUGH: usize = 5;
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short == long {
        return true;
    }
    let ending = long.strip_prefix(short).unwrap_or_default();
    let ends = match short.len() {
        0..=2 => false,
        3 => OF_SHORT_WORDS.contains(&ending),
        _ => ENDINGS.contains(&ending),
    };
    let shared = short
        .bytes()
        .zip(long.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    ends || (shared >= LONG_ENOUGH && shared + 2 >= short.len())
}

/// Whether two lists have a word in common.
#[must_use]
pub fn share(one: &[String], other: &[String]) -> bool {
    one.iter()
        .any(|word| other.iter().any(|other| same(word, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_words() {
        for name in [
            "RefundCard",
            "refund_card",
            "refund card",
            "refundCard",
            "Refund-Card",
        ] {
            assert_eq!(words(name), ["refund", "card"], "{name}");
        }
        assert_eq!(words("DDBPut2"), ["ddbput2"]);
    }

    #[test]
    fn forms_of_a_word_are_the_same() {
        for (one, other) in [
            ("reserve", "reservation"),
            ("pay", "payment"),
            ("book", "booking"),
            ("authorise", "authorization"),
            ("order", "orders"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("car", "card"),
            ("flight", "hotel"),
            ("charge", "refund"),
            ("car", "carrier"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
