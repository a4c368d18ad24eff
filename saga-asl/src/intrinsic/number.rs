//! The functions on numbers, and those that need random ones.

use super::evaluate::{Computed, Random};
use crate::data::Data;

/// A number rounded half up, as the functions do with numbers that ought to be integers.
pub(super) fn integer(data: &Data) -> Result<i64, String> {
    if let Some(integer) = data.as_i64() {
        return Ok(integer);
    }
    match data.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, as Java's rounding does"
        )]
        Some(number) => Ok((number + 0.5).floor() as i64),
        None => Err(format!("expected a number, found {data}")),
    }
}

pub(super) fn add(a: &Data, b: &Data) -> Computed {
    match integer(a)?.checked_add(integer(b)?) {
        Some(sum) => Ok(Data::from(sum)),
        None => Err(format!("the sum of {a} and {b} does not fit 64 bits")),
    }
}

/// An integer from `from` up to but without `to`. The same seed gives the same number.
pub(super) fn random(
    from: &Data,
    to: &Data,
    seed: Option<&Data>,
    random: &mut dyn Random,
) -> Computed {
    let (from, to) = (integer(from)?, integer(to)?);
    let width = to
        .checked_sub(from)
        .and_then(|width| u64::try_from(width).ok());
    let Some(width) = width.filter(|width| *width > 0) else {
        return Err(format!(
            "the end {to} must be greater than the start {from}"
        ));
    };
    let bits = match seed {
        Some(seed) => scramble(integer(seed)?.cast_unsigned()),
        None => random.next(),
    };
    Ok(Data::from(from.wrapping_add_unsigned(bits % width)))
}

/// One round of SplitMix64: spreads a seed over 64 bits.
fn scramble(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A version 4 UUID (RFC 9562, section 5.4) from two random numbers.
pub fn uuid(random: &mut dyn Random) -> String {
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
