//! `--handlers`: the same single faults in the real handlers.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use saga_local::http::Server;
use saga_local::lambda::Functions;
use saga_local::services::Embedded;
use saga_local::verify::{Stage, Trial, Trials};
use saga_manifest::Manifest;
use saga_verify::{FaultKind, Injection};

use crate::command::run::package::block_on;
use crate::exit::{Exit, Failure};

/// What the trials need.
pub(super) struct RealHandlers<'r> {
    pub(super) manifest: &'r Manifest,
    pub(super) executable: &'r Path,
    pub(super) trials: Trials<'r>,
}

impl RealHandlers<'_> {
    /// Injects each fault, and tells of those that went another way than the model says.
    ///
    /// # Errors
    /// When the saga cannot be run, or does not complete undisturbed.
    pub(super) fn run(&self, quiet: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
        block_on(self.all(quiet, out))
    }

    async fn all(&self, quiet: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
        let undisturbed = self.one(Vec::new()).await?;
        if undisturbed.ending != "completed" {
            return Err(failed(
                &format!(
                    "undisturbed, the saga ends {} with this input",
                    undisturbed.ending
                ),
                "give an input with which the handlers complete it: `--input FILE`",
            ));
        }
        let faults = self.trials.oracle.single_faults();
        let faults = faults.map_err(|error| failed(&error.to_string(), ""))?;
        let mut trials = vec![undisturbed];
        for faults in faults {
            trials.push(self.one(faults).await?);
        }
        let wrong: Vec<&Trial> = trials
            .iter()
            .filter(|trial| !trial.problems.is_empty())
            .collect();
        if !quiet {
            report(&trials, &wrong, out)?;
        }
        Ok(if wrong.is_empty() {
            Exit::Success
        } else {
            Exit::Failure
        })
    }

    async fn one(&self, faults: Vec<Injection>) -> Result<Trial, Failure> {
        let stage = self.stage().await?;
        let trial = self.trials.run(faults, &stage).await;
        trial.map_err(|error| failed(&error, ""))
    }

    /// Services and processes of a trial's own.
    async fn stage(&self) -> Result<Stage, Failure> {
        let services = Embedded::of(self.manifest);
        let server = Server::start(services.clone())
            .await
            .map_err(|error| failed(&format!("no port on the loopback interface: {error}"), ""))?;
        let functions = server.known_to(&self.trials.saga.functions);
        let (functions, mut lines) = Functions::new(self.executable.to_path_buf(), functions);
        // What handlers print is read, so that they never wait for us, and not shown.
        let printing = tokio::spawn(async move { while lines.recv().await.is_some() {} });
        Ok(Stage {
            services,
            handlers: Arc::new(functions),
            kept: Box::new((server, printing)),
        })
    }
}

fn report(trials: &[Trial], wrong: &[&Trial], out: &mut dyn Write) -> std::io::Result<()> {
    let ended = |word: &str| trials.iter().filter(|trial| trial.ending == word).count();
    writeln!(
        out,
        "\nin the real handlers\n  {:>9}  runs: {} completed, {} compensated, {} parked",
        trials.len(),
        ended("completed"),
        ended("compensated"),
        ended("parked")
    )?;
    if wrong.is_empty() {
        return writeln!(
            out,
            "  each ended as the model says, and so the tables have it"
        );
    }
    for trial in wrong {
        let faults: Vec<String> = trial.faults.iter().map(words).collect();
        writeln!(
            out,
            "  {}",
            if faults.is_empty() {
                "undisturbed".into()
            } else {
                faults.join(", and ")
            }
        )?;
        for problem in &trial.problems {
            writeln!(out, "    {problem}")?;
        }
    }
    Ok(())
}

fn words(injection: &Injection) -> String {
    let what = match injection.kind {
        FaultKind::Crash => "dies after its effect".to_owned(),
        FaultKind::Duplicate => "is delivered twice".to_owned(),
        FaultKind::TimeoutBefore | FaultKind::TimeoutAfter => {
            "times out after its effect".to_owned()
        }
        _ => format!(
            "fails with `{}`",
            injection.error.as_deref().unwrap_or_default()
        ),
    };
    let often = if injection.every_attempt {
        "on every attempt"
    } else {
        "once"
    };
    format!("{} {what} {often}", injection.state)
}

fn failed(message: &str, help: &str) -> Failure {
    Failure::Failed {
        message: message.into(),
        help: help.into(),
    }
}
