//! Alarms: on sagas that wait for an operator or did not come to an end of their own, on what was not delivered, and
//! on throttling.

use super::condition::{HAS_ALARM_TOPIC, only};
use super::settings::Settings;
use super::{parameter, resource, tags};
use crate::yaml::{Yaml, list, map};

/// The parameter that names the topic which alarms are sent to.
pub(super) use parameter::ALARM_TOPIC as TOPIC;

/// Metrics that one alarm takes (CloudWatch quotas), and so functions.
pub(super) const MOST_METRICS: usize = 10;

/// Seconds over which executions are counted.
const FIVE_MINUTES: u32 = 300;

/// Which failed executions raise an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failures {
    /// More than some: a compensated execution has failed, too.
    Some,
    /// Any.
    Any,
}

/// A metric of a resource.
struct Metric<'a> {
    namespace: &'a str,
    name: &'a str,
    dimension: (&'a str, Yaml),
}

/// An alarm that a queue holds a message.
pub(super) fn not_empty(queue: &str, about: &str, options: &Settings<'_>) -> Yaml {
    let metric = of_queue(queue, "ApproximateNumberOfMessagesVisible");
    of_metric(about, metric, "Maximum", 60, 1_u32.into(), options)
}

/// An alarm that the oldest message of the queue of the parked has waited for too long.
pub(super) fn too_old(queue: &str, about: &str, options: &Settings<'_>) -> Yaml {
    let metric = of_queue(queue, "ApproximateAgeOfOldestMessage");
    let threshold = Yaml::reference(parameter::PARKED_FOR);
    of_metric(about, metric, "Maximum", FIVE_MINUTES, threshold, options)
}

/// An alarm that executions failed.
pub(super) fn failed(
    machine: &str,
    about: &str,
    failures: Failures,
    options: &Settings<'_>,
) -> Yaml {
    let threshold = match failures {
        Failures::Some => Yaml::reference(parameter::FAILURES),
        Failures::Any => 1_u32.into(),
    };
    let metric = of_machine(machine, "ExecutionsFailed");
    of_metric(about, metric, "Sum", FIVE_MINUTES, threshold, options)
}

/// An alarm that executions were stopped, ran out of time, or were throttled.
pub(super) fn stopped(machine: &str, about: &str, options: &Settings<'_>) -> Yaml {
    let metrics = [
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "ExecutionThrottled",
    ];
    let metrics = metrics.map(|name| of_machine(machine, name));
    of_sum(about, metrics, options)
}

/// An alarm that functions were throttled: at most [`MOST_METRICS`].
pub(super) fn throttled(functions: &[String], about: &str, options: &Settings<'_>) -> Yaml {
    let metrics = functions.iter().map(|id| Metric {
        namespace: "AWS/Lambda",
        name: "Throttles",
        dimension: ("FunctionName", Yaml::reference(id)),
    });
    of_sum(about, metrics, options)
}

fn of_queue<'a>(queue: &str, name: &'a str) -> Metric<'a> {
    Metric {
        namespace: "AWS/SQS",
        name,
        dimension: ("QueueName", Yaml::attribute(queue, "QueueName")),
    }
}

fn of_machine<'a>(machine: &str, name: &'a str) -> Metric<'a> {
    Metric {
        namespace: "AWS/States",
        name,
        dimension: ("StateMachineArn", Yaml::reference(machine)),
    }
}

impl Metric<'_> {
    fn properties(self) -> [(&'static str, Yaml); 3] {
        let (dimension, value) = self.dimension;
        let dimension = map([("Name", Yaml::from(dimension)), ("Value", value)]);
        [
            ("Namespace", self.namespace.into()),
            ("MetricName", self.name.into()),
            ("Dimensions", list([dimension])),
        ]
    }
}

fn of_metric(
    about: &str,
    metric: Metric<'_>,
    statistic: &str,
    period: u32,
    threshold: Yaml,
    options: &Settings<'_>,
) -> Yaml {
    let measured = [
        ("Statistic", Yaml::from(statistic)),
        ("Period", period.into()),
    ];
    let measured = metric.properties().into_iter().chain(measured);
    alarm(about, measured, threshold, options)
}

/// An alarm that any of these happened.
fn of_sum<'a>(
    about: &str,
    metrics: impl IntoIterator<Item = Metric<'a>>,
    options: &Settings<'_>,
) -> Yaml {
    let sum = map([
        ("Id", Yaml::from("sum")),
        ("Expression", "SUM(METRICS())".into()),
        ("Label", "Sum".into()),
    ]);
    let metrics = metrics.into_iter().zip(1..).map(|(metric, number)| {
        let stat = map([
            ("Metric", map(metric.properties())),
            ("Stat", "Sum".into()),
            ("Period", FIVE_MINUTES.into()),
        ]);
        map([
            ("Id", Yaml::from(format!("m{number}"))),
            ("MetricStat", stat),
            ("ReturnData", false.into()),
        ])
    });
    let metrics = list([sum].into_iter().chain(metrics));
    alarm(about, [("Metrics", metrics)], 1_u32.into(), options)
}

fn alarm(
    about: &str,
    measured: impl IntoIterator<Item = (&'static str, Yaml)>,
    threshold: Yaml,
    options: &Settings<'_>,
) -> Yaml {
    let actions = only(HAS_ALARM_TOPIC, list([Yaml::reference(TOPIC)]));
    let judged = [
        ("EvaluationPeriods", 1_u32.into()),
        ("Threshold", threshold),
        ("ComparisonOperator", "GreaterThanOrEqualToThreshold".into()),
        ("TreatMissingData", "notBreaching".into()),
        ("AlarmActions", actions),
        ("Tags", tags::as_list(options, None)),
    ];
    let head = [("AlarmDescription", Yaml::from(about))];
    let properties = head.into_iter().chain(measured).chain(judged);
    resource("AWS::CloudWatch::Alarm", [], map(properties))
}
