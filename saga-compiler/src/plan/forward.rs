//! The forward path: the steps in order, and where each goes when it fails.

use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::saga::Ending;

use super::{Builder, Exit, Parked, Role, Trigger, Variable, names, naming};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::checked::{Call, Kind, Operation, Step, Target};

impl<'s> Builder<'s> {
    /// Adds the steps, what follows the last of them, and what waits for an operator.
    pub(super) fn forward(&mut self) {
        for (position, step) in self.saga.steps.iter().enumerate() {
            self.step(position, step);
        }
        self.notifications(Ending::Completed, &self.completed());
        let place = &self.saga.definition.place;
        self.add(self.completed(), Role::Succeeded, place, Vec::new());
        for (position, step) in self.saga.steps.iter().enumerate() {
            if matches!(step.kind, Kind::Pivot | Kind::Forward) {
                let next = self.forward_from(position + 1);
                let done = Exit::success(next).setting([Variable::Output(step.name)]);
                self.park(Parked::Do(step), vec![done]);
            }
        }
    }

    /// The state that does the step of that position, or follows the last step.
    pub(super) fn forward_from(&self, position: usize) -> String {
        match self.saga.steps.get(position) {
            Some(step) => step.name.to_owned(),
            None => self.first_notification(Ending::Completed, self.completed()),
        }
    }

    fn completed(&self) -> String {
        naming::succeeded(&self.saga.definition.name)
    }

    fn step(&mut self, position: usize, step: &'s Step<'s>) {
        let next = self.forward_from(position + 1);
        let mut exits = vec![Exit::success(next).setting([Variable::Output(step.name)])];
        let backward = self.backward_before(position);
        let uncertain = uncertain(step).unwrap_or_else(|| backward.clone());
        let asks = self.known(step, &backward, &uncertain, &mut exits);
        exits.extend(Exit::any_error(&uncertain).map(|exit| exit.setting([Variable::Failure])));
        self.add(step.name.to_owned(), Role::Do(step), step.place, exits);
        if asks {
            let exits = vec![
                Exit::new(Trigger::Retried, uncertain),
                Exit::new(Trigger::Otherwise, backward),
            ];
            self.add(naming::outcome(step.name), Role::Outcome, step.place, exits);
        }
    }

    /// The ways out for known failures, and whether they must be asked about earlier attempts: a known
    /// failure counts only if none of them had an unknown outcome. A fence answers that by itself.
    fn known(
        &self,
        step: &'s Step<'s>,
        backward: &str,
        uncertain: &str,
        exits: &mut Vec<Exit<'s>>,
    ) -> bool {
        if backward == uncertain || matches!(step.kind, Kind::Forward) {
            return false;
        }
        let known = |error: &&DeclaredError| error.outcome == Outcome::NotDone;
        let known = step.call.errors.iter().filter(known);
        let retried = retries_unknown(&step.call);
        let (sure, doubtful): (Vec<_>, Vec<_>) =
            known.partition(|error| !retried || is_settled(&step.call, error));
        if !sure.is_empty() {
            let exit = Exit::new(Trigger::Errors(names(sure)), backward);
            exits.push(exit.setting([Variable::Failure]));
        }
        let asks = !doubtful.is_empty();
        if asks {
            let exit = Exit::new(Trigger::Errors(names(doubtful)), naming::outcome(step.name));
            exits.push(exit.setting([Variable::Attempts, Variable::Failure]));
        }
        asks
    }
}

/// Where a step goes whose outcome is unknown, if it has an effect.
fn uncertain(step: &Step<'_>) -> Option<String> {
    match step.kind {
        Kind::Compensatable(_) => Some(naming::undo(step.name)),
        Kind::ReadOnly => None,
        Kind::Pivot | Kind::Forward => Some(naming::park(step.name)),
    }
}

/// Whether an attempt whose outcome is unknown may be followed by another one.
fn retries_unknown(call: &Call<'_>) -> bool {
    let tries = |policy: &RetryPolicy| policy.max_attempts > 0;
    call.retry_others.is_some_and(tries)
        || call
            .errors
            .iter()
            .filter(|error| error.outcome == Outcome::Unknown)
            .any(|error| error.retry.as_ref().is_some_and(tries))
}

/// Whether the error settles that no attempt had an effect: the condition of a fenced put holds where
/// the item is the saga's own, so when it fails no attempt has put it.
fn is_settled(call: &Call<'_>, error: &DeclaredError) -> bool {
    let Target::Item(item) = call.target else {
        return false;
    };
    matches!(item.operation, Operation::Put { .. }) && error.name == CONDITION_FAILED
}
