//! The HTTP connection to Lambda's endpoint: one request after the other.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use saga_dsl::BoxError;
use tokio::net::TcpStream;

/// What this runtime calls itself.
const NAME: &str = concat!("saga-lambda/", env!("CARGO_PKG_VERSION"));

/// Where the endpoint is: `127.0.0.1:9001`, or as emulators have it, `http://localhost:9000/.rt/ChargeFare`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Endpoint {
    authority: String,
    base: String,
}

impl Endpoint {
    /// Reads the value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn parse(value: &str) -> Self {
        let value = value.strip_prefix("http://").unwrap_or(value);
        let (authority, base) = value.split_once('/').unwrap_or((value, ""));
        let base = base.trim_end_matches('/');
        Self {
            authority: authority.to_owned(),
            base: if base.is_empty() {
                String::new()
            } else {
                format!("/{base}")
            },
        }
    }
}

/// A connection, opened when it is first needed and again when the other side has closed it.
pub(crate) struct Connection {
    endpoint: Endpoint,
    open: Option<SendRequest<Full<Bytes>>>,
}

/// An answer of the endpoint.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header's value, where it has one that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Connection {
    /// A connection to be opened.
    pub(crate) fn to(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            open: None,
        }
    }

    /// Sends a request of JSON, and waits for the answer: for the next event that may be hours.
    pub(crate) async fn call(
        &mut self,
        method: Method,
        path: &str,
        header: Option<(&'static str, &str)>,
        body: Vec<u8>,
    ) -> Result<Answer, BoxError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.endpoint.base))
            .header(HOST, self.endpoint.authority.as_str())
            .header(USER_AGENT, NAME)
            .header(CONTENT_TYPE, "application/json");
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Full::from(body))?;
        let answer = self.ready().await?.send_request(request).await?;
        let (head, body) = answer.into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    async fn ready(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, BoxError> {
        let usable = match &mut self.open {
            Some(open) => open.ready().await.is_ok(),
            None => false,
        };
        if !usable {
            self.open = None;
        }
        match &mut self.open {
            Some(open) => Ok(open),
            closed => Ok(closed.insert(open(&self.endpoint).await?)),
        }
    }
}

async fn open(endpoint: &Endpoint) -> Result<SendRequest<Full<Bytes>>, BoxError> {
    let stream = TcpStream::connect(&endpoint.authority).await?;
    // A head and a body are two writes, and the other side waits for both.
    stream.set_nodelay(true)?;
    let (requests, connection) = handshake(TokioIo::new(stream)).await?;
    // Its errors are those of the requests.
    tokio::spawn(connection);
    Ok(requests)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    #[track_caller]
    fn check(value: &str, authority: &str, base: &str) {
        let expected = Endpoint {
            authority: authority.into(),
            base: base.into(),
        };
        assert_eq!(Endpoint::parse(value), expected);
    }

    #[test]
    fn endpoints_of_lambda_and_of_emulators_are_read() {
        check("127.0.0.1:9001", "127.0.0.1:9001", "");
        check("http://127.0.0.1:9001/", "127.0.0.1:9001", "");
        check(
            "http://[::]:9000/.rt/ChargeFare",
            "[::]:9000",
            "/.rt/ChargeFare",
        );
    }

    /// Serves these answers, each on a connection of its own, and calls for all of them over one.
    fn bodies(answers: &'static [&str]) -> Vec<Bytes> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::parse(&listener.local_addr().unwrap().to_string());
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let threads = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        threads.unwrap().block_on(async {
            let mut connection = Connection::to(endpoint);
            let mut bodies = Vec::new();
            for _ in answers {
                let answer = connection
                    .call(Method::GET, "/next", None, Vec::new())
                    .await;
                bodies.push(answer.unwrap().body);
            }
            bodies
        })
    }

    #[test]
    fn a_connection_that_was_closed_is_opened_again() {
        let answers = &[
            "HTTP/1.0 200 OK\r\n\r\none",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nthree\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour",
        ];
        assert_eq!(bodies(answers), ["one", "two", "three", "four"]);
    }
}
