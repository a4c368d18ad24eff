//! Definitions by chance: every type of state, field and operator, right and wrong ones.

use saga_asl::intrinsic::Random;
use saga_engine::random::Seeded;
use serde_json::{Value, json};

pub struct Dice(pub Seeded);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.0.next() % sides as u64).unwrap()
    }

    pub fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.roll(from.len())]
    }

    /// Whether one in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }
}

pub const PATHS: [&str; 20] = [
    "$",
    "$.a",
    "$.a.b",
    "$.a[0]",
    "$.a[-1]",
    "$.a[*]",
    "$.a[1:2]",
    "$.a[?(@.b > 1)]",
    "$.a[?(@.n)].n",
    "$..b",
    "$..*",
    "$['a','n']",
    "$$",
    "$$.Execution.Input",
    "$$.Map.Item.Value",
    "$x",
    "$.n",
    "$.s",
    "$.t",
    "$.missing.deeper",
];

pub const CALLS: [&str; 22] = [
    "States.Format('{} {}', $.a, $.n)",
    "States.Format('\\{{}\\}', $.s)",
    "States.StringToJson($.s)",
    "States.JsonToString($)",
    "States.JsonMerge($.a, $.a, false)",
    "States.Array($.a, 1, 'x')",
    "States.Array()",
    "States.ArrayPartition($.a, $.n)",
    "States.ArrayContains($.a, $.n)",
    "States.ArrayRange(0, $.n, 1)",
    "States.ArrayRange(0, 9, $.n)",
    "States.ArrayGetItem($.a, $.n)",
    "States.ArrayLength($.a)",
    "States.ArrayUnique($.a)",
    "States.Base64Encode($.s)",
    "States.Base64Decode($.s)",
    "States.MathRandom(0, $.n)",
    "States.MathRandom(0, $.n, $.n)",
    "States.MathAdd($.n, -1)",
    "States.UUID()",
    "States.Hash($.s, 'SHA-256')",
    "States.StringSplit($.s, ' ')",
];

pub const EXPRESSIONS: [&str; 32] = [
    "$states.input",
    "$states.input.a",
    "$states.input.a.b",
    "$states.input[0]",
    "$states.result",
    "$states.context",
    "$states.context.Map.Item.Value",
    "$states.input.n + 1",
    "$states.input.n / $states.input.n",
    "$states.input.a[0]",
    "$states.input.a[n > 1]^(>n)",
    "$sum($states.input.a)",
    "$x",
    "$states.errorOutput",
    "$states.errorOutput.Cause",
    "$count($states.input.**)",
    "[1..$states.input.n]",
    "$range(0, 9, $states.input.n)",
    "$partition($states.input.a, $states.input.n)",
    "$hash($states.input.s, 'MD5')",
    "$random(1) & $uuid()",
    "$map($states.input.a, function($v){ $v & '!' })",
    "$reduce($states.input.a, function($p, $c){ $p & $c })",
    "$sort($states.input.a)",
    "$states.input.{ 'k': $string(a) }",
    "$merge([$states.input, {'n': 1}])",
    "$formatInteger($states.input.n / 0, 'w')",
    "$toMillis($states.input.t)",
    "$parse($states.input.s)",
    "$pad($states.input.s, 1000000)",
    "($f := function($n){ $n < 1 ? 0 : $f($n - 1) + 1 }; $f($states.input.n))",
    "$match($states.input.s, /(x|x)*y/)",
];

/// Recurses to its bound, which takes its time.
const ENDLESS: &str = "($f := function($n){ $f($n) + 1 }; $f(1))";

const NUMBERS: [&str; 6] = ["0", "3", "-1", "1.5", "1e300", "99999999999"];

const OPERATORS: [&str; 10] = [
    "StringEquals",
    "StringMatches",
    "StringLessThan",
    "NumericGreaterThanEquals",
    "NumericEquals",
    "BooleanEquals",
    "TimestampLessThan",
    "StringEqualsPath",
    "NumericLessThanPath",
    "TimestampGreaterThanPath",
];

const TESTS: [&str; 6] = [
    "IsPresent",
    "IsNull",
    "IsString",
    "IsNumeric",
    "IsBoolean",
    "IsTimestamp",
];

pub fn value(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth > 2 { 5 } else { 9 }) {
        0 => json!(null),
        1 => serde_json::from_str(dice.pick(&NUMBERS)).unwrap(),
        2 => json!(dice.pick(&[
            "",
            "x",
            "x y",
            "2026-01-01T00:00:00Z",
            "[1,2]",
            "\u{1f600}",
            "*"
        ])),
        3 => json!(dice.once_in(2)),
        4 => json!(dice.roll(5)),
        5 => json!([value(dice, depth + 1), value(dice, depth + 1)]),
        6 => json!([]),
        _ => json!({
            "a": value(dice, depth + 1), "n": value(dice, 3), "s": "x y",
            "t": "2026-01-01T00:00:00Z",
        }),
    }
}

fn expression(dice: &mut Dice) -> String {
    match dice.once_in(200) {
        true => format!("{{% {ENDLESS} %}}"),
        false => format!("{{% {} %}}", dice.pick(&EXPRESSIONS)),
    }
}

fn template(dice: &mut Dice, jsonata: bool) -> Value {
    if jsonata {
        let expression = expression(dice);
        return match dice.roll(3) {
            0 => json!({"a": expression, "n": 3, "s": "t"}),
            1 => json!({"a": [expression, value(dice, 2)], "n": 1}),
            _ => json!(expression),
        };
    }
    let (path, call) = (dice.pick(&PATHS), dice.pick(&CALLS));
    match dice.roll(3) {
        0 => json!({"a.$": path, "n.$": "$.n", "s": "t"}),
        1 => json!({"a": {"b.$": call}, "n": dice.roll(4), "s": "x"}),
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
    if jsonata && dice.once_in(2) {
        state["Output"] = template(dice, true);
    }
    if !jsonata {
        for field in ["InputPath", "OutputPath"] {
            if dice.once_in(5) {
                state[field] = json!(dice.pick(&PATHS));
            }
        }
        if dice.once_in(4) {
            let results = [
                json!(null),
                json!("$"),
                json!("$.a"),
                json!("$.a[0].b"),
                json!("$.r.r"),
            ];
            state["ResultPath"] = results[dice.roll(results.len())].clone();
        }
        if state["Type"] != "Pass" && state["Type"] != "Wait" && dice.once_in(4) {
            state["ResultSelector"] = template(dice, false);
        }
    }
    if dice.once_in(3) {
        state["Assign"] = match jsonata {
            true => json!({ "x": expression(dice) }),
            false => json!({ "x.$": dice.pick(&PATHS) }),
        };
    }
}

fn handle(dice: &mut Dice, state: &mut Value, names: &[String], jsonata: bool) {
    let errors = [
        "States.ALL",
        "States.Timeout",
        "States.TaskFailed",
        "Boom",
        "States.DataLimitExceeded",
    ];
    if dice.once_in(2) {
        state["Retry"] = json!([{
            "ErrorEquals": [dice.pick(&errors)], "MaxAttempts": dice.roll(4),
            "BackoffRate": 1.0 + dice.roll(4) as f64, "MaxDelaySeconds": 3600,
            "IntervalSeconds": 1 + dice.roll(300), "JitterStrategy": dice.pick(&["FULL", "NONE"]),
        }]);
    }
    if dice.once_in(2) {
        let mut catcher = json!({
            "ErrorEquals": [dice.pick(&errors)], "Next": names[dice.roll(names.len())],
        });
        if jsonata {
            catcher["Output"] = template(dice, true);
        } else {
            catcher["ResultPath"] = json!(dice.pick(&["$", "$.error", "$.a[0]"]));
        }
        state["Catch"] = json!([catcher]);
    }
}

fn rule(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth > 1 { 2 } else { 5 }) {
        0 => {
            let operator = dice.pick(&OPERATORS);
            let right = match operator.ends_with("Path") {
                true => json!(dice.pick(&PATHS)),
                false if operator.starts_with("String") => {
                    json!(dice.pick(&["x", "x*", "*\\*", ""]))
                }
                false if operator.starts_with("Numeric") => json!(dice.roll(3)),
                false if operator.starts_with("Boolean") => json!(true),
                false => json!("2026-01-01T00:00:00Z"),
            };
            json!({ "Variable": dice.pick(&PATHS), operator: right })
        }
        1 => json!({ "Variable": dice.pick(&PATHS), dice.pick(&TESTS): dice.once_in(2) }),
        2 => json!({ "Not": rule(dice, depth + 1) }),
        3 => json!({ "And": [rule(dice, depth + 1), rule(dice, depth + 1)] }),
        _ => json!({ "Or": [rule(dice, depth + 1)] }),
    }
}

fn choice(dice: &mut Dice, state: &mut Value, names: &[String], jsonata: bool) {
    let mut rule = match jsonata {
        true => json!({ "Condition": expression(dice) }),
        false => rule(dice, 0),
    };
    if jsonata && dice.once_in(2) {
        rule["Condition"] = json!("{% $states.input.n > 2 %}");
    }
    rule["Next"] = json!(names[dice.roll(names.len())]);
    state["Choices"] = json!([rule]);
    if !dice.once_in(5) {
        state["Default"] = json!(names[dice.roll(names.len())]);
    }
}

fn wait(dice: &mut Dice, state: &mut Value, jsonata: bool) {
    match (dice.roll(3), jsonata) {
        (0, _) => state["Seconds"] = json!(dice.roll(100)),
        (1, _) => state["Timestamp"] = json!("2026-01-01T00:00:00Z"),
        (_, true) => state["Seconds"] = json!(expression(dice)),
        (_, false) => {
            let field = dice.pick(&["SecondsPath", "TimestampPath"]);
            state[field] = json!(dice.pick(&PATHS));
        }
    }
}

fn fail(dice: &mut Dice, state: &mut Value, jsonata: bool) {
    match (dice.roll(3), jsonata) {
        (0, _) => state["Error"] = json!("E"),
        (1, true) => state["Cause"] = json!(expression(dice)),
        (1, false) => {
            state["CausePath"] = json!(dice.pick(&["$.s", "$.a", "States.Format('{}', $.n)"]))
        }
        _ => {}
    }
}

fn task(dice: &mut Dice, state: &mut Value, jsonata: bool) {
    state["Resource"] = json!(dice.pick(&[
        "arn:aws:states:::lambda:invoke",
        "arn:aws:lambda:us-east-1:1:function:f",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:us-east-1:1:activity:a",
    ]));
    match (dice.roll(4), jsonata) {
        (0, true) => state["TimeoutSeconds"] = json!(expression(dice)),
        (0, false) => state["TimeoutSecondsPath"] = json!(dice.pick(&PATHS)),
        _ => state["TimeoutSeconds"] = json!(20 + dice.roll(9)),
    }
    if dice.once_in(4) {
        state["HeartbeatSeconds"] = json!(1 + dice.roll(9));
    }
    state[if jsonata { "Arguments" } else { "Parameters" }] = template(dice, jsonata);
}

fn map(dice: &mut Dice, state: &mut Value, jsonata: bool, depth: usize) {
    state["ItemProcessor"] = graph(dice, depth + 1);
    match (dice.roll(4), jsonata) {
        (0, true) => state["MaxConcurrency"] = json!(expression(dice)),
        (0, false) => state["MaxConcurrencyPath"] = json!(dice.pick(&PATHS)),
        _ => state["MaxConcurrency"] = json!(dice.roll(3)),
    }
    if dice.once_in(3) {
        state["ItemSelector"] = template(dice, jsonata);
    }
    let items = if jsonata { "Items" } else { "ItemsPath" };
    state[items] = match jsonata {
        true if dice.once_in(2) => json!(expression(dice)),
        true => json!("{% $states.input.a %}"),
        false => json!(dice.pick(&["$.a", "$", "$.a[*]", "$x"])),
    };
    if dice.once_in(2) {
        distributed(dice, state, jsonata);
    }
}

fn distributed(dice: &mut Dice, state: &mut Value, jsonata: bool) {
    let kind = dice.pick(&["STANDARD", "EXPRESS"]);
    state["ItemProcessor"]["ProcessorConfig"] =
        json!({"Mode": "DISTRIBUTED", "ExecutionType": kind});
    match dice.roll(3) {
        0 => state["ToleratedFailurePercentage"] = json!(dice.roll(101)),
        1 => state["ToleratedFailureCount"] = json!(dice.roll(3)),
        _ => {}
    }
    let place = json!({ "Bucket": "b", "Key": "k" });
    let arguments = if jsonata { "Arguments" } else { "Parameters" };
    if dice.once_in(3) {
        let kind = dice.pick(&["JSON", "CSV", "JSONL", "MANIFEST"]);
        state["ItemReader"] = json!({
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": kind, "MaxItems": dice.roll(4), "CSVHeaderLocation": "FIRST_ROW" },
            arguments: place,
        });
    }
    if dice.once_in(3) {
        state["ItemBatcher"] = json!({
            "MaxItemsPerBatch": 1 + dice.roll(3), "MaxInputBytesPerBatch": 1 + dice.roll(200),
            "BatchInput": template(dice, jsonata),
        });
    }
    if dice.once_in(3) {
        state["ResultWriter"] = json!({
            "Resource": "arn:aws:states:::s3:putObject", arguments: { "Bucket": "b", "Prefix": "p" },
        });
    }
}

fn state(dice: &mut Dice, names: &[String], depth: usize) -> Value {
    let jsonata = dice.once_in(2);
    let language = if jsonata { "JSONata" } else { "JSONPath" };
    let mut state = json!({"QueryLanguage": language});
    let nested = [
        "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
    ];
    let kind = dice.pick(if depth > 1 { &nested[..6] } else { &nested });
    state["Type"] = json!(kind);
    match kind {
        "Choice" => choice(dice, &mut state, names, jsonata),
        "Wait" => wait(dice, &mut state, jsonata),
        "Fail" => fail(dice, &mut state, jsonata),
        "Task" => task(dice, &mut state, jsonata),
        "Parallel" => state["Branches"] = json!([graph(dice, depth + 1), graph(dice, depth + 1)]),
        "Map" => map(dice, &mut state, jsonata, depth),
        "Pass" if !jsonata => match dice.once_in(3) {
            true => state["Result"] = value(dice, 0),
            false => state["Parameters"] = template(dice, false),
        },
        _ => {}
    }
    if !matches!(kind, "Choice" | "Succeed" | "Fail") {
        shape(dice, &mut state, jsonata);
        next(dice, &mut state, names);
    }
    if matches!(kind, "Task" | "Parallel" | "Map") {
        handle(dice, &mut state, names, jsonata);
    }
    state
}

pub fn graph(dice: &mut Dice, depth: usize) -> Value {
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

/// Changes a few values somewhere in a definition. Every task gets a timeout.
pub fn mutate(value_here: &mut Value, dice: &mut Dice) {
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
