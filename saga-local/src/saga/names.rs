//! The names of this machine, where a definition has the template's substitutions.

use std::collections::BTreeMap;

use saga_asl::json::Value;
use saga_fence::table::NAME as FENCES;
use saga_manifest::Manifest;

use crate::services::PARKED_QUEUE;
use crate::{ACCOUNT, REGION, queue_url, topic_arn};

/// What stands for each `${…}` of a package's definitions on this machine: functions, topics and state machines
/// by ARN, tables by name, queues by URL.
#[must_use]
pub fn substitutions(manifest: &Manifest) -> BTreeMap<String, String> {
    let functions = manifest.handlers.iter().map(|handler| {
        let arn = format!(
            "arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}",
            handler.name
        );
        (logical_id(&handler.name, "Function") + "Arn", arn)
    });
    let tables = manifest.tables.iter().map(|table| {
        (
            logical_id(&table.name, "Table") + "Name",
            table.name.clone(),
        )
    });
    let topics = manifest.topics.iter().map(|topic| {
        (
            logical_id(&topic.name, "Topic") + "Arn",
            topic_arn(&topic.name),
        )
    });
    let queues = manifest.queues.iter().map(|queue| {
        (
            logical_id(&queue.name, "Queue") + "Url",
            queue_url(&queue.name),
        )
    });
    let machines = manifest.sagas.iter().map(|saga| {
        let name = &saga.name;
        let arn = format!("arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}");
        (logical_id(name, "StateMachine") + "Arn", arn)
    });
    let parked = (format!("{PARKED_QUEUE}Url"), queue_url(PARKED_QUEUE));
    let fences = (format!("{FENCES}Name"), FENCES.to_owned());
    functions
        .chain(tables)
        .chain(topics)
        .chain(queues)
        .chain(machines)
        .chain([parked, fences])
        .collect()
}

/// A resource's logical id in the template: letters and digits of its name, and its type, unless the
/// name ends so.
fn logical_id(name: &str, kind: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if name.ends_with(kind) {
        name
    } else {
        name + kind
    }
}

/// The definition with every `${…}` replaced; else the first name that nothing stands for.
pub(super) fn substitute(value: &Value, names: &BTreeMap<String, String>) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(substitute_text(text, names)?),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| substitute(item, names))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), substitute(value, names)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other.clone(),
    })
}

fn substitute_text(text: &str, names: &BTreeMap<String, String>) -> Result<String, String> {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        done.push_str(before);
        done.push_str(names.get(name).ok_or_else(|| name.to_owned())?);
        rest = after;
    }
    done.push_str(rest);
    Ok(done)
}
