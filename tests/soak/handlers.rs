//! The handlers, with a count of what is delivered to them.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use saga_local::lambda::{Answer, FunctionError, Functions};
use saga_local::saga::{Handlers, Working};
use serde_json::Value;

/// Functions, and how often they were invoked.
pub struct Counted {
    pub functions: Arc<Functions>,
    pub invocations: AtomicUsize,
    /// Invocations with an event that was delivered before.
    pub repeated: AtomicUsize,
    at_work: Arc<()>,
    seen: Mutex<HashSet<String>>,
}

impl Counted {
    pub fn new(functions: Arc<Functions>) -> Self {
        Self {
            functions,
            invocations: AtomicUsize::new(0),
            repeated: AtomicUsize::new(0),
            at_work: Arc::default(),
            seen: Mutex::default(),
        }
    }

    /// How many invocations have not ended.
    pub fn at_work(&self) -> usize {
        Arc::strong_count(&self.at_work) - 1
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
        let at_work = Arc::clone(&self.at_work);
        Box::pin(async move {
            let event = sent_now(event);
            let answered = self.functions.invoke(function, &event, answer).await;
            drop(at_work);
            answered
        })
    }
}

/// The event with the machine's own time as the time it was sent at. The runs skip waits, and so are ahead of
/// it; fences would take that for time in which those who are at work have come to their end.
fn sent_now(event: &Value) -> Value {
    let mut event = event.clone();
    if let Some(sent) = event.pointer_mut("/saga/fence/sent") {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        *sent = u64::try_from(now.as_millis()).unwrap().into();
    }
    event
}
