//! What a call is for: read from what it sends, and from the name of its state where it sends nothing of
//! the kind.

use saga_engine::execution::Invocation;
use saga_fence::Order;
use serde_json::Value;

use crate::items;
use crate::order::{Key, Steps};
use crate::task::{ITEM, READS, STEP};

/// What a call does for a step instance.
#[derive(Clone, Debug)]
pub struct Work {
    /// The step instance.
    pub key: Key,
    /// Whether it undoes it.
    pub undo: bool,
    /// What does it.
    pub means: Means,
    /// What it was given, which says of itself whether it is right.
    pub given: Value,
}

/// What does a call's work.
#[derive(Clone, Debug)]
pub enum Means {
    /// A handler behind a fence: the delivery's place among others.
    Fenced(Order),
    /// A handler without one.
    Unfenced,
    /// A request of DynamoDB: an action, its arguments, and whether the row tells late ones.
    Row {
        /// `putItem`
        action: String,
        /// What is sent.
        arguments: Value,
        /// Whether its condition knows late requests.
        marked: bool,
    },
    /// A message.
    Message,
    /// A message that somebody answers. Whether a heartbeat is waited for.
    Question(bool),
    /// Another saga.
    Saga,
}

/// The step instance whose fence a request seals: its key names it, and the item that it is for.
pub(crate) fn sealed(arguments: &Value, base: &str) -> Option<Key> {
    let instance = string(arguments.get("Key")?, saga_fence::table::SORT_KEY)?;
    let own = instance.strip_prefix(base)?;
    let (step, item) = own.split_once('/').unwrap_or((own, ""));
    Some(Key {
        step: format!("{base}{step}"),
        item: item.into(),
    })
}

/// What a call is for, if it is for a step of a saga that these step instances are around.
pub(crate) fn read(
    invocation: &Invocation,
    arguments: &Value,
    base: &str,
    steps: &Steps<'_>,
) -> Option<Work> {
    let work = if let Some(payload) = arguments.get("Payload") {
        of_payload(payload)
    } else if arguments.get("TableName").is_some() {
        of_row(invocation, arguments, base, steps)
    } else if let Some(input) = arguments.get("Input") {
        of_saga(invocation, input, base)
    } else {
        of_message(invocation, arguments, base)
    };
    work.filter(|work| steps.step(&work.key).is_some())
}

fn of_payload(payload: &Value) -> Option<Work> {
    let saga = payload.get("saga")?;
    let fence = saga.get("fence").map(|fence| {
        let number = |of: &Value, name: &str| of.get(name).and_then(Value::as_u64);
        let small = |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok());
        Order {
            entered: number(fence, "entered").unwrap_or_default(),
            redrive: small(number(fence, "redrive")).unwrap_or_default(),
            attempt: small(number(saga, "attempt")).unwrap_or_default(),
        }
    });
    Some(Work {
        key: Key {
            step: text(saga, "step")?.into(),
            item: text(saga, "item").unwrap_or_default().into(),
        },
        undo: text(saga, "phase")? == "undo",
        means: fence.map_or(Means::Unfenced, Means::Fenced),
        given: payload.get("input").cloned().unwrap_or_default(),
    })
}

/// A row's key says which step it is of and for which item; the state, whether it is undone and in which
/// try.
fn of_row(
    invocation: &Invocation,
    arguments: &Value,
    base: &str,
    steps: &Steps<'_>,
) -> Option<Work> {
    let key = arguments.get("Key").or(arguments.get("Item"))?;
    let (step, item) = (string(key, STEP)?, string(key, ITEM)?);
    let indexes = item.split('.').filter_map(|index| index.parse().ok());
    let indexes: Vec<_> = indexes.collect();
    let copy = Copy::of(&invocation.state);
    let values = arguments.get("ExpressionAttributeValues");
    let reads = arguments
        .get("Item")
        .and_then(|item| string(item, READS))
        .or_else(|| string(values?, ":reads"));
    let action = invocation.resource.rsplit(':').next().unwrap_or_default();
    let marks = [":saga_id", ":saga_at", ":saga_mark"];
    let marked = values.is_some_and(|values| marks.iter().any(|mark| values.get(mark).is_some()));
    // Items of other tables are not one step's own.
    let step = match items::table(arguments) {
        Some(_) => copy.step,
        None => step,
    };
    Some(Work {
        key: Key {
            step: format!("{base}{step}{}", copy.tries),
            item: steps.item(step, &indexes),
        },
        undo: copy.undo,
        means: Means::Row {
            action: action.to_owned(),
            arguments: arguments.clone(),
            marked,
        },
        given: parsed(reads.unwrap_or_default()),
    })
}

/// A message's id holds the item that it is for and the effect: a step instance, or the state that undoes
/// one.
fn of_message(invocation: &Invocation, arguments: &Value, base: &str) -> Option<Work> {
    let attributes = arguments.get("MessageAttributes")?;
    let id = text(attributes.get("saga_message_id")?, "StringValue")?;
    let (_, below) = id.split_once('/')?;
    let (item, _) = match base {
        "" => below.rsplit_once('/').unwrap_or_default(),
        base => below.split_once(base)?,
    };
    let copy = Copy::of(&invocation.state);
    let body = text(arguments, "MessageBody").or_else(|| text(arguments, "Message"));
    let body = parsed(body.unwrap_or_default());
    let asks = invocation.resource.ends_with(".waitForTaskToken");
    Some(Work {
        key: Key {
            step: format!("{base}{}{}", copy.step, copy.tries),
            item: item.trim_end_matches('/').into(),
        },
        undo: copy.undo,
        means: match asks {
            true => Means::Question(invocation.heartbeat.is_some()),
            false => Means::Message,
        },
        given: match asks {
            true => body.get("request").cloned().unwrap_or_default(),
            false => body,
        },
    })
}

/// A saga that is run is told below which step instance, and for which item: `Travel#2/Rooms[1]`.
fn of_saga(invocation: &Invocation, input: &Value, base: &str) -> Option<Work> {
    let below = text(input.get("_saga")?, "step")?;
    let own = below.strip_prefix(base)?;
    let (_, item) = own.split_once('/').unwrap_or((own, ""));
    let copy = Copy::of(&invocation.state);
    Some(Work {
        key: Key {
            step: format!("{base}{}{}", copy.step, copy.tries),
            item: item.into(),
        },
        undo: copy.undo,
        means: Means::Saga,
        given: Value::Null,
    })
}

/// Which copy of a step's states one is, from its name: `UndoBookTry2ForTry3Parked`.
pub(crate) struct Copy<'n> {
    pub(crate) step: &'n str,
    pub(crate) undo: bool,
    /// `#2`
    pub(crate) tries: String,
}

impl<'n> Copy<'n> {
    pub(crate) fn of(state: &'n str) -> Self {
        let name = state.split(':').next().unwrap_or_default();
        let name = name.strip_suffix("Parked").unwrap_or(name);
        let name = name.split("ForTry").next().unwrap_or_default();
        let own = name.strip_prefix("Undo");
        let mut parts = own.unwrap_or(name).split("Try");
        let step = parts.next().unwrap_or_default();
        Self {
            step,
            undo: own.is_some(),
            tries: parts.map(|number| format!("#{number}")).collect(),
        }
    }
}

/// JSON, or null.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// A string of an item of DynamoDB.
fn string<'v>(item: &'v Value, name: &str) -> Option<&'v str> {
    text(item.get(name)?, "S")
}

pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}
