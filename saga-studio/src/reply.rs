//! Replies, with the headers that keep other pages out.

use std::convert::Infallible;

use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::workshop::Problem;

/// What is sent: at once, or as it comes.
pub(crate) type Body = Either<Full<Bytes>, Channel<Bytes>>;

/// Where what comes later is sent to.
pub(crate) type Outlet = Sender<Bytes, Infallible>;

/// Scripts and styles are this server's files alone; nobody shows the page inside of another one; what becomes a
/// picture in it is made by one place of it (`trusted-types`).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types picture";

const HEADERS: [(&str, &str); 8] = [
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

fn response(status: StatusCode, content_type: &str, body: Body) -> Response<Body> {
    let mut building = Response::builder()
        .status(status)
        .header("Content-Type", content_type);
    for (name, value) in HEADERS {
        building = building.header(name, value);
    }
    // INVARIANT: names and values are constants that headers may have.
    building
        .body(body)
        .unwrap_or_else(|_| Response::new(Either::Left(Full::default())))
}

/// A file of the page.
pub(crate) fn file(content_type: &str, text: &'static str) -> Response<Body> {
    let bytes = Bytes::from_static(text.as_bytes());
    response(StatusCode::OK, content_type, Either::Left(Full::new(bytes)))
}

/// A text, with its status.
pub(crate) fn text(status: StatusCode, text: String) -> Response<Body> {
    let bytes = Full::new(Bytes::from(text));
    response(status, "text/plain; charset=utf-8", Either::Left(bytes))
}

/// An answer in JSON, with its status.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    // INVARIANT: what is answered here has text for keys.
    let text = serde_json::to_string(value).unwrap_or_default();
    let bytes = Full::new(Bytes::from(text));
    response(status, "application/json", Either::Left(bytes))
}

/// What is wrong with a request.
pub(crate) fn problem(status: StatusCode, problem: &Problem) -> Response<Body> {
    json(status, problem)
}

/// Lines of JSON, as they come.
pub(crate) fn lines() -> (Outlet, Response<Body>) {
    let (outlet, channel) = Channel::new(4);
    let body = Either::Right(channel);
    (
        outlet,
        response(StatusCode::OK, "application/x-ndjson", body),
    )
}
