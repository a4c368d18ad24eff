//! A type as its JSON has it: the source of JSON Schemas, of how typed stores write it, and of where
//! its sensitive fields are.

use saga_manifest::saga::{SensitiveField, SensitiveForm};
use saga_manifest::task::{AttributeShape, Shape};
use serde_json::{Map, Value, json};

use crate::node::{Arena, Presence};

/// Describes a type when it is asked: a type that contains itself ends there.
pub type Describe = fn() -> Type;

/// A type of JSON value.
#[derive(Clone, Debug)]
pub enum Type {
    /// Null.
    Null,
    /// True or false.
    Bool,
    /// A whole number, with the bounds of its Rust type.
    Integer {
        /// The least value.
        minimum: i64,
        /// The greatest value.
        maximum: u64,
    },
    /// A number.
    Number,
    /// A string.
    String,
    /// A time: a string in RFC 3339.
    Timestamp,
    /// Any JSON.
    Any,
    /// The value, or null.
    Optional(Box<Type>),
    /// A list.
    List(Box<Type>),
    /// An object of any keys.
    Map(Box<Type>),
    /// A struct.
    Object(ObjectType),
    /// An enum.
    OneOf(Vec<VariantType>),
}

/// A struct.
#[derive(Clone, Debug)]
pub struct ObjectType {
    /// What tells it from other structs, so that a type that contains itself ends.
    pub id: &'static str,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// Its fields, in order.
    pub fields: Vec<FieldType>,
    /// Whether it has no others (`deny_unknown_fields`).
    pub closed: bool,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct FieldType {
    /// Its name in JSON.
    pub name: String,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// Its type.
    pub of: Describe,
    /// Whether it may be absent.
    pub optional: bool,
    /// The JSON text it has where it is absent.
    pub default: Option<fn() -> String>,
    /// Whether it is left out where it is null.
    pub skip_null: bool,
    /// In which form it enters, where it is sensitive.
    pub sensitive: Option<SensitiveForm>,
    /// Whether its fields stand among those of the struct.
    pub flatten: bool,
}

/// A variant of an enum, as one value it may have.
#[derive(Clone, Debug)]
pub struct VariantType {
    /// Its name in JSON.
    pub name: String,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// How its name and content are laid out.
    pub layout: Layout,
}

/// How a variant is laid out in JSON.
#[derive(Clone, Debug)]
pub enum Layout {
    /// `"Name"`
    Unit,
    /// `{"Name": content}`
    External(Describe),
    /// `{"tag": "Name", …content}`
    Internal {
        /// The field that holds the name.
        tag: &'static str,
        /// The content, an object.
        content: Option<Describe>,
    },
    /// `{"tag": "Name", "content": content}`
    Adjacent {
        /// The field that holds the name.
        tag: &'static str,
        /// The field that holds the content, and its type.
        content: Option<(&'static str, Describe)>,
    },
}

impl Type {
    /// The fields of a struct, those of flattened ones in their place.
    pub(crate) fn all_fields(&self) -> Vec<FieldType> {
        let Type::Object(object) = self else {
            return Vec::new();
        };
        let (mut fields, mut rest) = (Vec::new(), object.fields.clone());
        rest.reverse();
        while let Some(field) = rest.pop() {
            match (field.flatten, (field.of)()) {
                (true, Type::Object(inner)) => rest.extend(inner.fields.into_iter().rev()),
                _ => fields.push(field),
            }
        }
        fields
    }

    /// JSON Schema (2020-12).
    pub(crate) fn schema(&self) -> Value {
        self.schema_within(&mut Vec::new())
    }

    fn schema_within(&self, open: &mut Vec<&'static str>) -> Value {
        match self {
            Type::Null => json!({ "type": "null" }),
            Type::Bool => json!({ "type": "boolean" }),
            Type::Integer { minimum, maximum } => {
                json!({ "type": "integer", "minimum": minimum, "maximum": maximum })
            }
            Type::Number => json!({ "type": "number" }),
            Type::String => json!({ "type": "string" }),
            Type::Timestamp => json!({ "type": "string", "format": "date-time" }),
            Type::Any => json!({}),
            Type::Optional(of) => json!({ "anyOf": [of.schema_within(open), { "type": "null" }] }),
            Type::List(of) => json!({ "type": "array", "items": of.schema_within(open) }),
            Type::Map(of) => {
                json!({ "type": "object", "additionalProperties": of.schema_within(open) })
            }
            Type::Object(object) => self.object_schema(object, open),
            Type::OneOf(variants) => one_of(variants, open),
        }
    }

    fn object_schema(&self, object: &ObjectType, open: &mut Vec<&'static str>) -> Value {
        if open.contains(&object.id) {
            return json!({ "type": "object" });
        }
        open.push(object.id);
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for field in self.all_fields() {
            let mut schema = (field.of)().schema_within(open);
            describe(&mut schema, field.description);
            if !field.optional && field.default.is_none() {
                required.push(field.name.clone());
            }
            properties.insert(field.name, schema);
        }
        open.pop();
        let mut schema =
            json!({ "type": "object", "properties": properties, "required": required });
        if object.closed {
            close(&mut schema);
        }
        describe(&mut schema, object.description);
        schema
    }

    /// How typed stores write it.
    pub(crate) fn shape(&self) -> Shape {
        self.shape_within(&mut Vec::new())
    }

    fn shape_within(&self, open: &mut Vec<&'static str>) -> Shape {
        match self {
            Type::Null | Type::Any => Shape::Json,
            Type::Bool => Shape::Bool,
            Type::Integer { .. } | Type::Number => Shape::Number,
            Type::String | Type::Timestamp => Shape::String,
            Type::Optional(of) => Shape::Optional(Box::new(of.shape_within(open))),
            Type::List(of) => Shape::List(Box::new(of.shape_within(open))),
            Type::Map(of) => Shape::Map(Box::new(of.shape_within(open))),
            Type::OneOf(variants) if variants.iter().all(VariantType::is_unit) => Shape::String,
            Type::OneOf(_) => Shape::Json,
            Type::Object(object) if open.contains(&object.id) => Shape::Json,
            Type::Object(object) => {
                open.push(object.id);
                let fields = self
                    .all_fields()
                    .into_iter()
                    .map(|field| field.shape(open))
                    .collect();
                open.pop();
                Shape::Object(fields)
            }
        }
    }

    /// Where its sensitive fields are.
    pub(crate) fn sensitive(&self) -> Vec<SensitiveField> {
        let mut found = Vec::new();
        self.find_sensitive(&mut Vec::new(), &mut Vec::new(), &mut found);
        found
    }

    fn find_sensitive(
        &self,
        path: &mut Vec<String>,
        open: &mut Vec<&'static str>,
        found: &mut Vec<SensitiveField>,
    ) {
        match self {
            Type::Optional(of) => of.find_sensitive(path, open, found),
            Type::List(of) | Type::Map(of) => {
                within(path, "*", |path| of.find_sensitive(path, open, found))
            }
            Type::Object(object) if !open.contains(&object.id) => {
                open.push(object.id);
                for field in self.all_fields() {
                    within(path, &field.name, |path| match field.sensitive {
                        Some(form) => found.push(SensitiveField {
                            path: path.clone(),
                            form,
                        }),
                        None => (field.of)().find_sensitive(path, open, found),
                    });
                }
                open.pop();
            }
            Type::OneOf(variants) => variants
                .iter()
                .for_each(|variant| variant.find_sensitive(path, open, found)),
            _ => {}
        }
    }
}

impl FieldType {
    pub(crate) fn presence<'s>(&self, arena: &'s Arena) -> Presence<'s> {
        match self.default {
            Some(default) => Presence::Default(arena.text(&default())),
            None if self.optional => Presence::Optional,
            None => Presence::Required,
        }
    }

    fn shape(&self, open: &mut Vec<&'static str>) -> AttributeShape {
        AttributeShape {
            name: self.name.clone(),
            shape: (self.of)().shape_within(open),
        }
    }
}

impl VariantType {
    fn is_unit(&self) -> bool {
        matches!(self.layout, Layout::Unit)
    }

    fn schema(&self, open: &mut Vec<&'static str>) -> Value {
        let name = &self.name;
        let mut schema = match self.layout {
            Layout::Unit => json!({ "const": name }),
            Layout::External(content) => {
                let mut schema = object([(name.as_str(), content().schema_within(open))]);
                close(&mut schema);
                schema
            }
            Layout::Internal { tag, content } => {
                let mut schema =
                    content.map_or_else(|| object([]), |content| content().schema_within(open));
                add_property(&mut schema, tag, json!({ "const": name }));
                schema
            }
            Layout::Adjacent { tag, content: None } => object([(tag, json!({ "const": name }))]),
            Layout::Adjacent {
                tag,
                content: Some((field, content)),
            } => object([
                (tag, json!({ "const": name })),
                (field, content().schema_within(open)),
            ]),
        };
        describe(&mut schema, self.description);
        schema
    }

    fn find_sensitive(
        &self,
        path: &mut Vec<String>,
        open: &mut Vec<&'static str>,
        found: &mut Vec<SensitiveField>,
    ) {
        match self.layout {
            Layout::Unit
            | Layout::Internal { content: None, .. }
            | Layout::Adjacent { content: None, .. } => {}
            Layout::Internal {
                content: Some(content),
                ..
            } => content().find_sensitive(path, open, found),
            Layout::External(content) => within(path, &self.name, |path| {
                content().find_sensitive(path, open, found)
            }),
            Layout::Adjacent {
                content: Some((field, content)),
                ..
            } => {
                within(path, field, |path| {
                    content().find_sensitive(path, open, found)
                });
            }
        }
    }
}

fn one_of(variants: &[VariantType], open: &mut Vec<&'static str>) -> Value {
    if variants.iter().all(VariantType::is_unit) {
        let names: Vec<_> = variants.iter().map(|variant| &variant.name).collect();
        return json!({ "type": "string", "enum": names });
    }
    let variants: Vec<_> = variants
        .iter()
        .map(|variant| variant.schema(open))
        .collect();
    json!({ "oneOf": variants })
}

fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    let required = properties
        .each_ref()
        .map(|(name, _)| (*name).to_owned())
        .to_vec();
    let properties: Map<_, _> = properties
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn add_property(schema: &mut Value, name: &str, property: Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(name.to_owned(), property);
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.push(name.into());
    }
}

fn close(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("additionalProperties".into(), false.into());
    }
}

fn describe(schema: &mut Value, description: Option<&str>) {
    if let (Some(schema), Some(description)) = (schema.as_object_mut(), description) {
        schema.insert("description".into(), description.into());
    }
}

fn within(path: &mut Vec<String>, name: &str, look: impl FnOnce(&mut Vec<String>)) {
    path.push(name.to_owned());
    look(path);
    path.pop();
}
