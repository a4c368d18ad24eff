//! Verdicts for people.

use std::fmt::{self, Display, Formatter};

use super::{Certificate, Counterexample, Verdict};
use crate::bounds::Bounds;
use crate::trace::Step;

/// Dollars for 1,000 state transitions of a Standard state machine (Step Functions pricing, us-east-1).
const DOLLARS_PER_THOUSAND_TRANSITIONS: f64 = 0.025;

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds(certificate) => certificate.fmt(f),
            Self::Broken(counterexample) => counterexample.fmt(f),
        }
    }
}

impl Bounds {
    /// Dollars for the state transitions of 1,000 executions, a month's free ones not counted.
    #[must_use]
    pub fn dollars_per_thousand_executions(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "transitions are far below 2^53")]
        let transitions = self.transitions as f64;
        transitions * DOLLARS_PER_THOUSAND_TRANSITIONS
    }
}

impl Display for Certificate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let faults = counted(self.depth, "fault");
        if self.complete {
            writeln!(
                f,
                "{}: the guarantees hold with up to {faults} in an execution",
                self.saga
            )?;
        } else {
            writeln!(
                f,
                "{}: nothing is broken in the {} states that were explored, and there are more",
                self.saga, self.distinct_states
            )?;
        }
        writeln!(f)?;
        for guarantee in &self.guarantees {
            writeln!(f, "  {:>2}  {}", guarantee.number(), guarantee.words())?;
        }
        writeln!(
            f,
            "\nwhat goes wrong: {} faults of {}",
            self.faults(),
            counted(self.tasks.len(), "task")
        )?;
        writeln!(
            f,
            "  each once on the first attempt and once on every attempt; of faults that the definition treats alike, one."
        )?;
        writeln!(
            f,
            "  Besides, a delivery reaches a fenced handler a second time, later; and the execution is stopped while a handler"
        )?;
        writeln!(
            f,
            "  is called, and recovered. Each of these counts as a fault"
        )?;
        if !self.contended.is_empty() {
            let tables = self.contended.iter().map(|table| format!("`{table}`"));
            let tables = tables.collect::<Vec<_>>().join(", ");
            writeln!(
                f,
                "  Before each call of an item of {tables} another saga asks for its lock, or changes what was read"
            )?;
        }
        let width = self
            .tasks
            .iter()
            .map(|task| task.state.len())
            .max()
            .unwrap_or(0);
        for task in &self.tasks {
            let what = task
                .step
                .as_ref()
                .map_or(String::new(), |step| format!(" of {step}"));
            let distinct = task.distinct.len();
            writeln!(
                f,
                "  {:width$}  {} faults, {distinct} kinds to the definition  ({}{what})",
                task.state, task.faults, task.role
            )?;
        }
        writeln!(f, "\nwhat was explored")?;
        writeln!(
            f,
            "  {:>9}  {}",
            self.inputs,
            if self.inputs == 1 { "input" } else { "inputs" }
        )?;
        writeln!(f, "  {:>9}  distinct states", self.distinct_states)?;
        writeln!(f, "  {:>9}  steps between them", self.steps)?;
        let endings = self.endings;
        writeln!(
            f,
            "  {:>9}  distinct ends: {} completed, {} compensated, {} parked",
            endings.completed + endings.compensated + endings.parked,
            endings.completed,
            endings.compensated,
            endings.parked
        )?;
        self.cost(f)
    }
}

impl Certificate {
    fn cost(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let best = &self.best;
        writeln!(f, "\nwhat an execution costs      undisturbed    at worst")?;
        let Some(worst) = self.bounds else {
            return writeln!(
                f,
                "  transitions {:>27}    no bound: a way leads round",
                best.transitions
            );
        };
        writeln!(
            f,
            "  transitions {:>27} {:>11}",
            best.transitions, worst.transitions
        )?;
        writeln!(
            f,
            "  history events {:>24} {:>11}",
            best.events, worst.events
        )?;
        writeln!(
            f,
            "  $ for 1,000 executions {:>16.3} {:>11.3}",
            best.dollars_per_thousand_executions(),
            worst.dollars_per_thousand_executions()
        )?;
        writeln!(f, "  seconds {:>43}", worst.seconds)?;
        writeln!(
            f,
            "  largest payload in bytes {:>14} {:>11}",
            best.payload_bytes, worst.payload_bytes
        )
    }
}

impl Display for Counterexample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let violation = &self.violation;
        writeln!(f, "{}: {} is broken", self.saga, violation.guarantee)?;
        let at = if violation.state.is_empty() {
            String::new()
        } else {
            format!("at `{}`: ", violation.state)
        };
        writeln!(f, "  {at}{}", violation.what)?;
        if self.steps.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "\nthe shortest way there, with {}",
            counted(self.faults(), "fault")
        )?;
        for (step, repeated) in told(&self.steps) {
            step.line(repeated, f)?;
        }
        if self.ledger.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nwhat has happened then")?;
        for account in &self.ledger {
            let stands = match account.effects {
                0 => "does not stand".to_owned(),
                1 => "stands".to_owned(),
                times => format!("stands {times} times"),
            };
            let undone = if account.undone { ", compensated" } else { "" };
            writeln!(
                f,
                "  {}: {stands}; the saga was told: {}{undone}",
                account.instance, account.told
            )?;
        }
        Ok(())
    }
}

/// The steps that tell something, each with how often it is repeated: waiting for a retry tells nothing, and
/// a fault that hits every attempt is told once.
fn told(steps: &[Step]) -> Vec<(Step, usize)> {
    let mut told: Vec<(Step, usize)> = Vec::new();
    for step in steps {
        let again = step.fault.as_ref().is_some_and(|fault| !fault.new);
        match told.last_mut() {
            _ if step.state.is_none() && step.entered.is_empty() && step.fault.is_none() => {}
            Some((last, repeated))
                if again && last.state == step.state && last.item == step.item =>
            {
                *repeated += 1;
                last.entered.extend(step.entered.iter().cloned());
            }
            _ => told.push((step.clone(), 1)),
        }
    }
    told
}

impl Step {
    fn line(&self, repeated: usize, f: &mut Formatter<'_>) -> fmt::Result {
        let mark = match &self.fault {
            Some(fault) if fault.new => '!',
            Some(_) => '.',
            None => ' ',
        };
        write!(f, "{mark} ")?;
        match &self.state {
            Some(state) => write!(f, "{state}{} {}", self.item, self.what)?,
            None => write!(f, "{}", self.what)?,
        }
        if self.attempt > 0 {
            write!(f, " (attempt {})", self.attempt + 1)?;
        }
        if self.fault.as_ref().is_some_and(|fault| fault.every_attempt) {
            write!(f, ", on every attempt ({})", counted(repeated, "attempt"))?;
        }
        if !self.entered.is_empty() {
            write!(f, " → {}", self.entered.join(" → "))?;
        }
        writeln!(f)
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
