//! SQS queues: their dead-letter queues, who may send to them, and what they subscribe to.

use saga_manifest::place::Place;
use saga_manifest::resource::{Queue, Subscription};

use super::condition::{HAS_KEY, unless};
use super::settings::Settings;
use super::stack::Stack;
use super::{arn, deleted, encryption, output, policy, refer, resource, tags};
use crate::checked::Resources;
use crate::logical_id;
use crate::permission::{Property, Resource};
use crate::yaml::{Yaml, list, map};

/// The longest time that SQS keeps a message, in seconds: 14 days.
const LONGEST_RETENTION: u32 = 1_209_600;

pub(super) fn add(queue: &Queue, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let place = &queue.place;
    let id = logical_id::queue(&queue.name);
    if refer(
        &queue.origin,
        &format!("the queue {}", queue.name),
        place,
        stack,
    ) {
        let dead_letters = queue.dead_letter_after.map(|receives| {
            let letters = format!("{id}DeadLetters");
            create(&letters, [], LONGEST_RETENTION, None, place, stack);
            let about = format!(
                "{} could not be worked off: messages lie in {letters}.",
                queue.name
            );
            stack.alarm(&letters, &about, place);
            ("RedrivePolicy", redrive(&letters, receives))
        });
        let visibility = ("VisibilityTimeout", queue.visibility_timeout_seconds.into());
        let own = std::iter::once(visibility).chain(dead_letters);
        let topics = topics(queue, resources);
        let senders = (!topics.is_empty()).then_some(("sns.amazonaws.com", topics));
        create(&id, own, queue.retention_seconds, senders, place, stack);
        let about = format!("URL of the queue {}.", queue.name);
        stack.output(
            format!("{id}Url"),
            output::output(&about, Yaml::reference(&id)),
        );
    }
    subscribe(queue, &id, resources, stack);
}

/// A queue for what an operator has to look at.
pub(super) struct Watched<'a> {
    pub(super) id: &'a str,
    /// What its alarm says.
    pub(super) alarm: &'a str,
    /// What its URL, an output of the stack, is said to be.
    pub(super) output: &'a str,
    /// The rules of EventBridge that its policy lets send to it; others send by their roles.
    pub(super) rules: Vec<Yaml>,
}

/// Adds the queue, with its alarm and its output.
pub(super) fn add_watched(queue: Watched<'_>, place: &Place, stack: &mut Stack<'_>) {
    let Watched {
        id,
        alarm,
        output,
        rules,
    } = queue;
    create(id, [], LONGEST_RETENTION, by_rules(rules), place, stack);
    stack.alarm(id, alarm, place);
    let url = output::output(output, Yaml::reference(id));
    stack.output(format!("{id}Url"), url);
}

/// Adds the queue that parking messages are sent to.
pub(super) fn add_parked(place: &Place, stack: &mut Stack<'_>) {
    let parked = Watched {
        id: logical_id::PARKED_QUEUE,
        alarm: "A saga waits for an operator: the messages in ParkedQueue say which, and how to go on.",
        output: "URL of the queue that says which sagas wait for an operator.",
        rules: Vec::new(),
    };
    add_watched(parked, place, stack);
    stack.watch_parked(logical_id::PARKED_QUEUE, place);
}

/// Adds a queue for events that rules could not hand over, or that a function failed on.
pub(super) fn add_dead_letters(
    id: &str,
    about: &str,
    rules: Vec<Yaml>,
    place: &Place,
    stack: &mut Stack<'_>,
) {
    let letters = Watched {
        id,
        alarm: &format!("{about} The events lie in {id}."),
        output: &format!("URL of the queue {id}."),
        rules,
    };
    add_watched(letters, place, stack);
}

/// Adds the queue that ends of executions are sent to which could not be delivered to a recovery: by these
/// rules, and nobody else.
pub(super) fn add_recovery_letters(rules: &[String], place: &Place, stack: &mut Stack<'_>) {
    let rules = rules.iter().map(|rule| Yaml::attribute(rule, "Arn"));
    let about = "Executions have ended that no recovery was started for. Start the recovery of each by hand, on the \
                 event as it is.";
    add_dead_letters(
        logical_id::RECOVERY_LETTERS,
        about,
        rules.collect(),
        place,
        stack,
    );
}

/// A service that sends to a queue by the queue's policy, and on whose behalf.
type Senders = (&'static str, Vec<Yaml>);

fn by_rules(rules: Vec<Yaml>) -> Option<Senders> {
    (!rules.is_empty()).then_some(("events.amazonaws.com", rules))
}

/// Adds a queue and its policy.
fn create(
    id: &str,
    own: impl IntoIterator<Item = (&'static str, Yaml)>,
    retention_seconds: u32,
    senders: Option<Senders>,
    place: &Place,
    stack: &mut Stack<'_>,
) {
    let queue = queue(own, retention_seconds, stack.options);
    stack.resource(id.to_owned(), queue, place);
    let policy = queue_policy(id, senders);
    stack.resource(format!("{id}Policy"), policy, place);
}

fn queue(
    own: impl IntoIterator<Item = (&'static str, Yaml)>,
    retention_seconds: u32,
    options: &Settings<'_>,
) -> Yaml {
    let rest = [
        ("MessageRetentionPeriod", retention_seconds.into()),
        ("KmsMasterKeyId", encryption::key()),
        ("SqsManagedSseEnabled", unless(HAS_KEY, true.into())),
        ("Tags", tags::as_list(options, None)),
    ];
    resource(
        "AWS::SQS::Queue",
        deleted(),
        map(own.into_iter().chain(rest)),
    )
}

fn redrive(dead_letters: &str, receives: u32) -> Yaml {
    map([
        ("deadLetterTargetArn", Yaml::attribute(dead_letters, "Arn")),
        ("maxReceiveCount", receives.into()),
    ])
}

/// The topics that a queue subscribes to.
fn topics(queue: &Queue, resources: &Resources<'_>) -> Vec<Yaml> {
    let topics = queue.subscriptions.iter().map(|subscription| {
        arn::property(
            Resource::Topic(&subscription.topic),
            Property::Arn,
            resources,
        )
    });
    topics.collect()
}

/// Adds the subscriptions. The policy of a queue that exists is its owner's, who lets the topics send.
fn subscribe(queue: &Queue, id: &str, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let queue_arn = arn::property(Resource::Queue(&queue.name), Property::Arn, resources);
    let topics = topics(queue, resources);
    for ((subscription, topic), number) in queue.subscriptions.iter().zip(topics).zip(1..) {
        let id = match queue.subscriptions.len() {
            1 => format!("{id}Subscription"),
            _ => format!("{id}Subscription{number}"),
        };
        stack.resource(
            id,
            subscribed(subscription, topic, queue_arn.clone()),
            &queue.place,
        );
    }
}

fn subscribed(subscription: &Subscription, topic: Yaml, queue: Yaml) -> Yaml {
    let mut properties = vec![
        ("Protocol", "sqs".into()),
        ("TopicArn", topic),
        ("Endpoint", queue),
        ("RawMessageDelivery", subscription.raw.into()),
    ];
    if !subscription.filters.is_empty() {
        let filters = subscription.filters.iter();
        let filters = filters.map(|filter| (&filter.attribute, list(&filter.any_of)));
        properties.push(("FilterPolicyScope", "MessageAttributes".into()));
        properties.push(("FilterPolicy", map(filters)));
    }
    resource("AWS::SNS::Subscription", [], map(properties))
}

/// The policy of a queue: over TLS only; and a service may send to it on behalf of these sources.
fn queue_policy(id: &str, senders: Option<Senders>) -> Yaml {
    let arn = Yaml::attribute(id, "Arn");
    let deliver = senders.map(|(service, sources)| deliver(service, sources, arn.clone()));
    let actions = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"];
    let encrypted = policy::deny_without_tls(actions, arn);
    let statements = deliver.into_iter().chain([encrypted]).collect();
    let properties = map([
        ("Queues", list([Yaml::reference(id)])),
        ("PolicyDocument", policy::document(statements)),
    ]);
    resource("AWS::SQS::QueuePolicy", [], properties)
}

fn deliver(service: &str, sources: Vec<Yaml>, queue: Yaml) -> Yaml {
    let sources = match <[Yaml; 1]>::try_from(sources) {
        Ok([source]) => source,
        Err(sources) => Yaml::List(sources),
    };
    map([
        ("Sid", "Deliver".into()),
        ("Effect", "Allow".into()),
        ("Principal", map([("Service", service.into())])),
        ("Action", "sqs:SendMessage".into()),
        ("Resource", queue),
        (
            "Condition",
            map([("ArnEquals", map([("aws:SourceArn", sources)]))]),
        ),
    ])
}
