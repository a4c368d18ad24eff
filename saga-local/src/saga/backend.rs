//! What carries out a saga's tasks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use crate::lambda::{Answer, FunctionError, Functions};
use crate::services::{CallError, Embedded};

/// Something that is being carried out.
pub type Working<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The functions of a saga.
pub trait Handlers: Send + Sync {
    /// Invokes a function by name and waits for its answer.
    fn invoke<'a>(
        &'a self,
        function: &'a str,
        event: &'a Value,
        answer: Answer,
    ) -> Working<'a, Result<Value, FunctionError>>;

    /// Asks what is at work to end: nobody waits for it any more.
    fn terminate(&self) {}
}

/// The services of a saga's direct integrations.
pub trait Integrations: Send + Sync {
    /// Performs an action (`dynamodb`, `putItem`) at an instant in milliseconds since 1970.
    fn perform<'a>(
        &'a self,
        service: &'a str,
        action: &'a str,
        arguments: &'a Value,
        now: i64,
    ) -> Working<'a, Result<Value, CallError>>;
}

/// Both.
#[derive(Clone)]
pub struct Backend {
    /// The functions.
    pub handlers: Arc<dyn Handlers>,
    /// The services.
    pub services: Arc<dyn Integrations>,
}

impl Handlers for Functions {
    fn invoke<'a>(
        &'a self,
        function: &'a str,
        event: &'a Value,
        answer: Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        Box::pin(Self::invoke(self, function, event, answer))
    }

    fn terminate(&self) {
        Self::terminate(self);
    }
}

impl Integrations for Embedded {
    fn perform<'a>(
        &'a self,
        service: &'a str,
        action: &'a str,
        arguments: &'a Value,
        now: i64,
    ) -> Working<'a, Result<Value, CallError>> {
        Box::pin(async move { self.integrate(service, action, arguments, now) })
    }
}
