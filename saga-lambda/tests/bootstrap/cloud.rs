//! As much of EventBridge, its Scheduler, Step Functions, Secrets Manager and the parameter store as functions ask for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::lambda::server::Request;
use crate::server::{Served, Service};

/// The bus and the schedules.
pub type Cloud = Served<Kept>;

/// What was published.
#[derive(Default)]
pub struct Kept {
    /// Entries of the bus, in order.
    pub entries: Vec<Value>,
    /// Schedules, by name.
    pub schedules: BTreeMap<String, Value>,
    /// Executions, by ARN.
    pub executions: BTreeMap<String, Value>,
    /// Values of the parameter store, by name.
    pub parameters: BTreeMap<String, String>,
    /// Secrets of Secrets Manager, by name.
    pub secrets: BTreeMap<String, String>,
    /// So many requests fail.
    pub failures: u32,
}

impl Cloud {
    /// The variables by which a process finds it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", self.url()),
            ("AWS_ENDPOINT_URL_SFN", self.url()),
            ("AWS_ENDPOINT_URL_SSM", self.url()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", self.url()),
            ("AWS_ENDPOINT_URL_SCHEDULER", self.url()),
            ("SAGA_BUS_ARN", "arn:bus".into()),
            ("SAGA_SCHEDULE_GROUP", "group".into()),
            ("SAGA_SCHEDULE_ROLE_ARN", "arn:role".into()),
            ("SAGA_SCHEDULE_DEAD_LETTERS_ARN", "arn:letters".into()),
        ]
    }
}

impl Service for Kept {
    fn answer(&mut self, request: &Request) -> (&'static str, Value) {
        let signed = request.header("authorization").unwrap_or_default();
        let target = request.header("x-amz-target").unwrap_or_default();
        if let Some(action) = target.strip_prefix("AWSStepFunctions.") {
            assert!(signed.contains("/states/aws4_request"), "{signed}");
            return self.execution(action, &request.json());
        }
        match request.target.strip_prefix("POST /schedules/") {
            Some(name) => {
                assert!(signed.contains("/scheduler/aws4_request"), "{signed}");
                self.schedule(name, &request.json())
            }
            None if target == "AmazonSSM.GetParameter" => {
                assert!(signed.contains("/ssm/aws4_request"), "{signed}");
                self.parameter(&request.json())
            }
            None if target == "secretsmanager.GetSecretValue" => {
                assert!(signed.contains("/secretsmanager/aws4_request"), "{signed}");
                self.secret(&request.json())
            }
            None => {
                assert!(signed.contains("/events/aws4_request"), "{signed}");
                assert_eq!(target, "AWSEvents.PutEvents");
                self.put(&request.json())
            }
        }
    }
}

impl Kept {
    fn put(&mut self, request: &Value) -> (&'static str, Value) {
        let entries = request["Entries"].as_array().unwrap();
        assert!(entries.len() <= 10);
        if self.failures > 0 {
            self.failures -= 1;
            let refused = json!({ "ErrorCode": "InternalFailure" });
            return (
                "200 OK",
                json!({ "FailedEntryCount": 1, "Entries": [refused] }),
            );
        }
        self.entries.extend(entries.iter().cloned());
        ("200 OK", json!({ "FailedEntryCount": 0, "Entries": [] }))
    }

    fn execution(&mut self, action: &str, request: &Value) -> (&'static str, Value) {
        let text = |name: &str| request[name].as_str().unwrap();
        let refused = |name: &str| ("400 Bad Request", json!({ "__type": name, "message": "" }));
        if action == "DescribeExecution" {
            return match self.executions.get(text("executionArn")) {
                Some(found) => ("200 OK", found.clone()),
                None => refused("ExecutionDoesNotExist"),
            };
        }
        let machine = text("stateMachineArn").replace(":stateMachine:", ":execution:");
        let arn = format!("{machine}:{}", text("name"));
        if self.executions.contains_key(&arn) {
            return refused("ExecutionAlreadyExists");
        }
        let execution = json!({ "status": "RUNNING", "input": request["input"] });
        self.executions.insert(arn.clone(), execution);
        ("200 OK", json!({ "executionArn": arn }))
    }

    fn parameter(&self, request: &Value) -> (&'static str, Value) {
        assert_eq!(request["WithDecryption"], true);
        match self.parameters.get(request["Name"].as_str().unwrap()) {
            Some(value) => ("200 OK", json!({ "Parameter": { "Value": value } })),
            None => ("400 Bad Request", json!({ "__type": "ParameterNotFound" })),
        }
    }

    fn secret(&self, request: &Value) -> (&'static str, Value) {
        match self.secrets.get(request["SecretId"].as_str().unwrap()) {
            Some(value) => ("200 OK", json!({ "SecretString": value })),
            None => (
                "400 Bad Request",
                json!({ "__type": "ResourceNotFoundException" }),
            ),
        }
    }

    fn schedule(&mut self, name: &str, request: &Value) -> (&'static str, Value) {
        if self.schedules.contains_key(name) {
            return ("409 Conflict", json!({ "Message": "it is there" }));
        }
        self.schedules.insert(name.to_owned(), request.clone());
        ("200 OK", json!({ "ScheduleArn": "arn:schedule" }))
    }
}
