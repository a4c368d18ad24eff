//! Numbers that keep their spelling.

use std::fmt;

/// A JSON number as it was written: `2`, `2.0` and `2e0` are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// A number from its text, or nothing where the text is no JSON number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_number(text.as_bytes()).then(|| Self(text.into()))
    }

    /// The text as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value where it is a whole number that fits; `2.0` is whole.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok().or_else(|| whole(self.as_f64()))
    }

    /// The value where it is a whole number from zero on that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0
            .parse()
            .ok()
            .or_else(|| u64::try_from(self.as_i64()?).ok())
    }

    /// The nearest floating-point value; infinite where it is out of range.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

/// A float that is a whole number which a float represents exactly.
fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "INVARIANT: whole and within ±2^53"
    )]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

/// The grammar of RFC 8259, section 6.
fn is_number(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, rest) = split_digits(unsigned);
    let leading_zero = whole.len() > 1 && whole.first() == Some(&b'0');
    !whole.is_empty() && !leading_zero && fraction(rest).is_some_and(exponent)
}

/// What follows a fraction, if there is a good one or none.
fn fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(rest) = text.strip_prefix(b".") else {
        return Some(text);
    };
    let (digits, rest) = split_digits(rest);
    (!digits.is_empty()).then_some(rest)
}

/// Whether the text is an exponent or nothing.
fn exponent(text: &[u8]) -> bool {
    let Some((b'e' | b'E', rest)) = text.split_first() else {
        return text.is_empty();
    };
    let rest = rest
        .strip_prefix(b"-")
        .or_else(|| rest.strip_prefix(b"+"))
        .unwrap_or(rest);
    let (digits, rest) = split_digits(rest);
    !digits.is_empty() && rest.is_empty()
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<f64> for Number {
    /// Always with a fraction or an exponent: `2.0`. JSON has no infinity and no NaN; they become `0.0`.
    fn from(value: f64) -> Self {
        let finite = if value.is_finite() { value } else { 0.0 };
        Self(format!("{finite:?}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_other_text() {
        for good in ["0", "-0", "1", "10", "1.5", "1e3", "1E+3", "-1.25e-10"] {
            assert!(Number::parse(good).is_some(), "{good}");
        }
        for bad in [
            "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "1 ", "1-",
        ] {
            assert!(Number::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn whole_numbers_are_whole_in_any_spelling() {
        let whole = |text| Number::parse(text).and_then(|n| n.as_i64());
        assert_eq!(whole("2.0"), Some(2));
        assert_eq!(whole("1e3"), Some(1000));
        assert_eq!(whole("1.5"), None);
        assert_eq!(whole("1e300"), None);
    }

    #[test]
    fn a_float_keeps_its_point() {
        assert_eq!(Number::from(2.0).as_str(), "2.0");
    }
}
