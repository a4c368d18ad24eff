//! The provider's client: HTTP to another process.
//!
//! `POST /<book>` makes an entry under a key, once however often it is asked to; `DELETE /<book>` strikes it
//! out again. The provider knows nothing of sagas: an entry that arrives after it was struck out in vain is
//! made.

use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::header::HOST;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use saga_dsl::prelude::*;
use serde_json::json;
use tokio::net::TcpStream;

use crate::data::Entry;

/// The provider, as a handler's process knows it.
pub struct Provider {
    address: String,
}

/// Why the provider did not do what it was asked to.
#[derive(Debug, PartialEq, Eq, thiserror::Error, SagaError)]
pub enum ProviderError {
    /// It refused: the card is not covered, the stock is gone, the account is frozen.
    #[error("the provider refuses")]
    Refused,
    /// It had no time, and did nothing.
    #[error("the provider is busy")]
    #[saga(retry(interval = "1s", max_attempts = 3))]
    Busy,
    /// It failed, or was not heard of any more: nobody knows what it did.
    #[error("the provider failed")]
    #[saga(unknown, retry(interval = "1s", max_attempts = 2))]
    Failed,
}

impl App for Provider {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self {
            address: std::env::var("PROVIDER")?,
        })
    }
}

impl Provider {
    /// Makes an entry under the step's key.
    pub async fn write(
        &self,
        book: &str,
        amount: u64,
        cx: &Context,
    ) -> Result<Entry, ProviderError> {
        let answer = self.ask(Method::POST, book, amount, cx).await;
        let (status, body) = answer.map_err(|_| ProviderError::Failed)?;
        match status {
            StatusCode::OK => serde_json::from_slice(&body).map_err(|_| ProviderError::Failed),
            status => Err(failure(status)),
        }
    }

    /// Strikes out the entry under the step's key, if there is one.
    pub async fn strike(&self, book: &str, cx: &Context) -> Result<(), ProviderError> {
        let answer = self.ask(Method::DELETE, book, 0, cx).await;
        let (status, _) = answer.map_err(|_| ProviderError::Failed)?;
        match status {
            // What was never entered need not be struck out.
            StatusCode::OK | StatusCode::NOT_FOUND => Ok(()),
            status => Err(failure(status)),
        }
    }

    async fn ask(
        &self,
        method: Method,
        book: &str,
        amount: u64,
        cx: &Context,
    ) -> Result<(StatusCode, Bytes), BoxError> {
        // A request that is still on its way when the invocation ends is void.
        let void_at = cx.deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
        if cx.deadline <= SystemTime::now() {
            return Err("there is no time left".into());
        }
        let body = json!({
            "key": cx.idempotency_key(),
            "amount": amount,
            "request": cx.request_id,
            "void_at": void_at.as_millis(),
        });
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (mut requests, connection) = handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
        // Its errors are those of the request.
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(format!("/{book}"))
            .header(HOST, self.address.as_str())
            .body(Full::from(body.to_string()))?;
        let answer = requests.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}

fn failure(status: StatusCode) -> ProviderError {
    match status {
        StatusCode::PAYMENT_REQUIRED => ProviderError::Refused,
        StatusCode::SERVICE_UNAVAILABLE => ProviderError::Busy,
        _ => ProviderError::Failed,
    }
}
