//! Requests and answers as API Gateway's Lambda proxy integration has them (developer guide, "Lambda proxy integrations", format of a REST
//! API).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saga_dsl::api::{Answer, Caller, Refusal, Request};
use saga_dsl::handler::Failure;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tracing_core::Level;

use crate::log;
use crate::runtime_api::Invocation;

/// A request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proxied {
    http_method: String,
    resource: String,
    path_parameters: Option<BTreeMap<String, String>>,
    query_string_parameters: Option<BTreeMap<String, String>>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
    #[serde(default)]
    request_context: RequestContext,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RequestContext {
    /// What the authorizer answered: texts, numbers and booleans, `principalId` among them.
    authorizer: Option<BTreeMap<String, Value>>,
}

/// Reads a request.
pub(super) fn read(event: &[u8]) -> Result<Request, Failure> {
    let mut event = serde_json::Deserializer::from_slice(event);
    let proxied: Proxied = serde_path_to_error::deserialize(&mut event)
        .map_err(|problem| Failure::bad_event("", problem))?;
    let headers = proxied.headers.unwrap_or_default().into_iter();
    let parameters = proxied.path_parameters.unwrap_or_default().into_iter();
    let body = proxied.body.unwrap_or_default();
    Ok(Request {
        method: proxied.http_method,
        resource: proxied.resource,
        parameters: parameters
            .map(|(name, value)| (name, decoded(&value)))
            .collect(),
        query: proxied.query_string_parameters.unwrap_or_default(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect(),
        body: match proxied.is_base64_encoded {
            // What is no base64 is no JSON either.
            true => STANDARD.decode(&body).unwrap_or_default(),
            false => body.into_bytes(),
        },
        caller: caller(proxied.request_context.authorizer.unwrap_or_default()),
    })
}

fn caller(told: BTreeMap<String, Value>) -> Caller {
    let mut context: BTreeMap<_, _> = told
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect();
    Caller {
        subject: context.remove("principalId").unwrap_or_default(),
        context,
    }
}

/// A segment of a path as it was meant: `a%20b`. What is no UTF-8 then stays as it came.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%');
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

/// Writes an answer.
pub(super) fn write(answer: &Answer) -> Value {
    let mut headers = Map::new();
    let body = match &answer.body {
        Some(body) => {
            headers.insert("Content-Type".to_owned(), "application/json".into());
            body.to_string()
        }
        None => String::new(),
    };
    let own = answer.headers.iter();
    headers.extend(own.map(|(name, value)| ((*name).to_owned(), one_line(value).into())));
    json!({ "statusCode": answer.status, "headers": headers, "body": body })
}

/// A header's value: what breaks a line would begin another header.
fn one_line(value: &str) -> String {
    value.replace(|letter: char| letter.is_ascii_control(), "")
}

/// The answer of a defect. What it was is logged, and not told.
pub(super) fn failed(what: &str, invocation: &Invocation) -> Answer {
    log::line(Level::ERROR, what, |details| {
        details.request_id = Some(&invocation.request_id);
    });
    Refusal::failed("this could not be answered").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_whole() {
        let event = json!({
            "httpMethod": "GET",
            "resource": "/order/{userName}",
            "path": "/order/a%20b",
            "pathParameters": { "userName": "a%20%C3%A9%zz" },
            "queryStringParameters": { "limit": "2" },
            "headers": { "Idempotency-Key": "7" },
            "body": "eyJhIjoxfQ==",
            "isBase64Encoded": true,
            "requestContext": { "authorizer": { "principalId": "ann", "scope": "staff", "n": 1 } },
        });
        let request = read(event.to_string().as_bytes()).unwrap();
        assert_eq!(request.parameters["userName"], "a é%zz");
        assert_eq!(request.query["limit"], "2");
        assert_eq!(request.header("idempotency-key"), Some("7"));
        assert_eq!(request.body, br#"{"a":1}"#);
        assert_eq!(request.caller.subject, "ann");
        assert_eq!(request.caller.context["scope"], "staff");
        assert_eq!(request.caller.context["n"], "1");
    }

    #[test]
    fn what_is_absent_is_empty() {
        let event = json!({
            "httpMethod": "POST", "resource": "/order", "pathParameters": null,
            "queryStringParameters": null, "headers": null, "body": null, "isBase64Encoded": false,
        });
        let request = read(event.to_string().as_bytes()).unwrap();
        assert_eq!(request, Request::new("POST", "/order"));
        let problem = read(b"{}").unwrap_err();
        assert!(
            problem.message.contains("httpMethod"),
            "{}",
            problem.message
        );
    }

    #[test]
    fn an_answer_has_its_headers_and_none_that_were_smuggled_in() {
        let answer = Answer::created("/product/a\r\nSet-Cookie: b", &json!({ "id": "a" }));
        let expected = json!({
            "statusCode": 201,
            "headers": { "Content-Type": "application/json", "Location": "/product/aSet-Cookie: b" },
            "body": r#"{"id":"a"}"#,
        });
        assert_eq!(write(&answer), expected);
        let expected = json!({ "statusCode": 204, "headers": {}, "body": "" });
        assert_eq!(write(&Answer::no_content()), expected);
    }
}
