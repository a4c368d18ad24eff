//! Statements of IAM policies.

use crate::yaml::{Yaml, list, map};

/// A statement that allows actions on one resource.
pub(super) fn allow<'a>(
    id: &str,
    actions: impl IntoIterator<Item = &'a str>,
    resource: Yaml,
) -> Yaml {
    map([
        ("Sid", id.into()),
        ("Effect", "Allow".into()),
        ("Action", list(actions)),
        ("Resource", resource),
    ])
}

/// A statement that allows them where a condition holds.
pub(super) fn allow_if<'a>(
    id: &str,
    actions: impl IntoIterator<Item = &'a str>,
    resource: Yaml,
    condition: Yaml,
) -> Yaml {
    map([
        ("Sid", id.into()),
        ("Effect", "Allow".into()),
        ("Action", list(actions)),
        ("Resource", resource),
        ("Condition", condition),
    ])
}

/// The actions of tracing.
pub(super) fn trace<'a>(actions: impl IntoIterator<Item = &'a str>) -> Yaml {
    let everything = Yaml::from("*").commented("X-Ray knows no resources");
    allow("Trace", actions, everything)
}

/// A policy inside a role.
pub(super) fn named(name: &str, statements: Vec<Yaml>) -> Yaml {
    map([
        ("PolicyName", name.into()),
        ("PolicyDocument", document(statements)),
    ])
}

/// A policy document.
pub(super) fn document(statements: Vec<Yaml>) -> Yaml {
    map([
        ("Version", "2012-10-17".into()),
        ("Statement", Yaml::List(statements)),
    ])
}

/// A statement of a resource's policy that refuses requests which are not encrypted.
pub(super) fn deny_without_tls<'a>(
    actions: impl IntoIterator<Item = &'a str>,
    resource: Yaml,
) -> Yaml {
    let unencrypted = map([("Bool", map([("aws:SecureTransport", false.into())]))]);
    map([
        ("Sid", "DenyWithoutTls".into()),
        ("Effect", "Deny".into()),
        ("Principal", Yaml::from("*").commented("whoever it is")),
        ("Action", list(actions)),
        ("Resource", resource),
        ("Condition", unencrypted),
    ])
}
