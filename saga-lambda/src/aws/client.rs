//! Signed requests to a service over one connection, which is kept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::rt::{Read, Write};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use saga_dsl::BoxError;
use saga_sigv4::{Credentials, Signed};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::url::Url;
use super::{Service, credentials};
use crate::timestamp::Timestamp;

/// How long one request has, its connection included.
const REQUEST: Duration = Duration::from_secs(3);

/// How long is waited before each further attempt. A request whose answer was lost can be sent again: a
/// compare-and-swap that took effect finds its own record.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(25),
    Duration::from_millis(100),
    Duration::from_millis(400),
];

/// A client of a service.
pub(crate) struct Client {
    service: Service,
    url: Url,
    region: String,
    credentials: Option<Credentials>,
    /// The connection while nobody uses it.
    idle: Mutex<Option<Sender>>,
}

type Sender = SendRequest<Full<Bytes>>;

/// What a service answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Whether the service asks for another attempt: a failure of its own, or a throttle.
    fn is_transient(&self) -> bool {
        let throttled = ["Throttling", "ThroughputExceeded", "LimitExceeded"];
        let body = String::from_utf8_lossy(&self.body);
        self.status.is_server_error()
            || (self.status == StatusCode::BAD_REQUEST
                && throttled.iter().any(|name| body.contains(name)))
    }
}

impl Client {
    pub(crate) fn new(service: Service, variable: impl Fn(&str) -> Option<String>) -> Self {
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        Self {
            service,
            url: Url::of(service, &variable, &region),
            credentials: credentials::read(&variable),
            region,
            idle: Mutex::new(None),
        }
    }

    /// Opens the connection.
    pub(crate) async fn connect(&self) {
        // What fails here fails again where it is needed, and is reported there.
        if let Ok(Ok(sender)) = tokio::time::timeout(REQUEST, open(&self.url)).await {
            self.keep(sender);
        }
    }

    /// Performs an action, and again where the service or the way to it fails.
    pub(crate) async fn perform(&self, action: &str, body: &[u8]) -> Result<Answer, BoxError> {
        let mut pauses = PAUSES.iter();
        loop {
            let answered = match tokio::time::timeout(REQUEST, self.request(action, body)).await {
                Ok(answered) => answered,
                Err(_) => Err(format!("{} did not answer in time", self.url.host).into()),
            };
            if matches!(&answered, Ok(answer) if !answer.is_transient()) {
                return answered;
            }
            match pauses.next() {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => return answered,
            }
        }
    }

    async fn request(&self, action: &str, body: &[u8]) -> Result<Answer, BoxError> {
        let request = self.signed(action, body)?;
        let mut sender = match self.usable().await {
            Some(sender) => sender,
            None => open(&self.url).await?,
        };
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        self.keep(sender);
        Ok(Answer {
            status: head.status,
            body,
        })
    }

    fn keep(&self, sender: Sender) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    }

    /// The kept connection, if the other side has not closed it.
    async fn usable(&self) -> Option<Sender> {
        let kept = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let mut sender = kept?;
        sender.ready().await.ok()?;
        Some(sender)
    }

    fn signed(&self, action: &str, body: &[u8]) -> Result<Request<Full<Bytes>>, BoxError> {
        let credentials = self.credentials.as_ref().ok_or(
            "there are no credentials: Lambda sets `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
        )?;
        let instant = Timestamp::now().basic();
        let (path, target) = self.service.target(action);
        let mut headers = vec![
            (CONTENT_TYPE.as_str(), self.service.content_type()),
            (HOST.as_str(), self.url.host.as_str()),
            ("x-amz-date", instant.as_str()),
        ];
        let token = credentials.session.as_deref();
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
        headers.extend(target.as_deref().map(|target| ("x-amz-target", target)));
        let signed = Signed {
            service: self.service.name(),
            region: &self.region,
            instant: &instant,
            path: &path,
            headers: &headers,
            body,
        };
        let mut request =
            Request::post(path.as_str()).header(AUTHORIZATION, signed.authorization(credentials));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        Ok(request.body(Full::from(body.to_vec()))?)
    }
}

async fn open(url: &Url) -> Result<Sender, BoxError> {
    let stream = TcpStream::connect(url.authority()).await?;
    // A head and a body are two writes, and the other side waits for both.
    stream.set_nodelay(true)?;
    if !url.tls {
        return speak(TokioIo::new(stream)).await;
    }
    let name = ServerName::try_from(url.server_name().to_owned())?;
    let secured = TlsConnector::from(trust()?).connect(name, stream).await?;
    speak(TokioIo::new(secured)).await
}

async fn speak<S>(stream: S) -> Result<Sender, BoxError>
where
    S: Read + Write + Unpin + Send + 'static,
{
    let (requests, connection) = handshake(stream).await?;
    // Its errors are those of the requests.
    tokio::spawn(connection);
    Ok(requests)
}

/// TLS as this machine trusts it: the certificates of Lambda's image, or those of `SSL_CERT_FILE`.
fn trust() -> Result<Arc<ClientConfig>, BoxError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this machine has no root certificates".into());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
