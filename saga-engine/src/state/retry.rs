use crate::fault::Failure;
use crate::program::Retrier;
use crate::random::Seeded;

/// The first retrier for `failure`, if it has retries left. `counts` has how often each has
/// been used since the state was entered.
pub fn retrier_for<'r>(
    retriers: &'r [Retrier],
    counts: &[u32],
    failure: &Failure,
) -> Option<(usize, &'r Retrier)> {
    let (index, retrier) = retriers
        .iter()
        .enumerate()
        .find(|(_, retrier)| retrier.errors.iter().any(|name| failure.matches(name)))?;
    let used = counts.get(index).copied().unwrap_or(0);
    (used < retrier.attempts).then_some((index, retrier))
}

/// Seconds before the retry that follows `used` earlier ones of the same retrier.
pub fn backoff(retrier: &Retrier, used: u32, random: &mut Seeded) -> f64 {
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let delay = (retrier.interval * retrier.rate.powi(exponent)).min(retrier.most);
    match retrier.jitter {
        true => delay * random.fraction(),
        false => delay,
    }
}

#[cfg(test)]
mod tests {
    use super::{Retrier, Seeded, backoff, retrier_for};
    use crate::fault::Failure;

    fn retrier(errors: &[&str], attempts: u32) -> Retrier {
        Retrier {
            errors: errors.iter().map(|name| (*name).into()).collect(),
            interval: 3.0,
            attempts,
            rate: 2.0,
            most: 10.0,
            jitter: false,
        }
    }

    #[test]
    fn the_interval_grows_to_its_bound() {
        let retrier = retrier(&["States.ALL"], 9);
        let delays: Vec<f64> = (0..4)
            .map(|n| backoff(&retrier, n, &mut Seeded::new(0)))
            .collect();
        assert_eq!(delays, [3.0, 6.0, 10.0, 10.0]);
    }

    #[test]
    fn jitter_stays_within_the_interval() {
        let retrier = Retrier {
            jitter: true,
            ..retrier(&["States.ALL"], 9)
        };
        let mut random = Seeded::new(1);
        assert!((0..100).all(|_| (0.0..3.0).contains(&backoff(&retrier, 0, &mut random))));
    }

    #[test]
    fn each_retrier_counts_for_itself() {
        let retriers = [retrier(&["A"], 1), retrier(&["States.ALL"], 2)];
        for (counts, error, expected) in [
            ([0, 0], "A", Some(0)),
            ([1, 0], "A", None),
            ([1, 1], "B", Some(1)),
            ([0, 2], "B", None),
        ] {
            let found = retrier_for(&retriers, &counts, &Failure::named(error));
            assert_eq!(found.map(|(index, _)| index), expected);
        }
    }
}
