//! A queue of SQS: messages, visibility, receive counts, dead letters.

use std::collections::VecDeque;

use super::Attributes;

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    visibility_timeout_ms: i64,
    retention_ms: i64,
    dead_letters: Option<DeadLetters>,
    messages: VecDeque<Message>,
}

/// Where messages go that nobody could handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetters {
    /// The queue, by name.
    pub queue: String,
    /// After how many receives.
    pub after: u32,
}

/// A message in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its body.
    pub body: String,
    /// Its attributes.
    pub attributes: Attributes,
    /// When it was sent, in milliseconds since 1970.
    pub sent_ms: i64,
    /// How often it was received.
    pub receives: u32,
    /// From when it can be received.
    visible_ms: i64,
    receipt: Option<String>,
}

/// A message that a consumer has received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// What it is deleted by.
    pub receipt: String,
}

impl Queue {
    /// An empty queue; times in seconds.
    #[must_use]
    pub fn new(visibility_timeout: u32, retention: u32, dead_letters: Option<DeadLetters>) -> Self {
        Self {
            visibility_timeout_ms: i64::from(visibility_timeout) * 1000,
            retention_ms: i64::from(retention) * 1000,
            dead_letters,
            messages: VecDeque::new(),
        }
    }

    /// The messages, received or not, the oldest first.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }

    /// How many messages can be received now, and how many are received and not deleted.
    #[must_use]
    pub fn counts(&self, now: i64) -> (usize, usize) {
        let visible = self
            .messages
            .iter()
            .filter(|message| message.visible_ms <= now)
            .count();
        (visible, self.messages.len() - visible)
    }

    pub(super) fn send(&mut self, body: String, attributes: Attributes, now: i64) -> String {
        let id = crate::identifier::random();
        self.messages.push_back(Message {
            id: id.clone(),
            body,
            attributes,
            sent_ms: now,
            receives: 0,
            visible_ms: now,
            receipt: None,
        });
        id
    }

    /// Receives messages; with them those that are due for the dead-letter queue, and its name.
    pub(super) fn receive(
        &mut self,
        most: usize,
        now: i64,
    ) -> (Vec<Received>, Vec<(String, Message)>) {
        let oldest = now.saturating_sub(self.retention_ms);
        self.messages.retain(|message| message.sent_ms >= oldest);
        let dead = self.bury(now);
        let hidden_until = now.saturating_add(self.visibility_timeout_ms);
        let due = self
            .messages
            .iter_mut()
            .filter(|message| message.visible_ms <= now);
        let received = due
            .take(most)
            .map(|message| message.receive(hidden_until))
            .collect();
        (received, dead)
    }

    /// Takes out the messages whose next receive would be one too many.
    fn bury(&mut self, now: i64) -> Vec<(String, Message)> {
        let Some(dead_letters) = &self.dead_letters else {
            return Vec::new();
        };
        let is_due =
            |message: &Message| message.visible_ms <= now && message.receives >= dead_letters.after;
        let (dead, alive): (VecDeque<Message>, VecDeque<Message>) =
            self.messages.drain(..).partition(|message| is_due(message));
        self.messages = alive;
        dead.into_iter()
            .map(|message| (dead_letters.queue.clone(), message))
            .collect()
    }

    pub(super) fn take_dead(&mut self, message: Message) {
        self.messages.push_back(Message {
            receipt: None,
            ..message
        });
    }

    /// Deletes the message of a receipt. False where none has it.
    pub fn delete(&mut self, receipt: &str) -> bool {
        let before = self.messages.len();
        self.messages
            .retain(|message| message.receipt.as_deref() != Some(receipt));
        self.messages.len() < before
    }

    /// Hides the message of a receipt for so many seconds from now. False where none has it.
    pub fn hide(&mut self, receipt: &str, seconds: u32, now: i64) -> bool {
        let found = self
            .messages
            .iter_mut()
            .find(|message| message.receipt.as_deref() == Some(receipt));
        found.is_some_and(|message| {
            message.visible_ms = now.saturating_add(i64::from(seconds) * 1000);
            true
        })
    }

    /// Deletes all messages.
    pub fn purge(&mut self) {
        self.messages.clear();
    }
}

impl Message {
    fn receive(&mut self, hidden_until: i64) -> Received {
        let receipt = crate::identifier::random();
        self.receives += 1;
        self.visible_ms = hidden_until;
        self.receipt = Some(receipt.clone());
        Received {
            message: self.clone(),
            receipt,
        }
    }
}
