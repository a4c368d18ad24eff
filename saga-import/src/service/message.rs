//! Messages to topics and queues.

use crate::call::Call;
use crate::data::Data;

/// The message to a topic, or why a saga publishes no such.
pub(crate) fn publish(sent: &Data) -> Result<Call, String> {
    let Data::Object(fields) = sent else {
        return Err("its request is made of the data as a whole".into());
    };
    only(
        fields,
        &["TopicArn", "Subject", "Message", "MessageAttributes"],
    )?;
    let topic = constant(sent, "TopicArn").ok_or("the data name its topic")?;
    let subject = match sent.field("Subject") {
        Data::Lost(_) => None,
        _ => Some(constant(sent, "Subject").ok_or("its subject is made of the data")?),
    };
    Ok(Call::Publish {
        topic,
        subject,
        message: sent.field("Message"),
        attributes: attributes(&sent.field("MessageAttributes"))?,
    })
}

/// The message to a queue, or why a saga sends no such.
pub(crate) fn send(sent: &Data) -> Result<Call, String> {
    let Data::Object(fields) = sent else {
        return Err("its request is made of the data as a whole".into());
    };
    only(fields, &["QueueUrl", "MessageBody"])?;
    Ok(Call::Send {
        queue: constant(sent, "QueueUrl").ok_or("the data name its queue")?,
        message: sent.field("MessageBody"),
    })
}

fn only(fields: &[(String, Data)], known: &[&str]) -> Result<(), String> {
    match fields
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        Some((other, _)) => Err(format!("a saga's message has no `{other}`")),
        None => Ok(()),
    }
}

fn constant(sent: &Data, field: &str) -> Option<String> {
    let constant = sent.field(field).constant()?;
    constant.as_str().map(str::to_owned)
}

/// What a message carries beside: texts.
fn attributes(sent: &Data) -> Result<Vec<(String, Data)>, String> {
    let fields = match sent {
        Data::Lost(_) => return Ok(Vec::new()),
        Data::Object(fields) => fields.clone(),
        Data::Literal(value) => {
            let fields = value.as_object().into_iter().flatten();
            fields
                .map(|(name, value)| (name.clone(), Data::Literal(value.clone())))
                .collect()
        }
        _ => return Err("its attributes are made of the data as a whole".into()),
    };
    let attributes = fields.into_iter().map(|(name, attribute)| {
        let is_text = constant(&attribute, "DataType").is_some_and(|of| of == "String");
        match (is_text, attribute.field("StringValue")) {
            (true, value) if !matches!(value, Data::Lost(_)) => Ok((name, value)),
            _ => Err(format!("its attribute `{name}` is no text")),
        }
    });
    attributes.collect()
}
