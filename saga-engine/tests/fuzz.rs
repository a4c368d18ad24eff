//! Any definition that compiles, with any input and any answers, ends or is bounded, and never
//! panics. `FUZZ_SECONDS` says how long to look; without it the look is short. `FUZZ_SEED` says
//! where to begin, so that a second look sees what the first did not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and this one looks at the clock"
)]

#[path = "fuzz/definition.rs"]
mod definition;
mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_engine::execution::{Event, ExecutionType, Invocation, Settings};
use saga_engine::fault::Failure;
use saga_engine::random::Seeded;
use serde_json::Value;

use definition::{Dice, graph, mutate, value};
use world::{Answer, World, settings, try_compile};

/// Things to happen before an execution counts as one that never ends.
const MAX_STEPS: usize = 20_000;

/// An execution that takes longer is stopped, which must work at any point, too: a loop around
/// an expression that recurs to its bound is bounded by 25,000 events, and slow.
const PATIENCE: Duration = Duration::from_millis(300);

/// Answers of any kind; what can wait for ever has a timeout.
fn answer(dice: &mut Dice, invocation: &Invocation) -> Answer {
    let after = i64::try_from(dice.roll(20_000)).unwrap();
    let result = match dice.roll(4) {
        0 => Some(Err(Failure::named("Boom"))),
        1 if invocation.timeout.is_some() => None,
        _ => Some(Ok(Data::parse(&value(dice, 0).to_string()).unwrap())),
    };
    (after, result)
}

/// Runs a definition, if it is one, and says whether it was.
fn attempt(definition: &str, input: &str, dice: &mut Dice) -> bool {
    let Some(program) = try_compile(definition) else {
        return false;
    };
    let kind = [ExecutionType::Standard, ExecutionType::Express][dice.roll(2)];
    let settings = Settings {
        express_transitions: 2_000,
        ..settings(kind)
    };
    let mut world = World::start(program.into(), settings, input);
    let (mut steps, begun) = (0, Instant::now());
    while world.step(&mut |invocation| answer(dice, invocation)) {
        steps += 1;
        assert!(
            steps < MAX_STEPS,
            "neither ends nor is bounded: {definition}"
        );
        if begun.elapsed() > PATIENCE {
            let stopped = Event::Stopped(Failure::named("Patience"));
            world.execution.handle(stopped, world.now);
        }
        if steps % 7 == 0 && world.execution.history().len() < 300 {
            world.store_and_resume();
        }
    }
    assert!(
        world.execution.outcome().is_some(),
        "stands still: {definition}"
    );
    true
}

fn budget() -> Duration {
    let seconds = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(5))
}

fn first_seed() -> u64 {
    let seed = std::env::var("FUZZ_SEED").ok();
    seed.and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[test]
fn any_definition_with_any_input_ends_or_is_bounded() {
    let (start, mut run) = (Instant::now(), 0);
    for seed in first_seed().. {
        if start.elapsed() > budget() {
            break;
        }
        let mut dice = Dice(Seeded::new(seed));
        let definition = graph(&mut dice, 0).to_string();
        let input = value(&mut dice, 0).to_string();
        run += usize::from(attempt(&definition, &input, &mut dice));
    }
    println!("{run} definitions ran");
    assert!(run > 20, "only {run} definitions ran");
}

#[test]
fn real_definitions_with_mistakes_end_or_are_bounded() {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus"));
    let corpus = std::env::var_os("SAGA_CORPUS").map_or(beside, PathBuf::from);
    let Ok(cases) = std::fs::read_to_string(corpus.join("exec/cases.jsonl")) else {
        return;
    };
    let cases: Vec<Value> = cases
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let (start, mut run) = (Instant::now(), 0);
    for seed in first_seed().. {
        if start.elapsed() > budget() {
            break;
        }
        let mut dice = Dice(Seeded::new(seed));
        let case = &cases[dice.roll(cases.len())];
        let mut definition = case["definition"].clone();
        mutate(&mut definition, &mut dice);
        let input = value(&mut dice, 0).to_string();
        run += usize::from(attempt(&definition.to_string(), &input, &mut dice));
    }
    println!("{run} definitions ran");
}
