//! The embedded services over HTTP on loopback, as the SDKs of handlers speak to them.
//!
//! DynamoDB, SQS, EventBridge and Step Functions' task tokens by AWS's JSON protocols, SNS by its query
//! protocol; one address for all of them. Signatures are not looked at: the listener is the loopback interface's.

mod callback;
mod json;
mod query;
mod reply;
mod sqs;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::lambda::Function;
use crate::saga::Callbacks;
use crate::services::Embedded;
use reply::Reply;

/// The largest request: DynamoDB's own limit of 16 MB.
const LARGEST: usize = 16 * 1024 * 1024;

/// A server of the embedded services; it stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Server {
    /// Serves the services on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(services: Embedded) -> std::io::Result<Self> {
        Self::start_with(services, Callbacks::default()).await
    }

    /// The same, where the tokens of a run can be returned, too: `SendTaskSuccess`, `SendTaskFailure`,
    /// `SendTaskHeartbeat`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start_with(services: Embedded, callbacks: Callbacks) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            address,
            serving: tokio::spawn(accept(listener, services, callbacks)),
        })
    }

    /// Its URL: the value of `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The variables by which an SDK finds it, with credentials that open nothing.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let variables = [
            ("AWS_ENDPOINT_URL", self.url()),
            ("AWS_ACCESS_KEY_ID", "local".into()),
            ("AWS_SECRET_ACCESS_KEY", "local".into()),
        ];
        variables.map(|(name, value)| (name.into(), value)).into()
    }

    /// The functions, with these variables in their environments.
    #[must_use]
    pub fn known_to(&self, functions: &[Function]) -> Vec<Function> {
        let mut functions = functions.to_vec();
        for function in &mut functions {
            function.environment.extend(self.environment());
        }
        functions
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, services: Embedded, callbacks: Callbacks) {
    while let Ok((stream, _)) = listener.accept().await {
        let (services, callbacks) = (services.clone(), callbacks.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &services, &callbacks));
            // A client that goes away mid-request has no one to be told.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    services: &Embedded,
    callbacks: &Callbacks,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .map(str::to_owned);
    let body = Limited::new(request.into_body(), LARGEST).collect().await;
    let Ok(body) = body.map(http_body_util::Collected::to_bytes) else {
        return Ok(Reply::unknown("a request that cannot be read").into_response());
    };
    let reply = match target {
        Some(target) => match target.strip_prefix("AWSStepFunctions.") {
            Some(action) => callback::answer(callbacks, action, &body),
            None => json::answer(services, &target, &body, now()),
        },
        None => query::answer(services, &body, now()),
    };
    Ok(reply.into_response())
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
