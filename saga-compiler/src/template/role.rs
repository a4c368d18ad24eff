//! Roles: one for each function and state machine, with what it uses and nothing else.

use super::{policy, resource, tags};
use crate::options::Options;
use crate::yaml::{Yaml, list, map};

/// A role of a service.
pub(super) fn role(
    service: &str,
    description: &str,
    statements: Vec<Yaml>,
    options: &Options,
    saga: Option<&str>,
) -> Yaml {
    let trust = map([
        ("Effect", "Allow".into()),
        ("Principal", map([("Service", service.into())])),
        ("Action", "sts:AssumeRole".into()),
    ]);
    let granted = map([
        ("PolicyName", "Uses".into()),
        ("PolicyDocument", policy::document(statements)),
    ]);
    let properties = map([
        ("Description", description.into()),
        ("AssumeRolePolicyDocument", policy::document(vec![trust])),
        ("Policies", list([granted])),
        ("Tags", tags::as_list(options, saga)),
    ]);
    resource("AWS::IAM::Role", [], properties)
}
