//! The pipeline: manifest → checked package → plan → state machine → linted → template.

use saga_asl::model::StateMachine;
use saga_manifest::Manifest;

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::yaml::Yaml;
use crate::{checked, lint, plan, states, template};

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
}

impl Definition {
    /// The name of the file that holds it, where definitions stand beside the template.
    #[must_use]
    pub fn file_name(&self) -> String {
        file_name(&self.saga)
    }
}

/// The name of the file of a saga's definition.
pub(crate) fn file_name(saga: &str) -> String {
    format!("{saga}.asl.json")
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
    let mut machines = Vec::new();
    for (saga, plan) in package.sagas.iter().zip(&plans) {
        let machine = states::machine(saga, plan);
        mistakes.extend(lint::check(saga, &machine.definition));
        machines.push(machine);
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let template = template::template(&package, &machines, options)?;
    let sagas = package.sagas.iter().zip(machines);
    let definitions = sagas.map(|(saga, machine)| Definition {
        saga: saga.definition.name.clone(),
        machine: machine.definition,
    });
    Ok(Output {
        definitions: definitions.collect(),
        template,
    })
}
