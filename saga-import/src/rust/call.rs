//! Calls as expressions.

use std::fmt::Write as _;

use saga_asl::json::Value;

use super::{Input, Writer, pascal, snake};
use crate::call::Call;
use crate::data::Data;
use crate::types::{Field, Type, Types};

/// The topics that are published to.
#[derive(Debug, Default)]
pub(super) struct Topics(Vec<Topic>);

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
            let existing = match arn.strip_prefix("arn:") {
                Some(_) if !arn.contains("${") => format!("arn = {arn:?}"),
                _ => format!("parameter = {:?}", parameter(arn)),
            };
            write!(
                text,
                "/// The topic that is there already.\n#[derive(SagaTopic)]\n#[topic(message = {message}, {attributes}existing({existing}))]\npub struct {name};\n"
            )
            .unwrap_or_default();
        }
        text
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

/// What a resource is called where its ARN says it.
fn resource_name(arn: &str) -> String {
    let last = arn.rsplit([':', '/']).next().unwrap_or_default();
    let name = pascal(last);
    name.strip_suffix("Arn")
        .map_or_else(|| name.clone(), str::to_owned)
}

impl Writer<'_> {
    /// A call as an expression. What has to be made before it goes to `before`. `own` is the step that the call undoes.
    pub(super) fn written(
        &mut self,
        name: &str,
        call: &Call,
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        match call {
            Call::Handler { input, .. } => {
                let handler = self
                    .handlers
                    .get(name)
                    .cloned()
                    .unwrap_or_else(|| pascal(name));
                match input.settled().0 {
                    Some(Data::Object(fields)) if !fields.is_empty() => {
                        let of = match self.inputs.get(name) {
                            Some(Input::Fields(of)) => of.clone(),
                            _ => Vec::new(),
                        };
                        let fields = self.fields(&fields, &of, own, before);
                        format!("{handler}Ref {{ {fields} }}")
                    }
                    None | Some(Data::Object(_)) => format!("{handler}Ref"),
                    Some(data) => format!("{handler}Ref({})", self.value(&data, own, before)),
                }
            }
            Call::Publish {
                topic,
                subject,
                message,
                attributes,
            } => self.publish(name, topic, subject.as_deref(), message, attributes, before),
        }
    }

    fn fields(
        &mut self,
        fields: &[(String, Data)],
        of: &[Field],
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let mut text = String::new();
        for (json, data) in fields {
            let found = of.iter().find(|field| field.json == *json);
            let (rust, of) = found.map_or_else(
                || (snake(json), Type::Any),
                |field| (field.rust.clone(), field.of.clone()),
            );
            let value = match data {
                Data::Object(inner) if data.constant().is_none() => {
                    let literal = self.object(&of, inner, own, before);
                    bound(&rust, &format!("saga.data({literal})"), before)
                }
                data => self.value(data, own, before),
            };
            match value == rust {
                true => write!(text, "{rust}, "),
                false => write!(text, "{rust}: {value}, "),
            }
            .unwrap_or_default();
        }
        text
    }

    /// The literal of a struct.
    pub(super) fn object(
        &mut self,
        of: &Type,
        fields: &[(String, Data)],
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let known = match of {
            Type::Named(name) => self.types.get(name).map(|known| known.fields.clone()),
            _ => None,
        };
        let fields = self.fields(fields, &known.unwrap_or_default(), own, before);
        format!("{of}Ref {{ {fields} }}")
    }

    /// A value that is no object of references.
    pub(super) fn value(&mut self, data: &Data, own: Option<&str>, before: &mut String) -> String {
        if let Some(constant) = data.constant() {
            return constant_of(&constant, before);
        }
        match data {
            Data::SagaId => bound("saga_id", "saga.id()", before),
            Data::List(items) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| self.value(item, own, before))
                    .collect();
                bound(
                    "list",
                    &format!("saga.list([{}])", items.join(", ")),
                    before,
                )
            }
            data => {
                let (root, mut of) = self.root(data);
                let mut path = String::new();
                for json in Types::path(data) {
                    let (rust, inner) = self.types.field(&of, &json);
                    write!(path, ".{rust}").unwrap_or_default();
                    of = inner;
                }
                match own {
                    Some(own) if data.reads(own) && !path.is_empty() => {
                        format!("{root}.map(|{root}| {root}{path})")
                    }
                    _ => format!("{root}{path}"),
                }
            }
        }
    }

    /// The variable that a reading begins at, and its type.
    fn root(&self, data: &Data) -> (String, Type) {
        let mut data = data;
        while let Data::Field(of, _) = data {
            data = of;
        }
        match data {
            Data::Output(task) => (snake(task), self.types.output_of(task)),
            Data::Item(map) => (snake(map), self.types.of(data)),
            _ => ("input".to_owned(), self.types.input()),
        }
    }

    fn publish(
        &mut self,
        name: &str,
        arn: &str,
        subject: Option<&str>,
        message: &Data,
        attributes: &[(String, Data)],
        before: &mut String,
    ) -> String {
        let message = message.settled().0.unwrap_or(Data::Object(Vec::new()));
        let doc = format!("What `{name}` tells.");
        let of = match (message.constant(), self.carried_already(arn, &message)) {
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
                bound(
                    "text",
                    &format!("saga.value(&{:?}.to_owned())", text.unwrap_or_default()),
                    before,
                )
            }
            data => self.value(data, None, before),
        };
        let (topic, carried) = self.topic(arn, of, attributes);
        let attributes = match &carried {
            None => "()".to_owned(),
            Some(of) => self.object(&Type::Named(of.clone()), attributes, None, before),
        };
        let named = format!(".named({name:?})");
        match subject {
            Some(subject) => format!(
                "{topic}::publish_with_subject({subject:?}, {message}, {attributes}){named}"
            ),
            None => format!("{topic}::publish({message}, {attributes}){named}"),
        }
    }

    /// The type of a topic's messages that an object of references fits.
    fn carried_already(&self, arn: &str, message: &Data) -> Option<Type> {
        let Data::Object(fields) = message else {
            return None;
        };
        let fits = |of: &Type| {
            let Type::Named(name) = of else { return false };
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
        };
        let topics = self.topics.0.iter().filter(|topic| topic.arn == arn);
        topics
            .map(|topic| &topic.message)
            .find(|of| fits(of))
            .cloned()
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

/// A constant as an expression.
fn constant_of(constant: &Value, before: &mut String) -> String {
    match constant {
        Value::String(text) => format!("{text:?}.into()"),
        Value::Bool(value) => format!("{value}.into()"),
        Value::Number(number) if number.as_i64().is_some() => {
            format!("{}.into()", number.as_i64().unwrap_or_default())
        }
        Value::Number(number) => format!("{:?}.into()", number.as_f64()),
        json => {
            let json = json.to_pretty();
            bound(
                "constant",
                &format!("saga.value(&serde_json::json!({json}))"),
                before,
            )
        }
    }
}

/// Binds an expression to a variable that comes before the call, and gives the variable.
pub(super) fn bound(wanted: &str, expression: &str, before: &mut String) -> String {
    let mut name = wanted.to_owned();
    while before.contains(&format!("let {name} =")) {
        name.push('_');
    }
    writeln!(before, "let {name} = {expression};").unwrap_or_default();
    name
}
