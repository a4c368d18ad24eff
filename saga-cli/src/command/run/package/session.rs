//! One run: processes, services, the execution, and the end of all of them.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use saga_asl::data::Data;
use saga_local::lambda::{Functions, Log};
use saga_local::saga::{
    Answers, Backend, Callbacks, Clock, Driver, Ending, Faults, Prepared, RunError, Stop,
};
use saga_manifest::Manifest;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use super::super::Run;
use super::report::Report;
use super::rows::Rows;
use super::services::Services;
use crate::exit::{Exit, Failure};
use crate::show::Progress;

/// How long the last lines of handlers that have ended are waited for.
pub(super) const LAST_LINES: Duration = Duration::from_millis(500);

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
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&format!("cannot start: {error}"), ""))?;
        runtime.block_on(self.execute(input, out))
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
        let driver = self.driver(Arc::clone(&functions), &services, callbacks.clone());
        let (stop, interrupts) = interrupts();
        let mut progress = Progress::new(out, shown.json || shown.history);
        let execution = self.saga.execution_arn(&driver.execution);
        progress.begin(&self.saga.saga, &execution)?;
        let name = driver.execution.clone();
        let (begun, stopped) = (input.clone(), stop.clone());
        let ended = driver
            .run(&self.saga, input, stop, &mut |seen| progress.show(&seen))
            .await;
        progress.finish()?;
        let ended = match ended {
            Ok(ended) if ended.ending == Ending::Failed && self.run.of_package.recovers() => {
                let mut driver = self.driver(Arc::clone(&functions), &services, callbacks);
                driver.execution = name;
                let mut progress = Progress::new(out, shown.json || shown.history);
                progress.begin(&format!("recovery of {}", self.saga.saga), &execution)?;
                let recovered = driver
                    .recover(&self.saga, &begun, &ended, stopped, &mut |seen| {
                        progress.show(&seen);
                    })
                    .await;
                progress.finish()?;
                recovered.map(|recovered| recovered.unwrap_or(ended))
            }
            ended => ended,
        };
        interrupts.abort();
        functions.stop().await;
        drop(functions);
        let ended = ended.map_err(|error| refused(&error))?;
        // What handlers printed last. Something that they left running may keep its end of the pipe.
        let _ = tokio::time::timeout(LAST_LINES, printing).await;
        let report = Report {
            saga: &self.saga.saga,
            execution: &execution,
            ended: &ended,
            contents: services.contents(self.manifest).await?,
            took: self.started.elapsed(),
        };
        report.write(shown, out)?;
        Ok(report.exit())
    }

    fn driver(
        &self,
        functions: Arc<Functions>,
        services: &Services,
        callbacks: Callbacks,
    ) -> Driver {
        Driver {
            backend: Backend {
                handlers: functions,
                services: services.integrations(),
            },
            faults: self.faults.clone(),
            answers: self.answers.clone(),
            callbacks,
            clock: if self.run.real_time {
                Clock::Real
            } else {
                Clock::skipping()
            },
            execution: saga_local::execution_name(),
            seed: self.run.seed,
        }
    }
}

/// Ctrl-C, and SIGTERM as a supervisor sends it.
pub(super) fn interrupts() -> (Stop, tokio::task::JoinHandle<()>) {
    let (stopped, stop) = watch::channel(false);
    let listening = tokio::spawn(async move {
        if asked_to_stop().await.is_ok() {
            // The run may have ended in this moment.
            let _ = stopped.send(true);
        }
        // The sender stays: without one the run could not be told any more.
        std::future::pending::<()>().await;
    });
    (stop, listening)
}

async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

/// Prints what handlers print; without being asked to, it only empties the pipe.
#[expect(clippy::print_stderr, reason = "stdout is the report's alone")]
pub(super) async fn print(mut logs: UnboundedReceiver<Log>, shown: bool) {
    while let Some(log) = logs.recv().await {
        if shown {
            eprintln!("{}: {}", log.function, log.line);
        }
    }
}

fn refused(error: &RunError) -> Failure {
    let help = match error {
        RunError::NotEmbedded { .. } => {
            "run the saga on services that have it: `--endpoint-url URL`, or on AWS"
        }
        RunError::NotRedriven => "",
        RunError::Stuck => "give the waiting state a timeout, or an answer: `--answer STATE=JSON`",
    };
    failed(&error.to_string(), help)
}

pub(super) fn failed(message: &str, help: &str) -> Failure {
    Failure::Failed {
        message: message.into(),
        help: help.into(),
    }
}
