//! Roles: one for each function and state machine, with what it uses and nothing else.

use super::condition::{HAS_BOUNDARY, only};
use super::settings::Settings;
use super::{encryption, parameter, policy, resource, tags};
use crate::yaml::{Yaml, list, map};

/// A role of a service.
pub(super) fn role(
    service: &str,
    description: &str,
    statements: Vec<Yaml>,
    options: &Settings<'_>,
    saga: Option<&str>,
) -> Yaml {
    let key = encryption::policy(&statements, false);
    with_key(service, description, statements, key, options, saga)
}

/// A role with what it may do with the customer's key.
pub(super) fn with_key(
    service: &str,
    description: &str,
    statements: Vec<Yaml>,
    key: Option<Yaml>,
    options: &Settings<'_>,
    saga: Option<&str>,
) -> Yaml {
    let trust = map([
        ("Effect", "Allow".into()),
        ("Principal", map([("Service", service.into())])),
        ("Action", "sts:AssumeRole".into()),
    ]);
    let policies = [policy::named("Uses", statements)].into_iter().chain(key);
    let boundary = only(HAS_BOUNDARY, Yaml::reference(parameter::BOUNDARY));
    let properties = map([
        ("Description", description.into()),
        ("AssumeRolePolicyDocument", policy::document(vec![trust])),
        ("Policies", list(policies)),
        ("PermissionsBoundary", boundary),
        ("Tags", tags::as_list(options, saga)),
    ]);
    resource("AWS::IAM::Role", [], properties)
}
