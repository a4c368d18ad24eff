//! The types of a saga's data, as far as a definition tells: what is read of a value are its fields.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use saga_asl::json::Value;

use crate::data::Data;
use crate::rust::{pascal, snake};

/// A type in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Any JSON: `serde_json::Value`.
    Any,
    Unit,
    Text,
    Bool,
    Whole,
    Number,
    Seconds,
    Time,
    Named(String),
    Optional(Box<Type>),
    List(Box<Type>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("Value"),
            Self::Unit => f.write_str("()"),
            Self::Text => f.write_str("String"),
            Self::Bool => f.write_str("bool"),
            Self::Whole => f.write_str("i64"),
            Self::Number => f.write_str("f64"),
            Self::Seconds => f.write_str("u32"),
            Self::Time => f.write_str("Timestamp"),
            Self::Named(name) => f.write_str(name),
            Self::Optional(of) => write!(f, "Option<{of}>"),
            Self::List(of) => write!(f, "Vec<{of}>"),
        }
    }
}

/// A struct of data.
#[derive(Clone, Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// Names in JSON, in Rust, and types.
    pub(crate) fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) json: String,
    pub(crate) rust: String,
    pub(crate) of: Type,
}

/// A value whose type only its reading tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    Input,
    Output(String),
    Item(String),
}

/// What is read of a value.
#[derive(Clone, Debug, Default)]
struct Shape {
    fields: Vec<(String, Shape)>,
    leaf: Option<Type>,
    /// Whether somebody asks whether it is there.
    optional: bool,
}

/// A value that would have two types: the state that reads it, and why.
pub(crate) type Conflict = (String, String);

/// All types of a saga.
#[derive(Debug, Default)]
pub(crate) struct Types {
    shapes: BTreeMap<Root, Shape>,
    /// By root and path, once settled.
    known: BTreeMap<(Root, Vec<String>), Type>,
    names: BTreeSet<String>,
    /// By Task that gets an item: the struct of the table's rows.
    pub(crate) rows: BTreeMap<String, String>,
    /// Lists of objects, each with the struct of its items.
    pub(crate) lists: Vec<(Data, Type)>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) conflicts: Vec<Conflict>,
}

impl Types {
    /// Notes that a value is read, and as what, where that is known.
    pub(crate) fn reads(&mut self, data: &Data, leaf: Option<&Type>) {
        match data {
            Data::Object(fields) => fields.iter().for_each(|(_, data)| self.reads(data, None)),
            Data::List(items) => items.iter().for_each(|data| self.reads(data, None)),
            Data::Overlay(base, fields) => {
                self.reads(base, None);
                fields.iter().for_each(|(_, data)| self.reads(data, None));
            }
            data => {
                if let Some(shape) = self.shape(data) {
                    shape.leaf = shape.leaf.take().or_else(|| leaf.cloned());
                }
            }
        }
    }

    /// Notes that a value may be absent.
    pub(crate) fn is_optional(&mut self, data: &Data) {
        if let Some(shape) = self.shape(data) {
            shape.optional = true;
        }
    }

    /// What is known of the value that a reading leads to.
    fn shape(&mut self, data: &Data) -> Option<&mut Shape> {
        let (root, path) = rooted(data)?;
        let mut shape = self.shapes.entry(root).or_default();
        for name in path {
            let place = shape.fields.iter().position(|(field, _)| *field == name);
            let place = place.unwrap_or_else(|| {
                shape.fields.push((name, Shape::default()));
                shape.fields.len() - 1
            });
            shape = &mut shape.fields.get_mut(place)?.1;
        }
        Some(shape)
    }

    /// A type name that nothing else has.
    pub(crate) fn name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }

    /// Decides on the types of all that was read. `maps` are the lists that maps go over, an outer one before those in it.
    pub(crate) fn settle(&mut self, saga: &str, maps: &[(&str, &Data)]) {
        for (map, list) in maps.iter().rev() {
            let root = Root::Item((*map).to_owned());
            let mut shape = self.shapes.remove(&root).unwrap_or_default();
            if let (Some(Value::Array(_)), Type::List(of)) = (list.constant(), self.of(list)) {
                shape.leaf = Some(*of);
            }
            let (name, doc) = (
                format!("{}Item", pascal(map)),
                format!("What `{map}` goes over."),
            );
            let item = self.settle_shape(&root, &mut Vec::new(), &shape, &name, doc);
            let of = Type::List(Box::new(item));
            self.reads(list, Some(&of));
            if let Some(known) = self.shape(list)
                && (known.leaf.as_ref() != Some(&of) || !known.fields.is_empty())
                && !matches!(list, Data::Literal(_))
            {
                let message = format!("what `{map}` goes over is read as something else, too");
                self.conflicts.push(((*map).to_owned(), message));
            }
        }
        for (root, shape) in self.shapes.clone() {
            let (name, doc) = match &root {
                Root::Input => (
                    format!("{saga}Input"),
                    "What the saga is given: as much of it as the definition reads.".to_owned(),
                ),
                Root::Output(task) | Root::Item(task) => (
                    format!("{}Output", pascal(task)),
                    format!("What `{task}` answers: as much of it as the definition reads."),
                ),
            };
            self.settle_shape(&root, &mut Vec::new(), &shape, &name, doc);
        }
    }

    fn settle_shape(
        &mut self,
        root: &Root,
        path: &mut Vec<String>,
        shape: &Shape,
        name: &str,
        doc: String,
    ) -> Type {
        let of = if shape.fields.is_empty() {
            shape.leaf.clone().unwrap_or(Type::Any)
        } else {
            let name = self.name(name);
            let mut fields = Vec::new();
            for (field, inner) in &shape.fields {
                path.push(field.clone());
                let inner_name = format!("{name}{}", pascal(field));
                let doc = format!("`{}` of it.", path.join("."));
                let of = self.settle_shape(root, path, inner, &inner_name, doc);
                path.pop();
                fields.push((field.clone(), of));
            }
            self.add(name.clone(), doc, fields);
            Type::Named(name)
        };
        let of = if shape.optional && !path.is_empty() {
            Type::Optional(Box::new(of))
        } else {
            of
        };
        self.known.insert((root.clone(), path.clone()), of.clone());
        of
    }

    /// A struct of these fields, under a name that is its own.
    pub(crate) fn add(&mut self, name: String, doc: String, fields: Vec<(String, Type)>) {
        let fields = named(fields);
        self.structs.push(Struct { name, doc, fields });
    }

    /// What a Task answers.
    pub(crate) fn output_of(&self, task: &str) -> Type {
        if let Some(row) = self.rows.get(task) {
            return Type::Optional(Box::new(Type::Named(row.clone())));
        }
        let key = (Root::Output(task.to_owned()), Vec::new());
        self.known.get(&key).cloned().unwrap_or(Type::Unit)
    }

    /// The saga's input.
    pub(crate) fn input(&self) -> Type {
        self.known
            .get(&(Root::Input, Vec::new()))
            .cloned()
            .unwrap_or(Type::Any)
    }

    /// The type of a value that is no object.
    pub(crate) fn of(&self, data: &Data) -> Type {
        match data {
            Data::SagaId => Type::Text,
            Data::Literal(Value::String(_)) => Type::Text,
            Data::Literal(Value::Bool(_)) => Type::Bool,
            Data::Literal(Value::Number(number)) if number.as_i64().is_some() => Type::Whole,
            Data::Literal(Value::Number(_)) => Type::Number,
            Data::Attribute { task, name, .. } => match self.attribute(task, name).1 {
                of @ Type::Optional(_) => of,
                of => Type::Optional(Box::new(of)),
            },
            Data::Literal(Value::Array(items)) => {
                let items = items.iter().map(|item| Data::Literal(item.clone()));
                Type::List(Box::new(self.common(&items.collect::<Vec<_>>())))
            }
            Data::List(items) => {
                let known = self.lists.iter().find(|(list, _)| list == data);
                let of = known.map_or_else(|| self.common(items), |(_, of)| of.clone());
                Type::List(Box::new(of))
            }
            data => rooted(data)
                .and_then(|key| self.known.get(&key).cloned())
                .unwrap_or(Type::Any),
        }
    }

    /// The Rust name and the type of an attribute of the item that a Task got.
    pub(crate) fn attribute(&self, task: &str, name: &str) -> (String, Type) {
        let row = self.rows.get(task).cloned().unwrap_or_default();
        self.field(&Type::Named(row), name)
    }

    /// The type that all of them have; any JSON where they differ.
    fn common(&self, items: &[Data]) -> Type {
        let mut types = items.iter().map(|item| self.of(item));
        let first = types.next().unwrap_or(Type::Any);
        if types.all(|of| of == first) {
            first
        } else {
            Type::Any
        }
    }

    /// The Rust names of the fields that a reading goes along.
    pub(crate) fn path(data: &Data) -> Vec<String> {
        rooted(data).map_or_else(Vec::new, |(_, path)| path)
    }

    /// The struct of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|known| known.name == name)
    }

    /// The field's name in Rust, in a struct.
    pub(crate) fn field(&self, of: &Type, json: &str) -> (String, Type) {
        let found = match of {
            Type::Named(name) => self
                .get(name)
                .and_then(|known| known.fields.iter().find(|field| field.json == json)),
            _ => None,
        };
        found.map_or_else(
            || (snake(json), Type::Any),
            |field| (field.rust.clone(), field.of.clone()),
        )
    }
}

/// Fields with names that Rust can have, each its own.
pub(crate) fn named(fields: Vec<(String, Type)>) -> Vec<Field> {
    let mut taken = BTreeSet::new();
    let name = |(json, of): (String, Type)| {
        let mut rust = snake(&json);
        while !taken.insert(rust.clone()) {
            rust.push('_');
        }
        Field { json, rust, of }
    };
    fields.into_iter().map(name).collect()
}

/// The root of a reading, and the names from there on.
fn rooted(data: &Data) -> Option<(Root, Vec<String>)> {
    let mut path = Vec::new();
    let mut data = data;
    while let Data::Field(of, name) = data {
        path.insert(0, name.clone());
        data = of;
    }
    let root = match data {
        Data::Input => Root::Input,
        Data::Output(task) => Root::Output(task.clone()),
        Data::Item(map) => Root::Item(map.clone()),
        _ => return None,
    };
    Some((root, path))
}
