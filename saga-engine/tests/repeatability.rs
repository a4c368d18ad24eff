//! The same seed gives the same executions, and one that was stored goes on as if it had not been.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod world;

use saga_asl::intrinsic::Random;
use saga_engine::execution::{ExecutionType, Invocation, Settings};
use saga_engine::fault::Failure;
use saga_engine::random::Seeded;

use world::{Answer, SAGA, World, compile, settings};

/// Faults by chance: a third of all calls fail, some never answer.
fn by_chance(random: &mut Seeded, invocation: &Invocation) -> Answer {
    let after = i64::try_from(random.next() % 500).unwrap();
    let result = match random.next() % 12 {
        0 => None,
        1 | 2 => Some(Err(Failure::new("Busy", "try again"))),
        3 => Some(Err(Failure::new("Refused", "no"))),
        _ => Some(Ok(invocation.arguments.clone())),
    };
    // What has no timeout has to answer.
    let bounded = invocation.timeout.is_some();
    (
        after,
        result.or_else(|| (!bounded).then(|| Ok(invocation.arguments.clone()))),
    )
}

fn histories(count: u64) -> Vec<String> {
    let program = compile(SAGA);
    let runs = (0..count).map(|seed| {
        let settings = Settings {
            seed,
            ..settings(ExecutionType::Standard)
        };
        let mut random = Seeded::new(seed ^ 0xdead_beef);
        let world = World::start(program.clone(), settings, r#"{"id": 7}"#);
        world
            .finish(&mut |invocation| by_chance(&mut random, invocation))
            .history()
    });
    runs.collect()
}

#[test]
fn ten_thousand_executions_with_random_faults_give_the_same_histories_twice() {
    let first = histories(10_000);
    assert_eq!(first, histories(10_000));
    let distinct: std::collections::HashSet<_> = first.iter().collect();
    assert!(distinct.len() > 1_000, "chance has made no difference");
}

#[test]
fn an_execution_that_is_stored_at_every_point_has_the_same_history() {
    let program = compile(SAGA);
    for seed in 0..200 {
        let settings = Settings {
            seed,
            ..settings(ExecutionType::Standard)
        };
        let run = |store: bool| {
            let mut random = Seeded::new(seed);
            let mut world = World::start(program.clone(), settings.clone(), r#"{"id": 7}"#);
            while world.step(&mut |invocation| by_chance(&mut random, invocation)) {
                if store {
                    world.store_and_resume();
                }
            }
            world.history()
        };
        assert_eq!(run(true), run(false), "seed {seed}");
    }
}
