//! Encryption of what is kept: by a key of the customer's where the stack is given one, else by AWS's own.

use std::collections::BTreeSet;

use super::condition::{HAS_KEY, only};
use super::{parameter, policy};
use crate::yaml::Yaml;

/// The customer's key, or nothing.
pub(super) fn key() -> Yaml {
    only(HAS_KEY, Yaml::reference(parameter::KEY))
}

/// The policy that lets a role use the customer's key for what it does elsewhere, where there is one: DynamoDB and
/// SQS act in the caller's name (DynamoDB developer guide, "Encryption at rest"; SQS developer guide, "Key
/// management"; SNS likewise), and Lambda reads a function's environment in its role's.
pub(super) fn policy(statements: &[Yaml], has_environment: bool) -> Option<Yaml> {
    let own = has_environment.then_some("kms:Decrypt");
    let actions = statements
        .iter()
        .filter_map(|statement| statement.get("Action"));
    let of_actions = actions.flat_map(texts).flat_map(of_action);
    let actions: BTreeSet<&str> = of_actions.chain(own).collect();
    (!actions.is_empty()).then(|| {
        let key = Yaml::reference(parameter::KEY);
        let statements = vec![policy::allow("UseKey", actions, key)];
        // A policy of its own: scanners read no statement that is there on a condition, nor those beside it.
        only(HAS_KEY, policy::named("UsesKey", statements))
    })
}

fn texts(actions: &Yaml) -> Vec<&str> {
    match actions {
        Yaml::List(actions) => actions.iter().flat_map(texts).collect(),
        Yaml::String(action) => vec![action],
        _ => Vec::new(),
    }
}

/// What an action on encrypted data does with its key.
fn of_action(action: &str) -> impl Iterator<Item = &'static str> + use<> {
    let (service, _) = action.split_once(':').unwrap_or_default();
    let actions: &[_] = match service {
        "dynamodb" => &["kms:Decrypt"],
        "sqs" | "sns" => &["kms:Decrypt", "kms:GenerateDataKey"],
        _ => &[],
    };
    actions.iter().copied()
}
