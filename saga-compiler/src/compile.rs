//! The pipeline: manifest → checked package → plan → state machine → linted → template.

use std::collections::BTreeSet;

use saga_asl::model::StateMachine;
use saga_choreography::Choreography;
use saga_manifest::Manifest;

use crate::checked::Saga;
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::recovery::Recovery;
use crate::yaml::Yaml;
use crate::{checked, lint, logical_id, plan, recovery, starter, states, template};

/// What a package compiles to.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The state machine of each saga, in the manifest's order.
    pub definitions: Vec<Definition>,
    /// The SAM template of all of them.
    pub template: Yaml,
}

/// A saga's state machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The saga's name.
    pub saga: String,
    /// The definition, with `${…}` where the template substitutes.
    pub machine: StateMachine,
    /// The state machine that recovers its executions, where its steps have fences.
    pub recovery: Option<StateMachine>,
    /// The state machine that starts its executions under their key, where requests, events or messages do.
    pub starter: Option<StateMachine>,
}

impl Definition {
    /// The names and the texts of the files that hold it and its recovery, where definitions stand beside
    /// the template.
    pub fn files(&self) -> impl Iterator<Item = (String, String)> {
        let recovery = self.recovery.as_ref();
        let recovery = recovery.map(|recovery| (logical_id::recovery(&self.saga), recovery));
        [(self.saga.clone(), &self.machine)]
            .into_iter()
            .chain(recovery)
            .map(|(name, machine)| (file_name(&name), lint::text(machine)))
    }
}

/// The name of the file of a state machine's definition.
pub(crate) fn file_name(machine: &str) -> String {
    format!("{machine}.asl.json")
}

/// Compiles a package for Step Functions.
///
/// # Errors
/// Every mistake in the manifest; the first stage that finds some is the last.
pub fn compile(manifest: &Manifest, options: &Options) -> Result<Output, Vec<Diagnostic>> {
    let package = checked::check(manifest)?;
    let mut plans = Vec::new();
    let mut mistakes = Vec::new();
    for saga in &package.sagas {
        match plan::Plan::new(saga) {
            Ok(plan) => plans.push(plan),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let sagas = package.sagas.iter().zip(&plans);
    let machines: Vec<_> = sagas
        .clone()
        .map(|(saga, plan)| states::machine(saga, plan))
        .collect();
    let written = package.sagas.iter().zip(&machines);
    let fenced: BTreeSet<&str> = written
        .clone()
        .filter(|(_, machine)| !machine.uses.fenced.is_empty())
        .map(|(saga, _)| saga.definition.name.as_str())
        .collect();
    for (saga, machine) in written {
        mistakes.extend(lint::check(saga, &machine.definition));
    }
    let mut undos = Vec::new();
    for saga in &package.sagas {
        match undo_of(saga, &fenced) {
            Ok(undo) => undos.push(undo),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut recoveries = Vec::new();
    let mut starters = Vec::new();
    for ((saga, plan), undo) in sagas.zip(&undos) {
        match recovered(saga, &fenced, plan, undo.as_ref()) {
            Ok(recovery) => recoveries.push(recovery),
            Err(found) => mistakes.extend(found),
        }
        match started(saga) {
            Ok(starter) => starters.push(starter),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let template = template::template(&package, &machines, &recoveries, &starters, options)?;
    let machines = machines.into_iter().zip(recoveries).zip(starters);
    let sagas = package.sagas.iter().zip(machines);
    let definitions = sagas.map(|(saga, ((machine, recovery), starter))| Definition {
        saga: saga.definition.name.clone(),
        machine: machine.definition,
        recovery: recovery.map(|recovery| recovery.definition),
        starter,
    });
    Ok(Output {
        definitions: definitions.collect(),
        template,
    })
}

/// Compiles a package for a bus: its sagas by events, without an orchestrator and so without definitions.
///
/// # Errors
/// Every mistake in the manifest; else everything in it that needs an orchestrator.
pub fn choreograph(manifest: &Manifest, options: &Options) -> Result<Output, Vec<Diagnostic>> {
    let package = checked::check(manifest)?;
    let mut choreographies = Vec::new();
    let mut mistakes = Vec::new();
    for saga in &package.sagas {
        match Choreography::of(manifest, &saga.definition.name) {
            Ok(choreography) => choreographies.push(choreography),
            Err(refusals) => mistakes.extend(refusals.into_iter().map(|refusal| {
                let message = format!("{}: that needs an orchestrator", refusal.message);
                Diagnostic::new(message, refusal.help).at(&refusal.place, "here")
            })),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Output {
        definitions: Vec::new(),
        template: template::choreography::template(&package, &choreographies, options)?,
    })
}

/// What starts a saga under its business key, if it has one.
fn started(saga: &Saga<'_>) -> Result<Option<StateMachine>, Vec<Diagnostic>> {
    let starter = starter::machine(saga).map_err(|problem| {
        let message = format!("what starts the saga is no state machine: {problem}");
        let help = "this is a defect of saga-compiler";
        vec![Diagnostic::new(message, help).at(&saga.definition.place, "the saga")]
    })?;
    let found: Vec<_> = starter
        .iter()
        .flat_map(|machine| lint::check(saga, machine))
        .collect();
    if found.is_empty() {
        Ok(starter)
    } else {
        Err(found)
    }
}

/// What undoes a saga whose steps have fences.
fn undo_of<'s>(
    saga: &'s Saga<'s>,
    fenced: &BTreeSet<&str>,
) -> Result<Option<plan::Plan<'s>>, Vec<Diagnostic>> {
    let has_recovery = fenced.contains(saga.definition.name.as_str());
    has_recovery
        .then(|| plan::Plan::undo(saga, recovery::BEGIN))
        .transpose()
}

/// The recovery of a saga whose steps have fences.
fn recovered<'s>(
    saga: &'s Saga<'s>,
    fenced: &'s BTreeSet<&'s str>,
    plan: &plan::Plan<'s>,
    undo: Option<&'s plan::Plan<'s>>,
) -> Result<Option<Recovery<'s>>, Vec<Diagnostic>> {
    let Some(undo) = undo else {
        return Ok(None);
    };
    let recovery = recovery::machine(saga, fenced, plan, undo).map_err(|name| {
        let message = format!("a state of the recovery would be called `{name}` as well");
        let help = "rename the step with `.named(\"…\")`";
        vec![Diagnostic::new(message, help).at(&saga.definition.place, "the saga")]
    })?;
    let found = lint::check(saga, &recovery.definition);
    if found.is_empty() {
        Ok(Some(recovery))
    } else {
        Err(found)
    }
}
