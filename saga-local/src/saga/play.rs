//! A saga from its start to its end, with its recovery and the redrive where they are asked for.

use saga_asl::data::Data;
use saga_engine::history::HistoryEvent;

use super::{
    Answers, Backend, Callbacks, Clock, Driver, Ended, Ending, Faults, Prepared, Redriven,
    RunError, Seen, Stop,
};

/// What the executions of one saga share, and which of them there are.
pub struct Play<'p> {
    /// The saga.
    pub saga: &'p Prepared,
    /// What carries out tasks.
    pub backend: Backend,
    /// What goes wrong. No fault hits a recovery, or what is redriven.
    pub faults: Faults,
    /// What is answered to states that wait for their token.
    pub answers: Answers,
    /// How tokens come back otherwise.
    pub callbacks: Callbacks,
    /// How time passes.
    pub clock: Clock,
    /// The name of the saga's execution.
    pub execution: String,
    /// What random numbers follow from.
    pub seed: u64,
    /// Whether an execution that was stopped is recovered, as it is where a fault stops it; one that a user
    /// stopped is not.
    pub recovers: bool,
    /// Whether what is parked, or was recovered, is redriven, as after a repair.
    pub redrives: bool,
    /// Tells it to stop.
    pub stop: Stop,
}

/// One of the executions of a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The saga.
    Saga,
    /// Its recovery.
    Recovery,
    /// The saga once more, from where it stopped.
    Redrive,
    /// Its recovery once more, from where it stopped.
    RecoveryRedrive,
}

impl Act {
    /// What stands before the saga's name.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Saga => "",
            Self::Recovery => "recovery of ",
            Self::Redrive => "redrive of ",
            Self::RecoveryRedrive => "redrive of the recovery of ",
        }
    }
}

/// Whoever watches a play.
pub trait Audience {
    /// An execution begins, of which so much is known already.
    fn begin(&mut self, act: Act, known: &[HistoryEvent]);
    /// Its history grows.
    fn see(&mut self, seen: Seen<'_>);
}

/// How a play ended.
#[derive(Debug)]
pub struct Played {
    /// How the saga ended.
    pub ended: Ended,
    /// How it had ended before it was redriven, if it was.
    pub redriven_from: Option<Ending>,
}

impl Play<'_> {
    /// Runs all of it.
    ///
    /// # Errors
    /// As [`Driver::run`].
    pub async fn run(&self, input: Data, audience: &mut dyn Audience) -> Result<Played, RunError> {
        audience.begin(Act::Saga, &[]);
        let driver = self.driver(self.faults.clone());
        let ended = driver
            .run(self.saga, input.clone(), self.stop.clone(), &mut |seen| {
                audience.see(seen);
            })
            .await?;
        let is_stopped = ended.ending == Ending::Failed && !self.recovers;
        let recovered = match ended.is_to_be_recovered() && !is_stopped {
            true => self.recover(&input, &ended, audience).await?,
            false => None,
        };
        let ending = recovered.as_ref().unwrap_or(&ended).ending;
        let is_whole = recovered.is_none() && ending != Ending::Parked;
        if !self.redrives || is_whole {
            // A recovery that found nothing to do tells nothing.
            let told = recovered.filter(|recovered| recovered.ending != ended.ending);
            return Ok(Played {
                ended: told.unwrap_or(ended),
                redriven_from: None,
            });
        }
        Ok(Played {
            ended: self.redrive(&input, ended, recovered, audience).await?,
            redriven_from: Some(ending),
        })
    }

    async fn recover(
        &self,
        input: &Data,
        ended: &Ended,
        audience: &mut dyn Audience,
    ) -> Result<Option<Ended>, RunError> {
        audience.begin(Act::Recovery, &[]);
        let (driver, stop) = (self.driver(Faults::default()), self.stop.clone());
        driver
            .recover(self.saga, input, ended, stop, &mut |seen| {
                audience.see(seen);
            })
            .await
    }

    /// Redrives the recovery where that waits for it, else the saga's own execution.
    async fn redrive(
        &self,
        input: &Data,
        ended: Ended,
        recovered: Option<Ended>,
        audience: &mut dyn Audience,
    ) -> Result<Ended, RunError> {
        let (mut driver, stop) = (self.driver(Faults::default()), self.stop.clone());
        match recovered {
            Some(recovered) if Redriven::after(&recovered) == Redriven::Recovery => {
                audience.begin(Act::RecoveryRedrive, recovered.execution.history());
                driver
                    .redrive_recovery(self.saga, input, &ended, recovered, stop, &mut |seen| {
                        audience.see(seen);
                    })
                    .await
            }
            recovered => {
                let last = recovered.as_ref().unwrap_or(&ended).execution.history();
                if let Some(last) = last.last() {
                    driver.clock.reach(last.at);
                }
                audience.begin(Act::Redrive, ended.execution.history());
                let again = driver
                    .redrive(self.saga, ended, stop, &mut |seen| audience.see(seen))
                    .await?;
                // The rule hears of this end, too.
                let judged = match recovered.is_some() {
                    true => self.recover(input, &again, audience).await?,
                    false => None,
                };
                let judged = judged.filter(|judged| judged.ending != again.ending);
                Ok(judged.unwrap_or(again))
            }
        }
    }

    fn driver(&self, faults: Faults) -> Driver {
        Driver {
            backend: self.backend.clone(),
            faults,
            answers: self.answers.clone(),
            callbacks: self.callbacks.clone(),
            clock: self.clock,
            execution: self.execution.clone(),
            seed: self.seed,
        }
    }
}
