//! What has to hold when an execution is over.

use std::collections::BTreeSet;

use saga_engine::execution::{Outcome, Status};
use saga_engine::fault::Origin;
use saga_engine::history::StateType;

use super::{instance_name, isolation};
use crate::guarantee::{Guarantee, Violation};
use crate::identity::item;
use crate::ledger::{Entry, Ledger, Told};
use crate::model::{Claim, Kind, Role};
use crate::names::Names;
use crate::scene::{Scene, Task};
use crate::world::{Call, Ending, World};

/// How the saga ended. `last` is the state that was entered last in the final step, `answered` the call whose
/// answer it began with.
///
/// # Errors
/// The guarantee that the end breaks.
pub(crate) fn ending(
    scene: &Scene<'_>,
    names: &Names,
    world: &World,
    outcome: &Outcome,
    last: Option<(StateType, &str)>,
    answered: Option<&Call>,
) -> Result<Ending, Violation> {
    let failed = answered.and_then(|call| scene.tasks.get(call.task));
    let state = last
        .map(|(_, name)| name)
        .or(failed.map(|task| task.state))
        .unwrap_or_default();
    let end = End {
        scene,
        names,
        world,
        state,
    };
    let claim = scene.model.claims.get(state).copied();
    match (outcome.status, last) {
        (Status::Succeeded, _) => end.claimed(claim.unwrap_or(Claim::Completed)),
        (Status::Failed, Some((StateType::Fail, _))) => {
            let error = outcome
                .failure
                .as_ref()
                .and_then(|failure| failure.error.as_deref());
            let expected = scene.model.compensated_error.as_deref();
            match claim {
                Some(claim) => end.claimed(claim),
                None if expected.is_none() || error == expected => end.claimed(Claim::Compensated),
                None => end.broken(
                    Guarantee::Endings,
                    format!(
                        "the execution fails with `{}`, which says nothing of the saga",
                        error.unwrap_or_default()
                    ),
                ),
            }
        }
        (Status::Failed, None)
            if failed.is_some_and(|task| task.model.parked_form_of.is_some()) =>
        {
            end.parked()
        }
        (Status::Failed, Some((_, state))) if scene.model.held.contains_key(state) => end.held(),
        _ => end.uncaught(outcome, failed),
    }
}

/// A saga that has ended is still as it said when something arrives late.
///
/// # Errors
/// What its end said and is not so any more.
pub(crate) fn still(scene: &Scene<'_>, names: &Names, world: &World) -> Result<(), Violation> {
    let end = End {
        scene,
        names,
        world,
        state: "",
    };
    match world.ending {
        Some(Ending::Completed) => end.claimed(Claim::Completed).map(drop),
        Some(Ending::Compensated) => end.claimed(Claim::Compensated).map(drop),
        Some(Ending::Parked | Ending::Recovered) | None => Ok(()),
    }
}

/// What a recovery leaves: no compensatable step stands, and no handler has acted again.
///
/// # Errors
/// What stands.
pub(crate) fn recovered(
    scene: &Scene<'_>,
    names: &Names,
    ledger: &Ledger,
) -> Result<(), Violation> {
    let compensatable = |entry: &&Entry| scene.kind(entry.step) == Kind::Compensatable;
    for entry in ledger.iter().filter(compensatable) {
        let name = instance_name(scene, names, entry);
        let what = if entry.effects > 0 {
            format!("the execution was stopped, and `{name}` stands after its recovery")
        } else if entry.again {
            format!("a handler of `{name}` acted again after it had answered")
        } else {
            continue;
        };
        return Err(Violation::new(Guarantee::Uncatchable, "", what));
    }
    Ok(())
}

struct End<'e> {
    scene: &'e Scene<'e>,
    names: &'e Names,
    world: &'e World,
    state: &'e str,
}

impl End<'_> {
    fn broken(&self, guarantee: Guarantee, what: String) -> Result<Ending, Violation> {
        Err(Violation::new(guarantee, self.state, what))
    }

    fn name(&self, entry: &Entry) -> String {
        instance_name(self.scene, self.names, entry)
    }

    fn claimed(&self, claim: Claim) -> Result<Ending, Violation> {
        if let Some(entry) = self.world.ledger.entries.iter().find(|entry| entry.again) {
            let what = format!(
                "a handler of `{}` acted again after it had answered",
                self.name(entry)
            );
            return self.broken(Guarantee::Idempotency, what);
        }
        if let Some(entry) = self.world.ledger.entries.iter().find(|entry| entry.adrift) {
            let what = format!(
                "the saga ends while `{}` is still at work",
                self.name(entry)
            );
            return self.broken(Guarantee::Order, what);
        }
        let ending = match claim {
            Claim::Completed => self.completed(),
            Claim::Compensated => self.compensated(),
        }?;
        match claim {
            Claim::Completed => isolation::given_back(self.world, self.state, "completed")?,
            Claim::Compensated => isolation::given_back(self.world, self.state, "compensated")?,
        }
        if claim == Claim::Completed && !self.has_pivot() {
            isolation::relied_on(self.world, self.state)?;
        }
        Ok(ending)
    }

    /// Whether what was read counts at a pivot, and not at the end.
    fn has_pivot(&self) -> bool {
        let mut steps = self.scene.model.steps.iter();
        steps.any(|step| step.kind == Kind::Pivot)
    }

    /// Every step that is needed was told to be done, is done, and stands.
    fn completed(&self) -> Result<Ending, Violation> {
        let entries = &self.world.ledger.entries;
        for entry in entries {
            if let Some((guarantee, what)) = self.not_completed(entry) {
                return self.broken(guarantee, format!("the saga ends completed, and {what}"));
            }
        }
        match self.off_the_way() {
            Some(what) => self.broken(
                Guarantee::Endings,
                format!("the saga ends completed, and {what}"),
            ),
            None => Ok(Ending::Completed),
        }
    }

    /// What differs from the way that the data lead: a step of it was not called, or one was called that is not
    /// on it.
    fn off_the_way(&self) -> Option<String> {
        let flow = self.scene.model.flow.as_ref()?;
        let entries = self.world.ledger.entries.iter();
        let called: BTreeSet<(String, String)> = entries
            .filter(|entry| !entry.past)
            .filter_map(|entry| {
                let step = self.scene.step(entry.step)?;
                let location = self.names.location_of(entry.instance);
                Some((step.name.clone(), item(self.scene, location)))
            })
            .collect();
        let answered = |step: &str| {
            let mut entries = self.world.ledger.entries.iter();
            let named = |entry: &Entry| {
                self.scene
                    .step(entry.step)
                    .is_some_and(|it| it.name == step)
            };
            entries.any(|entry| !entry.past && named(entry) && entry.told == Told::Done)
        };
        let way = flow.way(&self.scene.given, &answered);
        if let Some(place) = way.given_up {
            return Some(format!("it is given up at `{place}`, with these data"));
        }
        if let Some((step, item)) = way.steps.difference(&called).next() {
            return Some(format!("`{step}{item}` was never called"));
        }
        let (step, item) = called.difference(&way.steps).next()?;
        Some(format!(
            "`{step}{item}` was called, which is not on the way that the data lead"
        ))
    }

    /// What keeps a saga with this entry from being completed.
    fn not_completed(&self, entry: &Entry) -> Option<(Guarantee, String)> {
        let name = self.name(entry);
        let kind = self.scene.kind(entry.step);
        let of_kind = match kind {
            Kind::Pivot => Guarantee::Pivot,
            _ => Guarantee::Endings,
        };
        if entry.past {
            let what = format!("`{name}` of an earlier try stands");
            return (entry.effects > 0).then_some((Guarantee::Idempotency, what));
        }
        if entry.told != Told::Done && !self.may_go_unanswered(entry) {
            return Some((of_kind, format!("`{name}` has not succeeded")));
        }
        if entry.settled {
            return Some((of_kind, format!("`{name}` is undone")));
        }
        match entry.effects {
            1 => None,
            _ if kind == Kind::ReadOnly => None,
            0 => Some((of_kind, format!("`{name}` did not happen"))),
            times => Some((
                Guarantee::Idempotency,
                format!("`{name}` happened {times} times"),
            )),
        }
    }

    /// Whether something takes the place of an answer that nobody gave.
    fn may_go_unanswered(&self, entry: &Entry) -> bool {
        let flow = self.scene.model.flow.as_ref();
        let step = self.scene.step(entry.step);
        flow.zip(step)
            .is_some_and(|(flow, step)| flow.unanswered.contains_key(&step.name))
    }

    /// Nothing stands of what happened, and nothing is left that may have happened.
    fn compensated(&self) -> Result<Ending, Violation> {
        let entries = self.world.ledger.entries.iter().rev();
        for entry in entries.filter(|entry| self.scene.kind(entry.step) != Kind::ReadOnly) {
            let name = self.name(entry);
            let kind = self.scene.kind(entry.step);
            let stands = entry.effects > 0;
            if kind != Kind::Compensatable {
                if entry.told != Told::NotDone || stands {
                    let what = format!("the saga ends compensated, and `{name}` may have happened");
                    return self.broken(Guarantee::Pivot, what);
                }
                continue;
            }
            if !stands && !entry.may_stand() {
                continue;
            }
            let (guarantee, what) = if entry.settled {
                (
                    Guarantee::Idempotency,
                    format!("`{name}` stands after its compensation"),
                )
            } else if entry.resisted {
                (
                    Guarantee::FailedCompensations,
                    format!("the saga ends compensated, and the compensation of `{name}` failed"),
                )
            } else if entry.told == Told::Done {
                (
                    Guarantee::Endings,
                    format!("the saga ends compensated, and `{name}` is done and not undone"),
                )
            } else {
                (
                    Guarantee::UnknownOutcomes,
                    format!(
                        "the saga ends compensated, and `{name}` may have happened and is not undone"
                    ),
                )
            };
            return self.broken(guarantee, what);
        }
        Ok(Ending::Compensated)
    }

    /// It waits for an operator, who was told.
    fn held(&self) -> Result<Ending, Violation> {
        let told_by = self.scene.model.held.get(self.state);
        let told_by = told_by.and_then(|state| self.scene.task_of(state));
        if told_by.is_none_or(|task| !self.world.told.contains(&task)) {
            let what = "it is reached without the message that tells an operator".to_owned();
            return self.broken(Guarantee::FailedCompensations, what);
        }
        self.parked()
    }

    /// It is parked once: a redrive with the cause repaired goes on.
    fn parked(&self) -> Result<Ending, Violation> {
        if self.world.clean {
            let what = "a redrive with the fault gone fails again".to_owned();
            return self.broken(Guarantee::FailedCompensations, what);
        }
        isolation::listed(self.world, self.state)?;
        Ok(Ending::Parked)
    }

    /// The execution is over, and no state of it said so.
    fn uncaught(&self, outcome: &Outcome, failed: Option<&Task<'_>>) -> Result<Ending, Violation> {
        let failure = outcome.failure.clone().unwrap_or_default();
        let error = failure.error.as_deref().unwrap_or(outcome.status.name());
        let beyond = failure.origin == Origin::Runtime || outcome.status == Status::TimedOut;
        let kind = |step: usize| self.scene.kind(step);
        let guarantee = match failed.map(|task| task.model.role) {
            _ if beyond => Guarantee::Uncatchable,
            Some(Role::Undo(_)) => Guarantee::FailedCompensations,
            Some(Role::Do(step)) if matches!(kind(step), Kind::Pivot | Kind::Retriable) => {
                Guarantee::Pivot
            }
            _ => Guarantee::Endings,
        };
        self.broken(
            guarantee,
            format!("`{error}` ends the execution: nothing catches it"),
        )
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use saga_asl::data::Data;
    use saga_asl::json;
    use saga_asl::model::StateMachine;

    use crate::fault::FaultKind;
    use crate::guarantee::Violation;
    use crate::machine::Machine;
    use crate::model::annotations::Annotations;
    use crate::names::Names;
    use crate::scene::Scene;
    use crate::world::{Choice, World};

    const DEFINITION: &str = "
StartAt: Pay
States:
  Pay:
    Type: Task
    Resource: arn:aws:states:us-east-1:123456789012:function:Pay
    TimeoutSeconds: 30
    Retry: [{ ErrorEquals: [States.ALL] }]
    End: true
";

    /// Lets a fault hit the first attempt, and nothing after it.
    fn violation_after(kind: FaultKind, annotations: &str) -> Option<Violation> {
        let value: serde_json::Value = serde_yaml::from_str(DEFINITION).unwrap();
        let definition = StateMachine::from_value(&json::Value::from(value)).unwrap();
        let model = Annotations::read(annotations)
            .unwrap()
            .model(&definition)
            .unwrap();
        let machine = Machine::new(&definition).unwrap();
        let scene = Scene::new(&machine, &model, Data::empty_object()).unwrap();
        let names = &mut Names::default();
        let mut world = World::start(&scene, names, &mut Vec::new()).unwrap();
        let classes = scene.tasks[0].classes.iter();
        let fault = classes
            .map(|class| class.members.iter().any(|member| member.kind == kind))
            .position(|hit| hit)
            .unwrap();
        let mut choice = Choice::Fault {
            call: 0,
            fault,
            lasting: false,
        };
        loop {
            if let Err(violation) = world.apply(choice, &scene, names, &mut Vec::new()) {
                return Some(violation);
            }
            choice = *world.choices(&scene, names).first()?;
        }
    }

    #[test]
    fn what_happened_twice_is_not_completed() {
        let pay = "steps: { Pay: { kind: pivot, idempotent: false } }";
        let found = violation_after(FaultKind::Crash, pay).unwrap();
        assert_eq!(found.guarantee.number(), 4);
        assert_eq!(
            found.what,
            "the saga ends completed, and `Pay` happened 2 times"
        );
        assert_eq!(violation_after(FaultKind::TimeoutBefore, pay), None);
        let idempotent = "steps: { Pay: { kind: pivot } }";
        assert_eq!(violation_after(FaultKind::Crash, idempotent), None);
    }
}
