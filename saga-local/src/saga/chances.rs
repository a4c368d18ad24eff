//! Faults by chance.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::Fault;
use super::address::Site;

/// Faults by chance: each attempt of each task draws one of them, or none. What it draws follows from the
/// seed, the place of the task and the attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chances {
    /// What the draws follow from.
    pub seed: u64,
    /// The faults, and how likely each is: from 0 to 1, at most 1 together.
    pub faults: Vec<(Fault, f64)>,
}

impl Chances {
    /// What an attempt (from 0) draws.
    #[must_use]
    pub fn drawn(&self, site: &Site<'_>, attempt: u32) -> Option<&Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let mut left = self.draw(site, attempt);
        let mut faults = self.faults.iter();
        let hit = faults.find(|(_, chance)| {
            left -= chance;
            left < 0.0
        });
        hit.map(|(fault, _)| fault)
    }

    /// From 0 to 1.
    fn draw(&self, site: &Site<'_>, attempt: u32) -> f64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, site.machine, site.state, site.iteration, attempt).hash(&mut hasher);
        let bits = u32::try_from(hasher.finish() >> 32).unwrap_or_default();
        f64::from(bits) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of 10,000 attempts are hit by faults of these chances.
    fn hits(chances: [f64; 2]) -> [usize; 2] {
        let [crash, timeout] = chances;
        let chances = Chances {
            seed: 7,
            faults: vec![(Fault::Crash, crash), (Fault::Timeout, timeout)],
        };
        let site = Site {
            machine: "Saga",
            state: "Step",
            iteration: &[],
        };
        let drawn: Vec<_> = (0..10_000)
            .map(|attempt| chances.drawn(&site, attempt))
            .collect();
        [Fault::Crash, Fault::Timeout]
            .map(|fault| drawn.iter().filter(|drawn| **drawn == Some(&fault)).count())
    }

    #[test]
    fn faults_hit_as_often_as_they_should() {
        assert_eq!(hits([0.0, 0.0]), [0, 0]);
        assert_eq!(hits([1.0, 0.0]), [10_000, 0]);
        let [crashes, timeouts] = hits([0.1, 0.3]);
        assert!((900..1_100).contains(&crashes), "{crashes}");
        assert!((2_800..3_200).contains(&timeouts), "{timeouts}");
    }
}
