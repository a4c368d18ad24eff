//! The package as the later stages take it: every name resolved, every rule of AWS and of sagas that
//! a manifest can break checked. [`check`] collects all mistakes; whatever takes a [`Package`] has
//! none to report.

mod api;
mod approval;
mod block;
mod call;
mod data_flow;
mod deployment;
mod duration;
pub(crate) mod dynamodb;
mod environment;
mod error;
pub(crate) mod flow;
mod isolation;
mod kind;
pub(crate) mod limit;
pub(crate) mod message;
mod names;
pub(crate) mod nested;
pub(crate) mod reads;
pub(crate) mod region;
mod resources;
mod sensitive;
mod target;
mod trigger;
pub(crate) mod variables;

pub(crate) use isolation::Locks;
pub(crate) use resources::Resources;
pub(crate) use sensitive::{Exposure, Part};
pub(crate) use target::{Amount, Approval, Channel, Item, Message, Operation, Target};
pub(crate) use variables::Variables;
use variables::{Fact, Variable};

use saga_manifest::Manifest;
use saga_manifest::deployment::Deployment;
use saga_manifest::error::{DeclaredError, RetryPolicy};
use saga_manifest::place::Place;
use saga_manifest::saga::{self, Ending};

use crate::diagnostic::{Diagnostic, Report};

/// A package without mistakes.
#[derive(Debug)]
pub(crate) struct Package<'m> {
    pub(crate) sagas: Vec<Saga<'m>>,
    pub(crate) deployment: &'m Deployment,
    pub(crate) resources: Resources<'m>,
}

/// A saga.
#[derive(Debug)]
pub(crate) struct Saga<'m> {
    pub(crate) definition: &'m saga::Saga,
    pub(crate) body: flow::Block<'m>,
    pub(crate) notifications: Vec<Notification<'m>>,
    pub(crate) variables: Variables<'m>,
    /// The locks that the saga may hold while a step is done or undone.
    pub(crate) locks: Locks<'m>,
    /// Whether another saga of the package runs it as a step.
    pub(crate) is_called: bool,
}

/// A step, with the kind of recovery when it fails.
#[derive(Debug)]
pub(crate) struct Step<'m> {
    pub(crate) name: &'m str,
    pub(crate) description: Option<&'m str>,
    pub(crate) place: &'m Place,
    pub(crate) kind: Kind<'m>,
    pub(crate) call: Call<'m>,
}

/// What happens when a step fails.
#[derive(Debug)]
pub(crate) enum Kind<'m> {
    /// Backward; where its outcome is unknown, it is undone itself.
    Compensatable(Call<'m>),
    /// Backward: it has no effect of its own.
    ReadOnly,
    /// Backward where it surely did not happen, else it waits for an operator.
    Pivot,
    /// Forward: it waits for an operator.
    Forward,
}

/// A notification.
#[derive(Debug)]
pub(crate) struct Notification<'m> {
    pub(crate) name: &'m str,
    pub(crate) description: Option<&'m str>,
    pub(crate) place: &'m Place,
    pub(crate) on: Ending,
    pub(crate) call: Call<'m>,
}

/// A call of a handler or a service.
#[derive(Debug)]
pub(crate) struct Call<'m> {
    pub(crate) description: Option<&'m str>,
    pub(crate) target: Target<'m>,
    pub(crate) errors: &'m [DeclaredError],
    pub(crate) retry_others: Option<&'m RetryPolicy>,
    /// Seconds one attempt may take, without what a function needs to start.
    pub(crate) timeout_seconds: u32,
}

impl<'m> Saga<'m> {
    /// The variable that tells a machine which item it is for, if it is for one.
    pub(crate) fn item_path(&self, level: &region::Level) -> Option<Variable<'m>> {
        let regions = &self.variables.regions;
        let map = regions.map_around(level.region())?;
        Some(self.variables.find(Fact::Path(map), level))
    }

    /// All calls, each with the name and the place of what makes it.
    pub(crate) fn calls(&self) -> Vec<(&'m str, &'m Place, &Call<'m>)> {
        let mut calls = Vec::new();
        for step in self.body.steps() {
            calls.push((step.name, step.place, &step.call));
            if let Kind::Compensatable(undo) = &step.kind {
                calls.push((step.name, step.place, undo));
            }
        }
        let notifications = self.notifications.iter();
        calls.extend(notifications.map(|n| (n.name, n.place, &n.call)));
        calls
    }
}

/// Checks a manifest.
///
/// # Errors
/// Every mistake in it.
pub(crate) fn check(manifest: &Manifest) -> Result<Package<'_>, Vec<Diagnostic>> {
    let mut report = Report::default();
    for problem in &manifest.problems {
        let mistake = Diagnostic::new(&problem.message, &problem.help);
        report.push(mistake.at(&problem.place, "here"));
    }
    names::check_package(manifest, &mut report);
    let mut resources = Resources::new(manifest);
    resources.check(&mut report);
    nested::check(manifest, &mut report);
    api::check(manifest, &mut report);
    let called = nested::called(manifest);
    let sagas = manifest.sagas.iter().map(|saga| {
        check_saga(
            saga,
            called.contains(saga.name.as_str()),
            &resources,
            &mut report,
        )
    });
    let sagas: Vec<_> = sagas.collect();
    resources.retain_invoked(&sagas);
    deployment::check(&manifest.deployment, &mut report);
    report.finish(Package {
        sagas,
        deployment: &manifest.deployment,
        resources,
    })
}

fn check_saga<'m>(
    definition: &'m saga::Saga,
    is_called: bool,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Saga<'m> {
    let before = report.count();
    names::check_saga(definition, report);
    let named = report.count() == before;
    let body = kind::body(definition, resources, report);
    let notifications = definition
        .notifications
        .iter()
        .filter_map(|notification| call::notification(notification, resources, report))
        .collect();
    let locks = isolation::check(&body, &definition.place, report);
    let saga = Saga {
        definition,
        body,
        locks,
        notifications,
        variables: Variables::new(definition),
        is_called,
    };
    let before = report.count();
    data_flow::check(&saga, report);
    // Where data goes can be followed only if it flows forward.
    if named && report.count() == before {
        sensitive::check(&saga, report);
    }
    trigger::check(definition, report);
    saga
}
