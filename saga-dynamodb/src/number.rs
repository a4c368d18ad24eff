//! DynamoDB's numbers: decimals of up to 38 significant digits, between 1E-130 and 9.99…E+125.
//!
//! Source: developer guide, "Supported data types and naming rules".

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::Error;

/// Significant digits at most.
const DIGITS: u32 = 38;
/// The largest power of ten of a number's first digit.
const LARGEST: i64 = 125;
/// The smallest.
const SMALLEST: i64 = -130;

/// A number: coefficient times a power of ten, the coefficient without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    coefficient: i128,
    exponent: i64,
}

impl Number {
    /// A whole number.
    #[must_use]
    pub fn whole(value: usize) -> Self {
        // A size in memory has at most 20 digits.
        let coefficient = i128::try_from(value).unwrap_or(i128::MAX / 10);
        Self {
            coefficient,
            exponent: 0,
        }
        .trimmed()
    }

    /// The sum.
    ///
    /// # Errors
    /// When it has more digits than a number may have, or is too large or too small.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        let exponent = self.exponent.min(other.exponent);
        let sum = self
            .scaled(exponent)
            .zip(other.scaled(exponent))
            .and_then(|(a, b)| a.checked_add(b));
        sum.ok_or_else(too_precise).and_then(|coefficient| {
            Self {
                coefficient,
                exponent,
            }
            .trimmed()
            .checked()
        })
    }

    /// The difference.
    ///
    /// # Errors
    /// As for the sum.
    pub fn minus(self, other: Self) -> Result<Self, Error> {
        self.plus(Self {
            coefficient: -other.coefficient,
            ..other
        })
    }

    /// The coefficient at a smaller exponent; none where it would not fit.
    fn scaled(self, exponent: i64) -> Option<i128> {
        if self.coefficient == 0 {
            return Some(0);
        }
        let shift = u32::try_from(self.exponent - exponent).ok()?;
        self.coefficient.checked_mul(10_i128.checked_pow(shift)?)
    }

    fn trimmed(mut self) -> Self {
        if self.coefficient == 0 {
            return Self {
                coefficient: 0,
                exponent: 0,
            };
        }
        while self.coefficient % 10 == 0 {
            self.coefficient /= 10;
            self.exponent += 1;
        }
        self
    }

    fn digits(self) -> u32 {
        self.coefficient
            .unsigned_abs()
            .checked_ilog10()
            .map_or(1, |log| log + 1)
    }

    /// The power of ten of the first digit.
    fn magnitude(self) -> i64 {
        self.exponent + i64::from(self.digits()) - 1
    }

    fn checked(self) -> Result<Self, Error> {
        if self.digits() > DIGITS {
            Err(too_precise())
        } else if self.coefficient != 0 && self.magnitude() > LARGEST {
            Err(out_of_range("overflow", "larger"))
        } else if self.coefficient != 0 && self.magnitude() < SMALLEST {
            Err(out_of_range("underflow", "smaller"))
        } else {
            Ok(self)
        }
    }
}

fn too_precise() -> Error {
    Error::Validation("Attempting to store more than 38 significant digits in a Number".into())
}

fn out_of_range(what: &str, which: &str) -> Error {
    Error::Validation(format!(
        "Number {what}. Attempting to store a number with magnitude {which} than supported range"
    ))
}

impl FromStr for Number {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let malformed = || {
            Error::Validation(format!(
                "The parameter cannot be converted to a numeric value: {text}"
            ))
        };
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().map_err(|_| malformed())?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let (negative, whole) = match whole.strip_prefix('-') {
            Some(whole) => (true, whole),
            None => (false, whole.strip_prefix('+').unwrap_or(whole)),
        };
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(malformed());
        }
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        let zeros = i64::try_from(significant.len() - trimmed.len()).unwrap_or(i64::MAX);
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        if trimmed.is_empty() {
            return Ok(Self {
                coefficient: 0,
                exponent: 0,
            });
        }
        let coefficient: i128 = trimmed.parse().map_err(|_| too_precise())?;
        let coefficient = if negative { -coefficient } else { coefficient };
        Self {
            coefficient,
            exponent: i64::from(power) - places + zeros,
        }
        .checked()
    }
}

impl fmt::Display for Number {
    /// As DynamoDB answers it: plain, without an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let mut digits = self.coefficient.unsigned_abs().to_string();
        if let Ok(zeros) = usize::try_from(self.exponent) {
            return write!(f, "{sign}{digits}{:0<zeros$}", "");
        }
        let places = usize::try_from(-self.exponent).unwrap_or(usize::MAX);
        if digits.len() <= places {
            digits = format!("{digits:0>width$}", width = places + 1);
        }
        let fraction = digits.split_off(digits.len() - places);
        write!(f, "{sign}{digits}.{fraction}")
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.coefficient.signum(), other.coefficient.signum());
        if a != b || a == 0 {
            return a.cmp(&b);
        }
        let by_size = self
            .magnitude()
            .cmp(&other.magnitude())
            .then_with(|| self.cmp_digits(other));
        if a < 0 { by_size.reverse() } else { by_size }
    }
}

impl Number {
    /// Compares the sizes of two numbers whose first digits stand at the same power of ten.
    fn cmp_digits(&self, other: &Self) -> Ordering {
        let width = |number: &Self| {
            let digits = number.coefficient.unsigned_abs();
            digits.saturating_mul(10_u128.saturating_pow(DIGITS - number.digits().min(DIGITS)))
        };
        width(self).cmp(&width(other))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let read = text.parse::<Number>().map(|number| number.to_string());
        let found = read.as_deref().map_err(ToString::to_string);
        assert_eq!(found, expected.map_err(ToString::to_string), "{text}");
    }

    #[test]
    fn a_number_is_read_and_written_plainly() {
        check("0", Ok("0"));
        check("-0.0", Ok("0"));
        check("007", Ok("7"));
        check("1.50", Ok("1.5"));
        check("-12.5e1", Ok("-125"));
        check("1e3", Ok("1000"));
        check("5E-3", Ok("0.005"));
        check(".5", Ok("0.5"));
        check(
            "99999999999999999999999999999999999999",
            Ok("99999999999999999999999999999999999999"),
        );
        check(
            "999999999999999999999999999999999999991",
            Err("Attempting to store more than 38 significant digits in a Number"),
        );
        check(
            "twenty",
            Err("The parameter cannot be converted to a numeric value: twenty"),
        );
        check(
            "",
            Err("The parameter cannot be converted to a numeric value: "),
        );
        check(
            "1e126",
            Err(
                "Number overflow. Attempting to store a number with magnitude larger than supported range",
            ),
        );
        check(
            "1e-131",
            Err(
                "Number underflow. Attempting to store a number with magnitude smaller than supported range",
            ),
        );
    }

    #[test]
    fn sums_are_exact() {
        let sum = |a: &str, b: &str| {
            a.parse::<Number>()
                .unwrap()
                .plus(b.parse().unwrap())
                .map(|sum| sum.to_string())
        };
        assert_eq!(sum("0.1", "0.2").unwrap(), "0.3");
        assert_eq!(sum("-5", "5").unwrap(), "0");
        assert_eq!(sum("0", "1e-100").unwrap().len(), 102);
        assert!(sum("1e100", "1").is_err());
    }

    #[test]
    fn order_is_by_value() {
        let numbers = [
            "-1e10", "-10", "-9.5", "-0.1", "0", "1e-5", "0.5", "3", "20", "21", "1e20",
        ];
        let parsed: Vec<Number> = numbers.iter().map(|text| text.parse().unwrap()).collect();
        let mut sorted = parsed.clone();
        sorted.reverse();
        sorted.sort();
        assert_eq!(sorted, parsed);
    }
}
