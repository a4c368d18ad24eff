//! The template in the making.

use std::collections::BTreeMap;

use saga_manifest::place::Place;

use super::alarm::Failures;
use super::dashboard::Shown;
use super::settings::Settings;
use super::{alarm, condition, limit, parameter};
use crate::diagnostic::{Diagnostic, Report};
use crate::yaml::{Yaml, map};

/// Parameters, resources and outputs, in the order they are added.
pub(super) struct Stack<'o> {
    pub(super) options: &'o Settings<'o>,
    /// Whether sagas go by events.
    pub(super) by_events: bool,
    parameters: Vec<(String, Yaml)>,
    resources: Vec<(String, Yaml)>,
    outputs: Vec<(String, Yaml)>,
    places: BTreeMap<String, Place>,
    report: Report,
    shown: Shown,
    /// Resources that SAM adds: a version and an alias of each published function.
    versions: usize,
}

impl<'o> Stack<'o> {
    pub(super) fn new(options: &'o Settings<'o>) -> Self {
        Self {
            options,
            by_events: false,
            parameters: parameter::of_every_stack(options.deployment).into(),
            resources: Vec::new(),
            outputs: Vec::new(),
            places: BTreeMap::new(),
            report: Report::default(),
            shown: Shown::default(),
            versions: 0,
        }
    }

    /// Adds a resource that comes from what is declared at that place.
    pub(super) fn resource(&mut self, id: String, resource: Yaml, place: &Place) {
        if let Some(other) = self.places.insert(id.clone(), place.clone()) {
            let message = format!("two parts of the template would be called `{id}`");
            let help = "rename one of the types: resources are called after them, with letters and \
                        digits of ASCII only";
            let mistake = Diagnostic::new(message, help);
            self.report.push(
                mistake
                    .at(place, "one comes from here")
                    .at(&other, "the other from here"),
            );
        }
        self.resources.push((id, resource));
    }

    /// Whether there is a resource of that id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// Adds a parameter, if it is not there yet.
    pub(super) fn parameter(&mut self, name: &str, parameter: Yaml, place: &Place) {
        if !name.chars().all(|c| c.is_ascii_alphanumeric()) || name.is_empty() {
            let message = format!("CloudFormation takes no parameter of the name `{name}`");
            let help = "use letters and digits of ASCII";
            self.report
                .push(Diagnostic::new(message, help).at(place, "named here"));
        }
        if !self.parameters.iter().any(|(known, _)| known == name) {
            self.parameters.push((name.to_owned(), parameter));
        }
    }

    /// Adds an output.
    pub(super) fn output(&mut self, name: String, output: Yaml) {
        self.outputs.push((name, output));
    }

    /// Adds an alarm on a queue that should be empty.
    pub(super) fn alarm(&mut self, queue: &str, about: &str, place: &Place) {
        let alarm = alarm::not_empty(queue, about, self.options);
        self.resource(format!("{queue}Alarm"), alarm, place);
        self.parameter(alarm::TOPIC, parameter::alarm_topic(), place);
        self.shown.queues.push(queue.to_owned());
    }

    /// Adds an alarm on the age of the parked.
    pub(super) fn watch_parked(&mut self, queue: &str, place: &Place) {
        let about = "A saga has waited for an operator for too long.";
        self.parameter(parameter::PARKED_FOR, parameter::parked_for(), place);
        let alarm = alarm::too_old(queue, about, self.options);
        self.resource(format!("{queue}AgeAlarm"), alarm, place);
    }

    /// Adds alarms on what becomes of executions.
    pub(super) fn watch_machine(
        &mut self,
        machine: &str,
        about: &str,
        failures: Failures,
        place: &Place,
    ) {
        self.parameter(alarm::TOPIC, parameter::alarm_topic(), place);
        if failures == Failures::Some {
            let failures = parameter::failures(self.options.deployment);
            self.parameter(parameter::FAILURES, failures, place);
        }
        let failed = format!("Executions of {about} fail.");
        let failed = alarm::failed(machine, &failed, failures, self.options);
        self.resource(format!("{machine}FailedAlarm"), failed, place);
        let stopped = format!("Executions of {about} time out, are aborted or are throttled.");
        let stopped = alarm::stopped(machine, &stopped, self.options);
        self.resource(format!("{machine}StoppedAlarm"), stopped, place);
        let shown = (machine.to_owned(), about.to_owned());
        self.shown.machines.push(shown);
    }

    /// Notes a function: throttling raises an alarm.
    pub(super) fn watch_function(&mut self, function: &str) {
        self.shown.functions.push(function.to_owned());
    }

    /// Notes that each deployment publishes a version of every function.
    pub(super) fn publish(&mut self) {
        self.versions = 2;
    }

    /// Adds what watches all functions together, and the dashboard.
    fn watch_together(&mut self, place: &Place) {
        let functions = self.shown.functions.clone();
        for (some, number) in functions.chunks(alarm::MOST_METRICS).zip(1_u32..) {
            let id = match number {
                1 => "FunctionsThrottledAlarm".to_owned(),
                _ => format!("FunctionsThrottledAlarm{number}"),
            };
            let about = "Functions are throttled: sagas wait for them, and may be undone.";
            let alarm = alarm::throttled(some, about, self.options);
            self.resource(id, alarm, place);
            self.parameter(alarm::TOPIC, parameter::alarm_topic(), place);
        }
        if !self.options.deployment.without_dashboard {
            let dashboard = self.shown.dashboard(self.options);
            self.resource("Dashboard".to_owned(), dashboard, place);
        }
    }

    /// The template, if no names fell together.
    pub(super) fn finish(
        mut self,
        description: &str,
        globals: Option<Yaml>,
    ) -> Result<Yaml, Vec<Diagnostic>> {
        let first = self.places.values().next().cloned();
        if let Some(place) = first {
            self.watch_together(&place);
        }
        let mut report = self.report;
        for (name, _) in &self.parameters {
            if let Some(place) = self.places.get(name) {
                let message = format!("a parameter and a resource would both be called `{name}`");
                let mistake = Diagnostic::new(message, "rename the parameter");
                report.push(mistake.at(place, "the resource comes from here"));
            }
        }
        if let Some(mistake) = limit::too_many(&self.resources, self.versions) {
            report.push(mistake);
        }
        let alarms = self.parameters.iter().any(|(name, _)| name == alarm::TOPIC);
        let conditions = [("Conditions", condition::conditions(alarms))];
        let head = [
            ("AWSTemplateFormatVersion", Yaml::from("2010-09-09")),
            ("Transform", "AWS::Serverless-2016-10-31".into()),
            ("Description", description.into()),
            ("Parameters", map(self.parameters)),
        ];
        let body = [
            ("Resources", map(self.resources)),
            ("Outputs", map(self.outputs)),
        ];
        let globals = globals.map(|globals| ("Globals", globals));
        let sections = head
            .into_iter()
            .chain(conditions)
            .chain(globals)
            .chain(body);
        report.finish(map(sections))
    }
}
