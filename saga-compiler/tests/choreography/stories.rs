//! Random stories: deliveries in any order, twice and late, processes that die between any two steps, handlers that
//! fail. What is known of the outcome is that it is one, and that nothing acted twice.

use saga_choreography::Record;
use saga_random::bus::{Bus, Weather};
use saga_random::dice::Dice;
use saga_random::guarantee::{self, Ending};
use saga_random::input;
use saga_random::machine::End;
use saga_random::order::Steps;
use saga_random::service::Service;

use super::saga;

/// How often a parked saga is redriven before its world is repaired.
const REDRIVES: u32 = 3;

#[derive(Debug, Default)]
struct Tally {
    stories: u64,
    deliveries: u64,
    acts: usize,
    completed: u64,
    compensated: u64,
    parked: u64,
}

fn weather(dice: &mut Dice) -> Weather {
    let mut rate = |rates: &[u64]| dice.one_of(rates).copied().unwrap_or_default();
    Weather {
        shuffled: true,
        hurries: rate(&[0, 20, 100]),
        twice: rate(&[0, 200, 500]),
        late: rate(&[0, 200, 500]),
        delay: rate(&[1_000, 30_000, 200_000]),
        dies: rate(&[0, 10, 30]),
        faults: rate(&[0, 50, 200]),
    }
}

fn tell(seed: u64, tally: &mut Tally) -> Option<()> {
    let (manifest, choreography) = saga(seed % 400)?;
    let mut dice = Dice::new(seed);
    let input = input::random(&mut dice);
    let steps = || Steps::new(&manifest.sagas[0].body);
    let service = Service::new(steps(), Vec::new());
    let mut bus = Bus::start(&choreography, &input, service, weather(&mut dice), seed);
    let mut parked = 0;
    let ending = loop {
        let end = bus.run().unwrap_or_else(|broken| {
            // Nothing is lost for good: an operator asks again for what is not answered.
            if broken.starts_with("nothing is on its way") {
                return End::Parked;
            }
            panic!("{}", told(seed, &broken, &mut bus))
        });
        match end {
            End::Completed(_) => break Ending::Completed,
            End::Compensated => break Ending::Compensated,
            End::Parked => {
                parked += 1;
                if parked > REDRIVES {
                    bus.clear_up();
                }
                assert!(parked < 20, "{}", told(seed, "parked for ever", &mut bus));
                bus.redrive();
            }
        }
    };
    let steps = steps();
    if let Err(broken) = guarantee::at_the_end(ending, &steps, &bus.service().ledger) {
        panic!("{}", told(seed, &broken, &mut bus));
    }
    let records = bus.service().ledger.records.values();
    tally.acts += records
        .map(|record| record.dos.len() + record.undos.len())
        .sum::<usize>();
    tally.stories += 1;
    tally.deliveries += bus.deliveries;
    tally.parked += u64::from(parked > 0);
    match ending {
        Ending::Completed => tally.completed += 1,
        _ => tally.compensated += 1,
    }
    Some(())
}

fn told(seed: u64, broken: &str, bus: &mut Bus<'_, '_>) -> String {
    let record: &Record = &bus.record;
    let record = serde_json::to_string_pretty(record).unwrap();
    let trace = bus.service().ledger.trace.join("\n");
    format!("story {seed}: {broken}\n{trace}\n{record}")
}

#[test]
fn a_hundred_thousand_deliveries_keep_the_guarantees() {
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.deliveries < 100_000 {
        tell(seed, &mut tally);
        seed += 1;
    }
    println!("{tally:?}");
    assert!(tally.completed > 100 && tally.compensated > 100 && tally.parked > 100);
}
