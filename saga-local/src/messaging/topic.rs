//! A topic of SNS, and its subscriptions.

use serde_json::{Map, Value, json};

use super::attribute::comparable;
use super::{Attributes, MessageAttribute};
use crate::pattern::Pattern;
use saga_engine::time::Timestamp;

/// A topic.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// Its subscriptions.
    pub subscriptions: Vec<Subscription>,
}

/// A queue's subscription.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The queue, by name.
    pub queue: String,
    /// Whether the message arrives as it was published, without the envelope.
    pub raw: bool,
    /// Which messages it gets; all without one.
    pub filter: Option<Pattern>,
    /// What the filter looks at.
    pub scope: FilterScope,
}

/// What a filter policy looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilterScope {
    /// The message's attributes.
    #[default]
    MessageAttributes,
    /// The message's body, as JSON.
    MessageBody,
}

/// A message that is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Its body.
    pub message: String,
    /// Its subject.
    pub subject: Option<String>,
    /// Its attributes.
    pub attributes: Attributes,
}

/// What a subscribed queue is sent.
pub(super) struct Delivery {
    pub(super) queue: String,
    pub(super) body: String,
    pub(super) attributes: Attributes,
}

impl Topic {
    /// What the subscribed queues are sent of a message.
    pub(super) fn deliveries(
        &self,
        name: &str,
        id: &str,
        message: &Published,
        now: i64,
    ) -> Vec<Delivery> {
        let accepting = self
            .subscriptions
            .iter()
            .filter(|subscription| subscription.accepts(message));
        accepting
            .map(|subscription| subscription.delivery(name, id, message, now))
            .collect()
    }
}

impl Subscription {
    fn accepts(&self, message: &Published) -> bool {
        let Some(filter) = &self.filter else {
            return true;
        };
        match self.scope {
            FilterScope::MessageAttributes => filter.matches(&comparable(&message.attributes)),
            // A body that is no JSON object matches no policy.
            FilterScope::MessageBody => serde_json::from_str::<Value>(&message.message)
                .is_ok_and(|body| body.is_object() && filter.matches(&body)),
        }
    }

    fn delivery(&self, topic: &str, id: &str, message: &Published, now: i64) -> Delivery {
        let queue = self.queue.clone();
        if self.raw {
            let (body, attributes) = (message.message.clone(), message.attributes.clone());
            return Delivery {
                queue,
                body,
                attributes,
            };
        }
        Delivery {
            queue,
            body: envelope(topic, id, message, now).to_string(),
            attributes: Attributes::new(),
        }
    }
}

/// The envelope of a delivery that is not raw. It is not signed: nothing here could prove anything.
fn envelope(topic: &str, id: &str, message: &Published, now: i64) -> Value {
    let mut envelope = json!({
        "Type": "Notification",
        "MessageId": id,
        "TopicArn": format!("arn:aws:sns:{}:{}:{topic}", crate::REGION, crate::ACCOUNT),
        "Message": message.message,
        "Timestamp": Timestamp(now).to_string(),
    });
    if let Value::Object(fields) = &mut envelope {
        fields.extend(
            message
                .subject
                .clone()
                .map(|subject| ("Subject".into(), subject.into())),
        );
        if !message.attributes.is_empty() {
            let entry = |(name, attribute): (&String, &MessageAttribute)| {
                let value = json!({ "Type": attribute.data_type, "Value": attribute.value });
                (name.clone(), value)
            };
            let attributes: Map<String, Value> = message.attributes.iter().map(entry).collect();
            fields.insert("MessageAttributes".into(), attributes.into());
        }
    }
    envelope
}
