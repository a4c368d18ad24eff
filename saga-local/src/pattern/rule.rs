//! One rule for a value.

use serde_json::Value;

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// This value: text by its characters, numbers by their value.
    Equal(Value),
    /// A text that begins so.
    Prefix(String),
    /// A text that begins so, in whatever case.
    PrefixIgnoreCase(String),
    /// A text that ends so.
    Suffix(String),
    /// A text that ends so, in whatever case.
    SuffixIgnoreCase(String),
    /// This text, in whatever case.
    EqualsIgnoreCase(String),
    /// A text with anything in the place of each `*`.
    Wildcard(String),
    /// A value that none of these matches.
    AnythingBut(Vec<Rule>),
    /// A number for which all of these hold.
    Numeric(Vec<(Comparison, f64)>),
    /// Whether the field is there at all.
    Exists(bool),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Rule {
    /// Whether a field's value matches; of a list, one of its values must.
    pub(super) fn matches(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Exists(expected), value) => value.is_some() == *expected,
            (_, None) => false,
            (rule, Some(Value::Array(values))) => values.iter().any(|value| rule.accepts(value)),
            (rule, Some(value)) => rule.accepts(value),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        match self {
            Self::Equal(expected) => equal(expected, value),
            Self::AnythingBut(rules) => !rules.iter().any(|rule| rule.accepts(value)),
            Self::Numeric(bounds) => value
                .as_f64()
                .is_some_and(|value| bounds.iter().all(|(how, bound)| how.holds(value, *bound))),
            Self::Exists(expected) => *expected,
            text => value.as_str().is_some_and(|value| text.accepts_text(value)),
        }
    }

    fn accepts_text(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::PrefixIgnoreCase(prefix) => folded.starts_with(&prefix.to_lowercase()),
            Self::Suffix(suffix) => text.ends_with(suffix.as_str()),
            Self::SuffixIgnoreCase(suffix) => folded.ends_with(&suffix.to_lowercase()),
            Self::EqualsIgnoreCase(expected) => folded == expected.to_lowercase(),
            Self::Wildcard(pattern) => wildcard(pattern, text),
            Self::Equal(_) | Self::AnythingBut(_) | Self::Numeric(_) | Self::Exists(_) => false,
        }
    }
}

fn equal(expected: &Value, value: &Value) -> bool {
    match (expected.as_f64(), value.as_f64()) {
        (Some(expected), Some(value)) => Comparison::Equal.holds(value, expected),
        _ => expected == value,
    }
}

impl Comparison {
    fn holds(self, value: f64, bound: f64) -> bool {
        let ordering = value.total_cmp(&bound);
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// Whether a text fits a pattern whose `*` stand for anything: its pieces come in order, the first at the
/// start and the last at the end.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
