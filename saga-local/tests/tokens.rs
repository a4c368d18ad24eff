//! Task tokens over HTTP, as a handler's SDK returns them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use saga_local::http::Server;
use saga_local::saga::Callbacks;
use saga_local::services::Embedded;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// The error's name and message.
async fn refusal(server: &Server, action: &str, request: Value) -> (String, String) {
    let address = server.url().replace("http://", "");
    let stream = TcpStream::connect(&address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post("/")
        .header("host", address)
        .header("x-amz-target", format!("AWSStepFunctions.{action}"))
        .body(Full::new(Bytes::from(request.to_string())))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 400);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let error: Value = serde_json::from_slice(&body).unwrap();
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    (text("__type"), text("message"))
}

#[tokio::test]
async fn what_nobody_waits_for_is_refused_in_the_service_s_words() {
    let callbacks = Callbacks::default();
    let server = Server::start_with(Embedded::default(), callbacks)
        .await
        .unwrap();
    let invalid = "Invalid Token: 'Invalid token'";
    for (action, request, name, message) in [
        (
            "SendTaskSuccess",
            json!({ "taskToken": "x", "output": "1" }),
            "InvalidToken",
            invalid,
        ),
        (
            "SendTaskFailure",
            json!({ "taskToken": "x" }),
            "InvalidToken",
            invalid,
        ),
        (
            "SendTaskHeartbeat",
            json!({ "taskToken": "x" }),
            "InvalidToken",
            invalid,
        ),
        (
            "SendTaskSuccess",
            json!({ "taskToken": "x", "output": "{" }),
            "InvalidOutput",
            "Invalid Output: 'EOF while parsing an object at line 1 column 1'",
        ),
    ] {
        let refused = refusal(&server, action, request).await;
        assert_eq!(refused, (name.into(), message.into()), "{action}");
    }
}
