//! The dashboard: a row a saga, then what lies in queues that should be empty, then the functions.

use serde_json::{Value, json};

use super::settings::Settings;
use super::{resource, tags};
use crate::yaml::{Yaml, map};

/// Columns of a dashboard.
const WIDTH: usize = 24;
const HEIGHT: usize = 6;

/// Metrics of one graph (CloudWatch quotas: 500); more than these nobody reads.
const MOST_LINES: usize = 40;

/// What a dashboard shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Logical ids of state machines, with what they are.
    pub(super) machines: Vec<(String, String)>,
    /// Logical ids of queues that should be empty.
    pub(super) queues: Vec<String>,
    /// Logical ids of functions.
    pub(super) functions: Vec<String>,
}

impl Shown {
    /// The dashboard. Its name is CloudFormation's to choose.
    pub(super) fn dashboard(&self, options: &Settings<'_>) -> Yaml {
        let mut widgets = Vec::new();
        for (machine, about) in &self.machines {
            widgets.push(graph(
                format!("Executions of {about}"),
                "Sum",
                ends(machine),
            ));
            widgets.push(graph(
                format!("Time of {about} (ms)"),
                "p99",
                vec![of_machine(machine, "ExecutionTime")],
            ));
        }
        let queued = |name: &str| {
            let queues = self.queues.iter();
            let metrics = queues.map(|queue| {
                json!([
                    "AWS/SQS",
                    name,
                    "QueueName",
                    format!("${{{queue}.QueueName}}")
                ])
            });
            metrics.take(MOST_LINES).collect::<Vec<_>>()
        };
        if !self.queues.is_empty() {
            let waiting = queued("ApproximateNumberOfMessagesVisible");
            widgets.push(graph(
                "Waiting for an operator".to_owned(),
                "Maximum",
                waiting,
            ));
            let age = queued("ApproximateAgeOfOldestMessage");
            widgets.push(graph("Oldest that waits (s)".to_owned(), "Maximum", age));
        }
        for (title, name, statistic) in [
            ("Errors of functions", "Errors", "Sum"),
            ("Throttles of functions", "Throttles", "Sum"),
            ("Time of functions (ms)", "Duration", "p99"),
            ("Functions at a time", "ConcurrentExecutions", "Maximum"),
        ] {
            let functions = self.functions.iter().take(MOST_LINES);
            let metrics: Vec<_> = functions
                .map(|function| {
                    json!([
                        "AWS/Lambda",
                        name,
                        "FunctionName",
                        format!("${{{function}}}")
                    ])
                })
                .collect();
            if !metrics.is_empty() {
                widgets.push(graph(title.to_owned(), statistic, metrics));
            }
        }
        let mut body = json!({ "widgets": placed(widgets) });
        body.sort_all_objects();
        let properties = map([
            ("DashboardBody", Yaml::substituted(body.to_string())),
            ("Tags", tags::as_list(options, None)),
        ]);
        resource("AWS::CloudWatch::Dashboard", [], properties)
    }
}

fn ends(machine: &str) -> Vec<Value> {
    let ends = ["Started", "Succeeded", "Failed", "TimedOut", "Aborted"];
    ends.map(|end| of_machine(machine, &format!("Executions{end}")))
        .into()
}

fn of_machine(machine: &str, name: &str) -> Value {
    json!([
        "AWS/States",
        name,
        "StateMachineArn",
        format!("${{{machine}}}")
    ])
}

fn graph(title: String, statistic: &str, metrics: Vec<Value>) -> Value {
    json!({
        "type": "metric",
        "width": WIDTH / 2,
        "height": HEIGHT,
        "properties": {
            "title": title,
            "region": "${AWS::Region}",
            "stat": statistic,
            "period": 300,
            "metrics": metrics,
        },
    })
}

/// Two in a row.
fn placed(widgets: Vec<Value>) -> Vec<Value> {
    let placed = widgets.into_iter().zip(0..).map(|(mut widget, number)| {
        if let Value::Object(fields) = &mut widget {
            fields.insert("x".into(), json!(number % 2 * (WIDTH / 2)));
            fields.insert("y".into(), json!(number / 2 * HEIGHT));
        }
        widget
    });
    placed.collect()
}
