//! Payload templates and paths, in both query languages, as data.

use std::collections::BTreeMap;

use saga_asl::json::{Number, Value};
use saga_asl::jsonata::{self, Kind};
use saga_asl::jsonpath::{Path, Root, Segment};
use saga_asl::model::QueryLanguage;

use crate::data::Data;
use crate::refusal::Refused;

/// What expressions may read.
#[derive(Clone, Debug)]
pub(crate) struct Env {
    /// What a state is handed.
    pub(crate) payload: Data,
    pub(crate) variables: BTreeMap<String, Data>,
}

/// What an expression of a state reads: its input, and, once there is one, its result.
pub(crate) struct Reads<'e> {
    pub(crate) language: QueryLanguage,
    /// JSONPath's `$`, JSONata's `$states.input`.
    pub(crate) input: &'e Data,
    /// JSONata's `$states.result`.
    pub(crate) result: Option<&'e Data>,
    /// The item that a Map is at, where its payload is made.
    pub(crate) item: Option<&'e Data>,
    pub(crate) variables: &'e BTreeMap<String, Data>,
}

const HANDLER: &str = "let the step's handler compute it, and read what it answers";
const ERROR: Data = Data::Lost("the error that was caught");
const CONTEXT: Data = Data::Lost("what the context object holds");

impl Reads<'_> {
    /// A template's value.
    pub(crate) fn value(&self, template: &Value) -> Result<Data, Refused> {
        match template {
            Value::Object(fields) => {
                let mut made = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    let (name, value) = match name.strip_suffix(".$") {
                        Some(plain) if self.language == QueryLanguage::JsonPath => {
                            let text = value.as_str().unwrap_or_default();
                            (
                                plain,
                                self.path(text).map_err(|refused| refused.within(name)),
                            )
                        }
                        _ => (
                            name.as_str(),
                            self.value(value).map_err(|refused| refused.within(name)),
                        ),
                    };
                    made.push((name.to_owned(), value?));
                }
                Ok(Data::Object(made))
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Ok(literal_list(items.collect::<Result<_, _>>()?))
            }
            Value::String(text) if self.language == QueryLanguage::JsonAta => {
                match jsonata::expression(text) {
                    Some((_, expression)) => self.expression(expression),
                    None => Ok(Data::Literal(template.clone())),
                }
            }
            plain => Ok(Data::Literal(plain.clone())),
        }
    }

    /// What a JSONPath reads.
    pub(crate) fn path(&self, text: &str) -> Result<Data, Refused> {
        if text.starts_with("States.") {
            let message =
                format!("`{text}` is computed, and a saga computes nothing between its steps");
            return Err(Refused::new("", message, HANDLER));
        }
        let path = Path::parse(text).map_err(|_| {
            Refused::new(
                "",
                format!("`{text}` is no path"),
                "`saga-cli validate` says what is wrong with it",
            )
        })?;
        let names = names(&path)?;
        Ok(match path.root() {
            Root::Input => self.input.at(&names),
            Root::Variable(name) => self.variable(name)?.at(&names),
            Root::Context => self.context(&names),
            Root::Item => CONTEXT,
        })
    }

    fn variable(&self, name: &str) -> Result<&Data, Refused> {
        self.variables.get(name).ok_or_else(|| {
            Refused::new(
                "",
                format!("`${name}` is not assigned on the way to here"),
                "assign it on every way, or read the step's own answer",
            )
        })
    }

    fn context(&self, names: &[String]) -> Data {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["Execution", "Id"] => Data::SagaId,
            ["Execution", "Input", rest @ ..] => {
                rest.iter().fold(Data::Input, |data, name| data.field(name))
            }
            ["Map", "Item", "Value", rest @ ..] => {
                let item = self.item.unwrap_or(&CONTEXT).clone();
                rest.iter().fold(item, |data, name| data.field(name))
            }
            _ => CONTEXT,
        }
    }

    /// What a JSONata expression gives, where it only reads and puts together.
    pub(crate) fn expression(&self, text: &str) -> Result<Data, Refused> {
        let tree = jsonata::parse(text).map_err(|_| {
            Refused::new(
                "",
                format!("`{text}` is no JSONata"),
                "`saga-cli validate` says what is wrong with it",
            )
        })?;
        self.node(&tree).map_err(|mut refused| {
            if refused.message.is_empty() {
                refused.message =
                    format!("`{text}` computes, and a saga computes nothing between its steps");
            }
            refused
        })
    }

    pub(crate) fn node(&self, node: &jsonata::Node) -> Result<Data, Refused> {
        match &node.kind {
            Kind::String(text) => Ok(Data::Literal(text.as_str().into())),
            Kind::Number(number) => {
                let number = Number::parse(&number.to_string());
                number
                    .map(|number| Data::Literal(Value::Number(number)))
                    .ok_or_else(computes)
            }
            Kind::Constant(text) => match text.as_str() {
                "true" => Ok(Data::Literal(true.into())),
                "false" => Ok(Data::Literal(false.into())),
                "null" => Ok(Data::Literal(Value::Null)),
                _ => Err(computes()),
            },
            Kind::Object(fields) => {
                let made = fields.iter().map(|(name, value)| match &name.kind {
                    Kind::String(name) => Ok((name.clone(), self.node(value)?)),
                    _ => Err(computes()),
                });
                Ok(Data::Object(made.collect::<Result<_, _>>()?))
            }
            Kind::Array(items) => {
                let items = items.iter().map(|item| self.node(item));
                Ok(literal_list(items.collect::<Result<_, _>>()?))
            }
            Kind::Block(parts) => match parts.as_slice() {
                [only] => self.node(only),
                _ => Err(computes()),
            },
            // A message is sent as JSON either way.
            Kind::Call(function, arguments) => match (&function.kind, arguments.as_slice()) {
                (Kind::Variable(name), [only]) if name == "string" => self.node(only),
                _ => Err(computes()),
            },
            Kind::Variable(_) | Kind::Path(..) => self.reading(node),
            _ => Err(computes()),
        }
    }

    /// `$states.input.a.b`, `$order.id`
    fn reading(&self, node: &jsonata::Node) -> Result<Data, Refused> {
        let mut names = Vec::new();
        let mut node = node;
        while let Kind::Path(left, right) = &node.kind {
            match &right.kind {
                Kind::Name(name) | Kind::String(name) => names.insert(0, name.clone()),
                _ => return Err(computes()),
            }
            node = left;
        }
        let Kind::Variable(root) = &node.kind else {
            return Err(computes());
        };
        if root != "states" {
            return Ok(self.variable(root)?.at(&names));
        }
        let rest = names.get(1..).unwrap_or_default();
        match names.first().map(String::as_str) {
            Some("input") => Ok(self.input.at(rest)),
            Some("result") => Ok(self.result.unwrap_or(&CONTEXT).at(rest)),
            Some("errorOutput") => Ok(ERROR),
            Some("context") => Ok(self.context(rest)),
            _ => Err(computes()),
        }
    }
}

/// Said in full by whoever knows the whole expression.
fn computes() -> Refused {
    Refused::new("", "", HANDLER)
}

/// The names that a path goes along.
pub(crate) fn names(path: &Path) -> Result<Vec<String>, Refused> {
    let name = |segment: &Segment| match segment {
        Segment::Names(names) => match names.as_slice() {
            [name] => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    };
    let all: Option<Vec<_>> = path.segments().iter().map(name).collect();
    all.ok_or_else(|| {
        let message = format!(
            "`{}` looks for its value, and a reference names a field",
            path.as_str()
        );
        Refused::new("", message, HANDLER)
    })
}

/// A list, as a constant where all of it is.
fn literal_list(items: Vec<Data>) -> Data {
    let constants: Option<Vec<Value>> = items.iter().map(Data::constant).collect();
    match constants {
        Some(constants) => Data::Literal(Value::Array(constants)),
        None => Data::List(items),
    }
}
