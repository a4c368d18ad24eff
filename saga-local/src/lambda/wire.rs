//! Invocations on their way to a process, and its answers on their way back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use super::FunctionError;

/// One invocation, as the runtime is handed it.
#[derive(Debug)]
pub(super) struct Invocation {
    /// The request's id.
    pub(super) id: String,
    /// The event, as JSON.
    pub(super) payload: Vec<u8>,
    /// How long it may take from when the process takes it.
    pub(super) timeout: Duration,
}

/// What a runtime said to an invocation: the answer's JSON, or the error.
pub(super) type Reply = Result<Vec<u8>, FunctionError>;

/// The two directions of one process.
pub(super) struct Wire {
    waiting: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    sender: mpsc::UnboundedSender<Invocation>,
    replies: Mutex<HashMap<String, Pending>>,
    /// An error that the runtime reported before it asked for work.
    failed_start: Mutex<Option<FunctionError>>,
}

/// Who waits for an invocation's progress.
struct Pending {
    taken: Option<oneshot::Sender<()>>,
    reply: oneshot::Sender<Reply>,
}

/// An invocation that was handed over: when the process took it, and what it said.
pub(super) struct Handed {
    pub(super) taken: oneshot::Receiver<()>,
    pub(super) reply: oneshot::Receiver<Reply>,
}

impl Wire {
    pub(super) fn new() -> Self {
        let (sender, waiting) = mpsc::unbounded_channel();
        Self {
            waiting: AsyncMutex::new(waiting),
            sender,
            replies: Mutex::default(),
            failed_start: Mutex::default(),
        }
    }

    /// Hands an invocation over.
    pub(super) fn hand_over(&self, invocation: Invocation) -> Handed {
        let (taken_by, taken) = oneshot::channel();
        let (replied_by, reply) = oneshot::channel();
        let pending = Pending {
            taken: Some(taken_by),
            reply: replied_by,
        };
        lock(&self.replies).insert(invocation.id.clone(), pending);
        // INVARIANT: the receiver lives as long as this wire.
        let _ = self.sender.send(invocation);
        Handed { taken, reply }
    }

    /// The next invocation, when there is one.
    pub(super) async fn next(&self) -> Option<Invocation> {
        let invocation = self.waiting.lock().await.recv().await?;
        if let Some(pending) = lock(&self.replies).get_mut(&invocation.id) {
            // Whoever waited may have given up: the process is about to be killed then.
            let _ = pending.taken.take().map(|taken| taken.send(()));
        }
        Some(invocation)
    }

    /// Takes the reply to an invocation; false where none of this id is open.
    pub(super) fn reply(&self, id: &str, reply: Reply) -> bool {
        let Some(pending) = lock(&self.replies).remove(id) else {
            return false;
        };
        pending.reply.send(reply).is_ok()
    }

    /// Keeps an error of initialisation for whoever finds the process dead.
    pub(super) fn fail_start(&self, error: FunctionError) {
        *lock(&self.failed_start) = Some(error);
    }

    /// The error of initialisation, if there was one.
    pub(super) fn failed_start(&self) -> Option<FunctionError> {
        lock(&self.failed_start).clone()
    }
}

/// A lock whose holder cannot have left it half-written: every change under it is one call.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
