//! `sns:publish` and `sqs:sendMessage`: messages with an id that is the same on every attempt.

use saga_asl::json::{Object, Value, object};
use saga_manifest::expr::Expr;
use saga_manifest::task::{Attribute, Shape};

use super::request::{Frame, Request};
use crate::checked::message::MESSAGE_ID;
use crate::checked::{Channel, Message};
use crate::jsonata::{Scope, Term, attribute, delimited, template, value};
use crate::permission::Uses;

pub(super) fn request<'s>(message: Message<'s>, frame: Frame<'_>, uses: &mut Uses<'s>) -> Request {
    let resource = match message.to {
        Channel::Topic { .. } => "arn:aws:states:::sns:publish",
        Channel::Queue(_) => "arn:aws:states:::sqs:sendMessage",
    };
    let (mut arguments, body) = to(message.to, uses);
    arguments.insert(body.into(), text(message.body, frame));
    arguments.insert(
        "MessageAttributes".into(),
        attributes(message.attributes, frame),
    );
    Request {
        resource,
        arguments: arguments.into(),
        output: Value::Null,
    }
}

/// Whom a message goes to, and the name of the argument that is its body.
pub(super) fn to<'s>(channel: Channel<'s>, uses: &mut Uses<'s>) -> (Object, &'static str) {
    let mut arguments = Object::new();
    let body = match channel {
        Channel::Topic { topic, subject } => {
            arguments.insert("TopicArn".into(), uses.topic(topic).into());
            let subject = subject.map(template::string);
            arguments.extend(subject.map(|subject| ("Subject".into(), subject)));
            "Message"
        }
        Channel::Queue(queue) => {
            arguments.insert("QueueUrl".into(), uses.queue(queue).into());
            "MessageBody"
        }
    };
    (arguments, body)
}

/// The message as JSON text.
fn text(message: &Expr, frame: Frame<'_>) -> Value {
    delimited(value::json_text(message, frame.scope))
}

/// The id of an effect: the saga's, the item that it is for, and what it is in the saga.
pub(super) fn effect_id(effect: &str, item: Option<&Term>, scope: Scope<'_>) -> Term {
    let id = scope.saga_id();
    let below = match item {
        Some(item) => id.operator("&", &Term::string("/")).operator("&", item),
        None => id,
    };
    match scope.plain_instance(effect) {
        Some(effect) => below.operator("&", &Term::string(&format!("/{effect}"))),
        None => {
            let below = below.operator("&", &Term::string("/"));
            below.operator("&", &scope.instance(effect))
        }
    }
}

/// The author's attributes and the message's id. One whose value is null is left out.
pub(super) fn attributes(attributes: &[Attribute], frame: Frame<'_>) -> Value {
    let id = effect_id(frame.effect, frame.item, frame.scope);
    let optional =
        |a: &Attribute| matches!(a.shape, Shape::Optional(_)) && value::may_be_null(&a.value);
    if attributes.iter().any(optional) {
        let fields = attributes
            .iter()
            .map(|a| (a.name.as_str(), term(a, frame.scope)));
        let id = Term::object([("DataType", Term::string("String")), ("StringValue", id)]);
        return delimited(Term::object(fields.chain([(MESSAGE_ID, id)])));
    }
    let id = object([
        ("DataType", "String".into()),
        ("StringValue", delimited(id)),
    ]);
    let fields = attributes
        .iter()
        .map(|a| (a.name.as_str(), json(a, frame.scope)));
    object(fields.chain([(MESSAGE_ID, id)]))
}

fn json(attribute: &Attribute, scope: Scope<'_>) -> Value {
    let text = match inner(&attribute.shape) {
        Shape::String => template::template(&attribute.value, scope),
        _ => attribute::number(&attribute.value, scope),
    };
    object([
        ("DataType", data_type(&attribute.shape).into()),
        ("StringValue", text),
    ])
}

fn term(attribute: &Attribute, scope: Scope<'_>) -> Term {
    let typed = |value: &Term| {
        let text = match inner(&attribute.shape) {
            Shape::String => value.clone(),
            _ => Term::call("$string", value),
        };
        let data_type = Term::string(data_type(&attribute.shape));
        Term::object([("DataType", data_type), ("StringValue", text)])
    };
    value::value(&attribute.value, scope).bind(|value| match attribute.shape {
        Shape::Optional(_) => Term::only_if(&value.is_present(), &typed(value)),
        _ => typed(value),
    })
}

fn inner(shape: &Shape) -> &Shape {
    match shape {
        Shape::Optional(shape) => shape,
        shape => shape,
    }
}

/// The type that SNS and SQS have for a shape. A boolean is the string `true` or `false`.
fn data_type(shape: &Shape) -> &'static str {
    match inner(shape) {
        Shape::Number => "Number",
        _ => "String",
    }
}
