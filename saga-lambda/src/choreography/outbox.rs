//! Outboxes on their way out: what is due goes to the bus, the rest into one-time schedules that publish it.

use saga_choreography::names::{BUS, SCHEDULE_DEAD_LETTERS, SCHEDULE_ROLE, SCHEDULES};
use saga_choreography::{Event, Message};
use saga_dsl::handler::{Failure, START_FAILED};
use saga_fence::UNAVAILABLE;
use saga_manifest::error::Outcome;
use serde_json::{Value, json};

use crate::aws::{Answer, Client, Service};
use crate::timestamp::Timestamp;

/// Entries of one request at most (`PutEvents`).
const ENTRIES: usize = 10;

/// Bytes of one request's entries at most (`PutEvents`: 256 KiB), less what is counted beside the details.
const BYTES: usize = 250_000;

/// Milliseconds that a schedule is made ahead of at least: one in the past never comes.
const AHEAD: u64 = 2_000;

/// The way out.
pub(super) struct Outbox {
    bus: String,
    schedules: String,
    role: String,
    letters: String,
    events: Client,
    scheduler: Client,
}

impl Outbox {
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let named = |name: &str| {
            variable(name).ok_or_else(|| Failure {
                name: START_FAILED.into(),
                message: format!("`{name}` is not set: deploy the function with the template that `saga-cli generate` writes"),
                outcome: Outcome::NotDone,
            })
        };
        Ok(Self {
            bus: named(BUS)?,
            schedules: named(SCHEDULES)?,
            role: named(SCHEDULE_ROLE)?,
            letters: named(SCHEDULE_DEAD_LETTERS)?,
            events: Client::new(Service::Eventbridge, &variable),
            scheduler: Client::new(Service::Scheduler, &variable),
        })
    }

    /// Publishes messages. Whoever does so again publishes the same events again, and schedules nothing twice.
    pub(super) async fn publish(&self, messages: &[Message], now: u64) -> Result<(), Failure> {
        let mut entries = Vec::new();
        let mut bytes = 0;
        for message in messages {
            if let Some(at) = message.not_before.filter(|at| *at > now) {
                self.schedule(&message.event, at.max(now + AHEAD)).await?;
                continue;
            }
            let entry = self.entry(&message.event);
            let length = entry.to_string().len();
            if entries.len() == ENTRIES || bytes + length > BYTES {
                self.put(std::mem::take(&mut entries)).await?;
                bytes = 0;
            }
            bytes += length;
            entries.push(entry);
        }
        self.put(entries).await
    }

    fn entry(&self, event: &Event) -> Value {
        json!({
            "EventBusName": self.bus,
            "Source": event.source,
            "DetailType": event.kind,
            "Detail": event.detail().to_string(),
        })
    }

    async fn put(&self, entries: Vec<Value>) -> Result<(), Failure> {
        if entries.is_empty() {
            return Ok(());
        }
        let body = json!({ "Entries": entries }).to_string();
        let answer = self.events.perform("PutEvents", body.as_bytes()).await;
        let answer = answer.map_err(|problem| failed("PutEvents", &problem.to_string()))?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let refused = said.get("FailedEntryCount").and_then(Value::as_u64);
        match answer.status.is_success() && refused == Some(0) {
            true => Ok(()),
            false => Err(failed("PutEvents", &said.to_string())),
        }
    }

    async fn schedule(&self, event: &Event, at: u64) -> Result<(), Failure> {
        let target = json!({
            "Arn": self.bus,
            "RoleArn": self.role,
            "EventBridgeParameters": { "Source": event.source, "DetailType": event.kind },
            "Input": event.detail().to_string(),
            "DeadLetterConfig": { "Arn": self.letters },
        });
        let body = json!({
            "GroupName": self.schedules,
            "ScheduleExpression": format!("at({})", seconds(at)),
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "ActionAfterCompletion": "DELETE",
            "Target": target,
        });
        let path = format!("schedules/{}", name(&event.id));
        let body = body.to_string();
        let answer = self.scheduler.perform(&path, body.as_bytes()).await;
        let answer = answer.map_err(|problem| failed("CreateSchedule", &problem.to_string()))?;
        match answer.status.is_success() || is_there(&answer) {
            true => Ok(()),
            false => Err(failed(
                "CreateSchedule",
                &String::from_utf8_lossy(&answer.body),
            )),
        }
    }
}

/// Whether there is one of that name: this event was scheduled before.
fn is_there(answer: &Answer) -> bool {
    answer.status == hyper::StatusCode::CONFLICT
}

/// A time in milliseconds since 1970 as schedules have it, rounded up to seconds: none comes early.
fn seconds(at: u64) -> String {
    let at = std::time::Duration::from_secs(at.div_ceil(1_000));
    let text = Timestamp::of(std::time::UNIX_EPOCH + at).to_string();
    text.chars().take("2026-11-21T07:00:00".len()).collect()
}

/// The name of an event's schedule: 64 characters at most, of letters, digits and a few signs.
fn name(id: &str) -> String {
    let hash = saga_choreography::hash;
    format!("{:016x}{:016x}", hash(id), hash(&format!("{id} ")))
}

fn failed(action: &str, said: &str) -> Failure {
    Failure {
        name: UNAVAILABLE.into(),
        message: format!("an outbox could not be published: {action}: {said}"),
        outcome: Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_named_by_their_event_and_never_early() {
        assert_eq!(seconds(1_709_210_096_001), "2024-02-29T12:34:57");
        assert_eq!(seconds(1_709_210_096_000), "2024-02-29T12:34:56");
        assert_eq!(name("a/1.0").len(), 32);
        assert_ne!(name("a/1.0"), name("a/1.1"));
    }
}
