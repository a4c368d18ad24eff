//! `#[queue(…)]`. Bounds: SQS developer guide, "Message quotas" and "Dead-letter queues".

use syn::parse::ParseStream;
use syn::{DeriveInput, Ident, LitInt, Type};

use crate::attribute::duration::Bounds;
use crate::attribute::keys::{Keys, value};
use crate::attribute::origin::Existing;
use crate::item;
use crate::problem::{self, Problems};
use crate::resource::subscription::Subscription;

/// A queue that was checked.
pub struct Queue {
    /// What its messages hold.
    pub message: Type,
    /// Seconds.
    pub visibility_timeout: u32,
    /// Seconds.
    pub retention: u32,
    /// How often a message is received before it moves away.
    pub dead_letter_after: Option<u32>,
    /// The topics it subscribes to.
    pub subscriptions: Vec<Subscription>,
    /// Where it is, if the stack doesn't create it.
    pub existing: Option<Existing>,
}

const KEYS: Keys = Keys {
    attribute: "queue",
    once: &[
        "message",
        "visibility_timeout",
        "retention",
        "dead_letter_after",
        "no_dead_letter",
        "existing",
    ],
    repeated: &["subscribe"],
    refused: &[],
};

const VISIBILITY_TIMEOUT: Bounds = Bounds {
    of: "visibility timeout",
    least: 0,
    greatest: 43_200,
    because: "a message of SQS is invisible for 12 hours at most",
};

const RETENTION: Bounds = Bounds {
    of: "retention",
    least: 60,
    greatest: 1_209_600,
    because: "SQS keeps a message for one minute to 14 days",
};

impl Queue {
    /// A queue of which nothing is said.
    fn unstated() -> Self {
        Self {
            message: item::nothing(),
            visibility_timeout: 30,
            retention: RETENTION.greatest,
            dead_letter_after: Some(5),
            subscriptions: Vec::new(),
            existing: None,
        }
    }

    fn entry(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        problems: &mut Problems,
    ) -> syn::Result<()> {
        match key.to_string().as_str() {
            "visibility_timeout" => {
                self.visibility_timeout = VISIBILITY_TIMEOUT.seconds(&value(input)?)?;
            }
            "retention" => self.retention = RETENTION.seconds(&value(input)?)?,
            "dead_letter_after" => self.dead_letter_after = Some(receives(&value(input)?)?),
            "no_dead_letter" => self.dead_letter_after = None,
            "subscribe" => self
                .subscriptions
                .push(Subscription::parse(input, problems)?),
            _ => self.existing = Existing::parse(key, input, problems)?,
        }
        Ok(())
    }
}

/// Reads it.
pub fn read(item: &DeriveInput, problems: &mut Problems) -> Queue {
    let (mut queue, mut message) = (Queue::unstated(), None);
    let (mut seen, before) = (Vec::new(), problems.count());
    KEYS.read(&item.attrs, problems, |key, input, problems| {
        seen.push(key.clone());
        if key == "message" {
            message = Some(value(input)?);
            return Ok(());
        }
        queue.entry(key, input, problems)
    });
    if problems.count() == before && message.is_none() {
        let help = "add `#[queue(message = …)]`";
        problems.at(&item.ident, "a queue says what its messages hold", help);
    }
    one_dead_letter_rule(&seen, problems);
    queue.message = message.unwrap_or_else(item::nothing);
    queue
}

fn one_dead_letter_rule(seen: &[Ident], problems: &mut Problems) {
    let stated = |name: &str| seen.iter().find(|key| *key == name);
    if let (Some(_), Some(key)) = (stated("dead_letter_after"), stated("no_dead_letter")) {
        let help = "state one of `dead_letter_after` and `no_dead_letter`";
        problems.at(key, "the queue has a dead-letter queue already", help);
    }
}

fn receives(number: &LitInt) -> syn::Result<u32> {
    match number.base10_parse() {
        Ok(receives @ 1..=1_000) => Ok(receives),
        _ => Err(problem::at(
            number,
            "this is out of bounds",
            "a message moves to the dead-letter queue after 1 to 1000 receives",
        )),
    }
}
