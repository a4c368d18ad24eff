//! What a client is told.

use serde::Serialize;
use serde_json::{Value, json};

/// An answer: status, headers, a body in JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Value>,
}

/// Why a request is not done. The client is told `{"message", "field"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// What is wrong.
    pub message: String,
    /// With which field, parameter or header.
    pub field: Option<String>,
}

impl Answer {
    /// 200 with this.
    pub fn ok<T: Serialize + ?Sized>(body: &T) -> Self {
        Self::with(200, body)
    }

    /// 201: this was made, and is found there.
    pub fn created<T: Serialize + ?Sized>(location: impl Into<String>, body: &T) -> Self {
        Self::with(201, body).header("Location", location)
    }

    /// 202: this was begun, and what becomes of it is told there.
    pub fn accepted<T: Serialize + ?Sized>(location: impl Into<String>, body: &T) -> Self {
        Self::with(202, body).header("Location", location)
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: None,
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn with<T: Serialize + ?Sized>(status: u16, body: &T) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => Self {
                status,
                headers: Vec::new(),
                body: Some(body),
            },
            Err(problem) => Refusal::failed(format!("the answer is no JSON: {problem}")).into(),
        }
    }
}

impl Refusal {
    fn of(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
        }
    }

    /// 400: this field, parameter or header is wrong.
    pub fn bad(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::of(400, message)
        }
    }

    /// 403: this caller may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::of(403, message)
    }

    /// 404.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::of(404, message)
    }

    /// 409: what is there does not allow it.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::of(409, message)
    }

    /// 500: a defect of ours.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::of(500, message)
    }

    /// 503: it may be asked for again.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::of(503, message)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let mut body = json!({ "message": refusal.message });
        if let (Some(field), Some(body)) = (refusal.field, body.as_object_mut()) {
            body.insert("field".to_owned(), field.into());
        }
        Self {
            status: refusal.status,
            headers: Vec::new(),
            body: Some(body),
        }
    }
}
