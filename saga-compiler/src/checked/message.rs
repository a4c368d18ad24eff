//! What SNS and SQS ask of messages.

use std::collections::BTreeSet;

use saga_manifest::place::Place;
use saga_manifest::task::{Attribute, Shape};

use super::{Channel, Message};
use crate::diagnostic::{Diagnostic, Report};

/// The attribute that carries a message's id, the same on every attempt to send it.
pub(crate) const MESSAGE_ID: &str = "saga_message_id";

/// The author's attributes at most: SQS takes ten, and SNS drops a message with more on its way to a
/// raw subscription; one is [`MESSAGE_ID`].
const MOST_ATTRIBUTES: usize = 9;

/// The longest subject, in characters (SNS API reference, `Publish`).
const LONGEST_SUBJECT: usize = 100;

/// Checks a call of SNS or SQS.
pub(super) fn check(message: &Message<'_>, owner: &str, place: &Place, report: &mut Report) {
    let mut checker = Checker {
        owner,
        place,
        report,
    };
    if let Channel::Topic {
        subject: Some(subject),
        ..
    } = message.to
    {
        checker.check_subject(subject);
    }
    checker.check_attributes(message.attributes);
}

struct Checker<'a> {
    owner: &'a str,
    place: &'a Place,
    report: &'a mut Report,
}

impl Checker<'_> {
    fn mistake(&mut self, message: String, help: impl Into<String>) {
        let mistake = Diagnostic::new(message, help);
        self.report.push(mistake.at(self.place, "this call"));
    }

    fn check_subject(&mut self, subject: &str) {
        let printable = subject.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        let starts = subject.starts_with(|c: char| c.is_ascii_graphic());
        if !printable || !starts || subject.len() > LONGEST_SUBJECT {
            let message = format!(
                "SNS does not take the subject `{subject}` of `{}`",
                self.owner
            );
            let help = "write 1 to 100 printable characters of ASCII, the first one no space";
            self.mistake(message, help);
        }
    }

    fn check_attributes(&mut self, attributes: &[Attribute]) {
        if attributes.len() > MOST_ATTRIBUTES {
            let message = format!(
                "the message of `{}` has {} attributes",
                self.owner,
                attributes.len()
            );
            self.mistake(message, "use up to 9, and put the rest into the message");
        }
        let mut names = BTreeSet::new();
        for attribute in attributes {
            self.check_attribute(attribute);
            if !names.insert(&attribute.name) {
                let message = format!(
                    "`{}` gives the attribute `{}` twice",
                    self.owner, attribute.name
                );
                self.mistake(message, "give it once");
            }
        }
    }

    fn check_attribute(&mut self, Attribute { name, shape, .. }: &Attribute) {
        if !is_name(name) || name == MESSAGE_ID {
            let message = format!("`{}` gives a message the attribute `{name}`", self.owner);
            let help = format!(
                "use letters, digits, `-`, `_` and single `.` inside, up to 256 characters, no \
                 prefix of AWS, and not `{MESSAGE_ID}`, which carries the message's id"
            );
            self.mistake(message, help);
        }
        let shape = match shape {
            Shape::Optional(shape) => shape,
            shape => shape,
        };
        if !matches!(shape, Shape::String | Shape::Number | Shape::Bool) {
            let message = format!(
                "the attribute `{name}` of `{}` is neither a string, a number nor a boolean",
                self.owner
            );
            self.mistake(message, "put structured data into the message");
        }
    }
}

/// The rules for names of message attributes (SQS developer guide, message metadata).
fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let legal = |c: char| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c);
    (1..=256).contains(&name.len())
        && name.chars().all(legal)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.")
}
