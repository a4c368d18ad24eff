//! The state machine that starts a saga's executions under their business key, beside the saga's own: an
//! Express one, which API Gateway, EventBridge and a pipe call.
//!
//! `StartExecution` alone cannot tell a repeated request from another one of the same key once the first
//! execution has ended: it says of both that the name is taken. So it is asked here, and then the execution is
//! looked at. A state machine and not a mapping template, since this part can be run and tested: templates
//! hand over what came, and print what is answered.
//!
//! Its input is `{"start": …, "at": "https://…"}`, where `at` is the address of the collection, if somebody
//! waits for an answer; a pipe hands over a list of one such. Or `{"outcomeOf": "<key in Base64>"}`. It answers
//! `{"status": 202, "location": "https://…", "body": "{…}"}`.

mod fit;

use saga_asl::json::{Value, array, object};
use saga_asl::model::StateMachine;
use saga_manifest::trigger::Source;

use crate::checked::Saga;
use crate::jsonata::{delimited, literal};
use crate::logical_id;
use crate::states::COMPENSATED;

/// What stands for the queue of what could not be started.
pub(crate) const NOT_STARTED: &str = "NotStartedUrl";

const INPUT: &str = "$states.context.Execution.Input";

const ASKED: &str = "WhatIsAsked";
const CHECK: &str = "CheckInput";
const FITS: &str = "DoesItFit";
const START: &str = "StartExecution";
const EXISTING: &str = "LookAtExisting";
const SAME: &str = "IsItTheSame";
const STARTED: &str = "Started";
const WHO: &str = "DoesSomebodyWait";
const REFUSED: &str = "NotStarted";
const KEEP: &str = "KeepForOperator";
const LOOK: &str = "LookUpExecution";
const UNKNOWN: &str = "NoSuchExecution";
const UNAVAILABLE: &str = "Unavailable";

/// Seconds of one attempt of a call. API Gateway waits 29 s for all of them.
const ATTEMPT: i64 = 3;

/// What a saga's triggers need of a starter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Requests: somebody waits for an answer.
    pub(crate) answers: bool,
    /// Events and messages: what cannot be started is kept.
    pub(crate) deliveries: bool,
}

impl Needs {
    /// What this saga needs.
    pub(crate) fn of(saga: &Saga<'_>) -> Self {
        let triggers = || saga.definition.triggers.iter();
        Self {
            answers: triggers().any(|trigger| matches!(trigger.source, Source::Http(_))),
            deliveries: triggers()
                .any(|trigger| matches!(trigger.source, Source::Event(_) | Source::Queue(_))),
        }
    }
}

/// The starter of a saga that has a business key.
///
/// # Errors
/// The model's own, which would be a defect.
pub(crate) fn machine(saga: &Saga<'_>) -> Result<Option<StateMachine>, String> {
    let keys = saga.definition.triggers.iter();
    let Some(key) = keys.filter_map(|trigger| trigger.key()).next() else {
        return Ok(None);
    };
    let names = key.iter().map(|name| literal::name(name));
    let path: Vec<String> = [format!("{INPUT}.start")]
        .into_iter()
        .chain(names)
        .collect();
    let starter = Writer {
        saga: &saga.definition.name,
        key: path.join("."),
        problems: fit::problems(
            &saga.definition.input.schema,
            &format!("{INPUT}.start"),
            key,
        ),
        tells_output: saga.definition.output.sensitive.is_empty(),
        needs: Needs::of(saga),
    };
    let value = object([
        (
            "Comment",
            Value::from(format!(
                "Starts executions of {} under their key.",
                starter.saga
            )),
        ),
        ("QueryLanguage", "JSONata".into()),
        ("StartAt", starter.first().into()),
        ("States", object(starter.states())),
    ]);
    let machine = StateMachine::from_value(&value).map_err(|errors| {
        let first = errors.first();
        first.map_or_else(String::new, ToString::to_string)
    })?;
    Ok(Some(machine))
}

struct Writer<'s> {
    saga: &'s str,
    /// The expression that reads the business key.
    key: String,
    /// The expression that tells what is wrong with the input.
    problems: String,
    tells_output: bool,
    needs: Needs,
}

impl Writer<'_> {
    fn first(&self) -> &'static str {
        if self.needs.answers { ASKED } else { CHECK }
    }

    fn states(&self) -> Vec<(&'static str, Value)> {
        let mut states = Vec::new();
        if self.needs.answers {
            let rule = rule(&format!("$exists({INPUT}.outcomeOf)"), LOOK);
            states.push((ASKED, choice(rule, CHECK)));
        }
        states.push((CHECK, self.check()));
        let fits = rule("$count($states.input.reason) = 0", START);
        states.push((FITS, choice(fits, self.refusal())));
        states.push((START, self.start()));
        states.push((EXISTING, self.look_at_existing()));
        states.push((
            SAME,
            choice(rule("$states.input.same", STARTED), self.refusal()),
        ));
        states.push((STARTED, self.started()));
        if self.needs.answers && self.needs.deliveries {
            let waits = rule(&format!("$exists({INPUT}.at)"), REFUSED);
            states.push((WHO, choice(waits, KEEP)));
        }
        if self.needs.answers {
            states.push((REFUSED, self.refused()));
            states.push((LOOK, self.look_up()));
            let unknown = "{ \"message\": \"there is no execution of this key\" }";
            states.push((UNKNOWN, answer(404, unknown)));
            let unavailable = "{ \"message\": \"try again later\" }";
            states.push((UNAVAILABLE, answer(503, unavailable)));
        }
        if self.needs.deliveries {
            states.push((KEEP, keep()));
        }
        states
    }

    /// Where what was not started goes.
    fn refusal(&self) -> &'static str {
        match (self.needs.answers, self.needs.deliveries) {
            (true, true) => WHO,
            (true, false) => REFUSED,
            (false, _) => KEEP,
        }
    }

    fn check(&self) -> Value {
        let output = object([
            ("status", Value::from(400)),
            ("message", "this is not the saga's input".into()),
            ("reason", delimited(&self.problems)),
        ]);
        object([
            ("Type", Value::from("Pass")),
            ("Output", output),
            ("Next", FITS.into()),
        ])
    }

    fn arn(&self) -> String {
        format!("${{{}Arn}}", logical_id::state_machine(self.saga))
    }

    fn start(&self) -> Value {
        let arguments = object([
            ("StateMachineArn", Value::from(self.arn())),
            ("Name", delimited(&self.key)),
            ("Input", delimited(format!("{INPUT}.start"))),
        ]);
        let taken = [
            "StepFunctions.ExecutionAlreadyExistsException",
            "StepFunctions.ExecutionAlreadyExists",
        ];
        let catch = [
            object([("ErrorEquals", array(taken)), ("Next", EXISTING.into())]),
            self.not_started(),
        ];
        task(
            "arn:aws:states:::states:startExecution",
            arguments,
            &taken,
            [("Catch", array(catch)), ("Next", STARTED.into())],
        )
    }

    /// What leads to a refusal for another reason than the key.
    fn not_started(&self) -> Value {
        let output = object([
            ("status", Value::from(503)),
            ("message", "it could not be started: try again later".into()),
            ("reason", delimited("$states.errorOutput")),
        ]);
        object([
            ("ErrorEquals", array(["States.ALL"])),
            ("Output", output),
            ("Next", self.refusal().into()),
        ])
    }

    fn look_at_existing(&self) -> Value {
        let same = format!("$parse($states.result.Input) = {INPUT}.start");
        let output = object([
            ("same", delimited(same)),
            ("status", 409.into()),
            (
                "message",
                "there is an execution of this key with another input".into(),
            ),
        ]);
        task(
            "arn:aws:states:::aws-sdk:sfn:describeExecution",
            self.described(&self.key),
            &[],
            [
                ("Output", output),
                ("Catch", array([self.not_started()])),
                ("Next", SAME.into()),
            ],
        )
    }

    /// The arguments that name the execution of a key.
    fn described(&self, key: &str) -> Value {
        let arn = format!(
            "$replace(\"{}\", \":stateMachine:\", \":execution:\", 1) & \":\" & {key}",
            self.arn()
        );
        object([("ExecutionArn", delimited(arn))])
    }

    fn address(&self) -> String {
        format!("{INPUT}.at & \"/\" & {}", self.key)
    }

    fn started(&self) -> Value {
        if !self.needs.answers {
            return object([("Type", Value::from("Succeed"))]);
        }
        let body = format!(
            "{{ \"execution\": {}, \"address\": {} }}",
            self.key,
            self.address()
        );
        located(202.into(), &self.address(), &body)
    }

    fn refused(&self) -> Value {
        let address = self.address();
        let body = format!(
            "$merge([{{ \"message\": $states.input.message }}, $states.input.status = 409 ? \
             {{ \"execution\": {}, \"address\": {address} }} : {{}}, $states.input.status = 400 ? \
             {{ \"errors\": $states.input.reason }} : {{}}])",
            self.key,
        );
        let location = format!("$states.input.status = 409 ? {address} : \"\"");
        located(delimited("$states.input.status"), &location, &body)
    }

    fn look_up(&self) -> Value {
        let output = if self.tells_output {
            "$how = \"completed\" ? { \"output\": $parse($found.Output) } : {}, "
        } else {
            ""
        };
        let body = format!(
            "($found := $states.result; \
             $how := $found.Status in [\"RUNNING\", \"PENDING_REDRIVE\"] ? \"running\" \
             : $found.Status = \"SUCCEEDED\" ? \"completed\" \
             : $found.Error = {} ? \"compensated\" : \"parked\"; \
             $string($merge([{{ \"execution\": $found.Name, \"status\": $how }}, {output}\
             $how = \"compensated\" ? {{ \"error\": $match($found.Cause, /\"error\":\"([^\"]*)\"/)[0].groups[0] }} \
             : {{}}])))",
            literal::quoted(COMPENSATED),
        );
        let answer = object([
            ("status", Value::from(200)),
            ("location", delimited("\"\"")),
            ("body", delimited(body)),
        ]);
        let unknown = [
            "Sfn.ExecutionDoesNotExistException",
            "Sfn.ExecutionDoesNotExist",
            "Sfn.InvalidArnException",
            "Sfn.InvalidArn",
        ];
        let catch = [
            object([("ErrorEquals", array(unknown)), ("Next", UNKNOWN.into())]),
            object([
                ("ErrorEquals", array(["States.ALL"])),
                ("Next", UNAVAILABLE.into()),
            ]),
        ];
        task(
            "arn:aws:states:::aws-sdk:sfn:describeExecution",
            self.described(&format!("$base64decode({INPUT}.outcomeOf)")),
            &unknown,
            [
                ("Output", answer),
                ("Catch", array(catch)),
                ("End", true.into()),
            ],
        )
    }
}

/// A task that is tried once more, unless it failed with one of these errors.
fn task(
    resource: &str,
    arguments: Value,
    told: &[&'static str],
    rest: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let at_once = object([
        ("ErrorEquals", array(told.iter().copied())),
        ("MaxAttempts", 0.into()),
    ]);
    let others = object([
        ("ErrorEquals", array(["States.ALL"])),
        ("IntervalSeconds", 1.into()),
        ("MaxAttempts", 1.into()),
        // Written as 2.0, since some validators take a float only.
        ("BackoffRate", Value::from(2.0)),
    ]);
    let at_once = (!told.is_empty()).then_some(at_once);
    let head = [
        ("Type", Value::from("Task")),
        ("Resource", resource.into()),
        ("Arguments", arguments),
        ("TimeoutSeconds", ATTEMPT.into()),
        ("Retry", array(at_once.into_iter().chain([others]))),
    ];
    object(head.into_iter().chain(rest))
}

/// Keeps what could not be started where an operator finds it. If that fails, the execution does.
fn keep() -> Value {
    let body = object([
        ("input", delimited(format!("{INPUT}.start"))),
        ("message", delimited("$states.input.message")),
        (
            "reason",
            delimited("$exists($states.input.reason) ? $states.input.reason : null"),
        ),
    ]);
    let arguments = object([
        ("QueueUrl", Value::from(format!("${{{NOT_STARTED}}}"))),
        ("MessageBody", body),
    ]);
    let end = [("End", true.into())];
    task("arn:aws:states:::sqs:sendMessage", arguments, &[], end)
}

fn rule(condition: &str, to: &str) -> Value {
    object([("Condition", delimited(condition)), ("Next", to.into())])
}

fn choice(rule: Value, otherwise: &str) -> Value {
    object([
        ("Type", Value::from("Choice")),
        ("Choices", array([rule])),
        ("Default", otherwise.into()),
    ])
}

/// The end of a request.
fn answer(status: i64, body: &str) -> Value {
    located(status.into(), "\"\"", body)
}

/// The end of a request with an address.
fn located(status: Value, location: &str, body: &str) -> Value {
    let output = object([
        ("status", status),
        ("location", delimited(location)),
        ("body", delimited(format!("$string({body})"))),
    ]);
    object([("Type", Value::from("Succeed")), ("Output", output)])
}
