//! Calls, with what they name resolved.

use saga_manifest::place::Place;
use saga_manifest::saga;
use saga_manifest::step;
use saga_manifest::task::{self, Condition, Task};

use super::limit::Bounded;
use super::resources::lookup;
use super::{
    Amount, Approval, Call, Channel, Item, Message, Notification, Operation, Resources, Target,
    approval, dynamodb, error, message,
};
use crate::diagnostic::{Diagnostic, Report};

/// Seconds that a task may state at most (States Language specification, timeouts).
const LONGEST_TIMEOUT: u32 = 99_999_999;

/// A checked call. `owner` is the step or notification it belongs to.
pub(super) fn checked<'m>(
    call: &'m step::Call,
    owner: &str,
    place: &Place,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Option<Call<'m>> {
    check_times(call, owner, place, report);
    error::check(call, owner, place, report);
    let target = target(call, place, resources, report)?;
    match &target {
        Target::Lambda { .. } => {}
        Target::Item(item) => dynamodb::check(item, owner, place, report),
        Target::Message(message) => message::check(message, owner, place, report),
        Target::Saga { .. } => {}
        Target::Approval(approval) => approval::check(approval, call, owner, place, report),
    }
    Some(Call {
        description: call.description.as_deref(),
        target,
        errors: &call.errors,
        retry_others: call.retry_others.as_ref(),
        timeout_seconds: timeout(call, &target),
    })
}

/// A checked notification.
pub(super) fn notification<'m>(
    notification: &'m saga::Notification,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Option<Notification<'m>> {
    let saga::Notification {
        name, place, call, ..
    } = notification;
    Some(Notification {
        name,
        description: notification.description.as_deref(),
        place,
        on: notification.on,
        call: checked(call, name, place, resources, report)?,
    })
}

/// A function's own timeout bounds the call from below: one that gave up earlier would leave the
/// function running.
fn timeout(call: &step::Call, target: &Target<'_>) -> u32 {
    match target {
        Target::Lambda { handler, .. } => call.timeout_seconds.max(handler.timeout_seconds),
        _ => call.timeout_seconds,
    }
}

fn check_times(call: &step::Call, owner: &str, place: &Place, report: &mut Report) {
    let timeout = Bounded {
        what: "timeout",
        unit: "seconds",
        value: call.timeout_seconds,
        range: 1..=LONGEST_TIMEOUT,
    };
    timeout.check(owner, place, report);
    let answered = matches!(call.task, Task::Approval { .. });
    if call.heartbeat_seconds.is_some() && !answered {
        let message = format!("`{owner}` states a heartbeat, and its call cannot send one");
        let help = "remove the heartbeat: only a task that waits for a callback has one; \
                    the timeout bounds this call";
        report.push(Diagnostic::new(message, help).at(place, "this call"));
    }
}

fn target<'m>(
    call: &'m step::Call,
    place: &Place,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Option<Target<'m>> {
    let task = &call.task;
    if let Some((table, operation, condition)) = item(task) {
        let table = lookup(&resources.tables, table, "table", place, report)?;
        return Some(Target::Item(Item {
            table,
            operation,
            condition,
        }));
    }
    if let Task::Lambda { handler, input } = task {
        let handler = lookup(&resources.handlers, handler, "handler", place, report)?;
        return Some(Target::Lambda { handler, input });
    }
    if let Task::Saga { saga, input } = task {
        let saga = lookup(&resources.sagas, saga, "saga", place, report)?;
        return Some(Target::Saga { saga, input });
    }
    if let Task::Approval {
        channel,
        request,
        unanswered,
    } = task
    {
        let to = match channel {
            task::Channel::Topic(topic) => Channel::Topic {
                topic: lookup(&resources.topics, topic, "topic", place, report)?,
                subject: None,
            },
            task::Channel::Queue(queue) => {
                Channel::Queue(lookup(&resources.queues, queue, "queue", place, report)?)
            }
        };
        return Some(Target::Approval(Approval {
            to,
            request,
            unanswered: unanswered.as_ref(),
            heartbeat_seconds: call.heartbeat_seconds,
        }));
    }
    sent(task, place, resources, report)
}

/// The table of a call of DynamoDB, what is done with an item, and the author's condition.
fn item(task: &Task) -> Option<(&str, Operation<'_>, Option<&Condition>)> {
    Some(match task {
        Task::DynamodbPut {
            table,
            item,
            condition,
        } => (table, Operation::Put { item }, condition.as_ref()),
        Task::DynamodbGet {
            table,
            key,
            item,
            again,
        } => {
            let again = again.as_deref();
            (table, Operation::Get { key, item, again }, None)
        }
        Task::DynamodbUpdate {
            table,
            key,
            set,
            condition,
            basis,
        } => {
            let basis = basis.as_ref();
            let operation = Operation::Update { key, set, basis };
            (table, operation, condition.as_ref())
        }
        Task::DynamodbLock {
            table,
            key,
            creates,
            condition,
        } => {
            let creates = *creates;
            (table, Operation::Lock { key, creates }, condition.as_ref())
        }
        Task::DynamodbRelease {
            table,
            key,
            lock,
            creates,
        } => {
            let creates = *creates;
            (table, Operation::Release { key, lock, creates }, None)
        }
        Task::DynamodbAdd {
            table,
            key,
            attribute,
            direction,
            amount,
            creates,
            bound,
            condition,
        } => {
            let amount = Amount {
                key,
                attribute,
                direction: *direction,
                amount,
                creates: *creates,
                bound: bound.as_ref(),
            };
            (table, Operation::Add(amount), condition.as_ref())
        }
        Task::DynamodbDelete {
            table,
            key,
            condition,
        } => (table, Operation::Delete { key }, condition.as_ref()),
        Task::Lambda { .. }
        | Task::SnsPublish { .. }
        | Task::SqsSend { .. }
        | Task::Saga { .. }
        | Task::Approval { .. } => return None,
    })
}

fn sent<'m>(
    task: &'m Task,
    place: &Place,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Option<Target<'m>> {
    let (to, body, attributes) = match task {
        Task::SnsPublish {
            topic,
            message,
            subject,
            attributes,
        } => {
            let topic = lookup(&resources.topics, topic, "topic", place, report)?;
            let subject = subject.as_deref();
            (Channel::Topic { topic, subject }, message, attributes)
        }
        Task::SqsSend {
            queue,
            message,
            attributes,
        } => {
            let queue = lookup(&resources.queues, queue, "queue", place, report)?;
            (Channel::Queue(queue), message, attributes)
        }
        _ => return None,
    };
    Some(Target::Message(Message {
        to,
        body,
        attributes,
    }))
}
