//! A bootstrap on nothing but the standard library.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

/// An event, with the headers it came with.
struct Event {
    headers: BTreeMap<String, String>,
    body: Value,
}

/// Serves until it is killed, or its handler says otherwise.
pub fn serve(handler: &str) -> ExitCode {
    match handler {
        "init-error" => {
            let error = r#"{"errorType":"NoClient","errorMessage":"no client"}"#;
            exchange("POST", "init/error", error);
            return ExitCode::from(1);
        }
        "init-exit" => return ExitCode::from(4),
        _ => {}
    }
    let mut count = 0;
    loop {
        let event = exchange("GET", "invocation/next", "");
        count += 1;
        if event.body["exit"] == true {
            return ExitCode::from(1);
        }
        let (kind, reply) = match handle(handler, &event, count) {
            Ok(answer) => ("response", answer),
            Err(error) => ("error", error),
        };
        let id = &event.headers["lambda-runtime-aws-request-id"];
        exchange(
            "POST",
            &format!("invocation/{id}/{kind}"),
            &reply.to_string(),
        );
    }
}

fn handle(handler: &str, event: &Event, count: u32) -> Result<Value, Value> {
    match handler {
        "environment" => {
            let variables = std::env::vars().map(|(name, value)| (name, json!(value)));
            let headers = event
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)));
            Ok(variables.chain(headers).collect())
        }
        "fail" => Err(json!({ "errorType": "OutOfStock", "errorMessage": "none left" })),
        "fail-without-type" => Err(json!({ "no": "type" })),
        "exit-3" => std::process::exit(3),
        "exit-0" => std::process::exit(0),
        "abort" => std::process::abort(),
        "hang" => {
            std::thread::sleep(Duration::from_secs(60));
            Ok(Value::Null)
        }
        _ => {
            std::thread::sleep(Duration::from_millis(
                event.body["wait_ms"].as_u64().unwrap_or_default(),
            ));
            if let Some(path) = event.body["write"].as_str() {
                std::fs::write(path, "done").unwrap();
            }
            Ok(json!({ "count": count, "process": std::process::id() }))
        }
    }
}

/// One request of the Runtime API, on a connection of its own.
fn exchange(method: &str, path: &str, body: &str) -> Event {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let mut stream = TcpStream::connect(&api).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {api}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut stream = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None if line.trim_end().is_empty() => break,
            None => None,
        };
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Event {
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
