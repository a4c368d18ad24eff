//! The words of a name, and whether two words are about the same thing.

use std::ops::Range;

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    place: Range<usize>,
    /// Whether it says what the name is about.
    telling: bool,
}

/// The words of a name, in lower case: `RefundCard`, `refund_card` and `refund card` have the same.
/// `RollBack` is one word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    text: String,
    words: Vec<Word>,
}

impl Words {
    /// Takes a name apart.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut words = Self {
            text: String::with_capacity(name.len()),
            words: Vec::new(),
        };
        let mut before: Option<char> = None;
        for character in name.chars() {
            if character.is_alphanumeric() {
                words.push(character, before);
            }
            before = Some(character).filter(|character| character.is_alphanumeric());
        }
        for word in &mut words.words {
            let text = words.text.get(word.place.clone()).unwrap_or_default();
            word.telling = !is_empty(text);
        }
        words
    }

    fn push(&mut self, character: char, before: Option<char>) {
        let begins = match before {
            None => true,
            Some(before) => character.is_uppercase() && !before.is_uppercase(),
        };
        let at = self.text.len();
        match character {
            ascii if ascii.is_ascii() => self.text.push(ascii.to_ascii_lowercase()),
            other => self.text.extend(other.to_lowercase()),
        }
        if begins {
            self.words.push(Word {
                place: at..at,
                telling: true,
            });
        }
        if let Some(last) = self.words.last_mut() {
            last.place.end = self.text.len();
        }
        self.join_roll_back();
    }

    fn join_roll_back(&mut self) {
        if let [.., roll, back] = self.words.as_mut_slice() {
            let whole = roll.place.start..back.place.end;
            let parted = roll.place.len() == "roll".len();
            if parted && self.text.get(whole.clone()) == Some("rollback") {
                roll.place = whole;
                self.words.pop();
            }
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        let words = self.words.iter();
        words.filter_map(|word| self.text.get(word.place.clone()))
    }

    /// Those that say what it is about.
    pub fn telling(&self) -> impl Iterator<Item = &str> + Clone {
        let telling = self.words.iter().filter(|word| word.telling);
        telling.filter_map(|word| self.text.get(word.place.clone()))
    }

    /// Whether one of them is that word.
    #[must_use]
    pub fn contain(&self, word: &str) -> bool {
        self.iter().any(|own| own == word)
    }

    /// Whether they are about the same as others: a telling word in common.
    #[must_use]
    pub fn share(&self, other: &Self) -> bool {
        self.telling()
            .any(|word| other.telling().any(|other| same(word, other)))
    }
}

/// Whether a word says nothing of what a state is about.
#[rustfmt::skip]
fn is_empty(word: &str) -> bool {
    matches!(
        word,
        "a" | "an" | "and" | "call" | "data" | "do" | "error" | "execute" | "failed" | "failure"
            | "for" | "fn" | "function" | "handle" | "id" | "info" | "invoke" | "lambda" | "of"
            | "on" | "output" | "parked" | "perform" | "process" | "response" | "result" | "run"
            | "state" | "status" | "step" | "task" | "the"
    )
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
    // Most pairs are told apart by their first letters.
    if one.as_bytes().first() != other.as_bytes().first() {
        return false;
    }
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
    ends || (shared >= LONG_ENOUGH && shared + 2 >= short.len()) || abbreviates(short, long)
}

/// Whether a word is the usual abbreviation of another.
fn abbreviates(short: &str, long: &str) -> bool {
    const USUAL: [(&str, &str); 16] = [
        ("acct", "account"),
        ("addr", "address"),
        ("auth", "authorization"),
        ("auth", "authorize"),
        ("config", "configuration"),
        ("cust", "customer"),
        ("db", "database"),
        ("inv", "inventory"),
        ("org", "organization"),
        ("pmt", "payment"),
        ("prod", "product"),
        ("qty", "quantity"),
        ("res", "reservation"),
        ("sub", "subscription"),
        ("tx", "transaction"),
        ("txn", "transaction"),
    ];
    let mut usual = USUAL
        .iter()
        .filter(|(abbreviation, _)| *abbreviation == short);
    usual.any(|(_, whole)| *whole != short && same(whole, long))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        let words = Words::of(name);
        assert_eq!(words.iter().collect::<Vec<_>>(), expected, "{name}");
    }

    #[test]
    fn names_have_words() {
        for name in [
            "RefundCard",
            "refund_card",
            "refund card",
            "refundCard",
            "Refund-Card",
        ] {
            check(name, &["refund", "card"]);
        }
        check("DDBPut2", &["ddbput2"]);
        check("Roll back order", &["rollback", "order"]);
        check("RollBackOrder", &["rollback", "order"]);
        check("ScrollBack", &["scroll", "back"]);
        check("", &[]);
    }

    #[test]
    fn forms_of_a_word_are_the_same() {
        for (one, other) in [
            ("reserve", "reservation"),
            ("pay", "payment"),
            ("book", "booking"),
            ("authorise", "authorization"),
            ("order", "orders"),
            ("auth", "authorise"),
            ("txn", "transactions"),
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
