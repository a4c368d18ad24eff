//! One saga, both targets, the same faults: what each of them comes to.

use std::collections::BTreeMap;
use std::sync::Arc;

use saga_choreography::{Action, Choreography, Event};
use saga_engine::program::Program;
use saga_manifest::Manifest;
use saga_manifest::step::Kind;
use saga_random::bus::{Bus, Weather};
use saga_random::machine::{End, Machine};
use saga_random::order::Steps;
use saga_random::service::{Fault, Plan, Service};
use serde_json::Value;

/// What a run came to, before and after an operator was needed.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// How each run ended: the first, and those after an operator let it go on.
    pub ends: Vec<End>,
    /// What stands of each step, and whether it was undone.
    pub books: BTreeMap<String, (bool, bool)>,
    /// What each handler was asked.
    pub inputs: BTreeMap<(String, bool), Value>,
}

/// What a task is hit with: each fault, once and for good; a death once may be survived on the bus, where
/// Lambda invokes a function again.
fn faults() -> Vec<(Fault, u32)> {
    let once = Fault::ALL.iter().filter(|fault| !fault.is_crash());
    let once = once.map(|fault| (*fault, 1));
    once.chain(Fault::ALL.map(|fault| (fault, u32::MAX)))
        .collect()
}

/// Each task with each fault, and none.
pub fn plans(manifest: &Manifest) -> Vec<Vec<Plan>> {
    let mut plans = vec![Vec::new()];
    let steps = manifest.sagas[0].body.all_steps();
    let plan = |step: &str, undo, (fault, times)| Plan {
        step: step.into(),
        undo,
        fault,
        times,
    };
    for step in &steps {
        plans.extend(faults().map_plans(|fault| vec![plan(&step.name, false, fault)]));
        // An undo is hit while a later step makes it necessary.
        let Some(last) = steps
            .last()
            .filter(|_| matches!(step.kind, Kind::Compensatable { .. }))
        else {
            continue;
        };
        let fails = plan(&last.name, false, (Fault::Refused, u32::MAX));
        plans
            .extend(faults().map_plans(|fault| vec![plan(&step.name, true, fault), fails.clone()]));
    }
    plans
}

trait MapPlans {
    fn map_plans(self, plan: impl Fn((Fault, u32)) -> Vec<Plan>) -> Vec<Vec<Plan>>;
}

impl MapPlans for Vec<(Fault, u32)> {
    fn map_plans(self, plan: impl Fn((Fault, u32)) -> Vec<Plan>) -> Vec<Vec<Plan>> {
        self.into_iter().map(plan).collect()
    }
}

/// On Step Functions.
pub fn by_machine(
    (manifest, program): (&Manifest, &Arc<Program>),
    input: &Value,
    plans: &[Plan],
) -> Outcome {
    let steps = Steps::new(&manifest.sagas[0].body);
    let mut service = Service::new(steps, plans.to_vec());
    let mut machine = Machine::start(program, input);
    let mut ends = vec![machine.run(&mut service).unwrap()];
    service.plans.clear();
    while ends.last() == Some(&End::Parked) {
        machine.redrive().unwrap();
        ends.push(machine.run(&mut service).unwrap());
    }
    Outcome {
        ends,
        books: service.books(),
        inputs: service.inputs,
    }
}

/// By events, and how many were delivered.
pub fn by_events(
    (manifest, choreography): (&Manifest, &Choreography),
    input: &Value,
    plans: &[Plan],
    (weather, seed): (Weather, u64),
) -> (Outcome, u64) {
    let steps = Steps::new(&manifest.sagas[0].body);
    let service = Service::new(steps, plans.to_vec());
    let mut bus = Bus::start(choreography, input, service, weather, seed);
    let run = |bus: &mut Bus<'_, '_>| {
        let end = bus.run();
        end.unwrap_or_else(|broken| panic!("{broken}\n{}", bus.service().ledger.trace.join("\n")))
    };
    let mut ends = vec![run(&mut bus)];
    bus.service().plans.clear();
    while ends.last() == Some(&End::Parked) {
        bus.redrive();
        ends.push(run(&mut bus));
    }
    for event in bus.seen.values() {
        check_rule(choreography, event);
    }
    let deliveries = bus.deliveries;
    let service = bus.service();
    let outcome = Outcome {
        ends,
        books: service.books(),
        inputs: std::mem::take(&mut service.inputs),
    };
    (outcome, deliveries)
}

/// The rule of a step lets its events through, for it names all that they can tell.
#[track_caller]
fn check_rule(choreography: &Choreography, event: &Event) {
    let step = event.step.as_deref().unwrap_or_default();
    let causes = match event.action {
        Action::Do | Action::CheckDo => choreography.causes_of_do(step),
        Action::Undo | Action::CheckUndo => choreography.causes_of_undo(step),
        _ => return,
    };
    let told = (event.source.clone(), event.kind.clone());
    let mut named = causes.iter().map(|cause| choreography.named(cause));
    assert!(
        named.any(|name| name == told),
        "{step} does not hear {told:?}"
    );
}

/// A bus that delivers twice, late and in any order, but not later than an attempt waits.
pub const ROUGH: Weather = Weather {
    shuffled: true,
    hurries: 0,
    twice: 300,
    late: 300,
    delay: 20_000,
    dies: 0,
    faults: 0,
};

/// Whether the plan fails a step once that has no fence: a second delivery of it, if there is one, does not fail.
pub fn reads(plan: &Plan, choreography: &Choreography) -> bool {
    plan.times == 1 && !choreography.is_fenced(&plan.step, plan.undo)
}
