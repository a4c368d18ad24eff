//! The query protocol, which SNS speaks: a form in, XML out.

use std::collections::BTreeMap;

use hyper::StatusCode;

use super::reply::Reply;
use crate::messaging::{Attributes, Error, MessageAttribute, Published};
use crate::services::Embedded;

type Form = BTreeMap<String, String>;

pub(super) fn answer(services: &Embedded, body: &[u8], now: i64) -> Reply {
    let form = form(&String::from_utf8_lossy(body));
    match form.get("Action").map(String::as_str) {
        Some("Publish") => match publish(services, &form, now) {
            Ok(id) => result("Publish", &format!("<MessageId>{id}</MessageId>")),
            Err(error) => failed(&error),
        },
        // Topics are declared, not created here: the action finds the one of this name.
        Some("CreateTopic") => match topic(services, &form) {
            Ok(arn) => result("CreateTopic", &format!("<TopicArn>{arn}</TopicArn>")),
            Err(error) => failed(&error),
        },
        Some(action) => Reply::unknown(&format!("`{action}`")),
        None => Reply::unknown("a request without an action"),
    }
}

fn publish(services: &Embedded, form: &Form, now: i64) -> Result<String, Error> {
    let topic = form
        .get("TopicArn")
        .or_else(|| form.get("TargetArn"))
        .cloned()
        .unwrap_or_default();
    let message = Published {
        message: form.get("Message").cloned().unwrap_or_default(),
        subject: form.get("Subject").cloned(),
        attributes: attributes(form),
    };
    services.lock().messaging.publish(&topic, &message, now)
}

fn attributes(form: &Form) -> Attributes {
    let entries = (1..).map_while(|index| {
        let field = |name: &str| form.get(&format!("MessageAttributes.entry.{index}.{name}"));
        let value = field("Value.StringValue").or_else(|| field("Value.BinaryValue"))?;
        let data_type = field("Value.DataType")?.clone();
        Some((
            field("Name")?.clone(),
            MessageAttribute {
                data_type,
                value: value.clone(),
            },
        ))
    });
    entries.collect()
}

fn topic(services: &Embedded, form: &Form) -> Result<String, Error> {
    let name = form.get("Name").map(String::as_str).unwrap_or_default();
    if services.lock().messaging.topics.contains_key(name) {
        Ok(crate::topic_arn(name))
    } else {
        Err(Error::no_topic(name))
    }
}

/// An action's answer.
fn result(action: &str, content: &str) -> Reply {
    let request = crate::identifier::random();
    let body = format!(
        "<{action}Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
         <{action}Result>{content}</{action}Result>\
         <ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata></{action}Response>"
    );
    Reply::xml(StatusCode::OK, body)
}

fn failed(error: &Error) -> Reply {
    let code = error.name.trim_end_matches("Exception");
    let message = error.message.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!(
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
         <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    );
    Reply::xml(StatusCode::BAD_REQUEST, body)
}

/// The fields of a form (`application/x-www-form-urlencoded`).
fn form(text: &str) -> Form {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| {
            let digits: Vec<u8> = rest.clone().take(2).collect();
            let digits = std::str::from_utf8(&digits).ok()?.to_owned();
            (digits.len() == 2).then(|| u8::from_str_radix(&digits, 16).ok())?
        });
        match (byte, escaped.flatten()) {
            (b'+', _) => bytes.push(b' '),
            (_, Some(escaped)) => {
                bytes.push(escaped);
                rest.next();
                rest.next();
            }
            (byte, None) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a+b%20c", "a b c"),
            ("%7B%22x%22%3A1%7D", "{\"x\":1}"),
            ("%C3%A9", "é"),
            ("100%", "100%"),
            ("%4", "%4"),
        ] {
            assert_eq!(decoded(text), expected);
        }
    }
}
