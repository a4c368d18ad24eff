//! How a package is deployed.

use saga_manifest::deployment::{Deployment, Rollout};

use super::limit;
use crate::diagnostic::{Diagnostic, Report};
use crate::template::parameter::PERIODS;

/// What the settings belong to, in messages.
const OWNER: &str = "the package";

/// The longest name and value of a tag, in characters (tagging of CloudFormation's resources).
const LONGEST_TAG: (usize, usize) = (128, 256);

pub(super) fn check(deployment: &Deployment, report: &mut Report) {
    let mistakes = [
        deployment
            .memory_mib
            .and_then(|memory| limit::memory(memory).mistake(OWNER)),
        deployment.log_retention_days.and_then(retention),
        deployment.rollout.and_then(rollout),
        (deployment.alarm_after_failures == Some(0)).then(|| {
            let message = "an alarm after no failed execution would never end";
            Diagnostic::new(message, "state at least one")
        }),
    ];
    let reasons = [&deployment.untraced, &deployment.unrecoverable];
    let unexplained = reasons
        .into_iter()
        .flatten()
        .filter(|reason| reason.trim().is_empty());
    let unexplained = unexplained.map(|_| {
        let message = "what lowers protection is stated without a reason";
        Diagnostic::new(
            message,
            "say why: the template keeps it for those who review it",
        )
    });
    let tags = deployment
        .tags
        .iter()
        .filter_map(|(name, value)| tag(name, value));
    for mistake in mistakes
        .into_iter()
        .flatten()
        .chain(unexplained)
        .chain(tags)
    {
        report.push(match &deployment.place {
            Some(place) => mistake.at(place, "this deployment"),
            None => mistake,
        });
    }
}

/// What Step Functions takes of an alias (CloudFormation reference, `StateMachineAlias DeploymentPreference`).
fn rollout(rollout: Rollout) -> Option<Diagnostic> {
    let percent = limit::Bounded {
        what: "share of new executions",
        unit: "percent",
        value: rollout.percent,
        range: 1..=99,
    };
    let interval = limit::Bounded {
        what: "interval of a rollout",
        unit: "minutes",
        value: rollout.minutes,
        range: 1..=2_100,
    };
    percent.mistake(OWNER).or_else(|| interval.mistake(OWNER))
}

fn retention(days: u32) -> Option<Diagnostic> {
    let periods = PERIODS.map(|period| period.to_string()).join(", ");
    (!PERIODS.contains(&days)).then(|| {
        let message = format!("CloudWatch Logs keeps no logs for {days} days");
        Diagnostic::new(message, format!("choose one of {periods}"))
    })
}

fn tag(name: &str, value: &str) -> Option<Diagnostic> {
    let reserved = ["aws:", "saga:"]
        .iter()
        .find(|prefix| name.starts_with(*prefix));
    if let Some(prefix) = reserved {
        let message = format!("a tag cannot be called `{name}`: `{prefix}` is taken");
        return Some(Diagnostic::new(message, "rename the tag"));
    }
    let (longest_name, longest_value) = LONGEST_TAG;
    let (name_length, value_length) = (name.chars().count(), value.chars().count());
    let fits = (1..=longest_name).contains(&name_length) && value_length <= longest_value;
    (!fits).then(|| {
        let message = format!("the tag `{name}` is too long, or has no name");
        let help = format!(
            "use 1 to {longest_name} characters for a name, up to {longest_value} for a value"
        );
        Diagnostic::new(message, help)
    })
}
