//! Tags: every resource says which package it belongs to, and a state machine which saga it is.

use crate::options::Options;
use crate::yaml::{Yaml, list, map};

const PACKAGE: &str = "saga:package";
const SAGA: &str = "saga:name";

fn pairs<'a>(
    options: &'a Options,
    saga: Option<&'a str>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let package = (PACKAGE, options.package.as_str());
    std::iter::once(package).chain(saga.map(|saga| (SAGA, saga)))
}

/// Tags as SAM has them.
pub(super) fn as_map(options: &Options, saga: Option<&str>) -> Yaml {
    map(pairs(options, saga).map(|(name, value)| (name, value.into())))
}

/// Tags as CloudFormation has them.
pub(super) fn as_list(options: &Options, saga: Option<&str>) -> Yaml {
    let tags = pairs(options, saga);
    list(tags.map(|(name, value)| map([("Key", name.into()), ("Value", value.into())])))
}
