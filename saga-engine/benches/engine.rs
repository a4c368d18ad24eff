//! What the engine costs: executions and transitions a second, bytes for each execution in
//! flight. `cargo bench -p saga-engine`; with `--json` the numbers are for machines, and
//! `tests/bench/engine.py` sets them beside those of other interpreters.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock, and has no use for a broken definition"
)]

use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_asl::model::StateMachine;
use saga_engine::execution::{Effect, Event, Execution, ExecutionType, Settings, Status};
use saga_engine::program::Program;
use saga_engine::time::Timestamp;

const SAGA: &str = include_str!("definitions/saga.asl.json");
const LOOP: &str = include_str!("definitions/loop.asl.json");
const MAP: &str = include_str!("definitions/map.asl.json");

/// Every measurement takes about so long.
const BUDGET: Duration = Duration::from_secs(2);

fn compile(definition: &str) -> Arc<Program> {
    let value: serde_json::Value = serde_json::from_str(definition).expect("a definition is JSON");
    let machine = StateMachine::from_value(&saga_asl::json::Value::from(value)).expect("a machine");
    Arc::new(Program::compile(&machine).expect("it can run"))
}

fn start(program: &Arc<Program>, execution_type: ExecutionType, input: &Data) -> Execution {
    let keep_history = execution_type == ExecutionType::Standard;
    let settings = Settings {
        execution_type,
        keep_history,
        ..Settings::default()
    };
    Execution::start(Arc::clone(program), settings, input.clone(), Timestamp(0))
}

/// Runs an execution whose tasks all answer at once.
fn run(program: &Arc<Program>, execution_type: ExecutionType, input: &Data) -> Execution {
    let mut execution = start(program, execution_type, input);
    let answer = Data::object([("ok", Data::Bool(true))]);
    while execution.outcome().is_none() {
        for effect in execution.take_effects() {
            if let Effect::Invoke(call) = effect {
                execution.handle(
                    Event::TaskSucceeded(call.task, answer.clone()),
                    Timestamp(0),
                );
            }
        }
    }
    execution
}

/// Runs a second, from as many runs as fit the budget.
fn rate(mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut runs = 0_u32;
    while start.elapsed() < BUDGET {
        run();
        runs += 1;
    }
    f64::from(runs) / start.elapsed().as_secs_f64()
}

fn succeeds(program: &Arc<Program>, execution_type: ExecutionType, input: &Data) -> f64 {
    rate(|| {
        let execution = run(program, execution_type, input);
        let status = execution.outcome().map(|outcome| outcome.status);
        assert_eq!(black_box(status), Some(Status::Succeeded));
    })
}

/// The process's resident bytes, in whole pages; 0 where there is no `/proc`.
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    resident.unwrap_or(0) * 4096
}

/// Bytes for each of `count` executions that wait for their first task.
fn bytes_in_flight(program: &Arc<Program>, input: &Data, count: usize) -> f64 {
    let before = resident();
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let mut execution = start(program, ExecutionType::Standard, input);
        black_box(execution.take_effects());
        all.push(execution);
    }
    let used = resident().saturating_sub(before);
    drop(black_box(all));
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let each = used as f64 / count as f64;
    each
}

fn main() {
    let (saga, turns, map) = (compile(SAGA), compile(LOOP), compile(MAP));
    let order = Data::object([("id", Data::from("42")), ("amount", Data::from("$20.00"))]);
    let n = |n: i64| Data::object([("n", Data::from(n))]);
    let items = Data::array((0..10_000_i64).map(Data::from).collect());
    let capped = run(&turns, ExecutionType::Standard, &n(20_000));
    assert_eq!(
        capped.history().len(),
        25_000,
        "a Standard execution is capped"
    );
    let numbers = [
        (
            "saga_standard_per_second",
            succeeds(&saga, ExecutionType::Standard, &order),
        ),
        (
            "saga_express_per_second",
            succeeds(&saga, ExecutionType::Express, &order),
        ),
        // 10,000 turns of two states, and the end.
        (
            "loop_transitions_per_second",
            20_002.0 * succeeds(&turns, ExecutionType::Express, &n(10_000)),
        ),
        (
            "map_items_per_second",
            10_000.0 * succeeds(&map, ExecutionType::Express, &items),
        ),
        ("bytes_each_of_1000", bytes_in_flight(&saga, &order, 1_000)),
        (
            "bytes_each_of_100000",
            bytes_in_flight(&saga, &order, 100_000),
        ),
    ];
    let json = std::env::args().any(|argument| argument == "--json");
    if json {
        let members = numbers
            .map(|(name, number)| (name, Data::from_f64(number.round()).unwrap_or_default()));
        println!("{}", Data::object(members));
        return;
    }
    for (name, number) in numbers {
        println!("{name:<30} {number:>14.0}");
    }
}
