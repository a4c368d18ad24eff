//! Requests whose body is JSON as it is given, and whose answer is handed on as it comes.
//!
//! The SDK does the rest: the operation's address and headers, the signature, TLS, the connection.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;

/// An answer of a service.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    pub(super) body: String,
}

/// Puts a body into a request, and keeps what is answered.
#[derive(Clone, Debug)]
pub(super) struct Verbatim {
    body: String,
    answer: Arc<Mutex<Option<Answer>>>,
}

impl Verbatim {
    pub(super) fn of(body: String) -> Self {
        Self {
            body,
            answer: Arc::default(),
        }
    }

    /// What was answered, unless there was no answer.
    pub(super) fn answer(&self) -> Option<Answer> {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        answer.take()
    }
}

impl Intercept for Verbatim {
    fn name(&self) -> &'static str {
        "Verbatim"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let length = self.body.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = self.body.as_str().into();
        Ok(())
    }

    /// Before, the body may not have been read to its end.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default();
        let answer = Answer {
            status: response.status().as_u16(),
            body: String::from_utf8_lossy(body).into_owned(),
        };
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(())
    }
}

/// Sends JSON as the body of an operation: the answer as it came, or why there was none.
macro_rules! send {
    ($operation:expr, $body:expr) => {{
        let verbatim = $crate::endpoint::verbatim::Verbatim::of($body.to_string());
        let operation = $operation.customize().interceptor(verbatim.clone());
        // What the SDK makes of the answer does not matter, only why it has none.
        let sent = operation.send().await.err();
        verbatim.answer().ok_or_else(|| {
            sent.map_or_else(String::new, |error| {
                $crate::endpoint::verbatim::told(&error)
            })
        })
    }};
}
pub(super) use send;

/// An error with its causes, without the SDK's own dump of it.
pub(super) fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}
