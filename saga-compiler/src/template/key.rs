//! The customer key of an execution history.

use saga_manifest::place::Place;
use saga_manifest::saga::{HistoryKey, KeySource};

use super::stack::Stack;
use super::{deleted, parameter, policy, resource, tags};
use crate::yaml::{Yaml, map};

/// Adds what the key needs; gives its ARN.
pub(super) fn add(key: &HistoryKey, saga: &str, place: &Place, stack: &mut Stack<'_>) -> Yaml {
    match &key.key {
        KeySource::Arn(arn) => Yaml::from(arn),
        KeySource::Parameter(name) => {
            let about = format!("ARN of the key that encrypts the history of {saga}.");
            stack.parameter(name, parameter::text(&about), place);
            Yaml::reference(name)
        }
        KeySource::Created => {
            let id = format!("{saga}HistoryKey");
            let tags = tags::as_list(stack.options, Some(saga));
            let properties = map([
                (
                    "Description",
                    Yaml::from(super::shortened(&key.reason, 8192)),
                ),
                ("EnableKeyRotation", true.into()),
                ("KeyPolicy", policy::document(vec![administration()])),
                ("Tags", tags),
            ]);
            stack.resource(
                id.clone(),
                resource("AWS::KMS::Key", deleted(), properties),
                place,
            );
            Yaml::attribute(&id, "Arn")
        }
    }
}

/// Without its account, nobody could administer a key: it could never be changed or deleted. Who may
/// use it, policies of the account say.
fn administration() -> Yaml {
    let account = Yaml::substituted("arn:${AWS::Partition}:iam::${AWS::AccountId}:root");
    map([
        ("Sid", "Administer".into()),
        ("Effect", "Allow".into()),
        ("Principal", map([("AWS", account)])),
        (
            "Action",
            Yaml::from("kms:*").commented("the account administers its key"),
        ),
        (
            "Resource",
            Yaml::from("*").commented("this key, in its own policy"),
        ),
    ])
}
