//! The handlers, with a count of what is delivered to them.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use saga_local::lambda::{Answer, FunctionError, Functions};
use saga_local::saga::{Handlers, Working};
use serde_json::Value;

/// Functions, and how often they were invoked.
pub struct Counted {
    pub functions: Arc<Functions>,
    pub invocations: AtomicUsize,
    /// Invocations with an event that was delivered before.
    pub repeated: AtomicUsize,
    seen: Mutex<HashSet<String>>,
}

impl Counted {
    pub fn new(functions: Arc<Functions>) -> Self {
        Self {
            functions,
            invocations: AtomicUsize::new(0),
            repeated: AtomicUsize::new(0),
            seen: Mutex::default(),
        }
    }
}

impl Handlers for Counted {
    fn invoke<'a>(
        &'a self,
        function: &'a str,
        event: &'a Value,
        answer: Answer,
    ) -> Working<'a, Result<Value, FunctionError>> {
        self.invocations.fetch_add(1, Ordering::Relaxed);
        let first = self
            .seen
            .lock()
            .unwrap()
            .insert(format!("{function}{event}"));
        if !first {
            self.repeated.fetch_add(1, Ordering::Relaxed);
        }
        Box::pin(self.functions.invoke(function, event, answer))
    }
}
