//! What a state's data are made of: the payload of a definition, as the steps that gave it.

use saga_asl::json::Value;

/// A value that the execution will have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// The saga's input.
    Input,
    /// The execution's name for itself, which is the saga's id.
    SagaId,
    /// What the Task of this name answered.
    Output(String),
    /// The item that the Map of this name is at.
    Item(String),
    /// A field of another value.
    Field(Box<Data>, String),
    /// A constant.
    Literal(Value),
    /// An object whose fields are all known.
    Object(Vec<(String, Data)>),
    /// A list whose items are all known.
    List(Vec<Data>),
    /// A value of which some fields were set anew: `ResultPath`.
    Overlay(Box<Data>, Vec<(String, Data)>),
    /// What a service answered to the Task of this name, beside what a saga's call gives.
    Answer(String),
    /// The item that the Task of this name got from a table, as DynamoDB writes it.
    Row(String),
    /// An attribute of that item.
    Attribute {
        /// The Task.
        task: String,
        /// The attribute.
        name: String,
        /// What it holds; nothing for the object that DynamoDB writes around it.
        of: Option<AttributeType>,
    },
    /// What a saga has nothing for, and why: an error that was caught, what a service answers.
    Lost(&'static str),
}

/// The type of an attribute that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// `S`
    Text,
    /// `BOOL`
    Bool,
}

const OF_A_SERVICE: &str = "what a service answers";

impl Data {
    /// A field of the value.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        let named = |fields: &[(String, Self)]| {
            let found = fields.iter().rev().find(|(field, _)| field == name);
            found.map(|(_, data)| data.clone())
        };
        match self {
            Self::Object(fields) => {
                named(fields).unwrap_or(Self::Lost("a field that is not there"))
            }
            Self::Overlay(base, fields) => named(fields).unwrap_or_else(|| base.field(name)),
            Self::Literal(value) => match value.get(name) {
                Some(value) => Self::Literal(value.clone()),
                None => Self::Lost("a field that is not there"),
            },
            Self::List(_) => Self::Lost("a field of a list"),
            Self::Lost(why) => Self::Lost(why),
            Self::Answer(task) => Self::Answer(task.clone()),
            Self::Row(task) => Self::Attribute {
                task: task.clone(),
                name: name.to_owned(),
                of: None,
            },
            Self::Attribute {
                task,
                name: attribute,
                of: None,
            } => match name {
                "S" | "BOOL" => Self::Attribute {
                    task: task.clone(),
                    name: attribute.clone(),
                    of: Some(match name {
                        "S" => AttributeType::Text,
                        _ => AttributeType::Bool,
                    }),
                },
                // Numbers are text there, and what holds other values has no type here.
                _ => Self::Answer(task.clone()),
            },
            Self::Attribute { .. } => Self::Lost("a field of what has none"),
            of => Self::Field(Box::new(of.clone()), name.to_owned()),
        }
    }

    /// A field of a field of the value, and so on.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Self {
        path.iter()
            .fold(self.clone(), |data, name| data.field(name))
    }

    /// The value with another one at the path.
    #[must_use]
    pub fn with(&self, path: &[String], value: Self) -> Self {
        let Some((name, rest)) = path.split_first() else {
            return value;
        };
        let value = match rest {
            [] => value,
            rest => match self.field(name) {
                Self::Lost(_) => Self::Object(Vec::new()).with(rest, value),
                inner => inner.with(rest, value),
            },
        };
        let set = |fields: &[(String, Self)]| {
            let mut fields = fields.to_vec();
            fields.retain(|(field, _)| field != name);
            fields.push((name.clone(), value.clone()));
            fields
        };
        match self {
            Self::Object(fields) => Self::Object(set(fields)),
            Self::Overlay(base, fields) => Self::Overlay(base.clone(), set(fields)),
            Self::Lost(_) => Self::Object(set(&[])),
            base => Self::Overlay(Box::new(base.clone()), set(&[])),
        }
    }

    /// The value in the forms that Rust has one for: an overlay becomes an object of what it lies on and what
    /// was set, and what is lost is left out. Nothing where nothing is left; the flag says whether the JSON
    /// has another shape now.
    #[must_use]
    pub fn settled(&self) -> (Option<Self>, bool) {
        match self {
            Self::Lost(_) | Self::Answer(_) | Self::Row(_) | Self::Attribute { of: None, .. } => {
                (None, false)
            }
            Self::Object(fields) => {
                let (fields, reshaped) = settled_fields(fields);
                (Some(Self::Object(fields)), reshaped)
            }
            Self::List(items) => {
                let settled: Vec<_> = items.iter().map(Self::settled).collect();
                let reshaped = settled.iter().any(|(_, reshaped)| *reshaped);
                let items = settled.into_iter().filter_map(|(item, _)| item).collect();
                (Some(Self::List(items)), reshaped)
            }
            Self::Overlay(base, fields) => {
                let (fields, reshaped) = settled_fields(fields);
                let (base, base_reshaped) = base.settled();
                match base {
                    Some(base) if fields.is_empty() => (Some(base), reshaped || base_reshaped),
                    Some(base) => {
                        let name = base_name(&base, &fields);
                        let all = std::iter::once((name, base)).chain(fields).collect();
                        (Some(Self::Object(all)), true)
                    }
                    None => (Some(Self::Object(fields)), reshaped),
                }
            }
            plain => (Some(plain.clone()), false),
        }
    }

    /// The value, where it is a constant.
    #[must_use]
    pub fn constant(&self) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, data)| Some((name.clone(), data.constant()?)));
                fields.collect::<Option<_>>().map(Value::Object)
            }
            _ => None,
        }
    }

    /// Why a part of it is lost that is read for itself. A whole that merely lies around such a part is handed on without it.
    #[must_use]
    pub fn lost(&self) -> Option<&'static str> {
        match self {
            Self::Lost(why) => Some(why),
            Self::Answer(_) | Self::Row(_) | Self::Attribute { of: None, .. } => Some(OF_A_SERVICE),
            Self::Object(fields) => fields.iter().find_map(|(_, data)| data.lost()),
            Self::List(items) => items.iter().find_map(Self::lost),
            _ => None,
        }
    }

    /// Whether it holds a list whose items are not all made of the same: Rust has no type of such.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        let names = |data: &Self| match data {
            Self::Object(fields) => Some(fields.iter().map(|(name, _)| name.clone()).collect()),
            _ => None::<Vec<String>>,
        };
        match self {
            Self::List(items) => {
                let first = items.first().map(names);
                items
                    .iter()
                    .any(|item| Some(names(item)) != first || item.is_mixed())
            }
            Self::Object(fields) => fields.iter().any(|(_, data)| data.is_mixed()),
            Self::Overlay(base, fields) => {
                base.is_mixed() || fields.iter().any(|(_, data)| data.is_mixed())
            }
            _ => false,
        }
    }

    /// The Tasks of whose services something is read that a saga's call does not give. What was got from a table is not
    /// handed on within a whole either: such an item has attributes that nobody names.
    #[must_use]
    pub fn answers(&self) -> Vec<&str> {
        match self {
            Self::Answer(task) | Self::Row(task) | Self::Attribute { task, of: None, .. } => {
                vec![task]
            }
            Self::Object(fields) => fields.iter().flat_map(|(_, data)| data.answers()).collect(),
            Self::List(items) => items.iter().flat_map(Self::answers).collect(),
            Self::Overlay(base, fields) => {
                let within = fields.iter().flat_map(|(_, data)| data.answers());
                let rows = within.filter(|task| self.holds_row(task));
                base.answers().into_iter().chain(rows).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether an item that this Task got is a part of it.
    fn holds_row(&self, task: &str) -> bool {
        match self {
            Self::Row(of) => of == task,
            Self::Object(fields) => fields.iter().any(|(_, data)| data.holds_row(task)),
            Self::Overlay(base, fields) => {
                base.holds_row(task) || fields.iter().any(|(_, data)| data.holds_row(task))
            }
            Self::List(items) => items.iter().any(|data| data.holds_row(task)),
            _ => false,
        }
    }

    /// Why any part of it is lost, of a whole that is handed on too.
    #[must_use]
    pub fn leaves_out(&self) -> Option<&'static str> {
        match self {
            Self::Lost(why) => Some(why),
            Self::Answer(_) => Some("what a service answers"),
            Self::Object(fields) => fields.iter().find_map(|(_, data)| data.leaves_out()),
            Self::Overlay(base, fields) => base
                .leaves_out()
                .or_else(|| fields.iter().find_map(|(_, data)| data.leaves_out())),
            Self::List(items) => items.iter().find_map(Self::leaves_out),
            _ => None,
        }
    }

    /// Whether it reads what this Task answered.
    #[must_use]
    pub fn reads(&self, task: &str) -> bool {
        match self {
            Self::Output(name) | Self::Answer(name) | Self::Row(name) => name == task,
            Self::Attribute { task: of, .. } => of == task,
            Self::Field(of, _) => of.reads(task),
            Self::Object(fields) => fields.iter().any(|(_, data)| data.reads(task)),
            Self::Overlay(base, fields) => {
                base.reads(task) || fields.iter().any(|(_, data)| data.reads(task))
            }
            Self::List(items) => items.iter().any(|data| data.reads(task)),
            Self::Input | Self::SagaId | Self::Item(_) | Self::Literal(_) | Self::Lost(_) => false,
        }
    }

    /// The value with another reading in the place of each reference.
    #[must_use]
    pub fn replaced(&self, with: &impl Fn(&Self) -> Option<Self>) -> Self {
        if let Some(other) = with(self) {
            return other;
        }
        let fields = |fields: &[(String, Self)]| {
            let replaced = fields
                .iter()
                .map(|(name, data)| (name.clone(), data.replaced(with)));
            replaced.collect::<Vec<_>>()
        };
        match self {
            Self::Field(of, name) => of.replaced(with).field(name),
            Self::Object(all) => Self::Object(fields(all)),
            Self::Overlay(base, all) => Self::Overlay(Box::new(base.replaced(with)), fields(all)),
            Self::List(items) => Self::List(items.iter().map(|item| item.replaced(with)).collect()),
            plain => plain.clone(),
        }
    }
}

fn settled_fields(fields: &[(String, Data)]) -> (Vec<(String, Data)>, bool) {
    let mut reshaped = false;
    let settled = fields.iter().filter_map(|(name, data)| {
        let (data, other_shape) = data.settled();
        reshaped |= other_shape;
        Some((name.clone(), data?))
    });
    (settled.collect(), reshaped)
}

/// What the value that others lie on is called beside them.
fn base_name(base: &Data, beside: &[(String, Data)]) -> String {
    let mut name = match base {
        Data::Output(task) => crate::rust::snake(task),
        Data::Field(_, name) => name.clone(),
        Data::Item(_) => "item".to_owned(),
        _ => "input".to_owned(),
    };
    while beside.iter().any(|(other, _)| *other == name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn what_lies_on_top_is_read_first() {
        let charge = Data::Output("Charge".into());
        let payload = Data::Input.with(&path("result.charge"), charge.clone());
        assert_eq!(payload.at(&path("result.charge.id")), charge.field("id"));
        assert_eq!(payload.field("order"), Data::Input.field("order"));
        assert_eq!(
            payload.at(&path("result.other")),
            Data::Input.at(&path("result.other"))
        );
    }

    #[test]
    fn an_overlay_is_settled_as_an_object() {
        let charge = Data::Output("Charge".into());
        let payload = Data::Input
            .with(&path("charge"), charge.clone())
            .with(&path("error"), Data::Lost("an error"));
        let object = Data::Object(vec![
            ("input".into(), Data::Input),
            ("charge".into(), charge),
        ]);
        assert_eq!(payload.settled(), (Some(object), true));
        let only_lost = Data::Input.with(&path("error"), Data::Lost("an error"));
        assert_eq!(only_lost.settled(), (Some(Data::Input), false));
        assert_eq!(Data::Lost("an error").settled(), (None, false));
    }
}
