//! Expressions while a saga is defined: small trees in the definition's arena.

use bumpalo::Bump;
use saga_manifest::expr::{self, Expr};
use serde_json::Value;

/// What keeps a definition's expressions alive: as long as its references, and no longer.
#[derive(Default)]
pub struct Arena(Bump);

impl Arena {
    pub(crate) fn node<'s>(&'s self, node: Node<'s>) -> &'s Node<'s> {
        self.0.alloc(node)
    }

    pub(crate) fn text<'s>(&'s self, text: &str) -> &'s str {
        self.0.alloc_str(text)
    }

    pub(crate) fn fields<'s>(&'s self, fields: &[Field<'s>]) -> &'s [Field<'s>] {
        self.0.alloc_slice_copy(fields)
    }

    pub(crate) fn nodes<'s>(&'s self, nodes: &[Node<'s>]) -> &'s [Node<'s>] {
        self.0.alloc_slice_copy(nodes)
    }

    pub(crate) fn value<T: Copy>(&self, value: T) -> &T {
        self.0.alloc(value)
    }
}

/// An expression. Covariant in `'s` and without interior mutability, so that a reference of an outer
/// scope may be used in an inner one and never the other way round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Node<'s> {
    /// A constant that needs no arena.
    Scalar(Scalar<'s>),
    /// A constant, as JSON text.
    Json(&'s str),
    /// The saga's input.
    Input,
    /// The saga's id.
    SagaId,
    /// The row that an update or a condition is about.
    Row,
    /// The output of a step that succeeded.
    Output(&'s str),
    /// The output of a step that may not have succeeded.
    MaybeOutput(&'s str),
    /// The item that a map is at.
    Item(&'s str),
    /// The index of the item that a map is at.
    ItemIndex(&'s str),
    /// An item of a list whose length is known.
    Element {
        /// The list.
        of: &'s Node<'s>,
        /// Its index, from 0.
        index: u32,
    },
    /// A field.
    Field {
        /// The object.
        of: &'s Node<'s>,
        /// The field's JSON name.
        name: &'s str,
        /// Whether it is there.
        presence: Presence<'s>,
    },
    /// One of two values.
    IfPresent {
        /// What is looked at.
        value: &'s Node<'s>,
        /// The result where it is present.
        then: &'s Node<'s>,
        /// The result where it is not.
        otherwise: &'s Node<'s>,
    },
    /// Some fields of an object.
    Pick {
        /// The object.
        of: &'s Node<'s>,
        /// The fields; their nodes are those that read each of them.
        fields: &'s [Field<'s>],
    },
    /// An object.
    Object(&'s [Field<'s>]),
    /// A list.
    List(&'s [Node<'s>]),
}

/// A constant that fits into a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'s> {
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number over `i64::MAX`.
    Unsigned(u64),
    /// A finite number.
    Float(f64),
    /// A string.
    Text(&'s str),
}

/// Whether a field is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Presence<'s> {
    /// Always.
    Required,
    /// Perhaps; else it is null.
    Optional,
    /// Perhaps; else it is this JSON text.
    Default(&'s str),
}

/// A field of an object that is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'s> {
    /// Its JSON name.
    pub name: &'s str,
    /// Its value.
    pub value: Node<'s>,
    /// Whether it is left out where it is null.
    pub skip_null: bool,
}

impl Node<'_> {
    /// The expression as the manifest has it.
    #[must_use]
    pub fn to_expr(&self) -> Expr {
        match *self {
            Node::Scalar(scalar) => Expr::Literal(scalar.to_json()),
            Node::Json(text) => Expr::Literal(json(text)),
            // A row stands only in paths of updates and conditions, which read it by `row_path`.
            Node::Row => Expr::Literal(Value::Null),
            Node::Input => Expr::Input,
            Node::SagaId => Expr::SagaId,
            Node::Output(step) => Expr::Output(step.into()),
            Node::MaybeOutput(step) => Expr::MaybeOutput(step.into()),
            Node::Item(map) => Expr::Item(map.into()),
            Node::ItemIndex(map) => Expr::ItemIndex(map.into()),
            Node::Element { of, index } => Expr::Element {
                of: Box::new(of.to_expr()),
                index,
            },
            Node::Field { of, name, presence } => Expr::Field {
                of: Box::new(of.to_expr()),
                name: name.into(),
                presence: presence.to_manifest(),
            },
            Node::IfPresent {
                value,
                then,
                otherwise,
            } => Expr::IfPresent {
                value: Box::new(value.to_expr()),
                then: Box::new(then.to_expr()),
                otherwise: Box::new(otherwise.to_expr()),
            },
            Node::Pick { of, fields } => Expr::Pick {
                of: Box::new(of.to_expr()),
                fields: fields.iter().filter_map(Field::picked).collect(),
            },
            Node::Object(fields) => Expr::Object(fields.iter().map(Field::written).collect()),
            Node::List(items) => Expr::List(items.iter().map(Node::to_expr).collect()),
        }
    }

    /// The attribute of the row that this node is, as names from the row's root.
    pub(crate) fn row_path(&self) -> Option<Vec<String>> {
        match *self {
            Node::Row => Some(Vec::new()),
            Node::Field { of, name, .. } => {
                let mut path = of.row_path()?;
                path.push(name.into());
                Some(path)
            }
            _ => None,
        }
    }

    /// The field's name, where it is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Node::Field { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl Scalar<'_> {
    fn to_json(self) -> Value {
        match self {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Integer(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::Text(value) => value.into(),
        }
    }
}

impl Presence<'_> {
    pub(crate) fn to_manifest(self) -> expr::Presence {
        match self {
            Presence::Required => expr::Presence::Required,
            Presence::Optional => expr::Presence::Optional,
            Presence::Default(text) => expr::Presence::Default(json(text)),
        }
    }
}

impl Field<'_> {
    fn written(&self) -> expr::ObjectField {
        expr::ObjectField {
            name: self.name.into(),
            value: self.value.to_expr(),
            skip_null: self.skip_null,
        }
    }

    fn picked(&self) -> Option<expr::PickedField> {
        let Node::Field { name, presence, .. } = self.value else {
            return None;
        };
        Some(expr::PickedField {
            name: name.into(),
            presence: presence.to_manifest(),
        })
    }
}

/// Reads back what was written by `serde_json` when the node was made.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
