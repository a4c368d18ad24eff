//! The account that handlers' processes call: each request is noted under the name that it is signed with, and
//! then answered by the embedded services, or by what else there is of AWS here.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::called::by_request;
use crate::cloud::Kept;
use crate::lambda::server::Request;
use crate::server::{Served, Service};

/// The account, served.
pub type Account = Served<Noted>;

/// What was asked of it.
#[derive(Default)]
pub struct Noted {
    /// Who called what, on what.
    pub calls: BTreeSet<(String, String, String)>,
    /// Where the embedded services are.
    pub embedded: String,
    /// The rest.
    pub cloud: Kept,
}

impl Service for Noted {
    fn answer(&mut self, request: &Request) -> (&'static str, Value) {
        let signed = request.header("authorization").unwrap();
        let (_, credential) = signed.split_once("Credential=").unwrap();
        let mut scope = credential.split('/');
        let name = scope.next().unwrap().to_owned();
        let service = scope.nth(2).unwrap().to_owned();
        let target = request.header("x-amz-target").unwrap_or_default();
        let action = target.rsplit('.').next().unwrap();
        for (action, on) in by_request(&service, action, &request.json()) {
            self.calls.insert((name.clone(), action, on));
        }
        match service.as_str() {
            "dynamodb" => forward(&self.embedded, target, &request.body),
            _ => self.cloud.answer(request),
        }
    }
}

/// Asks the embedded services the same.
fn forward(address: &str, target: &str, body: &str) -> (&'static str, Value) {
    let mut connection = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: here\r\nX-Amz-Target: {target}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    // At once: a second segment waits until the first one is acknowledged, which takes 40 ms.
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = match head.split(' ').nth(1) {
        Some("200") => "200 OK",
        _ => "400 Bad Request",
    };
    (status, serde_json::from_str(body).unwrap())
}
