//! One run: processes, services, the execution, and the end of all of them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_local::lambda::{Functions, Log};
use saga_local::saga::{Answers, Backend, Callbacks, Driver, Faults, Play, Prepared, Stop};
use saga_local::services::Rows;
use saga_manifest::Manifest;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use super::super::Run;
use super::play::{Shown, refused};
use super::report::Report;
use super::services::Services;
use crate::exit::{Exit, Failure};
use crate::show::Progress;

/// How long the last lines of handlers that have ended are waited for.
pub(in crate::command) const LAST_LINES: Duration = Duration::from_millis(500);

/// What a run consists of.
pub(super) struct Session<'s> {
    pub(super) run: &'s Run,
    pub(super) manifest: &'s Manifest,
    pub(super) saga: Prepared,
    pub(super) executable: PathBuf,
    pub(super) faults: Faults,
    pub(super) answers: Answers,
    pub(super) rows: Rows,
    /// When the package was built.
    pub(super) started: Instant,
}

impl Session<'_> {
    /// Runs the saga and tells of it.
    pub(super) fn run(self, input: Data, out: &mut dyn Write) -> Result<Exit, Failure> {
        block_on(self.execute(input, out))
    }

    /// The names that the author of the package's sagas gave.
    fn authored(&self) -> BTreeSet<String> {
        let sagas = self.manifest.sagas.iter();
        let nodes = sagas.flat_map(|saga| saga.body.all_nodes());
        nodes.map(|node| node.name().to_owned()).collect()
    }

    async fn execute(self, input: Data, out: &mut dyn Write) -> Result<Exit, Failure> {
        let shown = self.run.presentation;
        let callbacks = Callbacks::default();
        let url = self.run.of_package.endpoint_url.as_deref();
        let services = Services::start(self.manifest, url, &self.rows, &callbacks).await?;
        let known = services.known_to(&self.saga.functions);
        let (functions, logs) = Functions::new(self.executable.clone(), known);
        let functions = Arc::new(functions);
        let printing = tokio::spawn(print(logs, self.run.of_package.logs));
        let backend = Backend {
            handlers: Arc::clone(&functions) as _,
            services: services.integrations(),
        };
        let name = saga_local::execution_name();
        let execution = self.saga.execution_arn(&name);
        let (stop, interrupts) = interrupts();
        let play = Play {
            saga: &self.saga,
            driver: Driver {
                backend,
                faults: self.faults.clone(),
                answers: self.answers.clone(),
                callbacks,
                clock: self.run.clock(),
                execution: name,
                seed: self.run.seed,
            },
            recovers: self.run.of_package.recovers(),
            redrives: self.run.of_package.redrive,
            stop,
        };
        let mut audience = Shown {
            progress: Progress::new(out, shown.json || shown.history).of_author(self.authored()),
            saga: &self.saga.saga,
            execution: &execution,
        };
        let played = play.run(input, &mut audience).await;
        audience.progress.finish()?;
        drop(play);
        interrupts.abort();
        functions.stop().await;
        drop(functions);
        let played = played.map_err(|error| refused(&error))?;
        // What handlers printed last. Something that they left running may keep its end of the pipe.
        let _ = tokio::time::timeout(LAST_LINES, printing).await;
        let report = Report {
            saga: &self.saga.saga,
            execution: &execution,
            ended: played.ended(),
            redriven_from: played.redriven_from,
            contents: services.contents(self.manifest).await?,
            took: self.started.elapsed(),
        };
        report.write(shown, out)?;
        Ok(report.exit())
    }
}

/// Does work that waits for processes and services, on this thread.
///
/// # Errors
/// The work's, and when it cannot be begun.
pub(in crate::command) fn block_on<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&format!("cannot start: {error}"), ""))?;
    runtime.block_on(work)
}

/// Ctrl-C, and SIGTERM as a supervisor sends it.
pub(in crate::command) fn interrupts() -> (Stop, tokio::task::JoinHandle<()>) {
    let (stopped, stop) = watch::channel(false);
    // From here on neither ends this process by itself.
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    let listening = tokio::spawn(async move {
        if asked_to_stop(signals).await.is_ok() {
            // The run may have ended in this moment.
            let _ = stopped.send(true);
        }
        // The sender stays: without one the run could not be told any more.
        std::future::pending::<()>().await;
    });
    (stop, listening)
}

async fn asked_to_stop(signals: [std::io::Result<Signal>; 2]) -> std::io::Result<()> {
    let [interrupted, terminated] = signals;
    let (mut interrupted, mut terminated) = (interrupted?, terminated?);
    tokio::select! {
        _ = interrupted.recv() => Ok(()),
        _ = terminated.recv() => Ok(()),
    }
}

/// Prints what handlers print; without being asked to, it only empties the pipe.
#[expect(clippy::print_stderr, reason = "stdout is the report's alone")]
pub(in crate::command) async fn print(mut logs: UnboundedReceiver<Log>, shown: bool) {
    while let Some(log) = logs.recv().await {
        if shown {
            eprintln!("{}: {}", log.function, log.line);
        }
    }
}

pub(super) fn failed(message: &str, help: &str) -> Failure {
    Failure::Failed {
        message: message.into(),
        help: help.into(),
    }
}
