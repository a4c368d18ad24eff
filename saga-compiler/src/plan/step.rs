//! A step, and where it goes when it fails.

use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};

use super::forward::Here;
use super::nested::may_be_undone;
use super::{Builder, Exit, Given, Parked, Role, Trigger, names, naming};
use crate::checked::dynamodb::CONDITION_FAILED;
use crate::checked::variables::Fact;
use crate::checked::{Call, Kind, Step, Target};
use crate::fence;

/// Why a release whose condition fails is done.
const NOT_HELD: &str = "The saga does not hold the lock: there is nothing to give back.";

impl<'s> Builder<'s, '_> {
    /// Adds a step's states; gives the first one.
    pub(super) fn step(&mut self, step: &'s Step<'s>, here: Here<'_, 's>) -> String {
        let Here {
            instance,
            recovery,
            point,
            done: own,
            next,
        } = here;
        let name = naming::of(step.name, instance);
        let output = (self.variable(Fact::Output(step.name)), Given::Output);
        let done = || Exit::success(&next).setting([output.clone()]);
        let goes_back = !matches!(step.kind, Kind::Forward);
        let backward = match goes_back {
            true => self.backward(recovery, point),
            false => String::new(),
        };
        let uncertain = match step.kind {
            _ if may_be_undone(step) => naming::outcome(step.name, instance),
            Kind::Compensatable(_) => self.backward(recovery, own),
            Kind::ReadOnly => backward.clone(),
            Kind::Pivot | Kind::Forward => naming::park(step.name, instance),
        };
        let mut exits = succeeded(&step.call, done);
        exits.extend(self.unanswered(step, done(), &backward));
        let asks_at = naming::outcome(step.name, instance);
        let asks =
            goes_back && backward != uncertain && self.known(step, &backward, &asks_at, &mut exits);
        let failure = (self.of_failure(Fact::Failure), Given::Error(step.name));
        exits.extend(Exit::any_error(&uncertain).map(|exit| exit.setting([failure.clone()])));
        self.add_copy(name.clone(), Role::Do(step), step.place, exits, instance);
        if asks {
            let attempts = self.of_failure(Fact::Attempts);
            let exits = vec![
                Exit::new(Trigger::Retried(attempts), uncertain),
                Exit::otherwise(&*backward),
            ];
            self.add(asks_at, Role::Outcome, step.place, exits);
        }
        if may_be_undone(step) {
            self.nested_outcome(step, instance, &backward);
        }
        if may_be_undone(step) || matches!(step.kind, Kind::Pivot | Kind::Forward) {
            let mark = self.nodes.len();
            if may_be_undone(step) && self.holder.is_some() {
                // Its parked form stands in the chain of undo.
            } else if may_be_undone(step) {
                let to = naming::settled(step.name, instance);
                let done = Exit { to, ..done() };
                self.park_nested(step, instance, done, &backward, &next);
            } else {
                self.park(Parked::Do(step), instance, succeeded(&step.call, done));
            }
            let parking = self.nodes.split_off(mark);
            self.last.splice(0..0, parking);
        }
        name
    }

    /// Where an approval goes that nobody answered in time: on with the author's own answer, else back,
    /// for nothing was done.
    fn unanswered(&self, step: &'s Step<'s>, done: Exit<'s>, backward: &str) -> Option<Exit<'s>> {
        let Target::Approval(approval) = step.call.target else {
            return None;
        };
        let late = Trigger::Errors(vec!["States.Timeout", "States.HeartbeatTimeout"]);
        match (approval.unanswered, &step.kind) {
            (Some(answer), _) => {
                let output = self.variable(Fact::Output(step.name));
                Some(Exit::new(late, done.to).setting([(output, Given::Value(answer))]))
            }
            (None, Kind::Forward) => None,
            (None, _) => {
                let failure = (self.of_failure(Fact::Failure), Given::Error(step.name));
                Some(Exit::new(late, backward).setting([failure]))
            }
        }
    }

    /// The ways out for known failures, and whether they must be asked about earlier attempts: a known
    /// failure counts only if none of them had an unknown outcome. What is settled answers that by itself.
    fn known(
        &self,
        step: &'s Step<'s>,
        backward: &str,
        asks_at: &str,
        exits: &mut Vec<Exit<'s>>,
    ) -> bool {
        let known = |error: &&DeclaredError| error.outcome == Outcome::NotDone;
        let known = step.call.errors.iter().filter(known);
        let retried = retries_unknown(&step.call);
        let (sure, doubtful): (Vec<_>, Vec<_>) = known.partition(|error| !retried || error.settled);
        let failure = (self.of_failure(Fact::Failure), Given::Error(step.name));
        if !sure.is_empty() {
            let exit = Exit::new(Trigger::Errors(names(sure)), backward);
            exits.push(exit.setting([failure.clone()]));
        }
        let asks = !doubtful.is_empty();
        if asks {
            let attempts = (self.of_failure(Fact::Attempts), Given::Retries);
            let exit = Exit::new(Trigger::Errors(names(doubtful)), asks_at);
            exits.push(exit.setting([attempts, failure]));
        }
        asks
    }
}

/// The ways out of a call that is done: a release is where its condition fails, too.
fn succeeded<'s>(call: &Call<'_>, done: impl Fn() -> Exit<'s>) -> Vec<Exit<'s>> {
    let not_held = fence::is_release(call).then(|| Exit {
        trigger: Trigger::Errors(vec![CONDITION_FAILED]),
        about: Some(NOT_HELD),
        ..done()
    });
    std::iter::once(done()).chain(not_held).collect()
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
