//! What an execution was expected to do, and whether it did.

use serde_json::Value;

use crate::table::{Case, Deployment, Ends};
use crate::tools::stack::Execution;

/// What the execution was expected to do and did not, and what it did instead.
pub fn judge(
    deployment: &Deployment,
    case: &Case,
    input: &Value,
    execution: &Execution,
) -> Option<String> {
    let expected = expectations(deployment, case, input, execution);
    let unmet = expected.into_iter().filter(|(_, is_met)| !is_met);
    let unmet: Vec<_> = unmet.map(|(what, _)| what).collect();
    (!unmet.is_empty()).then(|| {
        let (case, unmet) = (case.input, unmet.join(", "));
        format!("{case}: expected {unmet}, got {execution}")
    })
}

fn expectations(
    deployment: &Deployment,
    case: &Case,
    input: &Value,
    execution: &Execution,
) -> Vec<(String, bool)> {
    let (status, error, tells) = match case.ends {
        Ends::Completed(tells) => ("SUCCEEDED", None, tells),
        Ends::Compensated(tells) => ("FAILED", Some("SagaCompensated"), tells),
        Ends::Parked(error) => ("FAILED", Some(error), error),
    };
    let mut told = execution.output.iter().chain(&execution.cause);
    let key = input.get(deployment.key);
    let mut expected = vec![
        (status.to_owned(), execution.status == status),
        (format!("{error:?}"), execution.error.as_deref() == error),
        (tells.to_owned(), told.any(|text| text.contains(tells))),
        (
            case.path.to_owned(),
            execution.states.join(" ") == case.path,
        ),
        (
            format!("one message, in {:?}", case.queue),
            got(case, deployment.key, key, execution),
        ),
    ];
    for ((table, attribute), values) in deployment.shows.iter().zip(case.rows) {
        let shown = shown(execution, table, (deployment.key, key), attribute);
        let what = format!("`{values}` in {table}, which has `{shown}`");
        expected.push((what, shown == *values));
    }
    let kept = kept(execution);
    let secrets = deployment.secrets.iter();
    expected.extend(secrets.map(|secret| (format!("no {secret}"), !kept.contains(secret))));
    expected
}

/// Whether one queue got one message, and that it tells of this saga.
fn got(case: &Case, key: &str, value: Option<&Value>, execution: &Execution) -> bool {
    let mut messages = execution
        .messages
        .iter()
        .flat_map(|(queue, bodies)| bodies.iter().map(move |body| (queue.as_str(), body)));
    let Some((queue, body)) = messages.next() else {
        return case.queue.is_none();
    };
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let tells = match case.ends {
        // An operator looks for the state that waits.
        Ends::Parked(_) => {
            body.get("state").and_then(Value::as_str) == case.path.rsplit(' ').next()
        }
        Ends::Completed(_) | Ends::Compensated(_) => body.get(key) == value,
    };
    case.queue == Some(queue) && tells && messages.next().is_none()
}

/// The values of an attribute in the saga's own rows, sorted.
fn shown(
    execution: &Execution,
    table: &str,
    (key, value): (&str, Option<&Value>),
    attribute: &str,
) -> String {
    let text = |item: &'_ Value, name: &str| item.pointer(&format!("/{name}/S")).cloned();
    let items = execution.items.get(table).into_iter().flatten();
    let mine = items.filter(|item| value.is_some() && text(item, key).as_ref() == value);
    let shown = mine.filter_map(|item| text(item, attribute)?.as_str().map(str::to_owned));
    let mut shown: Vec<_> = shown.collect();
    shown.sort();
    shown.join(" ")
}

/// Everything that stays: rows, messages, logs, and what the execution tells.
fn kept(execution: &Execution) -> String {
    let Execution {
        items,
        messages,
        logs,
        output,
        cause,
        ..
    } = execution;
    format!("{items:?}{messages:?}{logs:?}{output:?}{cause:?}")
}
