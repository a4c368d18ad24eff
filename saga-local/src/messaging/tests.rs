//! Queues, topics and buses in virtual time.

use serde_json::{Value, json};

use super::{
    Attributes, Bus, DeadLetters, FilterScope, MessageAttribute, Messaging, Published, Queue, Rule,
    Subscription, Target, Topic,
};
use crate::pattern::Pattern;

/// A queue `jobs` with a visibility timeout of 30 s and a retention of 60 s, which hands what was received
/// twice over to `dead`.
fn messaging() -> Messaging {
    let mut messaging = Messaging::default();
    let dead_letters = DeadLetters {
        queue: "dead".into(),
        after: 2,
    };
    messaging
        .queues
        .insert("jobs".into(), Queue::new(30, 60, Some(dead_letters)));
    messaging
        .queues
        .insert("dead".into(), Queue::new(30, 1_000, None));
    messaging
}

/// The bodies of what is received from a queue at a second.
fn receive(messaging: &mut Messaging, queue: &str, second: i64) -> Vec<String> {
    let received = messaging.receive(queue, 10, second * 1000).unwrap();
    received
        .into_iter()
        .map(|received| received.message.body)
        .collect()
}

#[test]
fn a_received_message_is_hidden_until_it_is_deleted_or_its_time_is_over() {
    let mut messaging = messaging();
    messaging
        .send("jobs", "a".into(), Attributes::new(), 0)
        .unwrap();
    let received = messaging.receive("jobs", 10, 0).unwrap();
    assert_eq!(receive(&mut messaging, "jobs", 29), [""; 0]);
    assert_eq!(messaging.queue("jobs").unwrap().counts(29_000), (0, 1));
    assert_eq!(receive(&mut messaging, "jobs", 30), ["a"]);
    assert!(
        !messaging
            .queue("jobs")
            .unwrap()
            .delete(&received[0].receipt),
        "an old receipt deletes"
    );
    let again = messaging.receive("dead", 10, 60_000).unwrap();
    assert!(again.is_empty());
}

#[test]
fn visibility_can_be_changed_by_receipt() {
    let mut messaging = messaging();
    messaging
        .send("jobs", "a".into(), Attributes::new(), 0)
        .unwrap();
    let received = messaging.receive("jobs", 10, 0).unwrap();
    let queue = messaging.queue("jobs").unwrap();
    assert!(queue.hide(&received[0].receipt, 5, 0));
    assert!(!queue.hide("another", 5, 0));
    assert_eq!(queue.counts(4_999), (0, 1));
    assert_eq!(queue.counts(5_000), (1, 0));
    assert!(queue.delete(&received[0].receipt));
    assert_eq!(queue.counts(5_000), (0, 0));
}

#[test]
fn what_was_received_too_often_goes_to_the_dead_letter_queue() {
    let mut messaging = messaging();
    messaging
        .send("jobs", "a".into(), Attributes::new(), 0)
        .unwrap();
    assert_eq!(receive(&mut messaging, "jobs", 0), ["a"]);
    assert_eq!(receive(&mut messaging, "jobs", 30), ["a"]);
    assert_eq!(receive(&mut messaging, "jobs", 60), [""; 0]);
    assert_eq!(receive(&mut messaging, "dead", 60), ["a"]);
}

#[test]
fn a_message_is_gone_after_its_retention() {
    let mut messaging = messaging();
    messaging
        .send("jobs", "old".into(), Attributes::new(), 0)
        .unwrap();
    messaging
        .send("jobs", "new".into(), Attributes::new(), 10_000)
        .unwrap();
    assert_eq!(receive(&mut messaging, "jobs", 61), ["new"]);
}

/// Whether a subscription with this policy gets the message.
#[track_caller]
fn check(scope: FilterScope, policy: Value, message: &str, attributes: Value, expected: bool) {
    let mut messaging = messaging();
    let subscription = Subscription {
        queue: "jobs".into(),
        raw: true,
        filter: Some(Pattern::read(&policy).unwrap()),
        scope,
    };
    messaging.topics.insert(
        "orders".into(),
        Topic {
            subscriptions: vec![subscription],
        },
    );
    let published = Published {
        message: message.into(),
        subject: None,
        attributes: MessageAttribute::read_all(Some(&attributes)).unwrap(),
    };
    messaging
        .publish("arn:aws:sns:us-east-1:123456789012:orders", &published, 0)
        .unwrap();
    let got = receive(&mut messaging, "jobs", 0);
    assert_eq!(
        got.len(),
        usize::from(expected),
        "{policy} {message} {attributes}"
    );
}

#[test]
fn a_filter_policy_looks_at_attributes_by_their_type_or_at_the_body() {
    use FilterScope::{MessageAttributes, MessageBody};
    let text = |value: &str| json!({ "a": { "DataType": "String", "StringValue": value } });
    let number = |value: &str| json!({ "a": { "DataType": "Number", "StringValue": value } });
    let array = json!({ "a": { "DataType": "String.Array", "StringValue": "[\"x\", 2, true]" } });
    check(
        MessageAttributes,
        json!({ "a": ["x"] }),
        "{}",
        text("x"),
        true,
    );
    check(
        MessageAttributes,
        json!({ "a": ["x"] }),
        "{}",
        text("y"),
        false,
    );
    check(
        MessageAttributes,
        json!({ "a": ["x"] }),
        "{\"a\": \"x\"}",
        json!({}),
        false,
    );
    check(
        MessageAttributes,
        json!({ "a": [{ "numeric": [">=", 1] }] }),
        "{}",
        number("1.0"),
        true,
    );
    check(
        MessageAttributes,
        json!({ "a": [{ "numeric": [">=", 1] }] }),
        "{}",
        text("1"),
        false,
    );
    check(
        MessageAttributes,
        json!({ "a": [2] }),
        "{}",
        array.clone(),
        true,
    );
    check(MessageAttributes, json!({ "a": ["z"] }), "{}", array, false);
    check(
        MessageAttributes,
        json!({ "a": [{ "exists": false }] }),
        "{}",
        json!({}),
        true,
    );
    check(
        MessageBody,
        json!({ "a": { "b": ["x"] } }),
        "{\"a\": {\"b\": \"x\"}}",
        json!({}),
        true,
    );
    check(MessageBody, json!({ "a": ["x"] }), "{}", text("x"), false);
    check(
        MessageBody,
        json!({ "a": [{ "exists": false }] }),
        "no JSON",
        json!({}),
        false,
    );
}

#[test]
fn a_rule_sends_the_events_that_match_to_its_targets() {
    let mut messaging = messaging();
    let pattern =
        json!({ "source": ["com.order"], "detail": { "total": [{ "numeric": [">", 10] }] } });
    let rule = Rule {
        pattern: Pattern::read(&pattern).unwrap(),
        targets: vec![Target::Queue("jobs".into()), Target::Queue("dead".into())],
    };
    messaging
        .buses
        .insert("default".into(), Bus { rules: vec![rule] });
    for (source, total) in [("com.order", 11), ("com.order", 10), ("com.payment", 11)] {
        let event = json!({
            "Source": source, "DetailType": "CreateOrder", "Detail": json!({ "total": total }).to_string(),
        });
        messaging.put_event("default", &event, 0).unwrap();
    }
    let (jobs, dead) = (
        receive(&mut messaging, "jobs", 0),
        receive(&mut messaging, "dead", 0),
    );
    assert_eq!((jobs.len(), &jobs), (1, &dead));
    let event: Value = serde_json::from_str(&jobs[0]).unwrap();
    assert_eq!(event["detail-type"], "CreateOrder");
    assert_eq!(event["detail"], json!({ "total": 11 }));
    assert_eq!(event["time"], "1970-01-01T00:00:00.000Z");
    let missing = messaging.put_event("other", &json!({}), 0).unwrap_err();
    assert_eq!(missing.to_string(), "Event bus other does not exist.");
}
