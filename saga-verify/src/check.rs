//! The guarantees, where an exploration can see them kept or broken: at a call, and at the end.

mod ending;
mod isolation;
mod start;
mod undo;

use saga_asl::data::Data;
use saga_engine::execution::Invocation;
use saga_engine::history::{Detail, HistoryEvent};

pub(crate) use ending::{ending, recovered, still};
pub(crate) use isolation::{named, relied_on, wrote};
pub(crate) use start::{Start, start};
pub(crate) use undo::undo;

use crate::guarantee::{Guarantee, Violation};
use crate::identity::{EXECUTION, Identity, names_function, started_name, without_name};
use crate::ledger::{Entry, Told};
use crate::model::{Kind, Role};
use crate::names::Names;
use crate::scene::{Scene, step_of};
use crate::world::{Call, World};

/// A step instance, as people know it.
pub(crate) fn instance_name(scene: &Scene<'_>, names: &Names, entry: &Entry) -> String {
    let step = scene.step(entry.step).map_or("", |step| step.name.as_str());
    format!(
        "{step}{}",
        crate::identity::item(scene, names.location_of(entry.instance))
    )
}

/// A call says whose it is, of which step, and calls what it is for.
pub(crate) fn call(
    scene: &Scene<'_>,
    world: &World,
    call: &Call,
    invocation: &Invocation,
    identity: Option<&Identity>,
) -> Result<(), Violation> {
    let Some(task) = scene.tasks.get(call.task) else {
        return Ok(());
    };
    let broken = |guarantee, what: String| Err(Violation::new(guarantee, task.state, what));
    if let (Some(identity), Some(step)) = (identity, step_of(scene.model, task.model.role)) {
        let phase = match task.model.role {
            Role::Undo(_) => "undo",
            _ => "do",
        };
        if identity.id != EXECUTION {
            let what = format!(
                "the saga id in its payload is `{}`, not the execution's ARN",
                identity.id
            );
            return broken(Guarantee::Idempotency, what);
        }
        if identity.step() != step.name || identity.phase != phase {
            let what = format!(
                "its payload says `{}` of `{}`, and it is the {phase} of `{}`",
                identity.phase, identity.step, step.name
            );
            return broken(Guarantee::Idempotency, what);
        }
    }
    if let Some(function) = &task.model.function {
        let called = invocation
            .arguments
            .get("FunctionName")
            .and_then(Data::as_str);
        let called = called.unwrap_or(&invocation.resource);
        if !names_function(called, function) {
            let guarantee = match task.model.role {
                Role::Undo(_) => Guarantee::UnknownOutcomes,
                _ => Guarantee::Endings,
            };
            return broken(guarantee, format!("it calls `{called}`, not `{function}`"));
        }
    }
    if let Some(newer) = &task.model.newer {
        let input = invocation.arguments.get("Payload");
        let input = input.and_then(|payload| payload.get("input"));
        let input = serde_json::to_value(input).unwrap_or_default();
        if let Some(what) = newer.refuses(&input) {
            return broken(Guarantee::Data, what);
        }
    }
    if let Some(expected) = task.told_by
        && !world.told.contains(&expected)
    {
        let what = "it is reached without the message that tells an operator".to_owned();
        return broken(Guarantee::FailedCompensations, what);
    }
    Ok(())
}

/// A parked form sends what the call that it repeats was sent.
pub(crate) fn repeats(
    scene: &Scene<'_>,
    task: &crate::scene::Task<'_>,
    before: &Data,
    now: &Data,
) -> Result<(), Violation> {
    // What has to go forward is started anew where an execution says that nothing of it is done.
    let is_one = matches!(task.model.role, Role::Do(step) if matches!(scene.kind(step), Kind::Compensatable | Kind::Pivot));
    if is_one && started_name(before) != started_name(now) {
        let what = "it starts the saga once more, under another name than the execution that may have done \
                    something"
            .to_owned();
        return Err(Violation::new(Guarantee::Idempotency, task.state, what));
    }
    let (before, now) = (without_name(before), without_name(now));
    if before == now {
        return Ok(());
    }
    let (before, now) = differing(&before, &now);
    let what = format!(
        "it does not repeat the call that failed: it sends {now}, and that was sent {before}"
    );
    Err(Violation::new(Guarantee::Data, task.state, what))
}

/// The innermost part in which two values differ.
fn differing<'d>(one: &'d Data, other: &'d Data) -> (&'d Data, &'d Data) {
    let members = one
        .as_object()
        .into_iter()
        .flat_map(|members| members.iter());
    let mut differing_members = members.filter_map(|(name, value)| {
        let counterpart = other.get(name)?;
        (value != counterpart).then(|| differing(value, counterpart))
    });
    match (differing_members.next(), differing_members.next()) {
        (Some(inner), None) => inner,
        _ => (one, other),
    }
}

/// No expression fails: where nothing could catch that it would end the execution, and where something does
/// it would look like a failure after the effect.
pub(crate) fn expressions(scene: &Scene<'_>, history: &[HistoryEvent]) -> Result<(), Violation> {
    for event in history {
        let Detail::EvaluationFailed {
            state,
            location,
            failure,
        } = &event.detail
        else {
            continue;
        };
        if scene.model.held.contains_key(&**state) {
            continue;
        }
        let cause = failure.cause.as_deref().unwrap_or_default();
        let what = format!("`{location}` cannot be computed: {cause}");
        let task = scene
            .task_of(state)
            .and_then(|index| scene.tasks.get(index));
        match task {
            // A message that cannot be written is one that fails, and may not stop anything. One to an
            // operator hands on what the parked call needs.
            Some(task) if task.model.role == Role::Message && !scene.tells_operator_in(state) => {}
            Some(_) => return Err(Violation::new(Guarantee::Data, &**state, what)),
            None => return Err(Violation::new(Guarantee::Uncatchable, &**state, what)),
        }
    }
    Ok(())
}

/// The first pivot that may have happened.
pub(crate) fn pivot_that_may_stand<'w>(scene: &Scene<'_>, world: &'w World) -> Option<&'w Entry> {
    let mut entries = world.ledger.iter();
    entries.find(|entry| scene.kind(entry.step) == Kind::Pivot && entry.told != Told::NotDone)
}
