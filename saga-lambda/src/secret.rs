//! The secrets that a function states in its `secrets(…)`: read once, at its start, and never in its environment.

use serde_json::{Value, json};

use crate::aws::{Client, Service};

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the secret of `{variable}` could not be read: {problem}")]
pub struct NoSecret {
    variable: String,
    problem: String,
}

/// The value of `secrets(VARIABLE = ssm("/name"))`: a SecureString of the parameter store.
///
/// # Errors
/// The function does not state it, its role may not read it, or there is none.
pub async fn parameter(variable: &str) -> Result<String, NoSecret> {
    let request = |name: &str| json!({ "Name": name, "WithDecryption": true });
    read(
        variable,
        Service::Ssm,
        "GetParameter",
        request,
        "/Parameter/Value",
    )
    .await
}

/// The value of `secrets(VARIABLE = secrets_manager("name"))`: a text in Secrets Manager.
///
/// # Errors
/// As of [`parameter`].
pub async fn secret(variable: &str) -> Result<String, NoSecret> {
    let request = |name: &str| json!({ "SecretId": name });
    let service = Service::SecretsManager;
    read(
        variable,
        service,
        "GetSecretValue",
        request,
        "/SecretString",
    )
    .await
}

async fn read(
    variable: &str,
    service: Service,
    action: &str,
    request: impl Fn(&str) -> Value,
    found: &str,
) -> Result<String, NoSecret> {
    let failed = |problem: String| NoSecret {
        variable: variable.to_owned(),
        problem,
    };
    let name = crate::variable(variable).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| failed("no `secrets(…)` states it".to_owned()))?;
    let own = |name: &str| crate::variable(name).filter(|value| !value.is_empty());
    let client = Client::new(service, own);
    let body = request(&name).to_string();
    let answer = client.perform(action, body.as_bytes()).await;
    let answer = answer.map_err(|problem| failed(problem.to_string()))?;
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match said.pointer(found).and_then(Value::as_str) {
        Some(value) if answer.status.is_success() => Ok(value.to_owned()),
        // What a service says of a failure holds no secret.
        _ => Err(failed(format!("`{name}`: {} {said}", answer.status))),
    }
}
