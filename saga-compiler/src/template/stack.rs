//! The template in the making.

use std::collections::BTreeMap;

use saga_manifest::place::Place;

use super::{alarm, parameter};
use crate::diagnostic::{Diagnostic, Report};
use crate::options::Options;
use crate::yaml::{Yaml, map};

/// Parameters, resources and outputs, in the order they are added.
pub(super) struct Stack<'o> {
    pub(super) options: &'o Options,
    parameters: Vec<(String, Yaml)>,
    resources: Vec<(String, Yaml)>,
    outputs: Vec<(String, Yaml)>,
    places: BTreeMap<String, Place>,
    report: Report,
}

impl<'o> Stack<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        let mut stack = Self {
            options,
            parameters: Vec::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            places: BTreeMap::new(),
            report: Report::default(),
        };
        stack.parameters.push(parameter::log_retention());
        stack
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
    }

    /// The template, if no names fell together.
    pub(super) fn finish(
        self,
        description: &str,
        globals: Option<Yaml>,
    ) -> Result<Yaml, Vec<Diagnostic>> {
        let mut report = self.report;
        for (name, _) in &self.parameters {
            if let Some(place) = self.places.get(name) {
                let message = format!("a parameter and a resource would both be called `{name}`");
                let mistake = Diagnostic::new(message, "rename the parameter");
                report.push(mistake.at(place, "the resource comes from here"));
            }
        }
        let alarms = self.parameters.iter().any(|(name, _)| name == alarm::TOPIC);
        let conditions = alarms.then(|| ("Conditions", alarm::conditions()));
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
