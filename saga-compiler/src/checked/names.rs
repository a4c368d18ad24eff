//! Names that must be told apart.

use std::collections::BTreeMap;

use saga_manifest::Manifest;
use saga_manifest::place::Place;
use saga_manifest::saga::Saga;

use crate::diagnostic::{Diagnostic, Report};

/// Checks the names that share a package.
pub(super) fn check_package(manifest: &Manifest, report: &mut Report) {
    if manifest.sagas.is_empty() {
        let help = "name one in the package's `main!`";
        report.push(Diagnostic::new("the package has no saga", help));
    }
    let sagas = manifest.sagas.iter().map(|s| (s.name.as_str(), &s.place));
    distinct("sagas", "rename one of the types", sagas, report);
    let apis = manifest.apis.iter().map(|api| &api.function);
    let beside = apis.chain(&manifest.authorizers);
    let functions = manifest.handlers.iter().chain(beside);
    let handlers = functions.map(|h| (h.name.as_str(), &h.place));
    distinct("handlers", "rename one of the types", handlers, report);
    let tables = manifest.tables.iter().map(|t| (t.name.as_str(), &t.place));
    distinct("tables", "rename one of the types", tables, report);
    let topics = manifest.topics.iter().map(|t| (t.name.as_str(), &t.place));
    distinct("topics", "rename one of the types", topics, report);
    let queues = manifest.queues.iter().map(|q| (q.name.as_str(), &q.place));
    distinct("queues", "rename one of the types", queues, report);
}

/// Checks the names of a saga's steps and notifications.
pub(super) fn check_saga(saga: &Saga, report: &mut Report) {
    let nodes = saga.body.all_nodes().into_iter();
    let steps = nodes.map(|node| (node.name(), node.place()));
    let notifications = saga
        .notifications
        .iter()
        .map(|n| (n.name.as_str(), &n.place));
    distinct(
        "steps",
        "tell them apart with `.named(\"…\")`: a step's name is the name of its state",
        steps.chain(notifications),
        report,
    );
}

/// Notes a mistake for each name that stands for two things.
fn distinct<'a>(
    what: &str,
    help: &str,
    names: impl Iterator<Item = (&'a str, &'a Place)>,
    report: &mut Report,
) {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for (name, place) in names {
        if let Some(other) = first.get(name) {
            let mistake = Diagnostic::new(format!("two {what} are called `{name}`"), help);
            report.push(mistake.at(place, "the second").at(other, "the first"));
        } else {
            first.insert(name, place);
        }
    }
}
