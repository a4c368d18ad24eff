//! Sagas on Step Functions: the key is an execution's name.

use hyper::StatusCode;
use saga_manifest::saga::COMPENSATED;
use serde_json::{Value, json};

use super::{Begun, Status, Unreachable, same, unreachable};
use crate::aws::Client;

/// What Step Functions answers, and its error's name where it refuses.
struct Said {
    refused: Option<String>,
    body: Value,
}

pub(super) async fn begin(
    client: &Client,
    machine: &str,
    key: &str,
    input: &Value,
) -> Result<Begun, Unreachable> {
    // Before, so that a second request is told from the first: to start a running execution again with the same
    // input is no error to Step Functions.
    if let Some(known) = describe(client, machine, key).await? {
        return Ok(compared(&known, input));
    }
    let request = json!({ "stateMachineArn": machine, "name": key, "input": input.to_string() });
    let said = perform(client, "StartExecution", &request).await?;
    match said.refused.as_deref() {
        None => Ok(Begun::Now),
        Some("ExecutionAlreadyExists") => {
            let known = describe(client, machine, key).await?;
            Ok(known.map_or(Begun::Another, |known| compared(&known, input)))
        }
        Some(name) => Err(Unreachable(format!(
            "StartExecution: {name}: {}",
            said.body
        ))),
    }
}

pub(super) async fn status(
    client: &Client,
    machine: &str,
    key: &str,
) -> Result<Option<Status>, Unreachable> {
    let Some(found) = describe(client, machine, key).await? else {
        return Ok(None);
    };
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    Ok(Some(match text("status") {
        Some("RUNNING" | "PENDING_REDRIVE") => Status::Running,
        Some("SUCCEEDED") => Status::Completed,
        _ if text("error") == Some(COMPENSATED) => Status::Compensated,
        _ => Status::Parked,
    }))
}

/// The execution of a key; none where there is none.
async fn describe(client: &Client, machine: &str, key: &str) -> Result<Option<Value>, Unreachable> {
    let execution = machine.replacen(":stateMachine:", ":execution:", 1);
    let request = json!({ "executionArn": format!("{execution}:{key}") });
    let said = perform(client, "DescribeExecution", &request).await?;
    match said.refused.as_deref() {
        None => Ok(Some(said.body)),
        Some("ExecutionDoesNotExist") => Ok(None),
        Some(name) => Err(Unreachable(format!(
            "DescribeExecution: {name}: {}",
            said.body
        ))),
    }
}

fn compared(execution: &Value, input: &Value) -> Begun {
    let known = execution.get("input").and_then(Value::as_str);
    let known: Value = serde_json::from_str(known.unwrap_or_default()).unwrap_or_default();
    same(&known, input)
}

async fn perform(client: &Client, action: &str, request: &Value) -> Result<Said, Unreachable> {
    let answer = client.perform(action, request.to_string().as_bytes()).await;
    let answer = answer.map_err(|problem| unreachable(&problem))?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind = body.get("__type").and_then(Value::as_str);
    let refused = (!answer.status.is_success()).then(|| name(kind, answer.status));
    Ok(Said { refused, body })
}

/// The exception's name, without what stands before `#`.
fn name(kind: Option<&str>, status: StatusCode) -> String {
    let name = kind.and_then(|kind| kind.rsplit('#').next());
    name.map_or_else(|| status.to_string(), str::to_owned)
}
