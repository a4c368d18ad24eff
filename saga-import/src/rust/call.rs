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
                    self.bound(&rust, &format!("saga.data({literal})"), before)
                }
                Data::List(items) if data.constant().is_none() => {
                    self.list(items, &of, own, before)
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
            return self.constant_of(&constant, before);
        }
        match data {
            Data::SagaId => self.bound("saga_id", "saga.id()", before),
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
                let of = self.types.of(data);
                self.list(items, &of, own, before)
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

    /// A list, of which something is read.
    pub(super) fn list(
        &mut self,
        items: &[Data],
        of: &Type,
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let any = Type::Any;
        let of = match of {
            Type::List(of) => of.as_ref(),
            _ => &any,
        };
        let mut written = Vec::with_capacity(items.len());
        for item in items {
            written.push(match (item, item.constant()) {
                (_, Some(constant)) if *of == any => {
                    let json = format!("saga.value(&serde_json::json!({}))", constant.to_pretty());
                    self.bound("constant", &json, before)
                }
                (Data::Object(fields), None) => {
                    let literal = self.object(of, fields, own, before);
                    self.bound("item", &format!("saga.data({literal})"), before)
                }
                (item, _) => {
                    let found = self.types.of(item);
                    if found != *of {
                        let message =
                            format!("a list holds values of different types: `{of}` and `{found}`");
                        self.types.conflicts.push((String::new(), message));
                    }
                    self.value(item, own, before)
                }
            });
        }
        let list = format!("saga.list([{}])", written.join(", "));
        self.bound("list", &list, before)
    }

    /// A constant as an expression.
    fn constant_of(&self, constant: &Value, before: &mut String) -> String {
        match constant {
            Value::String(text) => format!("{text:?}.into()"),
            Value::Bool(value) => format!("{value}.into()"),
            Value::Number(number) if number.as_i64().is_some() => {
                format!("{}.into()", number.as_i64().unwrap_or_default())
            }
            Value::Number(number) => format!("{:?}.into()", number.as_f64()),
            Value::Array(items) if items.is_empty() => {
                self.bound("constant", "saga.value(&Vec::<Value>::new())", before)
            }
            Value::Array(items) => {
                let alike = self.types.of(&Data::Literal(constant.clone()));
                let made = match alike {
                    Type::List(of) if *of != Type::Any => {
                        let items = items.iter().map(|item| self.constant_of(item, before));
                        format!("saga.list([{}])", items.collect::<Vec<_>>().join(", "))
                    }
                    _ => {
                        let json =
                            |item: &Value| format!("serde_json::json!({})", item.to_pretty());
                        let items: Vec<_> = items.iter().map(json).collect();
                        format!("saga.value(&vec![{}])", items.join(", "))
                    }
                };
                self.bound("constant", &made, before)
            }
            json => {
                let json = json.to_pretty();
                let made = format!("saga.value(&serde_json::json!({json}))");
                self.bound("constant", &made, before)
            }
        }
    }

    /// Binds an expression to a variable that comes before the call, and gives the variable.
    pub(super) fn bound(&self, wanted: &str, expression: &str, before: &mut String) -> String {
        let mut name = wanted.to_owned();
        while self.variables.contains(&name) || before.contains(&format!("let {name} =")) {
            name.push('_');
        }
        writeln!(before, "let {name} = {expression};").unwrap_or_default();
        name
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
