//! What a run stands on: embedded services, the package's processes, and what those print.

use std::sync::Arc;
use std::time::Duration;

use saga_local::http::Server;
use saga_local::lambda::{Function, Functions, Log};
use saga_local::saga::{Backend, Callbacks};
use saga_local::services::{Embedded, Rows};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::printed;
use crate::record::Record;
use crate::workshop::Built;

/// How long the last lines of handlers that have ended are waited for.
const LAST_LINES: Duration = Duration::from_millis(500);

/// A stage.
pub(crate) struct Stage {
    pub(crate) services: Embedded,
    pub(crate) callbacks: Callbacks,
    functions: Arc<Functions>,
    printing: JoinHandle<()>,
    /// Serves the services to processes.
    _server: Server,
}

impl Stage {
    /// Starts services with rows in them; processes start when there is work for them.
    ///
    /// # Errors
    /// What is to be told, in a sentence.
    pub(crate) async fn set(
        built: &Built,
        functions: &[Function],
        rows: &Rows,
        saga: &str,
        record: &Arc<Record>,
    ) -> Result<Self, String> {
        let callbacks = Callbacks::default();
        let services = Embedded::of(&built.manifest);
        rows.put(&services).map_err(|error| error.to_string())?;
        let server = Server::start_with(services.clone(), callbacks.clone()).await;
        let server =
            server.map_err(|error| format!("no port on the loopback interface: {error}"))?;
        let functions = server.known_to(functions);
        let (functions, logs) = Functions::new(built.executable.clone(), functions);
        let printing = tokio::spawn(read(logs, saga.to_owned(), Arc::clone(record)));
        Ok(Self {
            services,
            callbacks,
            functions: Arc::new(functions),
            printing,
            _server: server,
        })
    }

    pub(crate) fn backend(&self) -> Backend {
        Backend {
            handlers: Arc::clone(&self.functions) as _,
            services: Arc::new(self.services.clone()),
        }
    }

    /// Ends the processes, and waits for what they printed last.
    pub(crate) async fn clear(self) {
        self.functions.stop().await;
        drop(self.functions);
        // Something that they left running may keep its end of the pipe.
        let _ = tokio::time::timeout(LAST_LINES, self.printing).await;
    }
}

/// Reads what handlers print, so that they never wait for us.
async fn read(mut logs: UnboundedReceiver<Log>, saga: String, record: Arc<Record>) {
    let mut kept = printed::Kept::default();
    while let Some(log) = logs.recv().await {
        if let Some(line) = kept.line(&log, &saga) {
            record.print(line);
        }
    }
}
