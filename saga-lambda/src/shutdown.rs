//! The end of the process: Lambda says SIGTERM, and the invocation at hand is finished first.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

use crate::runtime_api::RuntimeApi;

/// How long a start waits for the answer to its registration: an emulator may not know of extensions.
const REGISTRATION: Duration = Duration::from_millis(500);

/// Asks Lambda to be told of the end. Where that fails there is nothing to be done: the process is
/// killed without a word, as every function without an extension is.
pub(crate) async fn ask_for_notice(api: Arc<RuntimeApi>) {
    let registered = tokio::time::timeout(REGISTRATION, api.register()).await;
    if let Ok(Ok(Some(extension))) = registered {
        tokio::spawn(async move { api.next_event(&extension).await });
    }
}

/// Held while an invocation is served, and its answer sent.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<()>>);

impl Busy {
    /// Serves an invocation.
    pub(crate) async fn during<T>(self, invocation: impl Future<Output = T>) -> T {
        let _busy = self.0.lock().await;
        invocation.await
    }

    /// Completes when the process was told to end, and no invocation is at hand.
    pub(crate) async fn told_to_end(&self) {
        terminated().await;
        let _idle = self.0.lock().await;
    }
}

async fn terminated() {
    match (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        // Signals that cannot be listened to end the process in their own way.
        _ => std::future::pending().await,
    }
}
