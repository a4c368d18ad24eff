//! Calls as expressions.

use std::fmt::Write as _;

use saga_asl::json::Value;

use super::{Input, Writer, pascal, snake};
use crate::call::Call;
use crate::data::Data;
use crate::types::{Field, Type, Types};

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
            Call::Send { queue, message } => self.send(name, queue, message, before),
            Call::Item(item) => self.item(name, item, own, before),
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
            Data::Row(task) => snake(task),
            Data::Attribute { task, name, .. } => {
                let (field, of) = self.types.attribute(task, name);
                let read = match of {
                    Type::Optional(_) => "and_then",
                    _ => "map",
                };
                format!("{}.{read}(|row| row.{field})", snake(task))
            }
            Data::List(items) => {
                let of = match self.types.of(data) {
                    Type::List(of) => *of,
                    _ => Type::Any,
                };
                let items: Vec<_> = items
                    .iter()
                    .map(|item| match item {
                        Data::Object(fields) => {
                            let literal = self.object(&of, fields, own, before);
                            bound("item", &format!("saga.data({literal})"), before)
                        }
                        item => self.value(item, own, before),
                    })
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

/// The variables of `define`.
const RESERVED: [&str; 2] = ["input", "saga"];

/// Binds an expression to a variable that comes before the call, and gives the variable.
pub(super) fn bound(wanted: &str, expression: &str, before: &mut String) -> String {
    let mut name = wanted.to_owned();
    if RESERVED.contains(&wanted) {
        name.push('_');
    }
    while before.contains(&format!("let {name} =")) {
        name.push('_');
    }
    writeln!(before, "let {name} = {expression};").unwrap_or_default();
    name
}
