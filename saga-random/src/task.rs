//! Random calls of each kind.

pub mod isolated;

use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::expr::Expr;
use saga_manifest::step::Call;
use saga_manifest::task::{Attribute, AttributeShape, Channel, Condition, Shape, Task};
use serde_json::json;

use crate::dice::Dice;
use crate::nested::Child;

/// The table of rows: of a step, and of the item that it is for.
pub const TABLE: &str = "Rows";

/// The table's partition key.
pub const STEP: &str = "step";

/// The table's sort key.
pub const ITEM: &str = "item";

/// The attribute that says of itself what it must be.
pub const READS: &str = "reads";

/// The topic that steps publish to.
pub const TOPIC: &str = "News";

/// The queue that steps send to.
pub const QUEUE: &str = "Letters";

/// A known failure that every handler declares.
pub const REFUSED: &str = "Refused";

/// An unknown outcome that every handler declares.
pub const LOST: &str = "Lost";

/// An error that says "nobody knows", and of which callers know better: nothing was done.
pub const TRUSTED: &str = "Trusted";

/// An error that says "not done", and that callers do not believe.
pub const DOUBTED: &str = "Doubted";

/// An answer that says no.
pub const DECLINED: &str = "Declined";

/// What Lambda rejects before a handler runs.
pub const THROTTLED: &str = "Lambda.TooManyRequestsException";

/// What DynamoDB rejects.
pub const ROW_THROTTLED: &str = "DynamoDB.ThrottlingException";

/// What a fence answers a do that comes after its undo.
pub(crate) const LATE: &str = "SagaLateDo";

/// How often it is tried again: so often, a second apart and then twice as long.
pub(crate) fn policy(max_attempts: u32) -> RetryPolicy {
    RetryPolicy {
        interval_seconds: 1,
        max_attempts,
        backoff_rate: 2.0,
        max_delay_seconds: None,
        jitter: false,
    }
}

/// A handler of this name. `services` says whether what is in front of it fails, too, and its author knows
/// better now and then.
pub(crate) fn handler(name: &str, input: Expr, services: bool, dice: &mut Dice) -> Call {
    let mut errors = vec![
        error(REFUSED, Outcome::NotDone, 300, dice),
        error(LOST, Outcome::Unknown, 300, dice),
    ];
    if services {
        errors.push(error(THROTTLED, Outcome::NotDone, 500, dice));
        errors.push(error(LATE, Outcome::NotDone, 0, dice));
    }
    let otherwise = [(TRUSTED, Outcome::NotDone), (DOUBTED, Outcome::Unknown)];
    for (name, outcome) in otherwise {
        if services && dice.chance(250) {
            errors.push(DeclaredError {
                reason: Some("its author knows better".into()),
                ..error(name, outcome, 300, dice)
            });
        }
    }
    let task = Task::Lambda {
        handler: name.into(),
        input,
    };
    Call {
        errors,
        retry_others: dice.chance(500).then(|| policy(2)),
        ..call(task)
    }
}

/// Puts the row of a step, for the item at this path.
pub(crate) fn put(step: &str, path: Expr, reads: Expr, dice: &mut Dice) -> Call {
    let item = key(step, path).into_iter().chain(values("put", reads));
    let task = Task::DynamodbPut {
        table: TABLE.into(),
        item: item.collect(),
        condition: dice
            .chance(300)
            .then(|| Condition::NotExists(vec!["owner".into()])),
    };
    row(task, dice)
}

/// Updates it.
pub(crate) fn update(step: &str, path: Expr, reads: Expr, dice: &mut Dice) -> Call {
    let task = Task::DynamodbUpdate {
        table: TABLE.into(),
        key: key(step, path),
        set: values("updated", reads).into(),
        condition: None,
        basis: None,
    };
    row(task, dice)
}

/// Deletes it.
pub(crate) fn delete(step: &str, path: Expr, dice: &mut Dice) -> Call {
    let task = Task::DynamodbDelete {
        table: TABLE.into(),
        key: key(step, path),
        condition: None,
    };
    row(task, dice)
}

/// Reads it.
pub(crate) fn get(step: &str, path: Expr, dice: &mut Dice) -> Call {
    let task = Task::DynamodbGet {
        table: TABLE.into(),
        key: key(step, path),
        item: vec![AttributeShape {
            name: "state".into(),
            shape: Shape::Optional(Box::new(Shape::String)),
        }],
        again: None,
    };
    row(task, dice)
}

/// Publishes to the topic.
pub(crate) fn publish(about: &str, message: Expr, dice: &mut Dice) -> Call {
    let task = Task::SnsPublish {
        topic: TOPIC.into(),
        message,
        subject: dice.chance(300).then(|| format!("About {about}")),
        attributes: attributes(about, dice),
    };
    Call {
        retry_others: dice.chance(300).then(|| policy(2)),
        ..call(task)
    }
}

/// Sends to the queue.
pub(crate) fn send(about: &str, message: Expr, dice: &mut Dice) -> Call {
    let task = Task::SqsSend {
        queue: QUEUE.into(),
        message,
        attributes: attributes(about, dice),
    };
    Call {
        retry_others: dice.chance(300).then(|| policy(2)),
        ..call(task)
    }
}

/// Runs a saga. One that may undo itself is not run again by a retry.
pub(crate) fn saga(child: Child, only_forward: bool, dice: &mut Dice) -> Call {
    let task = Task::Saga {
        saga: child.name,
        input: child.input,
    };
    Call {
        retry_others: (only_forward && dice.chance(300)).then(|| policy(1)),
        timeout_seconds: child.timeout_seconds,
        ..call(task)
    }
}

/// Asks somebody.
pub(crate) fn question(request: Expr, dice: &mut Dice) -> Call {
    let task = Task::Approval {
        channel: match dice.chance(500) {
            true => Channel::Topic(TOPIC.into()),
            false => Channel::Queue(QUEUE.into()),
        },
        request,
        unanswered: dice
            .chance(400)
            .then(|| Expr::Literal(json!({ "id": "nobody" }))),
    };
    Call {
        errors: vec![error(DECLINED, Outcome::NotDone, 200, dice)],
        timeout_seconds: 60,
        heartbeat_seconds: dice.chance(300).then_some(20),
        events: Default::default(),
        ..call(task)
    }
}

fn call(task: Task) -> Call {
    Call {
        description: None,
        task,
        errors: Vec::new(),
        retry_others: None,
        timeout_seconds: 10,
        heartbeat_seconds: None,
        events: Default::default(),
    }
}

fn row(task: Task, dice: &mut Dice) -> Call {
    Call {
        errors: vec![
            DeclaredError {
                // A put's condition holds for what the put itself has written.
                settled: matches!(task, Task::DynamodbPut { .. }),
                ..error(
                    "DynamoDB.ConditionalCheckFailedException",
                    Outcome::NotDone,
                    0,
                    dice,
                )
            },
            error(ROW_THROTTLED, Outcome::NotDone, 500, dice),
            error(
                "DynamoDB.InternalServerErrorException",
                Outcome::Unknown,
                500,
                dice,
            ),
        ],
        retry_others: dice.chance(300).then(|| policy(2)),
        ..call(task)
    }
}

/// A declared error, retried so many times in a thousand.
fn error(name: &str, outcome: Outcome, retried: u64, dice: &mut Dice) -> DeclaredError {
    DeclaredError {
        name: name.into(),
        outcome,
        settled: false,
        reason: None,
        retry: dice.chance(retried).then(|| policy(1)),
    }
}

pub(crate) fn key(step: &str, path: Expr) -> Vec<Attribute> {
    let step = attribute(STEP, Shape::String, Expr::Literal(step.into()));
    vec![step, attribute(ITEM, Shape::String, path)]
}

fn values(state: &str, reads: Expr) -> [Attribute; 2] {
    let state = attribute("state", Shape::String, Expr::Literal(state.into()));
    [state, attribute(READS, Shape::Json, reads)]
}

fn attributes(about: &str, dice: &mut Dice) -> Vec<Attribute> {
    let about = attribute("about", Shape::String, Expr::Literal(about.into()));
    let seconds = attribute(
        "seconds",
        Shape::Number,
        crate::reads::field(Expr::Input, "seconds"),
    );
    let mut attributes = vec![about, seconds];
    attributes.truncate(usize::try_from(dice.below(3)).unwrap_or_default());
    attributes
}

fn attribute(name: &str, shape: Shape, value: Expr) -> Attribute {
    Attribute {
        name: name.into(),
        shape,
        value,
    }
}
