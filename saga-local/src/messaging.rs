//! SNS, SQS and EventBridge, here: topics and buses that hand messages on to queues in memory.
//!
//! Time is told to them in milliseconds, so that it can be virtual.

mod attribute;
mod bus;
mod error;
mod queue;
mod topic;

pub use attribute::{Attributes, MessageAttribute};
pub use bus::{Bus, Rule, Target};
pub use error::Error;
pub use queue::{DeadLetters, Message, Queue, Received};
pub use topic::{FilterScope, Published, Subscription, Topic};

use std::collections::BTreeMap;

/// The topics, queues and buses of an account, by name.
#[derive(Clone, Debug, Default)]
pub struct Messaging {
    /// The topics.
    pub topics: BTreeMap<String, Topic>,
    /// The queues.
    pub queues: BTreeMap<String, Queue>,
    /// The event buses.
    pub buses: BTreeMap<String, Bus>,
}

impl Messaging {
    /// The queue of a name, URL or ARN.
    ///
    /// # Errors
    /// When there is none.
    pub fn queue(&mut self, named: &str) -> Result<&mut Queue, Error> {
        let name = named.rsplit(['/', ':']).next().unwrap_or(named);
        self.queues
            .get_mut(name)
            .ok_or_else(|| Error::no_queue(name))
    }

    /// Sends a message to a queue.
    ///
    /// # Errors
    /// When there is no such queue.
    pub fn send(
        &mut self,
        queue: &str,
        body: String,
        attributes: Attributes,
        now: i64,
    ) -> Result<String, Error> {
        Ok(self.queue(queue)?.send(body, attributes, now))
    }

    /// Publishes to a topic: every subscription whose filter lets the message through gets it.
    ///
    /// # Errors
    /// When there is no such topic.
    pub fn publish(&mut self, topic: &str, message: &Published, now: i64) -> Result<String, Error> {
        let name = topic.rsplit(':').next().unwrap_or(topic);
        let topic = self
            .topics
            .get(name)
            .ok_or_else(|| Error::no_topic(topic))?;
        let id = crate::identifier::random();
        for delivery in topic.deliveries(name, &id, message, now) {
            self.send(&delivery.queue, delivery.body, delivery.attributes, now)?;
        }
        Ok(id)
    }

    /// Receives up to `most` messages. One that was received too often goes to the dead-letter queue.
    ///
    /// # Errors
    /// When there is no such queue.
    pub fn receive(&mut self, queue: &str, most: usize, now: i64) -> Result<Vec<Received>, Error> {
        let (received, dead) = self.queue(queue)?.receive(most, now);
        for (target, message) in dead {
            self.queue(&target)?.take_dead(message);
        }
        Ok(received)
    }

    /// Puts an event on a bus: each target of each rule that matches gets it.
    ///
    /// # Errors
    /// When there is no such bus, or a rule's target does not exist.
    pub fn put_event(
        &mut self,
        bus: &str,
        event: &serde_json::Value,
        now: i64,
    ) -> Result<String, Error> {
        let name = bus.rsplit('/').next().unwrap_or(bus);
        let bus = self.buses.get(name).ok_or_else(|| Error::no_bus(name))?;
        let id = crate::identifier::random();
        let envelope = bus::envelope(&id, event, now);
        let targets: Vec<Target> = bus.targets(&envelope).cloned().collect();
        for Target::Queue(queue) in targets {
            self.send(&queue, envelope.to_string(), Attributes::new(), now)?;
        }
        Ok(id)
    }
}

/// The MD5 of a body, in hexadecimal, by which an SDK checks that it arrived.
#[must_use]
pub fn md5_of(body: &str) -> String {
    use md5::{Digest as _, Md5};
    Md5::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
