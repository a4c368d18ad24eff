//! The states before the undo chain, and after it.

use saga_asl::json::{Value, array, object};

use super::chain::{Chain, FAILURE, INPUT, SAGA_ID};
use super::sight::{Begin, Sight};
use super::{States, fences};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::jsonata::scope::SAGA;
use crate::jsonata::{delimited, literal};
use crate::states::{COMPENSATED, REDRIVES};

/// The first state: what became of the execution.
pub(super) const START: &str = "LookAtExecution";

/// Where the fences are let expire, once the saga has ended.
pub(super) const EXPIRE: &str = "ListFences";

const HOW: &str = "HowItEnded";
const LAST: &str = "LookAtLastStates";
const PARKED: &str = "IsItParked";
const CLOSE: &str = "ClosePivot";
const SEAL: &str = "SealFences";
const WAIT: &str = "WaitUntilNothingIsAtWork";
const READ: &str = "ReadFences";
const BEGIN: &str = "WhereUndoBegins";
const LEAVE: &str = "ParkRecovery";
const LEFT: &str = "RecoveryParked";
const EXPIRING: &str = "LetFencesExpire";
const MORE: &str = "AreThereMoreFences";
const LIST_MORE: &str = "ListMoreFences";
const ENDED: &str = "SagaEnded";
const NOTHING: &str = "NothingToRecover";

/// The variable that holds why the saga is left to an operator.
const REASON: &str = "recoveredReason";

/// What an operator is told where the pivot was passed.
const PAST: &str = "the pivot was passed, or may have been: the saga is not undone. Repair the cause, and redrive \
                    the execution itself: its fences answer for what was done";

/// The states before the chain and after it.
pub(super) fn states(sight: &Sight<'_>, chain: &Chain) -> States {
    let mut states = States::new();
    let mut add = |name: &str, state: Value| states.insert(name.to_owned(), state);
    let recover = match (&sight.blind, sight.pivot()) {
        (Some(_), _) => LEAVE,
        (None, Some(_)) => CLOSE,
        (None, None) => SEAL,
    };
    add(START, look(sight));
    add(HOW, how(sight));
    add(LAST, look_at_last());
    add(PARKED, is_parked(chain, recover));
    if sight.blind.is_none() {
        if let Some(pivot) = sight.pivot() {
            add(CLOSE, close(pivot));
        }
        add(SEAL, seal(sight));
        add(WAIT, wait(sight.longest));
        let recalls: Vec<String> = sight
            .recalls
            .iter()
            .map(|(step, _)| recall_name(step))
            .collect();
        let after_read = recalls.first().map_or(BEGIN, String::as_str);
        add(READ, read(sight, after_read));
        let followers = recalls.iter().skip(1).map(String::as_str).chain([BEGIN]);
        for (((step, variable), name), next) in sight.recalls.iter().zip(&recalls).zip(followers) {
            add(name, recall(step, variable, next));
        }
        let rules = sight.rules();
        add(BEGIN, begin(&rules));
        for rule in &rules {
            if let Some(unseen) = rule.unseen {
                add(&ask_name(unseen), ask(sight, unseen));
                add(&asked_name(unseen), left(&asked(unseen), &rule.to));
            }
        }
    }
    add(LEAVE, message(sight, &format!("${REASON}"), LEFT));
    add(
        LEFT,
        left(
            "an operator was told what to do, and has not redriven this execution",
            START,
        ),
    );
    add(EXPIRE, list(None));
    add(EXPIRING, expiring());
    add(MORE, more());
    add(LIST_MORE, list(Some("$recoveredLastKey")));
    add(ENDED, succeed("The saga has ended, and its fences will."));
    add(
        NOTHING,
        succeed("The execution is parked, or goes on: there is nothing to recover."),
    );
    states
}

/// A task with retries.
fn task<const N: usize>(
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

fn retrier() -> Value {
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
fn leaving(errors: &str, why: Value) -> Value {
    object([
        ("ErrorEquals", array([errors])),
        assign([(REASON, why)]),
        next(LEAVE),
    ])
}

/// What the recovery does where it cannot go on itself.
fn failing() -> (&'static str, Value) {
    let why = delimited("\"the recovery itself failed: \" & $states.errorOutput.Error");
    ("Catch", array([leaving("States.ALL", why)]))
}

fn next(name: &str) -> (&'static str, Value) {
    ("Next", name.into())
}

fn assign<const N: usize>(variables: [(&str, Value); N]) -> (&'static str, Value) {
    ("Assign", object(variables))
}

/// Step Functions takes an answer's fields; nothing of them is handed on.
fn nothing() -> (&'static str, Value) {
    ("Output", object::<&str>([]))
}

fn look(sight: &Sight<'_>) -> Value {
    let failure = "{\"step\": $states.result.Name, \"error\": $exists($states.result.Error) ? $states.result.Error : \
                   $states.result.Status, \"cause\": $exists($states.result.Cause) ? $states.result.Cause : \
                   \"the execution did not come to an end of its own\"}";
    let arn = object([(
        "ExecutionArn",
        delimited("$states.context.Execution.Input.detail.executionArn"),
    )]);
    let why = sight.blind.as_deref().unwrap_or_default();
    let found = assign([
        (SAGA_ID, delimited("$states.result.ExecutionArn")),
        (INPUT, delimited("$parse($states.result.Input)")),
        (FAILURE, delimited(failure)),
        (REASON, delimited(literal::quoted(why))),
        ("recoveredStatus", delimited("$states.result.Status")),
        ("recoveredRedrives", delimited(REDRIVES)),
    ]);
    task(
        "aws-sdk:sfn:describeExecution",
        arn,
        [found, nothing(), next(HOW)],
    )
}

fn rule(condition: &str, to: &str) -> Value {
    object([("Condition", delimited(condition)), next(to)])
}

fn choice(rules: impl IntoIterator<Item = Value>, otherwise: &str) -> Value {
    object([
        ("Type", Value::from("Choice")),
        ("Choices", array(rules)),
        ("Default", otherwise.into()),
    ])
}

fn how(sight: &Sight<'_>) -> Value {
    let called = format!("$type(${INPUT}.{SAGA}.id) = \"string\"");
    let ended = format!(
        "$recoveredStatus = \"SUCCEEDED\" or ${FAILURE}.error = {}",
        literal::quoted(COMPENSATED)
    );
    let stopped = "$not($recoveredStatus in [\"FAILED\", \"TIMED_OUT\", \"ABORTED\"])";
    let called = sight.is_called.then(|| rule(&called, NOTHING));
    let others = [rule(&ended, EXPIRE), rule(stopped, NOTHING)];
    choice(called.into_iter().chain(others), LAST)
}

/// The state that the execution ended in: a parked one is not a failure.
fn look_at_last() -> Value {
    let request = object([
        ("ExecutionArn", delimited(format!("${SAGA_ID}"))),
        ("ReverseOrder", true.into()),
        ("MaxResults", 200.into()),
        ("IncludeExecutionData", false.into()),
    ]);
    let entered = "$states.result.Events[$contains(Type, /StateEntered$/)]";
    // None where it is farther back than that: then it is not parked, for a parked call has few retries.
    let name = format!("$string({entered}[0].StateEnteredEventDetails.Name)");
    let found = assign([("recoveredLastState", delimited(name))]);
    task(
        "aws-sdk:sfn:getExecutionHistory",
        request,
        [found, nothing(), next(PARKED)],
    )
}

fn is_parked(chain: &Chain, recover: &str) -> Value {
    let parked: Vec<_> = chain
        .parked()
        .map(literal::quoted)
        .map(|name| name.to_string())
        .collect();
    let parked = format!(
        "$recoveredStatus = \"FAILED\" and $recoveredLastState in [{}]",
        parked.join(", ")
    );
    choice([rule(&parked, NOTHING)], recover)
}

fn close(pivot: &str) -> Value {
    let passed = leaving(CONDITION_FAILED, constant(PAST));
    let (_, Value::Array(others)) = failing() else {
        return Value::Null;
    };
    let catches = array(std::iter::once(passed).chain(others));
    let answered = object([
        ("ErrorEquals", array([CONDITION_FAILED])),
        ("MaxAttempts", 0.into()),
    ]);
    let rest = [("Catch", catches), nothing(), next(SEAL)];
    let mut close = task("dynamodb:updateItem", fences::close(constant(pivot)), rest);
    if let Value::Object(fields) = &mut close {
        // The first retrier that names an error is the one that counts: what was answered is not asked again.
        fields.insert("Retry".into(), array([answered, retrier()]));
    }
    close
}

fn each(name: &str, item: Value) -> Value {
    object([
        ("ProcessorConfig", object([("Mode", Value::from("INLINE"))])),
        ("StartAt", name.into()),
        ("States", object([(name, item)])),
    ])
}

fn for_each(
    items: Value,
    (name, item): (&str, Value),
    rest: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let head = [
        ("Type", Value::from("Map")),
        ("Items", items),
        ("MaxConcurrency", 10.into()),
        ("ItemProcessor", each(name, item)),
    ];
    object(head.into_iter().chain(rest))
}

fn fenced(sight: &Sight<'_>) -> Value {
    array(sight.fenced().into_iter().map(constant))
}

fn seal(sight: &Sight<'_>) -> Value {
    let end = [nothing(), ("End", true.into())];
    let item = task(
        "dynamodb:updateItem",
        fences::seal(delimited("$states.input")),
        end,
    );
    let rest = [failing(), nothing(), next(WAIT)];
    for_each(fenced(sight), ("SealFence", item), rest)
}

fn wait(seconds: u32) -> Value {
    object([
        ("Type", Value::from("Wait")),
        ("Seconds", seconds.into()),
        next(READ),
    ])
}

fn read(sight: &Sight<'_>, after: &str) -> Value {
    let stage = "{\"step\": $states.input, \"stage\": $states.result.Item.stage.S}";
    let end = [("Output", delimited(stage)), ("End", true.into())];
    let item = task(
        "dynamodb:getItem",
        fences::read(delimited("$states.input"), "stage"),
        end,
    );
    let stages = "$merge([{}, $map($states.result, function($of) { {$of.step: $of.stage} })])";
    let found = assign([("recoveredStages", delimited(stages))]);
    let rest = [failing(), found, nothing(), next(after)];
    for_each(fenced(sight), ("ReadFence", item), rest)
}

fn recall_name(step: &str) -> String {
    format!("Recall{step}")
}

fn recall(step: &str, variable: &str, after: &str) -> Value {
    let answer =
        "$exists($states.result.Item.answer.S) ? $parse($states.result.Item.answer.S) : null";
    let request = fences::read(constant(step), "answer");
    let found = assign([(variable, delimited(answer))]);
    task(
        "dynamodb:getItem",
        request,
        [failing(), found, nothing(), next(after)],
    )
}

fn begin(rules: &[Begin<'_>]) -> Value {
    let target = |rule: &Begin<'_>| match rule.unseen {
        Some(unseen) => ask_name(unseen),
        None => rule.to.clone(),
    };
    let choices = rules.iter().filter_map(|begin| {
        let (step, stages) = begin.when?;
        let stages: Vec<_> = stages.iter().map(|stage| format!("\"{stage}\"")).collect();
        let condition = format!(
            "$lookup($recoveredStages, {}) in [{}]",
            literal::quoted(step),
            stages.join(", ")
        );
        Some(rule(&condition, &target(begin)))
    });
    let choices: Vec<_> = choices.collect();
    let otherwise = rules.last().map(target).unwrap_or_default();
    match choices.is_empty() {
        true => object([("Type", Value::from("Pass")), next(&otherwise)]),
        false => choice(choices, &otherwise),
    }
}

fn ask_name(step: &str) -> String {
    format!("AskAbout{step}")
}

fn asked_name(step: &str) -> String {
    format!("{step}Unseen")
}

fn asked(step: &str) -> String {
    format!("an operator was asked about {step}, and has not redriven this execution")
}

fn ask(sight: &Sight<'_>, step: &str) -> Value {
    let why = format!(
        "whether `{step}` was done is not to be seen: it has no fence. See to it that it is undone, and redrive \
         this execution: the rest is undone then"
    );
    message(sight, &literal::quoted(&why), &asked_name(step))
}

/// Tells an operator, with the expression of a reason. Its own failure blocks nothing.
fn message(sight: &Sight<'_>, why: &str, after: &str) -> Value {
    let body = format!(
        "$string({{\"saga\": {}, \"execution\": ${SAGA_ID}, \"reason\": {}, \"error\": ${FAILURE}, \
         \"redriveExecution\": \"aws stepfunctions redrive-execution --execution-arn \" & ${SAGA_ID}, \
         \"redrive\": \"aws stepfunctions redrive-execution --execution-arn \" & $states.context.Execution.Id}})",
        literal::quoted(sight.saga),
        why
    );
    let arguments = object([
        ("QueueUrl", Value::from("${ParkedQueueUrl}")),
        ("MessageBody", delimited(body)),
    ]);
    let rest = [
        (
            "Catch",
            array([object([
                ("ErrorEquals", array(["States.ALL"])),
                assign([("recoveredRedrives", delimited(REDRIVES))]),
                next(after),
            ])]),
        ),
        assign([("recoveredRedrives", delimited(REDRIVES))]),
        nothing(),
        next(after),
    ];
    task("sqs:sendMessage", arguments, rest)
}

/// Fails until the execution is redriven: here it waits for an operator.
fn left(why: &str, after: &str) -> Value {
    let waits = format!(
        "({REDRIVES}) > $recoveredRedrives ? {{}} : $error({})",
        literal::quoted(why)
    );
    object([
        ("Type", Value::from("Pass")),
        ("Output", delimited(waits)),
        next(after),
    ])
}

fn list(last: Option<&str>) -> Value {
    let found = assign([(
        "recoveredLastKey",
        delimited(
            "$exists($states.result.LastEvaluatedKey) ? $states.result.LastEvaluatedKey : null",
        ),
    )]);
    let items = ("Output", delimited("{\"fences\": $states.result.Items}"));
    task(
        "aws-sdk:dynamodb:query",
        fences::list(last),
        [found, items, next(EXPIRING)],
    )
}

fn expiring() -> Value {
    let end = [nothing(), ("End", true.into())];
    let item = task("dynamodb:updateItem", fences::expire(), end);
    for_each(
        delimited("[$states.input.fences]"),
        ("LetFenceExpire", item),
        [nothing(), next(MORE)],
    )
}

fn more() -> Value {
    choice(
        [rule("$type($recoveredLastKey) = \"object\"", LIST_MORE)],
        ENDED,
    )
}

fn succeed(about: &str) -> Value {
    object([("Type", Value::from("Succeed")), ("Comment", about.into())])
}

fn constant(text: &str) -> Value {
    crate::jsonata::template::string(text)
}
