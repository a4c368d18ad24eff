//! APIs beside the sagas: requests of API Gateway's proxy integration, and tokens that its authorizers ask about.

mod authorizer;
mod event;

use std::time::Instant;

use saga_dsl::BoxError;
use saga_dsl::api::{RegisteredApi, ServeApi};
use saga_dsl::handler::{Failure, START_FAILED, with_causes};
use saga_manifest::error::Outcome;
use tracing_core::Level;

pub(crate) use authorizer::Gate;

use crate::runtime_api::Invocation;
use crate::{log, panic};

/// An API that is served.
pub(crate) struct Api(Box<dyn ServeApi>);

impl Api {
    /// The package's API of this name, started.
    pub(crate) async fn start(api: &RegisteredApi) -> Result<Self, Failure> {
        started(panic::caught(api.start()).await).map(Self)
    }

    /// Answers one request. Whatever happens, the client has an answer: a panic is 500.
    pub(crate) async fn reply(&self, invocation: &Invocation) -> Result<String, Failure> {
        let arrived = Instant::now();
        let request = event::read(&invocation.event)?;
        let asked = format!("{} {}", request.method, request.resource);
        let answered = panic::caught(self.0.serve(request)).await;
        let answer = answered.unwrap_or_else(|panic| event::failed(&panic.to_string(), invocation));
        let level = match answer.status {
            500.. => Level::ERROR,
            400.. => Level::WARN,
            _ => Level::INFO,
        };
        log::line(level, &format!("{asked}: {}", answer.status), |details| {
            details.duration_ms = Some(arrived.elapsed());
            details.request_id = Some(&invocation.request_id);
        });
        Ok(event::write(&answer).to_string())
    }
}

/// What was started, or the failure that is reported to Lambda.
fn started<T>(started: Result<Result<T, BoxError>, panic::Panic>) -> Result<T, Failure> {
    let message = match started {
        Ok(Ok(started)) => return Ok(started),
        Ok(Err(error)) => with_causes(&*error),
        Err(panic) => panic.to_string(),
    };
    Err(Failure {
        name: START_FAILED.into(),
        message,
        outcome: Outcome::NotDone,
    })
}
