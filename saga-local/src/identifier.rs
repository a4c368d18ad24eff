//! Identifiers as AWS gives them out: UUIDs of version 4.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

/// A random UUID. Its bits come from the standard library's own seed for hash maps: unique, as ids of one
/// machine must be, and nothing more.
#[must_use]
pub fn random() -> String {
    let half = |part: u8| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u8(part);
        hasher.finish()
    };
    format_uuid(half(0), half(1))
}

/// A UUID of version 4 with these bits.
fn format_uuid(high: u64, low: u64) -> String {
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_the_form_of_a_uuid() {
        assert_eq!(format_uuid(0, 0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(
            format_uuid(u64::MAX, u64::MAX),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert_ne!(random(), random());
    }
}
