//! Messages to topics and queues.

use std::fmt::Write as _;

use super::{Writer, pascal};
use crate::data::Data;
use crate::types::Type;

/// The topics that are published to.
#[derive(Debug, Default)]
pub(super) struct Topics(Vec<Topic>);

/// The queues that are sent to.
#[derive(Debug, Default)]
pub(super) struct Queues(Vec<Queue>);

#[derive(Debug)]
struct Queue {
    name: String,
    url: String,
    message: Type,
}

#[derive(Debug)]
struct Topic {
    name: String,
    arn: String,
    message: Type,
    attributes: Option<String>,
}

impl Topics {
    pub(super) fn print(&self) -> String {
        let mut text = String::new();
        for topic in &self.0 {
            let Topic {
                name,
                arn,
                message,
                attributes,
            } = topic;
            let attributes = attributes
                .as_ref()
                .map_or_else(String::new, |name| format!("attributes = {name}, "));
            let existing = existing(arn);
            write!(
                text,
                "/// The topic that is there already.\n#[derive(SagaTopic)]\n#[topic(message = {message}, {attributes}existing({existing}))]\npub struct {name};\n"
            )
            .unwrap_or_default();
        }
        text
    }
}

impl Queues {
    pub(super) fn print(&self) -> String {
        let mut text = String::new();
        for Queue { name, url, message } in &self.0 {
            let existing = existing(&queue_arn(url).unwrap_or_else(|| url.clone()));
            write!(
                text,
                "/// The queue that is there already.\n#[derive(SagaQueue)]\n#[queue(message = {message}, existing({existing}))]\npub struct {name};\n"
            )
            .unwrap_or_default();
        }
        text
    }
}

/// The ARN in a queue's URL: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` (SQS developer guide, "Queue and message
/// identifiers").
fn queue_arn(url: &str) -> Option<String> {
    let (region, path) = url
        .strip_prefix("https://sqs.")?
        .split_once(".amazonaws.com/")?;
    let (account, name) = path.split_once('/')?;
    let plain = |part: &str| !part.contains("${");
    [region, account, name]
        .into_iter()
        .all(plain)
        .then(|| format!("arn:aws:sqs:{region}:{account}:{name}"))
}

/// Where what is there already is: at an ARN, or at what a parameter of the template says.
pub(super) fn existing(arn: &str) -> String {
    match arn.strip_prefix("arn:") {
        Some(_) if !arn.contains("${") => format!("arn = {arn:?}"),
        _ => format!("parameter = {:?}", parameter(arn)),
    }
}

/// The template's parameter that gives the ARN of what `${…}` stands for.
fn parameter(arn: &str) -> String {
    let name = pascal(arn);
    if name.ends_with("Arn") {
        name
    } else {
        format!("{name}Arn")
    }
}

/// What a resource is called where its ARN or URL says it.
pub(super) fn resource_name(arn: &str) -> String {
    let last = arn.rsplit([':', '/']).next().unwrap_or_default();
    let name = pascal(last);
    ["Arn", "Url", "Name"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|rest| !rest.is_empty())
        .map_or_else(|| name.clone(), str::to_owned)
}

impl Writer<'_> {
    pub(super) fn publish(
        &mut self,
        name: &str,
        arn: &str,
        subject: Option<&str>,
        message: &Data,
        attributes: &[(String, Data)],
        before: &mut String,
    ) -> String {
        let known = self.topics.0.iter().filter(|topic| topic.arn == arn);
        let known = known.map(|topic| topic.message.clone()).collect();
        let (of, message) = self.message(name, message, known, before);
        let (topic, carried) = self.topic(arn, of, attributes);
        let publish = match &carried {
            None => format!("publish({message})"),
            Some(of) => {
                let attributes = self.object(&Type::Named(of.clone()), attributes, None, before);
                format!("publish_with({message}, {attributes})")
            }
        };
        let step = format!("saga_dsl::integration::sns::Publish<{topic}>");
        self.direct.insert(name.to_owned(), step);
        let subject = subject.map_or_else(String::new, |text| format!(".subject({text:?})"));
        format!("{topic}::{publish}{subject}.named({name:?})")
    }

    pub(super) fn send(
        &mut self,
        name: &str,
        url: &str,
        message: &Data,
        before: &mut String,
    ) -> String {
        let known = self.queues.0.iter().filter(|queue| queue.url == url);
        let known = known.map(|queue| queue.message.clone()).collect();
        let (of, message) = self.message(name, message, known, before);
        let same = self
            .queues
            .0
            .iter()
            .find(|queue| queue.url == url && queue.message == of);
        let queue = match same {
            Some(queue) => queue.name.clone(),
            None => {
                let name = self.types.name(&resource_name(url));
                self.queues.0.push(Queue {
                    name: name.clone(),
                    url: url.to_owned(),
                    message: of,
                });
                name
            }
        };
        let step = format!("saga_dsl::integration::sqs::Send<{queue}>");
        self.direct.insert(name.to_owned(), step);
        format!("{queue}::send({message}).named({name:?})")
    }

    /// A message's type, one of those that are known where it fits, and the message as an expression.
    fn message(
        &mut self,
        name: &str,
        message: &Data,
        known: Vec<Type>,
        before: &mut String,
    ) -> (Type, String) {
        let message = message.settled().0.unwrap_or(Data::Object(Vec::new()));
        let doc = format!("What `{name}` tells.");
        let known = known.into_iter().find(|of| self.fits(of, &message));
        let of = match (message.constant(), known) {
            (Some(constant), _) => self.types.of(&Data::Literal(constant)),
            (None, Some(known)) => known,
            (None, None) => self.typed(&message, &format!("{}Message", pascal(name)), &doc, None),
        };
        let message = match &message {
            Data::Object(fields) if message.constant().is_none() => {
                self.object(&of, fields, None, before)
            }
            data if of == Type::Text && data.constant().is_some() => {
                let text = data
                    .constant()
                    .and_then(|value| value.as_str().map(str::to_owned));
                self.bound(
                    "text",
                    &format!("saga.value(&{:?}.to_owned())", text.unwrap_or_default()),
                    before,
                )
            }
            data => self.value(data, None, before),
        };
        (of, message)
    }

    /// Whether an object of references is of a struct.
    fn fits(&self, of: &Type, message: &Data) -> bool {
        let (Data::Object(fields), Type::Named(name)) = (message, of) else {
            return false;
        };
        self.types.get(name).is_some_and(|known| {
            known.fields.len() == fields.len()
                && known
                    .fields
                    .iter()
                    .zip(fields)
                    .all(|(known, (json, data))| {
                        known.json == *json
                            && !matches!(data, Data::Object(_))
                            && known.of == self.types.of(data)
                    })
        })
    }

    /// The topic of an ARN whose messages are of a type, and the type of what they carry beside.
    fn topic(
        &mut self,
        arn: &str,
        message: Type,
        attributes: &[(String, Data)],
    ) -> (String, Option<String>) {
        let carries = |topic: &Topic| match &topic.attributes {
            None => attributes.is_empty(),
            Some(name) => self.types.get(name).is_some_and(|known| {
                let names = known.fields.iter().map(|field| &field.json);
                names.eq(attributes.iter().map(|(name, _)| name))
            }),
        };
        let known = self
            .topics
            .0
            .iter()
            .find(|topic| topic.arn == arn && topic.message == message && carries(topic));
        if let Some(topic) = known {
            return (topic.name.clone(), topic.attributes.clone());
        }
        let name = self.types.name(&resource_name(arn));
        let carried = (!attributes.is_empty()).then(|| {
            let of = self.types.name(&format!("{name}Attributes"));
            let fields = attributes
                .iter()
                .map(|(name, _)| (name.clone(), Type::Text))
                .collect();
            self.types
                .add(of.clone(), "What subscribers filter on.".into(), fields);
            of
        });
        self.topics.0.push(Topic {
            name: name.clone(),
            arn: arn.to_owned(),
            message,
            attributes: carried.clone(),
        });
        (name, carried)
    }
}
