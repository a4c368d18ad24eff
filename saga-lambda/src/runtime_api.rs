//! What AWS's library leaves out of the Runtime API and the Extensions API.

use lambda_runtime_api_client::body::Body;
use lambda_runtime_api_client::{BoxError, PooledClient, build_request};
use saga_dsl::handler::Failure;

use crate::answer;

/// The endpoint in `AWS_LAMBDA_RUNTIME_API`.
pub(crate) struct RuntimeApi(PooledClient);

/// The name of the extension that this process is to Lambda: unique in a function.
const EXTENSION: &str = "saga-lambda";

impl RuntimeApi {
    /// INVARIANT: `entry` has seen that the variable is set; the client panics where it is not.
    pub(crate) fn of_process() -> Self {
        Self(PooledClient::builder().build())
    }

    /// Reports that the process cannot serve (Runtime API, initialization error).
    pub(crate) async fn init_error(&self, failure: Failure) -> Result<(), BoxError> {
        let request = build_request()
            .method("POST")
            .uri("/2018-06-01/runtime/init/error")
            .header("lambda-runtime-function-error-type", failure.name.as_str())
            .body(Body::from(serde_json::to_vec(&answer::diagnostic(
                failure,
            ))?))?;
        self.0.call(request).await?;
        Ok(())
    }

    /// Registers the process as an extension without events (Extensions API, register): Lambda sends
    /// SIGTERM before it ends an environment only if there is one. Answers the extension's id.
    pub(crate) async fn register(&self) -> Result<Option<String>, BoxError> {
        let request = build_request()
            .method("POST")
            .uri("/2020-01-01/extension/register")
            .header("lambda-extension-name", EXTENSION)
            .body(Body::from(r#"{"events":[]}"#))?;
        let answer = self.0.call(request).await?;
        let id = answer.headers().get("lambda-extension-identifier");
        Ok(id.and_then(|id| id.to_str().ok()).map(str::to_owned))
    }

    /// Waits for the extension's next event, which does not come: until it is asked for, Lambda waits
    /// with the first invocation.
    pub(crate) async fn next_event(&self, extension: &str) -> Result<(), BoxError> {
        let request = build_request()
            .method("GET")
            .uri("/2020-01-01/extension/event/next")
            .header("lambda-extension-identifier", extension)
            .body(Body::empty())?;
        self.0.call(request).await?;
        Ok(())
    }
}
