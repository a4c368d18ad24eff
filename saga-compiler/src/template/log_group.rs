//! Log groups: the only resources with a name, which the stack's name starts, since the services look
//! for them under their own prefixes.

use super::settings::Settings;
use super::{deleted, encryption, parameter, resource, tags};
use crate::yaml::{Yaml, map};

/// A log group of that name, in which `${AWS::StackName}` stands for the stack's.
pub(super) fn log_group(name: &str, options: &Settings<'_>, saga: Option<&str>) -> Yaml {
    let properties = map([
        ("LogGroupName", Yaml::substituted(name)),
        ("RetentionInDays", Yaml::reference(parameter::LOG_RETENTION)),
        ("KmsKeyId", encryption::key()),
        ("Tags", tags::as_list(options, saga)),
    ]);
    resource("AWS::Logs::LogGroup", deleted(), properties)
}
