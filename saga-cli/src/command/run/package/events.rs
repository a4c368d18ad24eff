//! A package's saga, run by events: the same handlers and services, and no state machine.

mod report;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use saga_asl::data::Data;
use saga_choreography::{Action, Choreography, Event};
use saga_local::lambda::Functions;
use saga_local::saga::{Backend, Callbacks, EventDriver, EventError, Faults, Heard, Prepared};
use saga_local::services::Rows;
use saga_manifest::Manifest;

use super::super::Run;
use super::services::Services;
use super::session::{LAST_LINES, block_on, failed, interrupts, print};
use crate::exit::{Exit, Failure};
use crate::package::{self, Package};
use crate::show::Tone;
use report::Report;

/// What a run consists of.
pub(super) struct Session<'s> {
    pub(super) run: &'s Run,
    pub(super) manifest: &'s Manifest,
    pub(super) choreography: Choreography,
    pub(super) saga: Prepared,
    pub(super) executable: PathBuf,
    pub(super) rows: Rows,
    pub(super) faults: Faults,
    /// When the package was built.
    pub(super) started: Instant,
}

/// The saga as a choreography, if it can do without an orchestrator.
pub(super) fn choreography(
    manifest: &Manifest,
    name: &str,
    package: &Package,
) -> Result<Choreography, Failure> {
    let options = super::options(&package.name, &package.binary);
    let compiled = saga_compiler::choreograph(manifest, &options);
    compiled.map_err(|diagnostics| package::refused(&diagnostics, &package.workspace))?;
    Choreography::of(manifest, name).map_err(|_| {
        let message = format!("`{name}` compiles to events, and cannot be followed");
        failed(&message, "this is a mistake of saga-cli: please report it")
    })
}

impl Session<'_> {
    /// Runs the saga and tells of it.
    pub(super) fn run(self, input: &Data, out: &mut dyn Write) -> Result<Exit, Failure> {
        block_on(self.execute(input, out))
    }

    async fn execute(self, input: &Data, out: &mut dyn Write) -> Result<Exit, Failure> {
        let arguments = &self.run.of_package;
        let url = arguments.endpoint_url.as_deref();
        let callbacks = Callbacks::default();
        let services = Services::start(self.manifest, url, &self.rows, &callbacks).await?;
        let known = services.known_to(&self.saga.functions);
        let (functions, logs) = Functions::new(self.executable.clone(), known);
        let functions = Arc::new(functions);
        let printing = tokio::spawn(print(logs, arguments.logs));
        let (stop, interrupts) = interrupts();
        let id = format!("{}/{}", self.saga.saga, saga_local::execution_name());
        let mut progress = Progress::begin(self.run, &self.saga.saga, &id, out)?;
        let driver = EventDriver {
            backend: Backend {
                handlers: Arc::clone(&functions) as _,
                services: services.integrations(),
            },
            faults: self.faults,
            clock: self.run.clock(),
        };
        let input = serde_json::to_value(input).unwrap_or_default();
        let ended = driver
            .run(&self.choreography, &id, input, stop, &mut |_, heard| {
                if let Heard::Delivered(event) = heard {
                    progress.show(event);
                }
            })
            .await;
        progress.finish()?;
        interrupts.abort();
        functions.stop().await;
        drop(functions);
        let ended = ended.map_err(|error| refused(&error))?;
        // What handlers printed last. Something that they left running may keep its end of the pipe.
        let _ = tokio::time::timeout(LAST_LINES, printing).await;
        let report = Report {
            ended: &ended,
            contents: services.contents(self.manifest).await?,
            took: self.started.elapsed(),
        };
        report.write(self.run.presentation, out)?;
        Ok(report.exit())
    }
}

fn refused(error: &EventError) -> Failure {
    failed(&error.to_string(), "")
}

/// Events, as they are delivered.
struct Progress<'o> {
    out: &'o mut dyn Write,
    quiet: bool,
    error: Option<std::io::Error>,
}

impl<'o> Progress<'o> {
    fn begin(run: &Run, saga: &str, id: &str, out: &'o mut dyn Write) -> std::io::Result<Self> {
        let quiet = run.presentation.json || run.presentation.history;
        if !quiet {
            let (saga, id) = (Tone::Name.paint(saga), Tone::Quiet.paint(id));
            writeln!(out, "{saga}  {id}\n")?;
        }
        Ok(Self {
            out,
            quiet,
            error: None,
        })
    }

    fn show(&mut self, event: &Event) {
        if self.quiet || self.error.is_some() {
            return;
        }
        let (source, kind) = (Tone::Quiet.paint(&event.source), &event.kind);
        let asked = match (event.action, &event.step) {
            (Action::Undo, Some(step)) => format!("  → undo {step}"),
            (_, Some(step)) => format!("  → {step}"),
            (_, None) => String::new(),
        };
        let again = match event.attempt {
            0 => String::new(),
            attempt => format!(" (attempt {})", attempt + 1),
        };
        let written = writeln!(self.out, "  {kind}  {source}{asked}{again}");
        self.error = written.and_then(|()| self.out.flush()).err();
    }

    fn finish(self) -> std::io::Result<()> {
        self.error.map_or(Ok(()), Err)
    }
}
