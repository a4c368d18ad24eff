//! Conditions: what a parameter switches.

use super::parameter;
use crate::yaml::{Yaml, list, map};

/// Whether there is a topic for alarms.
pub(super) const HAS_ALARM_TOPIC: &str = "HasAlarmTopic";
/// Whether a key of the customer's encrypts everything.
pub(super) const HAS_KEY: &str = "HasKey";
/// Whether roles have a boundary.
pub(super) const HAS_BOUNDARY: &str = "HasPermissionsBoundary";
/// Whether what holds data cannot be deleted.
pub(super) const IS_PROTECTED: &str = "IsProtected";

/// Every condition of a template.
pub(super) fn conditions(has_alarms: bool) -> Yaml {
    let alarms = has_alarms.then(|| {
        (
            HAS_ALARM_TOPIC,
            is_not(parameter::ALARM_TOPIC, parameter::NONE),
        )
    });
    let always = [
        (HAS_KEY, is_not(parameter::KEY, parameter::NO_KEY)),
        (
            HAS_BOUNDARY,
            is_not(parameter::BOUNDARY, parameter::NO_BOUNDARY),
        ),
        (
            IS_PROTECTED,
            is_not(parameter::STAGE, parameter::UNPROTECTED),
        ),
    ];
    map(alarms.into_iter().chain(always))
}

fn is_not(parameter: &str, value: &str) -> Yaml {
    let is = Yaml::Tagged(
        "!Equals",
        Box::new(list([Yaml::reference(parameter), Yaml::from(value)])),
    );
    Yaml::Tagged("!Not", Box::new(list([is])))
}

/// The one where the condition holds, else the other.
pub(super) fn either(condition: &str, then: Yaml, otherwise: Yaml) -> Yaml {
    Yaml::Tagged(
        "!If",
        Box::new(list([Yaml::from(condition), then, otherwise])),
    )
}

/// It where the condition holds, else nothing.
pub(super) fn only(condition: &str, then: Yaml) -> Yaml {
    either(condition, then, nothing())
}

/// Nothing where the condition holds, else it.
pub(super) fn unless(condition: &str, otherwise: Yaml) -> Yaml {
    either(condition, nothing(), otherwise)
}

fn nothing() -> Yaml {
    Yaml::reference("AWS::NoValue")
}
