//! Replies in the two protocols.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

/// A reply.
pub(super) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: String,
}

impl Reply {
    /// An answer in JSON.
    pub(super) fn json(body: &Value) -> Self {
        Self::of(StatusCode::OK, body)
    }

    /// An error in JSON, by its name with the service's namespace.
    pub(super) fn error(name: &str, message: &str) -> Self {
        Self::of(
            StatusCode::BAD_REQUEST,
            &json!({ "__type": name, "message": message }),
        )
    }

    /// An error of a condition, with the item as it stands.
    pub(super) fn failed_condition(name: &str, message: &str, item: &Value) -> Self {
        Self::of(
            StatusCode::BAD_REQUEST,
            &json!({ "__type": name, "message": message, "Item": item }),
        )
    }

    /// What is not embedded, and what to do about it.
    pub(super) fn unknown(what: &str) -> Self {
        let message =
            format!("{what} is not embedded: name a service that has it with `--endpoint-url`");
        Self::error("UnknownOperationException", &message)
    }

    /// An answer in XML.
    pub(super) fn xml(status: StatusCode, body: String) -> Self {
        Self {
            status,
            content_type: "text/xml",
            body,
        }
    }

    fn of(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            content_type: "application/x-amz-json-1.0",
            body: body.to_string(),
        }
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let built = Response::builder()
            .status(self.status)
            .header("Content-Type", self.content_type)
            .header("x-amzn-RequestId", crate::identifier::random())
            .body(Full::new(Bytes::from(self.body)));
        built.unwrap_or_default()
    }
}
