//! Alarms.

use super::{resource, tags};
use crate::options::Options;
use crate::yaml::{Yaml, list, map};

/// The parameter that names the topic which alarms are sent to.
pub(super) const TOPIC: &str = "AlarmTopicArn";

/// What the parameter holds where there is no topic: something, since linters ask of an alarm's action
/// that it is not empty.
pub(super) const NO_TOPIC: &str = "none";

const HAS_TOPIC: &str = "HasAlarmTopic";

/// Whether there is a topic.
pub(super) fn conditions() -> Yaml {
    let none = Yaml::Tagged(
        "!Equals",
        Box::new(list([Yaml::reference(TOPIC), Yaml::from(NO_TOPIC)])),
    );
    map([(HAS_TOPIC, Yaml::Tagged("!Not", Box::new(list([none]))))])
}

/// An alarm that a queue holds a message.
pub(super) fn not_empty(queue: &str, about: &str, options: &Options) -> Yaml {
    let dimension = map([
        ("Name", "QueueName".into()),
        ("Value", Yaml::attribute(queue, "QueueName")),
    ]);
    let actions = list([
        Yaml::from(HAS_TOPIC),
        list([Yaml::reference(TOPIC)]),
        Yaml::reference("AWS::NoValue"),
    ]);
    let properties = map([
        ("AlarmDescription", about.into()),
        ("Namespace", "AWS/SQS".into()),
        ("MetricName", "ApproximateNumberOfMessagesVisible".into()),
        ("Dimensions", list([dimension])),
        ("Statistic", "Maximum".into()),
        ("Period", 60_u32.into()),
        ("EvaluationPeriods", 1_u32.into()),
        ("Threshold", 1_u32.into()),
        ("ComparisonOperator", "GreaterThanOrEqualToThreshold".into()),
        ("TreatMissingData", "notBreaching".into()),
        ("AlarmActions", Yaml::Tagged("!If", Box::new(actions))),
        ("Tags", tags::as_list(options, None)),
    ]);
    resource("AWS::CloudWatch::Alarm", [], properties)
}
