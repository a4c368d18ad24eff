//! Lambda's Runtime API (version 2018-06-01), and what is needed of its Extensions API (2020-01-01).
//!
//! Source: developer guide, "Using the Lambda runtime API for custom runtimes" and "Using the Lambda
//! Extensions API".

use std::time::{Duration, SystemTime};

use hyper::Method;
use hyper::body::Bytes;
use saga_dsl::BoxError;
use saga_dsl::handler::Failure;
use serde::Serialize;

use crate::connection::{Answer, Connection, Endpoint};

/// The Runtime API, as this process sees it.
pub(crate) struct RuntimeApi(Connection);

/// An event to be answered.
pub(crate) struct Invocation {
    /// The request's id.
    pub(crate) request_id: String,
    /// The event.
    pub(crate) event: Bytes,
    /// When Lambda ends it.
    pub(crate) deadline: SystemTime,
    /// What Lambda tells an answer that comes too late by.
    id: Option<String>,
}

/// The header that hands [`Invocation::id`] back.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// The longest timeout of a function (quotas of Lambda): for an emulator that tells no deadline.
const LONGEST: Duration = Duration::from_secs(900);

/// The header that names an error.
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// The body of an error.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportedError<'f> {
    error_type: &'f str,
    error_message: &'f str,
}

impl RuntimeApi {
    pub(crate) fn at(endpoint: Endpoint) -> Self {
        Self(Connection::to(endpoint))
    }

    /// Waits for the next event.
    pub(crate) async fn next(&mut self) -> Result<Invocation, BoxError> {
        let path = "/2018-06-01/runtime/invocation/next";
        let answer = accepted(
            self.0.call(Method::GET, path, None, Vec::new()).await?,
            path,
        )?;
        let request_id = answer.header("lambda-runtime-aws-request-id");
        Ok(Invocation {
            deadline: deadline(answer.header("lambda-runtime-deadline-ms")),
            request_id: request_id
                .ok_or("an event came without a request id")?
                .to_owned(),
            id: answer.header(INVOCATION_ID).map(str::to_owned),
            event: answer.body,
        })
    }

    /// Answers an event with JSON.
    pub(crate) async fn answer(
        &mut self,
        invocation: &Invocation,
        json: Vec<u8>,
    ) -> Result<Answer, BoxError> {
        let path = invocation.path("response");
        self.0
            .call(Method::POST, &path, invocation.header(), json)
            .await
    }

    /// Answers an event with an error.
    pub(crate) async fn fail(
        &mut self,
        invocation: &Invocation,
        failure: &Failure,
    ) -> Result<Answer, BoxError> {
        let path = invocation.path("error");
        self.0
            .call(Method::POST, &path, invocation.header(), report(failure)?)
            .await
    }

    /// Reports that the process cannot serve.
    pub(crate) async fn init_error(&mut self, failure: &Failure) -> Result<Answer, BoxError> {
        let path = "/2018-06-01/runtime/init/error";
        let name = Some((ERROR_TYPE, failure.name.as_str()));
        self.0
            .call(Method::POST, path, name, report(failure)?)
            .await
    }
}

impl Invocation {
    fn path(&self, what: &str) -> String {
        format!("/2018-06-01/runtime/invocation/{}/{what}", self.request_id)
    }

    /// An invocation with this event.
    #[cfg(test)]
    pub(crate) fn for_test(event: &str) -> Self {
        Self {
            request_id: "request".into(),
            event: Bytes::copy_from_slice(event.as_bytes()),
            deadline: deadline(Some("7000")),
            id: None,
        }
    }

    fn header(&self) -> Option<(&'static str, &str)> {
        self.id.as_deref().map(|id| (INVOCATION_ID, id))
    }
}

fn deadline(millis: Option<&str>) -> SystemTime {
    let millis = millis.and_then(|millis| millis.parse().ok());
    match millis {
        Some(millis) => SystemTime::UNIX_EPOCH + Duration::from_millis(millis),
        None => SystemTime::now() + LONGEST,
    }
}

fn report(failure: &Failure) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&ReportedError {
        error_type: &failure.name,
        error_message: &failure.message,
    })
}

fn accepted(answer: Answer, path: &str) -> Result<Answer, BoxError> {
    match answer.status.is_success() {
        true => Ok(answer),
        false => Err(format!("`{path}` answered {}", answer.status).into()),
    }
}

/// The process as an extension of its function.
pub(crate) struct Extension {
    connection: Connection,
    id: String,
}

impl Extension {
    /// Registers an extension that wants no events; none where the endpoint knows of no extensions.
    pub(crate) async fn register(endpoint: Endpoint, name: &str) -> Result<Option<Self>, BoxError> {
        let mut connection = Connection::to(endpoint);
        let path = "/2020-01-01/extension/register";
        let name = Some(("lambda-extension-name", name));
        let answer = connection
            .call(Method::POST, path, name, br#"{"events":[]}"#.to_vec())
            .await?;
        let id = answer
            .header("lambda-extension-identifier")
            .map(str::to_owned);
        Ok(id.map(|id| Self { connection, id }))
    }

    /// Waits for an event, and none comes. Lambda has it that an extension is ready once it asks.
    pub(crate) async fn wait(mut self) -> Result<(), BoxError> {
        let path = "/2020-01-01/extension/event/next";
        let id = Some(("lambda-extension-identifier", self.id.as_str()));
        self.connection
            .call(Method::GET, path, id, Vec::new())
            .await?;
        Ok(())
    }
}
