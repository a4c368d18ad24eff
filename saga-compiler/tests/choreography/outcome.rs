//! One saga, both targets, the same faults: the same end, the same effects, the same arguments.

use saga_random::bus::Weather;
use saga_random::dice::Dice;
use saga_random::input;
use saga_random::machine::End;
use saga_random::run::program;

use super::both::{ROUGH, by_events, by_machine, plans, reads};
use super::saga;
use crate::manifest::compile;

#[derive(Debug, Default)]
struct Tally {
    sagas: u32,
    runs: u32,
    deliveries: u64,
    completed: u32,
    compensated: u32,
    parked: u32,
}

#[test]
fn both_targets_come_to_the_same_outcome() {
    let mut tally = Tally::default();
    let sagas = (0..).filter_map(|seed| Some((seed, saga(seed)?)));
    for (seed, (manifest, choreography)) in sagas.take(12) {
        tally.sagas += 1;
        let input = input::random(&mut Dice::new(seed));
        let definition = compile(&manifest).definitions.remove(0).machine;
        let program = program(&definition).unwrap();
        for (number, plans) in plans(&manifest).into_iter().enumerate() {
            let expected = by_machine((&manifest, &program), &input, &plans);
            for weather in [Weather::default(), ROUGH] {
                if weather.shuffled && plans.iter().any(|plan| reads(plan, &choreography)) {
                    continue;
                }
                let run = seed * 1_000 + number as u64;
                let (found, deliveries) =
                    by_events((&manifest, &choreography), &input, &plans, (weather, run));
                pretty_assertions::assert_eq!(
                    found,
                    expected,
                    "saga {seed}, {plans:?}, {weather:?}"
                );
                tally.deliveries += deliveries;
            }
            tally.runs += 1;
            match expected.ends.first() {
                Some(End::Completed(_)) => tally.completed += 1,
                Some(End::Compensated) => tally.compensated += 1,
                _ => tally.parked += 1,
            }
        }
    }
    println!("{tally:?}");
    assert!(tally.completed > 30 && tally.compensated > 30 && tally.parked > 30);
}
