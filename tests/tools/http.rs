//! A request to a server on this machine, and its answer.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// A request.
#[derive(Debug)]
pub struct Request<'r> {
    /// `GET`, `POST`, …
    pub method: &'r str,
    /// The path and the query.
    pub target: &'r str,
    /// Headers beside those that every request has.
    pub headers: &'r [(&'r str, &'r str)],
    /// The body; empty where there is none.
    pub body: &'r str,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// Sends a request to a port of this machine, and reads the answer to its end.
///
/// # Errors
/// Nobody listens or answers there, or what is answered is not HTTP/1.1 with a body as it is.
pub fn send(port: u16, request: &Request<'_>) -> Result<Response, String> {
    let text = exchange(port, request)
        .map_err(|error| format!("{} {}: {error}", request.method, request.target))?;
    parsed(&text).ok_or_else(|| format!("this is no answer: {text}"))
}

fn exchange(port: u16, request: &Request<'_>) -> std::io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, CONNECT_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    let Request {
        method,
        target,
        headers,
        body,
    } = request;
    let own = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let own: String = own.collect();
    let length = body.len();
    let text = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{own}\r\n{body}"
    );
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn parsed(text: &str) -> Option<Response> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (status, headers) = head.split_once("\r\n")?;
    let headers = headers.lines().filter_map(|line| line.split_once(": "));
    Some(Response {
        status: status.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?,
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    })
}
