//! A saga from its start to its end, with its recovery and the redrive where they are asked for.

use saga_asl::data::Data;
use saga_engine::history::HistoryEvent;

use super::{Driver, Ended, Ending, Faults, Prepared, Redriven, RunError, Seen, Stop};

/// A saga, and which of its executions there are to be.
pub struct Play<'p> {
    /// The saga.
    pub saga: &'p Prepared,
    /// What runs each execution; its faults hit the first one alone, not what is recovered or redriven.
    pub driver: Driver,
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

/// Nobody watches.
impl Audience for () {
    fn begin(&mut self, _: Act, _: &[HistoryEvent]) {}
    fn see(&mut self, _: Seen<'_>) {}
}

/// How a play ended.
#[derive(Debug)]
pub struct Played {
    /// The saga's own execution, as it ended last.
    pub execution: Ended,
    /// Its recovery, as it ended last, where the saga has one and one was needed.
    pub recovery: Option<Ended>,
    /// How the saga had ended before it was redriven, if it was.
    pub redriven_from: Option<Ending>,
}

impl Played {
    /// The execution that says how the saga ended: its recovery, unless that found nothing to do.
    #[must_use]
    pub fn ended(&self) -> &Ended {
        let recovery = self.recovery.as_ref();
        let decided = recovery.filter(|recovery| recovery.ending != self.execution.ending);
        decided.unwrap_or(&self.execution)
    }
}

impl Play<'_> {
    /// Runs all of it.
    ///
    /// # Errors
    /// As [`Driver::run`].
    pub async fn run(&self, input: Data, audience: &mut dyn Audience) -> Result<Played, RunError> {
        audience.begin(Act::Saga, &[]);
        let (driver, stop) = (self.driver.clone(), self.stop.clone());
        let execution = driver
            .run(self.saga, input.clone(), stop, &mut |seen| {
                audience.see(seen);
            })
            .await?;
        let is_stopped = execution.ending == Ending::Failed && !self.recovers;
        let recovery = match execution.is_to_be_recovered() && !is_stopped {
            true => self.recover(&input, &execution, audience).await?,
            false => None,
        };
        let ending = recovery.as_ref().unwrap_or(&execution).ending;
        let is_whole = recovery.is_none() && ending != Ending::Parked;
        let played = Played {
            execution,
            recovery,
            redriven_from: None,
        };
        match self.redrives && !is_whole {
            true => {
                let again = self.redrive(&input, played, audience).await?;
                let redriven_from = Some(ending);
                Ok(Played {
                    redriven_from,
                    ..again
                })
            }
            false => Ok(played),
        }
    }

    async fn recover(
        &self,
        input: &Data,
        ended: &Ended,
        audience: &mut dyn Audience,
    ) -> Result<Option<Ended>, RunError> {
        audience.begin(Act::Recovery, &[]);
        let (driver, stop) = (self.repaired(), self.stop.clone());
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
        played: Played,
        audience: &mut dyn Audience,
    ) -> Result<Played, RunError> {
        let (mut driver, stop) = (self.repaired(), self.stop.clone());
        let Played {
            execution,
            recovery,
            ..
        } = played;
        let (execution, recovery) = match recovery {
            Some(parked) if Redriven::after(&parked) == Redriven::Recovery => {
                audience.begin(Act::RecoveryRedrive, parked.execution.history());
                let again = driver
                    .redrive_recovery(self.saga, input, &execution, parked, stop, &mut |seen| {
                        audience.see(seen);
                    })
                    .await?;
                (execution, Some(again))
            }
            recovery => {
                let last = recovery.as_ref().unwrap_or(&execution).execution.history();
                if let Some(last) = last.last() {
                    driver.clock.reach(last.at);
                }
                audience.begin(Act::Redrive, execution.execution.history());
                let again = driver
                    .redrive(self.saga, execution, stop, &mut |seen| audience.see(seen))
                    .await?;
                // The rule hears of this end, too.
                let recovery = match recovery.is_some() {
                    true => self.recover(input, &again, audience).await?,
                    false => None,
                };
                (again, recovery)
            }
        };
        Ok(Played {
            execution,
            recovery,
            redriven_from: None,
        })
    }

    /// The driver without its faults.
    fn repaired(&self) -> Driver {
        Driver {
            faults: Faults::default(),
            ..self.driver.clone()
        }
    }
}
