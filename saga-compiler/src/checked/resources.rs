//! Handlers, tables, topics and queues by name.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::Manifest;
use saga_manifest::api::Api;
use saga_manifest::handler::{Handler, ResourceKind, Use};
use saga_manifest::place::Place;
use saga_manifest::resource::{Queue, Table, Topic};
use saga_manifest::saga;

use super::{Saga, Target, environment, limit};
use crate::diagnostic::{Diagnostic, Report};

/// What calls refer to.
#[derive(Debug)]
pub(crate) struct Resources<'m> {
    pub(crate) handlers: BTreeMap<&'m str, &'m Handler>,
    pub(crate) tables: BTreeMap<&'m str, &'m Table>,
    pub(crate) topics: BTreeMap<&'m str, &'m Topic>,
    pub(crate) queues: BTreeMap<&'m str, &'m Queue>,
    pub(crate) sagas: BTreeMap<&'m str, &'m saga::Saga>,
    pub(crate) apis: &'m [Api],
    /// The functions that say who may use them.
    pub(crate) authorizers: &'m [Handler],
}

impl<'m> Resources<'m> {
    pub(super) fn new(manifest: &'m Manifest) -> Self {
        let handlers = manifest.handlers.iter().map(|h| (h.name.as_str(), h));
        let tables = manifest.tables.iter().map(|t| (t.name.as_str(), t));
        let topics = manifest.topics.iter().map(|t| (t.name.as_str(), t));
        let queues = manifest.queues.iter().map(|q| (q.name.as_str(), q));
        let sagas = manifest.sagas.iter().map(|s| (s.name.as_str(), s));
        Self {
            handlers: handlers.collect(),
            tables: tables.collect(),
            topics: topics.collect(),
            queues: queues.collect(),
            sagas: sagas.collect(),
            apis: &manifest.apis,
            authorizers: &manifest.authorizers,
        }
    }

    /// Leaves out the handlers that no saga invokes: those of sagas that were not asked for.
    pub(super) fn retain_invoked(&mut self, sagas: &[Saga<'m>]) {
        let calls = sagas.iter().flat_map(Saga::calls);
        let invoked: BTreeSet<&str> = calls
            .filter_map(|(_, _, call)| match call.target {
                Target::Lambda { handler, .. } => Some(handler.name.as_str()),
                _ => None,
            })
            .collect();
        self.handlers.retain(|name, _| invoked.contains(name));
    }

    /// Checks the resources themselves, and what they refer to.
    pub(super) fn check(&self, report: &mut Report) {
        let apis = self.apis.iter().map(|api| &api.function);
        let beside = apis.chain(self.authorizers);
        for handler in self.handlers.values().copied().chain(beside) {
            limit::check_handler(handler, report);
            environment::check(handler, report);
            for used in &handler.uses {
                self.check_use(handler, used, report);
            }
        }
        for queue in self.queues.values() {
            limit::check_queue(queue, report);
            for subscription in &queue.subscriptions {
                lookup(
                    &self.topics,
                    &subscription.topic,
                    "topic",
                    &queue.place,
                    report,
                );
            }
        }
    }

    fn check_use(&self, handler: &Handler, used: &Use, report: &mut Report) {
        let place = &handler.place;
        match used.kind {
            ResourceKind::Table => {
                lookup(&self.tables, &used.resource, "table", place, report);
            }
            ResourceKind::Topic => {
                lookup(&self.topics, &used.resource, "topic", place, report);
            }
            ResourceKind::Queue => {
                lookup(&self.queues, &used.resource, "queue", place, report);
            }
            ResourceKind::Saga => {
                lookup(&self.sagas, &used.resource, "saga", place, report);
            }
        }
    }
}

/// The entry of that name; a mistake where there is none.
pub(super) fn lookup<'m, T>(
    entries: &BTreeMap<&'m str, &'m T>,
    name: &str,
    what: &str,
    place: &Place,
    report: &mut Report,
) -> Option<&'m T> {
    let found = entries.get(name).copied();
    if found.is_none() {
        let message = format!("no {what} is called `{name}`");
        let help = "this is a defect of saga-dsl: rebuild the package with the version of saga-cli";
        report.push(Diagnostic::new(message, help).at(place, "referred to here"));
    }
    found
}
