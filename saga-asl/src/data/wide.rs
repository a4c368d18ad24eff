//! A hash wide enough to stand for what was hashed.

use std::hash::Hasher;

/// 128 bits, in two lanes of folded multiplication. Not for adversaries: what is hashed is the author's own
/// definition. Among a million states two fall together with a chance of about 10⁻²⁷.
#[derive(Clone)]
pub struct Wide {
    one: u64,
    two: u64,
}

/// Odd constants without structure: the fractional digits of square roots of primes (as in SHA-512).
const FIRST: u64 = 0x6a09_e667_f3bc_c909;
const SECOND: u64 = 0xbb67_ae85_84ca_a73b;

impl Default for Wide {
    fn default() -> Self {
        Self {
            one: 0x3c6e_f372_fe94_f82b,
            two: 0xa54f_f53a_5f1d_36f1,
        }
    }
}

fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

impl Wide {
    fn add(&mut self, word: u64) {
        self.one = folded(self.one ^ word, FIRST).wrapping_add(word);
        self.two = folded(self.two.rotate_left(29) ^ word, SECOND).wrapping_add(self.one);
    }

    /// Both lanes.
    pub fn wide(&self) -> u128 {
        let end = folded(self.two ^ FIRST, self.one | 1);
        u128::from(self.one) << 64 | u128::from(end)
    }
}

impl Hasher for Wide {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            self.add(u64::from_le_bytes(last));
        }
        self.add(bytes.len() as u64);
    }

    fn write_u8(&mut self, value: u8) {
        self.add(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.add(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn write_u128(&mut self, value: u128) {
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        let halves = (value as u64, (value >> 64) as u64);
        self.add(halves.0);
        self.add(halves.1);
    }

    fn finish(&self) -> u64 {
        self.one ^ self.two
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::Hash;

    use super::Wide;

    fn wide(value: &impl Hash) -> u128 {
        let mut hasher = Wide::default();
        value.hash(&mut hasher);
        hasher.wide()
    }

    #[test]
    fn nearby_values_fall_apart_in_both_lanes() {
        let hashes: Vec<u128> = (0..100_000_u64)
            .map(|n| wide(&n))
            .chain((0..100_000_u32).map(|n| wide(&format!("Step{n}"))))
            .collect();
        let whole: HashSet<u128> = hashes.iter().copied().collect();
        let low: HashSet<u64> = hashes.iter().map(|hash| *hash as u64).collect();
        let high: HashSet<u64> = hashes.iter().map(|hash| (*hash >> 64) as u64).collect();
        assert_eq!([whole.len(), low.len(), high.len()], [200_000; 3]);
    }

    #[test]
    fn where_one_part_ends_counts() {
        assert_ne!(wide(&("ab", "c")), wide(&("a", "bc")));
        assert_ne!(wide(&[1_u64, 0]), wide(&[0_u64, 1]));
    }
}
