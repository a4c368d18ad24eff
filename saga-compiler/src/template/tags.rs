//! Tags: every resource says which package and stage it belongs to, and a state machine which saga it is.

use super::parameter;
use super::settings::Settings;
use crate::yaml::{Yaml, list, map};

const PACKAGE: &str = "saga:package";
const STAGE: &str = "saga:stage";
const SAGA: &str = "saga:name";

fn pairs<'a>(
    options: &'a Settings<'_>,
    saga: Option<&'a str>,
) -> impl Iterator<Item = (&'a str, Yaml)> {
    let package = (PACKAGE, Yaml::from(options.package.as_str()));
    let stage = (STAGE, Yaml::reference(parameter::STAGE));
    let saga = saga.map(|saga| (SAGA, Yaml::from(saga)));
    let own = options.deployment.tags.iter();
    let own = own.map(|(name, value)| (name.as_str(), Yaml::from(value)));
    [package, stage].into_iter().chain(saga).chain(own)
}

/// Tags as SAM has them.
pub(super) fn as_map(options: &Settings<'_>, saga: Option<&str>) -> Yaml {
    map(pairs(options, saga))
}

/// Tags as CloudFormation has them.
pub(super) fn as_list(options: &Settings<'_>, saga: Option<&str>) -> Yaml {
    let tags = pairs(options, saga);
    list(tags.map(|(name, value)| map([("Key", Yaml::from(name)), ("Value", value)])))
}
