//! An event bus of EventBridge: rules, and the queues they send to.

use serde_json::{Value, json};

use crate::pattern::Pattern;
use saga_engine::time::Timestamp;

/// An event bus.
#[derive(Clone, Debug, Default)]
pub struct Bus {
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which events it takes.
    pub pattern: Pattern,
    /// Where they go.
    pub targets: Vec<Target>,
}

/// A rule's target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A queue, by name.
    Queue(String),
}

impl Bus {
    /// The targets of the rules that take an event.
    pub(super) fn targets(&self, envelope: &Value) -> impl Iterator<Item = &Target> {
        let taking = self
            .rules
            .iter()
            .filter(|rule| rule.pattern.matches(envelope));
        taking.flat_map(|rule| &rule.targets)
    }
}

/// An entry of `PutEvents` as rules and targets see it.
pub(super) fn envelope(id: &str, entry: &Value, now: i64) -> Value {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let detail = match entry.get("Detail") {
        // The direct integration takes an object, the API its text.
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(detail) => detail.clone(),
        None => Value::Null,
    };
    json!({
        "version": "0",
        "id": id,
        "detail-type": text("DetailType"),
        "source": text("Source"),
        "account": crate::ACCOUNT,
        "time": Timestamp(now).to_string(),
        "region": crate::REGION,
        "resources": entry.get("Resources").cloned().unwrap_or_else(|| json!([])),
        "detail": detail,
    })
}
