//! Signed requests over plain HTTP.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use saga_engine::time::Timestamp;
use saga_sigv4::{Credentials, Signed};
use tokio::net::TcpStream;

/// How long a service has for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why services cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The URL is not of the form that is spoken.
    #[error("`{0}` is not of the form `http://HOST:PORT`")]
    Url(String),
    /// They cannot be reached.
    #[error("`{url}` cannot be reached: {problem}")]
    Unreachable {
        /// The URL.
        url: String,
        /// What the system says.
        problem: String,
    },
    /// They refuse what the saga needs before it starts.
    #[error("`{action}` failed: {problem}")]
    Refused {
        /// The action.
        action: String,
        /// What the service says.
        problem: String,
    },
}

/// A client of the services at one address.
#[derive(Clone, Debug)]
pub(super) struct Client {
    host: String,
    region: String,
    credentials: Credentials,
}

/// A request of one of the protocols.
pub(super) struct Call<'c> {
    pub(super) service: &'c str,
    /// The value of `X-Amz-Target`, in the JSON protocols.
    pub(super) target: Option<&'c str>,
    pub(super) content_type: &'c str,
    pub(super) body: Vec<u8>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: String,
}

impl Client {
    pub(super) fn new(
        url: &str,
        region: &str,
        credentials: Credentials,
    ) -> Result<Self, EndpointError> {
        let refused = || EndpointError::Url(url.to_owned());
        let host = url
            .strip_prefix("http://")
            .ok_or_else(refused)?
            .trim_end_matches('/');
        if host.is_empty() || host.contains('/') {
            return Err(refused());
        }
        let host = if host.contains(':') {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        Ok(Self {
            host,
            region: region.into(),
            credentials,
        })
    }

    /// Whether somebody listens there.
    pub(super) async fn reach(&self) -> Result<(), EndpointError> {
        match TcpStream::connect(&self.host).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.unreachable(error.to_string())),
        }
    }

    fn unreachable(&self, problem: String) -> EndpointError {
        EndpointError::Unreachable {
            url: format!("http://{}", self.host),
            problem,
        }
    }

    /// Sends a request and reads its answer.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Answer, EndpointError> {
        match tokio::time::timeout(PATIENCE, self.exchange(call)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.unreachable(error.to_string())),
            Err(_) => Err(self.unreachable(format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }

    async fn exchange(
        &self,
        call: Call<'_>,
    ) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let stream = TcpStream::connect(&self.host).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // What breaks the connection breaks the request, which says so.
        let connection = tokio::spawn(connection);
        let response = sender.send_request(self.signed(call)?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok(Answer {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn signed(&self, call: Call<'_>) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let instant = instant();
        let mut headers = vec![
            ("content-type", call.content_type),
            ("host", self.host.as_str()),
            ("x-amz-date", instant.as_str()),
        ];
        headers.extend(
            self.credentials
                .session
                .as_deref()
                .map(|token| ("x-amz-security-token", token)),
        );
        headers.extend(call.target.map(|target| ("x-amz-target", target)));
        let signed = Signed {
            service: call.service,
            region: &self.region,
            instant: &instant,
            headers: &headers,
            body: &call.body,
        };
        let authorization = signed.authorization(&self.credentials);
        let mut request = Request::post("/").header("authorization", authorization);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        request.body(Full::new(Bytes::from(call.body)))
    }
}

/// Now, as `20261121T070000Z`.
fn instant() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or_default();
    let text = Timestamp(millis - millis % 1000)
        .to_string()
        .replace(['-', ':'], "");
    text.replace(".000", "")
}
