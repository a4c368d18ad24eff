//! The end of the process: Lambda says SIGTERM, and the invocation at hand is answered first.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::connection::Endpoint;
use crate::runtime_api::Extension;

/// The name of the extension that this process is to Lambda, unique in its function.
const NAME: &str = "saga-lambda";

/// How long a start waits for its registration: an emulator may not know of extensions.
const REGISTRATION: Duration = Duration::from_millis(500);

/// Asks to be told of the end, where it matters: a state that does nothing when it is dropped is not asked for.
pub(crate) async fn notice_for(drops_state: bool, endpoint: Endpoint) {
    if drops_state {
        ask_for_notice(endpoint).await;
    }
}

/// Asks to be told of the end: Lambda sends SIGTERM only to an environment with an extension (developer
/// guide, execution environment lifecycle). Without it the process is killed, as most functions are; it
/// costs a start one more request, so that only those ask for whom the end matters.
async fn ask_for_notice(endpoint: Endpoint) {
    let registration = Extension::register(endpoint, NAME);
    if let Ok(Ok(Some(extension))) = tokio::time::timeout(REGISTRATION, registration).await {
        tokio::spawn(extension.wait());
    }
}

/// The signals that end the process.
pub(crate) struct Notice(Option<(Signal, Signal)>);

impl Notice {
    /// Listens from now on.
    pub(crate) fn listen() -> Self {
        let terminate = signal(SignalKind::terminate());
        Self(terminate.ok().zip(signal(SignalKind::interrupt()).ok()))
    }

    /// Whether the process was told to end.
    pub(crate) async fn was_given(&mut self) -> bool {
        tokio::select! {
            biased;
            () = self.given() => true,
            () = std::future::ready(()) => false,
        }
    }

    /// Completes when the process was told to end.
    pub(crate) async fn given(&mut self) {
        match &mut self.0 {
            Some((terminate, interrupt)) => tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            },
            // Signals that cannot be listened to end the process in their own way.
            None => std::future::pending().await,
        }
    }
}
