//! Who is let in: the page that this server has handed out, and nobody else.
//!
//! A web page in another tab can make the browser send requests to the loopback interface. What it cannot do is to know the
//! token, to set a header of its own without asking first (there is no CORS here, so asking is refused), or to lie in
//! `Host`, `Origin` and `Sec-Fetch-Site`. No cookie is used: a cookie is sent by whoever makes the browser send it,
//! and is shared by all ports of a host.

use hyper::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use hyper::{HeaderMap, Method};

/// The header that carries the token.
pub(crate) const TOKEN: &str = "x-saga-token";

/// The bytes of a token: 256 bits, which nobody guesses.
const BYTES: usize = 32;

/// Decides on requests.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: [String; 2],
    token: String,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The address is not one of this server: a name that somebody pointed here.
    #[error("this server is not called that")]
    Host,
    /// A page of another origin asks.
    #[error("pages of other origins are not answered")]
    Origin,
    /// The token is missing or another one.
    #[error("the token is missing or wrong: open the address that `saga-cli studio` printed")]
    Token,
    /// A method that is not answered.
    #[error("only GET and POST are answered")]
    Method,
    /// A form, or text, that a page could send without asking.
    #[error("a request's body is `application/json`")]
    Kind,
}

impl Guard {
    /// Of a server at a port of the loopback interface, with a token.
    #[must_use]
    pub fn new(port: u16, token: String) -> Self {
        let hosts = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}"));
        Self { hosts, token }
    }

    /// The same with a token that is made now.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn with_random_token(port: u16) -> std::io::Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self::new(port, token))
    }

    /// Where the page is. The token is behind `#`: browsers send that to nobody.
    #[must_use]
    pub fn url(&self) -> String {
        let [host, _] = &self.hosts;
        format!("http://{host}/#{}", self.token)
    }

    /// Lets a request in, or says why not. All paths need a `Host` of ours and no page of others; those below `/api/`
    /// the token, too.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &HOST).ok_or(Refusal::Host)?;
        if !self.hosts.iter().any(|ours| ours == host) {
            return Err(Refusal::Host);
        }
        if headers.contains_key(ORIGIN)
            && only(headers, &ORIGIN) != Some(format!("http://{host}").as_str())
        {
            return Err(Refusal::Origin);
        }
        // What the user typed or was given has no site; browsers that send none are held by the rest.
        let site = HeaderName::from_static("sec-fetch-site");
        if headers.contains_key(&site)
            && !matches!(only(headers, &site), Some("same-origin" | "none"))
        {
            return Err(Refusal::Origin);
        }
        if method != Method::GET && method != Method::POST {
            return Err(Refusal::Method);
        }
        if !path.starts_with("/api/") {
            return Ok(());
        }
        let token = only(headers, &HeaderName::from_static(TOKEN)).ok_or(Refusal::Token)?;
        if !same(token.as_bytes(), self.token.as_bytes()) {
            return Err(Refusal::Token);
        }
        if method == Method::POST && only(headers, &CONTENT_TYPE) != Some("application/json") {
            return Err(Refusal::Kind);
        }
        Ok(())
    }
}

/// The value of a header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    /// A request, by its method, its path and its headers, one a line.
    #[track_caller]
    fn check(request: &str, expected: Result<(), Refusal>) {
        let guard = Guard::new(4321, "secret".into());
        let mut lines = request.lines().map(str::trim);
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let name = HeaderName::from_bytes(name.to_lowercase().as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        let found = guard.check(&method.parse().unwrap(), path, &headers);
        assert_eq!(found, expected, "{request}");
    }

    #[test]
    fn the_page_is_let_in() {
        check("GET /\nHost: 127.0.0.1:4321", Ok(()));
        check("GET /\nHost: localhost:4321\nSec-Fetch-Site: none", Ok(()));
        check(
            "GET /api/package\nHost: localhost:4321\nSec-Fetch-Site: same-origin\nX-Saga-Token: secret",
            Ok(()),
        );
        check(
            "POST /api/runs\nHost: 127.0.0.1:4321\nOrigin: http://127.0.0.1:4321\nX-Saga-Token: secret\nContent-Type: application/json",
            Ok(()),
        );
    }

    #[test]
    fn nobody_else_is() {
        let ours = "Host: 127.0.0.1:4321";
        let token = "X-Saga-Token: secret";
        let json = "Content-Type: application/json";
        for (request, refusal) in [
            ("GET /".to_owned(), Refusal::Host),
            ("GET /\nHost: evil.example:4321".into(), Refusal::Host),
            ("GET /\nHost: 127.0.0.1".into(), Refusal::Host),
            ("GET /\nHost: 127.0.0.1:4322".into(), Refusal::Host),
            (format!("GET /\n{ours}\n{ours}"), Refusal::Host),
            (
                format!("GET /studio.js\n{ours}\nOrigin: http://evil.example"),
                Refusal::Origin,
            ),
            (format!("GET /\n{ours}\nOrigin: null"), Refusal::Origin),
            (
                format!("GET /\n{ours}\nOrigin: http://localhost:4321"),
                Refusal::Origin,
            ),
            (
                format!("GET /\n{ours}\nSec-Fetch-Site: cross-site"),
                Refusal::Origin,
            ),
            // Another port of the loopback interface is the same site, and another origin.
            (
                format!("GET /\n{ours}\nSec-Fetch-Site: same-site"),
                Refusal::Origin,
            ),
            (format!("GET /api/package\n{ours}"), Refusal::Token),
            (
                format!("GET /api/package\n{ours}\nX-Saga-Token: secre"),
                Refusal::Token,
            ),
            (
                format!("GET /api/package\n{ours}\nX-Saga-Token: secreT"),
                Refusal::Token,
            ),
            (
                format!("GET /api/package\n{ours}\n{token}\n{token}"),
                Refusal::Token,
            ),
            (
                format!("GET /api/package\n{ours}\nCookie: x-saga-token=secret"),
                Refusal::Token,
            ),
            (format!("POST /api/runs\n{ours}\n{json}"), Refusal::Token),
            (format!("POST /api/runs\n{ours}\n{token}"), Refusal::Kind),
            (
                format!("POST /api/runs\n{ours}\n{token}\nContent-Type: text/plain"),
                Refusal::Kind,
            ),
            (
                format!("OPTIONS /api/runs\n{ours}\n{token}"),
                Refusal::Method,
            ),
            (
                format!("PUT /api/runs\n{ours}\n{token}\n{json}"),
                Refusal::Method,
            ),
        ] {
            check(&request, Err(refusal));
        }
    }

    #[test]
    fn tokens_differ() {
        let url = || Guard::with_random_token(1).unwrap().url();
        assert_eq!(url().len(), "http://127.0.0.1:1/#".len() + 2 * BYTES);
        assert_ne!(url(), url());
    }
}
