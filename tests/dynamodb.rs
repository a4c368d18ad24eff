//! The embedded DynamoDB beside AWS's own DynamoDB Local: each request of a file, one after the other, has
//! the same answer, or the same error in the same words.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Arguments;
use saga_local::endpoint::{Account, Credentials, Endpoint};
use saga_local::saga::Integrations;
use saga_local::services::{CallError, Embedded};
use saga_manifest::Manifest;
use serde_json::{Value, json};

use tools::pins::DYNAMODB_LOCAL;
use tools::trial::{Stop, trial};

/// How long Java has to start: 8.5 s on an idle machine.
const START: Duration = Duration::from_secs(90);

/// DynamoDB Local's words for what the service words as we do; by the start of its message.
const OTHER_WORDS: [&str; 15] = [
    "The number of conditions on the keys is invalid",
    "One or more parameter values were invalid: Type mismatch for key",
    "One of the required keys was not given a value",
    "DynamoDB only supports precision up to 38 digits",
    "A value provided cannot be converted into a number",
    "One or more parameter values were invalid: Input collection [a, a] contains duplicates",
    "Invalid ConditionExpression: Invalid attribute type name found; type: Q, valid types: {N,",
    "Invalid ConditionExpression: Syntax error; token: \"!\"",
    "Return values set to invalid value",
    "Query condition missed key schema element",
    "Consistent read cannot be true when querying a GSI",
    "Value [] at 'transactItems' failed to satisfy constraint",
    "Cannot do operations on a non-existent table",
    "Invalid table/index name.",
    "Item to put in PutItem cannot be null",
];

/// What DynamoDB Local lets pass, and the service refuses: an index's key of another type, in an update.
const REFUSED_BY_US: &str = "Type mismatch for key state";

/// What the SDK refuses to send at all: we refuse it in the service's words.
const NOT_SENT: &str = "table_name was missing";

fn main() -> ExitCode {
    let trials = vec![trial(
        "the_embedded_dynamodb_answers_as_aws_own_does",
        compare,
    )];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn compare() -> Result<(), Stop> {
    let local = Local::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let different = runtime.block_on(differences(&local.url()))?;
    if different.is_empty() {
        return Ok(());
    }
    Err(format!("{} differences:\n{}", different.len(), different.join("\n")).into())
}

/// The requests that are answered differently.
async fn differences(url: &str) -> Result<Vec<String>, String> {
    let path = tools::workspace().join("tests/dynamodb/requests.jsonl");
    let requests = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let manifest = manifest()?;
    let embedded = Embedded::of(&manifest);
    let account = Account {
        region: "us-east-1".into(),
        credentials: Credentials::local(),
    };
    let real = Endpoint::at(url, &account).map_err(|error| error.to_string())?;
    real.provide_tables(&manifest)
        .await
        .map_err(|error| error.to_string())?;
    let mut different = Vec::new();
    for line in requests.lines() {
        let case: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let action = case
            .get("action")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let request = case.get("request").cloned().unwrap_or_default();
        let ours = answer(&embedded, action, &request).await;
        let theirs = answer(&real, action, &request).await;
        if ours != theirs && !is_worded_otherwise(&ours, &theirs) {
            different.push(format!(
                "{action} {request}\n  ours   {ours}\n  theirs {theirs}"
            ));
        }
    }
    Ok(different)
}

/// Whether both refuse by the same name, each in its own words.
fn is_worded_otherwise(ours: &Value, theirs: &Value) -> bool {
    let parts = |answer: &Value| {
        let (name, message) = answer.as_str()?.split_once(": ")?;
        Some((name.to_owned(), message.to_owned()))
    };
    match (parts(ours), parts(theirs)) {
        (Some((name, _)), Some((same, message))) => {
            message.contains(NOT_SENT)
                || name == same && OTHER_WORDS.iter().any(|start| message.starts_with(start))
        }
        (Some((_, message)), None) => message.contains(REFUSED_BY_US),
        _ => false,
    }
}

/// What a service answers: JSON, or the error's name and message without the request's id.
async fn answer(services: &dyn Integrations, action: &str, request: &Value) -> Value {
    match services.perform("dynamodb", action, request, 0).await {
        Ok(mut answer) => {
            if let Some(fields) = answer.as_object_mut() {
                fields.retain(|name, _| !name.starts_with("Sdk"));
            }
            answer
        }
        Err(CallError::Failed(failure)) => {
            let message = failure
                .cause
                .split(" (Service: ")
                .next()
                .unwrap_or_default();
            json!(format!("{}: {message}", failure.error))
        }
        Err(CallError::NotEmbedded(what)) => json!(format!("not embedded: {what}")),
    }
}

/// Orders by customer and number, with an index of them by state.
fn manifest() -> Result<Manifest, String> {
    let key = |name: &str, kind: &str| json!({ "name": name, "kind": kind });
    let manifest = json!({
        "version": saga_manifest::VERSION, "sagas": [], "handlers": [], "topics": [], "queues": [],
        "tables": [{
            "name": "Orders", "origin": "created",
            "place": { "file": "src/resources.rs", "line": 1, "column": 1 },
            "partition_key": key("customer", "string"), "sort_key": key("number", "number"),
            "indexes": [{
                "name": "by-state",
                "partition_key": key("state", "string"), "sort_key": key("number", "number"),
            }],
            "isolation": { "none": "nobody else writes there" },
        }],
    });
    Manifest::read(&manifest.to_string()).map_err(|error| error.to_string())
}

/// A running DynamoDB Local; it ends with this.
struct Local {
    java: Child,
    address: SocketAddr,
}

impl Local {
    fn start() -> Result<Self, Stop> {
        let folder = DYNAMODB_LOCAL
            .installed()?
            .packages()
            .join("amplify-dynamodb-simulator/emulator");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let address = free.map_err(|error| error.to_string())?;
        let java = Command::new("java")
            .arg("-Djava.library.path=./DynamoDBLocal_lib")
            .args([
                "-jar",
                "DynamoDBLocal.jar",
                "-inMemory",
                "-sharedDb",
                "-port",
            ])
            .arg(address.port().to_string())
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Stop::Unavailable(format!("DynamoDB Local needs `java`: {error}")))?;
        let local = Self { java, address };
        let until = Instant::now() + START;
        while TcpStream::connect(address).is_err() {
            if Instant::now() > until {
                return Err(
                    format!("DynamoDB Local is not up within {} s", START.as_secs()).into(),
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(local)
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.java.kill();
        let _ = self.java.wait();
    }
}
