//! Schedules of EventBridge Scheduler.

use saga_manifest::place::Place;
use saga_manifest::trigger::Schedule;

use super::{keeps, not_started, starts};
use crate::logical_id;
use crate::template::stack::Stack;
use crate::template::{policy, resource, rollout};
use crate::yaml::{Yaml, map};

/// Seconds that a start is tried for: a day, as EventBridge's rules do.
const LONGEST: u32 = 86_400;

/// How often a start is tried at most, as EventBridge's rules do.
const RETRIES: u32 = 185;

pub(super) fn add(schedule: &Schedule, id: &str, saga: &str, place: &Place, stack: &mut Stack<'_>) {
    let machine = rollout::entrance(&logical_id::state_machine(saga), stack);
    let start = policy::allow("StartExecution", ["states:StartExecution"], machine.clone());
    let statements = vec![start, keeps(saga)];
    let role = starts(
        id,
        "scheduler.amazonaws.com",
        statements,
        saga,
        place,
        stack,
    );
    let retries = map([
        ("MaximumEventAgeInSeconds", LONGEST.into()),
        ("MaximumRetryAttempts", Yaml::from(RETRIES)),
    ]);
    let dead_letters = map([("Arn", Yaml::attribute(&not_started(saga), "Arn"))]);
    let mut input = schedule.input.clone();
    input.sort_all_objects();
    let target = map([
        ("Arn", machine),
        ("RoleArn", role),
        ("Input", input.to_string().into()),
        ("RetryPolicy", retries),
        ("DeadLetterConfig", dead_letters),
    ]);
    let zone = schedule.time_zone.as_ref();
    let head = [
        ("Description", Yaml::from(format!("Starts {saga}."))),
        ("ScheduleExpression", Yaml::from(&schedule.expression)),
    ];
    let rest = [
        ("FlexibleTimeWindow", map([("Mode", Yaml::from("OFF"))])),
        ("State", "ENABLED".into()),
        ("Target", target),
    ];
    let zone = zone.map(|zone| ("ScheduleExpressionTimezone", Yaml::from(zone)));
    let properties = map(head.into_iter().chain(zone).chain(rest));
    stack.resource(
        id.to_owned(),
        resource("AWS::Scheduler::Schedule", [], properties),
        place,
    );
}
