//! The Lambda Runtime API (version 2018-06-01), served to one process.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;

use super::FunctionError;
use super::wire::{Invocation, Wire};

/// The largest synchronous answer: 6 MB and the envelope's share (quotas of Lambda).
const LARGEST_ANSWER: usize = 6_291_556;

/// The largest body that is read at all.
const LARGEST_BODY: usize = 4 * LARGEST_ANSWER;

const RUNTIME: &str = "/2018-06-01/runtime/";

/// Serves the API until the task is aborted.
pub(super) async fn serve(listener: TcpListener, wire: Arc<Wire>, arn: Arc<str>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (wire, arn) = (Arc::clone(&wire), Arc::clone(&arn));
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &wire, &arn));
            // A connection that breaks is a process that dies: its sandbox notices by itself.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    wire: &Wire,
    arn: &str,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let Some(path) = path.strip_prefix(RUNTIME) else {
        return Ok(unknown_path());
    };
    let method = request.method().clone();
    let parts: Vec<&str> = path.split('/').collect();
    Ok(match (method, parts.as_slice()) {
        (Method::GET, ["invocation", "next"]) => next(wire, arn).await,
        (Method::POST, ["invocation", id, "response"]) => responded(request, id, wire).await,
        (Method::POST, ["invocation", id, "error"]) => errored(request, id, wire).await,
        (Method::POST, ["init", "error"]) => failed_start(request, wire).await,
        _ => unknown_path(),
    })
}

async fn next(wire: &Wire, arn: &str) -> Response<Full<Bytes>> {
    match wire.next().await {
        Some(invocation) => event(invocation, arn),
        None => refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Runtime.Stopped",
            "no more invocations",
        ),
    }
}

fn event(invocation: Invocation, arn: &str) -> Response<Full<Bytes>> {
    let deadline = (SystemTime::now() + invocation.timeout)
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let trace = format!(
        "Root=1-{:08x}-{};Sampled=0",
        deadline.as_secs(),
        trace_part(&invocation.id)
    );
    let built = Response::builder()
        .header("Content-Type", "application/json")
        .header("Lambda-Runtime-Aws-Request-Id", &invocation.id)
        .header(
            "Lambda-Runtime-Deadline-Ms",
            deadline.as_millis().to_string(),
        )
        .header("Lambda-Runtime-Invoked-Function-Arn", arn)
        .header("Lambda-Runtime-Trace-Id", trace)
        .body(Full::new(Bytes::from(invocation.payload)));
    built.unwrap_or_else(|error| {
        refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Runtime.Header",
            &error.to_string(),
        )
    })
}

/// The 24 hexadecimal digits of a trace id, from those of the request's id.
fn trace_part(id: &str) -> String {
    id.chars()
        .filter(char::is_ascii_hexdigit)
        .chain(std::iter::repeat('0'))
        .take(24)
        .collect()
}

async fn responded(request: Request<Incoming>, id: &str, wire: &Wire) -> Response<Full<Bytes>> {
    let Some(body) = body(request).await else {
        return unreadable();
    };
    if body.len() > LARGEST_ANSWER {
        let error = FunctionError::too_large(body.len(), LARGEST_ANSWER);
        wire.reply(id, Err(error.clone()));
        return refused(StatusCode::PAYLOAD_TOO_LARGE, &error.name, &error.cause);
    }
    accepted(wire.reply(id, Ok(body)))
}

async fn errored(request: Request<Incoming>, id: &str, wire: &Wire) -> Response<Full<Bytes>> {
    let Some(body) = body(request).await else {
        return unreadable();
    };
    let error = FunctionError::reported(&String::from_utf8_lossy(&body));
    accepted(wire.reply(id, Err(error)))
}

async fn failed_start(request: Request<Incoming>, wire: &Wire) -> Response<Full<Bytes>> {
    let Some(body) = body(request).await else {
        return unreadable();
    };
    wire.fail_start(FunctionError::reported(&String::from_utf8_lossy(&body)));
    accepted(true)
}

async fn body(request: Request<Incoming>) -> Option<Vec<u8>> {
    let limited = Limited::new(request.into_body(), LARGEST_BODY);
    Some(limited.collect().await.ok()?.to_bytes().to_vec())
}

fn accepted(known: bool) -> Response<Full<Bytes>> {
    if known {
        json_response(StatusCode::ACCEPTED, &json!({ "status": "OK" }))
    } else {
        refused(
            StatusCode::BAD_REQUEST,
            "InvalidRequestID",
            "Invalid request ID",
        )
    }
}

fn unreadable() -> Response<Full<Bytes>> {
    refused(
        StatusCode::BAD_REQUEST,
        "InvalidRequestBody",
        "the body cannot be read",
    )
}

fn unknown_path() -> Response<Full<Bytes>> {
    refused(
        StatusCode::NOT_FOUND,
        "NotFound",
        "no such resource of the runtime API",
    )
}

fn refused(status: StatusCode, name: &str, message: &str) -> Response<Full<Bytes>> {
    json_response(
        status,
        &json!({ "errorType": name, "errorMessage": message }),
    )
}

fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response
}
