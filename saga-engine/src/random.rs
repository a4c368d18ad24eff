//! Chance that can be repeated.

use saga_asl::intrinsic::Random;
use serde::{Deserialize, Serialize};

/// Random numbers from a seed (SplitMix64): the same seed gives the same execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeded(u64);

impl Seeded {
    /// The numbers that follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Seeded(seed)
    }

    /// A number from 0.0 up to but without 1.0.
    pub fn fraction(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.next() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }
}

impl Random for Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
