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
    let key = encryption::statement(&statements, false);
    of_statements(
        service,
        description,
        statements.into_iter().chain(key),
        options,
        saga,
    )
}

/// A role of exactly these statements.
pub(super) fn of_statements(
    service: &str,
    description: &str,
    statements: impl IntoIterator<Item = Yaml>,
    options: &Settings<'_>,
    saga: Option<&str>,
) -> Yaml {
    let trust = map([
        ("Effect", "Allow".into()),
        ("Principal", map([("Service", service.into())])),
        ("Action", "sts:AssumeRole".into()),
    ]);
    let granted = map([
        ("PolicyName", "Uses".into()),
        (
            "PolicyDocument",
            policy::document(statements.into_iter().collect()),
        ),
    ]);
    let boundary = only(HAS_BOUNDARY, Yaml::reference(parameter::BOUNDARY));
    let properties = map([
        ("Description", description.into()),
        ("AssumeRolePolicyDocument", policy::document(vec![trust])),
        ("Policies", list([granted])),
        ("PermissionsBoundary", boundary),
        ("Tags", tags::as_list(options, saga)),
    ]);
    resource("AWS::IAM::Role", [], properties)
}
