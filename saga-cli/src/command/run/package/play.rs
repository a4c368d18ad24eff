//! A saga from its start to its end, with its recovery and the redrive where they are asked for.

use std::io::Write;

use saga_asl::data::Data;
use saga_engine::history::HistoryEvent;
use saga_local::saga::{
    Backend, Callbacks, Driver, Ended, Ending, Faults, Redriven, RunError, Seen, Stop,
};

use super::session::{Session, failed};
use crate::exit::Failure;
use crate::show::Progress;

/// What the executions of one run share.
pub(super) struct Play<'p> {
    pub(super) session: &'p Session<'p>,
    pub(super) backend: Backend,
    pub(super) callbacks: Callbacks,
    /// The name of the saga's execution.
    pub(super) name: String,
    pub(super) stop: Stop,
    pub(super) out: &'p mut dyn Write,
}

impl Play<'_> {
    /// Runs all of it. Gives how it ended, and how it had before it was redriven, if it was.
    pub(super) async fn run(&mut self, input: Data) -> Result<(Ended, Option<Ending>), Failure> {
        let saga = &self.session.saga;
        let arguments = &self.session.run.of_package;
        let stop = self.stop.clone();
        let driver = self.driver(self.session.faults.clone());
        let begun = input.clone();
        let ended = self
            .show("", &[], async |seen| {
                driver.run(saga, begun, stop, seen).await
            })
            .await?;
        let is_stopped = ended.ending == Ending::Failed && !arguments.recovers();
        let recovered = match ended.is_to_be_recovered() && !is_stopped {
            true => self.recover(&input, &ended).await?,
            false => None,
        };
        let ending = recovered.as_ref().unwrap_or(&ended).ending;
        let is_whole = recovered.is_none() && ending != Ending::Parked;
        if !arguments.redrive || is_whole {
            // A recovery that found nothing to do tells nothing.
            let told = recovered.filter(|recovered| recovered.ending != ended.ending);
            return Ok((told.unwrap_or(ended), None));
        }
        let again = self.redrive(&input, ended, recovered).await?;
        Ok((again, Some(ending)))
    }

    async fn recover(&mut self, input: &Data, ended: &Ended) -> Result<Option<Ended>, Failure> {
        let saga = &self.session.saga;
        let (driver, stop) = (self.driver(Faults::default()), self.stop.clone());
        self.show("recovery of ", &[], async |seen| {
            driver.recover(saga, input, ended, stop, seen).await
        })
        .await
    }

    /// Redrives the recovery where that waits for it, else the saga's own execution.
    async fn redrive(
        &mut self,
        input: &Data,
        ended: Ended,
        recovered: Option<Ended>,
    ) -> Result<Ended, Failure> {
        let saga = &self.session.saga;
        let (mut driver, stop) = (self.driver(Faults::default()), self.stop.clone());
        match recovered {
            Some(recovered) if Redriven::after(&recovered) == Redriven::Recovery => {
                let known = recovered.execution.history().to_vec();
                self.show("redrive of the recovery of ", &known, async |seen| {
                    driver
                        .redrive_recovery(saga, input, &ended, recovered, stop, seen)
                        .await
                })
                .await
            }
            recovered => {
                let last = recovered.as_ref().unwrap_or(&ended).execution.history();
                if let Some(last) = last.last() {
                    driver.clock.reach(last.at);
                }
                let known = ended.execution.history().to_vec();
                let again = self.show("redrive of ", &known, async |seen| {
                    driver.redrive(saga, ended, stop, seen).await
                });
                let again = again.await?;
                // The rule hears of this end, too.
                let judged = match recovered.is_some() {
                    true => self.recover(input, &again).await?,
                    false => None,
                };
                let judged = judged.filter(|judged| judged.ending != again.ending);
                Ok(judged.unwrap_or(again))
            }
        }
    }

    /// Shows an execution while it happens, and goes on with what is `known` of it.
    async fn show<T>(
        &mut self,
        what: &str,
        known: &[HistoryEvent],
        run: impl AsyncFnOnce(&mut dyn FnMut(Seen<'_>)) -> Result<T, RunError>,
    ) -> Result<T, Failure> {
        let (saga, shown) = (&self.session.saga, self.session.run.presentation);
        let mut progress = Progress::new(self.out, shown.json || shown.history);
        let execution = saga.execution_arn(&self.name);
        progress.recall(known);
        progress.begin(&format!("{what}{}", saga.saga), &execution)?;
        let ended = run(&mut |seen| progress.show(&seen)).await;
        progress.finish()?;
        ended.map_err(|error| refused(&error))
    }

    fn driver(&self, faults: Faults) -> Driver {
        let run = self.session.run;
        Driver {
            backend: self.backend.clone(),
            faults,
            answers: self.session.answers.clone(),
            callbacks: self.callbacks.clone(),
            clock: run.clock(),
            execution: self.name.clone(),
            seed: run.seed,
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
