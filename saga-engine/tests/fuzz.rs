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

mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_asl::intrinsic::Random;
use saga_engine::execution::{Event, ExecutionType, Invocation, Settings};
use saga_engine::fault::Failure;
use saga_engine::random::Seeded;
use serde_json::{Value, json};

use world::{Answer, World, settings, try_compile};

/// Things to happen before an execution counts as one that never ends.
const MAX_STEPS: usize = 20_000;

/// An execution that takes longer is stopped, which must work at any point, too: a loop around
/// an expression that recurs to its bound is bounded by 25,000 events, and slow.
const PATIENCE: Duration = Duration::from_secs(2);

struct Dice(Seeded);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.0.next() % sides as u64).unwrap()
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.roll(from.len())]
    }
}

const PATHS: [&str; 12] = [
    "$",
    "$.a",
    "$.a.b",
    "$.a[0]",
    "$.a[*]",
    "$.a[?(@.b > 1)]",
    "$..b",
    "$$",
    "$$.Execution.Input",
    "$x",
    "$.n",
    "$.missing.deeper",
];

const CALLS: [&str; 12] = [
    "States.Format('{} {}', $.a, $.n)",
    "States.StringToJson($.s)",
    "States.JsonToString($)",
    "States.Array($.a, 1, 'x')",
    "States.ArrayPartition($.a, $.n)",
    "States.ArrayRange(0, $.n, 1)",
    "States.ArrayGetItem($.a, $.n)",
    "States.MathRandom(0, $.n)",
    "States.MathAdd($.n, -1)",
    "States.UUID()",
    "States.Hash($.s, 'MD5')",
    "States.StringSplit($.s, ' ')",
];

const EXPRESSIONS: [&str; 18] = [
    "$states.input",
    "$states.input.a",
    "$states.input.a.b",
    "$states.result",
    "$states.context",
    "$states.input.n + 1",
    "$states.input.a[0]",
    "$sum($states.input.a)",
    "$x",
    "$states.errorOutput",
    "($f := function($n){ $n < 1 ? 0 : $f($n - 1) + 1 }; $f($states.input.n))",
    "($f := function($n){ $f($n) + 1 }; $f(1))",
    "[1..$states.input.n]",
    "$partition($states.input.a, 2)",
    "$map($states.input.a, function($v){ $v & '!' })",
    "$states.input.{ 'k': $string(a) }",
    "$formatInteger($states.input.n / 0, 'w')",
    "$parse($states.input.s)",
];

fn value(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth > 2 { 5 } else { 8 }) {
        0 => json!(null),
        1 => json!(dice.roll(5)),
        2 => json!(dice.pick(&["", "x", "2026-01-01T00:00:00Z", "[1,2]", "a b c"])),
        3 => json!(dice.roll(2) == 0),
        4 => json!(-1.5),
        5 => json!([value(dice, depth + 1), value(dice, depth + 1)]),
        _ => json!({"a": value(dice, depth + 1), "n": dice.roll(6), "s": "x y"}),
    }
}

fn template(dice: &mut Dice, jsonata: bool) -> Value {
    if jsonata {
        let expression = format!("{{% {} %}}", dice.pick(&EXPRESSIONS));
        return match dice.roll(3) {
            0 => json!({"a": expression, "n": 3, "s": "t"}),
            _ => json!(expression),
        };
    }
    let (path, call) = (dice.pick(&PATHS), dice.pick(&CALLS));
    match dice.roll(3) {
        0 => json!({"a.$": path, "n.$": "$.n", "s": "t"}),
        1 => json!({"a": {"b.$": call}, "n": dice.roll(4)}),
        _ => json!({"a.$": call, "n": 2}),
    }
}

fn next(dice: &mut Dice, state: &mut Value, names: &[String]) {
    match dice.roll(3) {
        0 => state["End"] = json!(true),
        _ => state["Next"] = json!(names[dice.roll(names.len())]),
    }
}

fn shape(dice: &mut Dice, state: &mut Value, jsonata: bool) {
    if jsonata {
        if dice.roll(2) == 0 {
            state["Output"] = template(dice, true);
        }
    } else {
        for field in ["InputPath", "OutputPath"] {
            if dice.roll(4) == 0 {
                state[field] = json!(dice.pick(&PATHS));
            }
        }
    }
    if dice.roll(3) == 0 {
        let key = if jsonata { "x" } else { "x.$" };
        let given = if jsonata {
            "{% $states.input %}"
        } else {
            "$.a"
        };
        state["Assign"] = json!({ key: given });
    }
}

fn handle(dice: &mut Dice, state: &mut Value, names: &[String]) {
    if dice.roll(2) == 0 {
        state["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": dice.roll(3), "JitterStrategy": "FULL"}]);
    }
    if dice.roll(2) == 0 {
        let next = &names[dice.roll(names.len())];
        state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": next}]);
    }
}

fn state(dice: &mut Dice, names: &[String], depth: usize) -> Value {
    let jsonata = dice.roll(2) == 0;
    let language = if jsonata { "JSONata" } else { "JSONPath" };
    let mut state = json!({"QueryLanguage": language});
    let kind = dice.pick(&[
        "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
    ]);
    state["Type"] = json!(if depth > 1 && (kind == "Parallel" || kind == "Map") {
        "Pass"
    } else {
        kind
    });
    match state["Type"].as_str().unwrap() {
        "Choice" => {
            let to = json!(names[dice.roll(names.len())]);
            state["Choices"] = match jsonata {
                true => json!([{"Condition": "{% $states.input.n > 2 %}", "Next": to}]),
                false => {
                    json!([{"Variable": dice.pick(&PATHS), "NumericGreaterThan": 2, "Next": to}])
                }
            };
            state["Default"] = json!(names[dice.roll(names.len())]);
        }
        "Wait" => state["Seconds"] = json!(dice.roll(100)),
        "Succeed" => {}
        "Fail" => state["Error"] = json!("E"),
        "Task" => {
            state["Resource"] = json!(dice.pick(&[
                "arn:aws:states:::lambda:invoke",
                "arn:aws:lambda:us-east-1:1:function:f",
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "arn:aws:states:us-east-1:1:activity:a",
            ]));
            state["TimeoutSeconds"] = json!(1 + dice.roll(9));
            state[if jsonata { "Arguments" } else { "Parameters" }] = template(dice, jsonata);
        }
        "Parallel" => state["Branches"] = json!([graph(dice, depth + 1), graph(dice, depth + 1)]),
        "Map" => {
            state["ItemProcessor"] = graph(dice, depth + 1);
            state["MaxConcurrency"] = json!(dice.roll(3));
            if dice.roll(2) == 0 {
                state["ItemProcessor"]["ProcessorConfig"] =
                    json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
                state["ToleratedFailurePercentage"] = json!(dice.roll(101));
            }
            state[if jsonata { "Items" } else { "ItemsPath" }] = json!(if jsonata {
                "{% $states.input.a %}"
            } else {
                "$.a"
            });
        }
        _ if !jsonata => state["Parameters"] = template(dice, false),
        _ => {}
    }
    let kind = state["Type"].as_str().unwrap().to_owned();
    if !matches!(&*kind, "Choice" | "Succeed" | "Fail") {
        shape(dice, &mut state, jsonata);
        next(dice, &mut state, names);
    }
    if matches!(&*kind, "Task" | "Parallel" | "Map") {
        handle(dice, &mut state, names);
    }
    state
}

fn graph(dice: &mut Dice, depth: usize) -> Value {
    let count = 1 + dice.roll(4);
    let names: Vec<String> = (0..count)
        .map(|n| format!("S{depth}{n}{}", dice.roll(1000)))
        .collect();
    let states = names
        .iter()
        .map(|name| (name.clone(), state(dice, &names, depth)));
    let states: serde_json::Map<String, Value> = states.collect();
    json!({"StartAt": names[0], "States": states})
}

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

/// Changes a few values somewhere in a definition. Every task gets a timeout.
fn mutate(value_here: &mut Value, dice: &mut Dice) {
    if value_here["Type"] == "Task" {
        value_here["TimeoutSeconds"] = json!(3);
    }
    match value_here {
        Value::Object(members) => members.values_mut().for_each(|member| mutate(member, dice)),
        Value::Array(items) => items.iter_mut().for_each(|item| mutate(item, dice)),
        Value::String(text) if dice.roll(12) == 0 => {
            *text = match text.starts_with("{%") {
                true => format!("{{% {} %}}", dice.pick(&EXPRESSIONS)),
                false if text.starts_with("States.") => dice.pick(&CALLS).to_owned(),
                false if text.starts_with('$') => dice.pick(&PATHS).to_owned(),
                false => return,
            };
        }
        other if dice.roll(40) == 0 => *other = value(dice, 1),
        _ => {}
    }
}
