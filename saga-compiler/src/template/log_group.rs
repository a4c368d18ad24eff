//! Log groups: the only resources with a name, which the stack's name starts, since the services look
//! for them under their own prefixes.

use super::{deleted, parameter, resource, tags};
use crate::options::Options;
use crate::yaml::{Yaml, map};

/// A log group of that name, in which `${AWS::StackName}` stands for the stack's.
pub(super) fn log_group(name: &str, options: &Options, saga: Option<&str>) -> Yaml {
    let properties = map([
        ("LogGroupName", Yaml::substituted(name)),
        ("RetentionInDays", Yaml::reference(parameter::LOG_RETENTION)),
        ("Tags", tags::as_list(options, saga)),
    ]);
    resource("AWS::Logs::LogGroup", deleted(), properties)
}
