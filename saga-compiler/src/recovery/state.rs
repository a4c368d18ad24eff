//! States of a recovery, as JSON.

use std::collections::BTreeSet;

use saga_asl::json::{Object, Value, array, object};

use super::States;
use super::text::{EXECUTION, FAILURE};
use crate::jsonata::{delimited, literal, template};
use crate::states::REDRIVES;

/// Where a saga is left to an operator: tells why.
pub(super) const LEAVE: &str = "ParkRecovery";

/// The variable that holds why the saga is left to an operator.
pub(super) const REASON: &str = "recoveredReason";

/// The variable that holds how often this execution had been redriven when an operator was told.
const REDRIVEN: &str = "recoveredRedrives";

/// A task with retries.
pub(super) fn task<const N: usize>(
    resource: &str,
    arguments: Value,
    rest: [(&'static str, Value); N],
) -> Value {
    let head = [
        ("Type", Value::from("Task")),
        ("Resource", format!("arn:aws:states:::{resource}").into()),
        ("Arguments", arguments),
        ("TimeoutSeconds", 60.into()),
        ("Retry", array([retrier()])),
    ];
    object(head.into_iter().chain(rest))
}

pub(super) fn retrier() -> Value {
    object([
        ("ErrorEquals", array(["States.ALL"])),
        ("IntervalSeconds", 2.into()),
        ("MaxAttempts", 6.into()),
        // Written as 2.0, since some validators take a float only.
        ("BackoffRate", Value::from(2.0)),
        ("JitterStrategy", "FULL".into()),
    ])
}

/// Leaves the saga to an operator, for this reason.
pub(super) fn leaving(error: &str, why: Value) -> Value {
    leaving_to(LEAVE, error, why)
}

fn leaving_to(state: &str, error: &str, why: Value) -> Value {
    object([
        ("ErrorEquals", array([error])),
        assign([(REASON, why)]),
        next(state),
    ])
}

/// What the recovery does where it cannot go on itself. `States.ALL` does not match every error by the letter.
pub(super) fn failures() -> [Value; 2] {
    let why = || delimited("\"the recovery itself failed: \" & $states.errorOutput.Error");
    ["States.DataLimitExceeded", "States.ALL"].map(|error| leaving(error, why()))
}

/// The catchers of that.
pub(super) fn failing() -> (&'static str, Value) {
    ("Catch", array(failures()))
}

pub(super) fn next(name: &str) -> (&'static str, Value) {
    ("Next", name.into())
}

pub(super) fn assign<'n>(
    variables: impl IntoIterator<Item = (&'n str, Value)>,
) -> (&'static str, Value) {
    ("Assign", object(variables))
}

/// Step Functions takes an answer's fields; nothing of them is handed on.
pub(super) fn nothing() -> (&'static str, Value) {
    ("Output", object::<&str>([]))
}

pub(super) fn pass(variables: Object, to: &str) -> Value {
    object([
        ("Type", Value::from("Pass")),
        ("Assign", variables.into()),
        nothing(),
        next(to),
    ])
}

pub(super) fn rule(condition: &str, to: &str) -> Value {
    object([("Condition", delimited(condition)), next(to)])
}

pub(super) fn choice(rules: impl IntoIterator<Item = Value>, otherwise: &str) -> Value {
    object([
        ("Type", Value::from("Choice")),
        ("Choices", array(rules)),
        ("Default", otherwise.into()),
    ])
}

pub(super) fn wait(seconds: u32, to: &str) -> Value {
    object([
        ("Type", Value::from("Wait")),
        ("Seconds", seconds.into()),
        next(to),
    ])
}

pub(super) fn succeed(about: &str) -> Value {
    object([("Type", Value::from("Succeed")), ("Comment", about.into())])
}

/// Pages of an answer that are read one after the other: counted, for no loop may fill a history.
pub(super) struct Pages {
    /// The variable that counts them.
    pub(super) variable: &'static str,
    /// How many are read at most.
    pub(super) most: u32,
    /// What an operator is told where there are more.
    pub(super) why: &'static str,
}

impl Pages {
    /// What is assigned before the first page.
    pub(super) fn none_yet(&self) -> (&'static str, Value) {
        (self.variable, 0.into())
    }

    /// What is assigned with a page.
    pub(super) fn one_more(&self) -> (&'static str, Value) {
        (self.variable, delimited(format!("${} + 1", self.variable)))
    }

    /// Leaves the saga to an operator where there are too many.
    pub(super) fn too_many(&self, is_more: &str) -> Value {
        let counted = format!("${} >= {} and {is_more}", self.variable, self.most);
        object([
            ("Condition", delimited(counted)),
            assign([(REASON, constant(self.why))]),
            next(LEAVE),
        ])
    }
}

/// Runs one state for each item of a list.
pub(super) fn for_each(
    items: Value,
    (name, item): (&str, Value),
    rest: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let processor = object([
        ("ProcessorConfig", object([("Mode", Value::from("INLINE"))])),
        ("StartAt", name.into()),
        ("States", object([(name, item)])),
    ]);
    let head = [
        ("Type", Value::from("Map")),
        ("Items", items),
        ("MaxConcurrency", 10.into()),
        ("ItemProcessor", processor),
    ];
    object(head.into_iter().chain(rest))
}

/// Tells an operator, with the expression of a reason. Its own failure blocks nothing.
pub(super) fn message(saga: &str, why: &str, depth: usize, after: &str) -> Value {
    let body = format!(
        "$string({{\"saga\": {}, \"execution\": ${EXECUTION}, \"reason\": {}, \"error\": ${FAILURE}, \
         \"redriveExecution\": \"aws stepfunctions redrive-execution --execution-arn \" & ${EXECUTION}, \
         \"redrive\": \"aws stepfunctions redrive-execution --execution-arn \" & $states.context.Execution.Id}})",
        literal::quoted(saga),
        why
    );
    let arguments = object([
        ("QueueUrl", Value::from("${ParkedQueueUrl}")),
        ("MessageBody", delimited(body)),
    ]);
    let variable = at_depth(REDRIVEN, depth);
    let told = || assign([(variable.as_str(), delimited(REDRIVES))]);
    let caught = ["States.DataLimitExceeded", "States.ALL"].map(|error| {
        object([
            ("ErrorEquals", array([error])),
            told(),
            nothing(),
            next(after),
        ])
    });
    let rest = [("Catch", array(caught)), told(), nothing(), next(after)];
    task("sqs:sendMessage", arguments, rest)
}

/// Fails until the execution is redriven: here it waits for an operator.
pub(super) fn left(why: &str, depth: usize, after: &str) -> Value {
    let waits = format!(
        "({REDRIVES}) > ${} ? {{}} : $error({})",
        at_depth(REDRIVEN, depth),
        literal::quoted(why)
    );
    object([
        ("Type", Value::from("Pass")),
        ("Output", delimited(waits)),
        next(after),
    ])
}

/// A variable of a machine that is so deep inside the recovery's own: it may not assign the outer one's.
pub(super) fn at_depth(variable: &str, depth: usize) -> String {
    match depth {
        0 => variable.to_owned(),
        _ => format!("{variable}{depth}"),
    }
}

pub(super) fn constant(text: &str) -> Value {
    template::string(text)
}

/// A list of texts, as an expression has it.
pub(super) fn listed<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(literal::quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// The states that can be come to from one.
pub(super) fn reached(states: &States, start: &str) -> BTreeSet<String> {
    let mut open = vec![start.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(state) = states.get(&name)
            && seen.insert(name)
        {
            nexts(state, &mut open);
        }
    }
    seen
}

/// The names of the states that a state can lead to.
fn nexts(state: &Value, found: &mut Vec<String>) {
    let mut name =
        |value: Option<&Value>| found.extend(value.and_then(Value::as_str).map(str::to_owned));
    name(state.get("Next"));
    name(state.get("Default"));
    for list in ["Catch", "Choices"] {
        let ways = state
            .get(list)
            .and_then(Value::as_array)
            .unwrap_or_default();
        ways.iter().for_each(|way| name(way.get("Next")));
    }
}
