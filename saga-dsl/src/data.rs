//! Data that a saga carries: its types, and what is written of it.

mod schema;
mod standard;
mod timestamp;
mod version;

use saga_manifest::saga::{Data, SensitiveField, SensitiveForm};
use saga_manifest::task::Shape;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::schema::{Describe, FieldType, Layout, ObjectType, Type, VariantType};
pub use self::timestamp::Timestamp;
pub use self::version::Version;
use crate::node::{Arena, Field, Node};
use crate::reference::Ref;

/// What serde reads and writes.
pub trait Json: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> Json for T {}

/// A type of data that a saga reads and writes. Derive it beside serde's traits:
/// `#[derive(Serialize, Deserialize, SagaData)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not saga data",
    label = "a saga cannot carry this type",
    note = "derive it: `#[derive(Serialize, Deserialize, SagaData)]`",
    note = "a type of another crate is handed on as what its JSON is, a `String` or a number; a point in time is a \
            `Timestamp`"
)]
pub trait SagaData: Json + Send + 'static {
    /// One reference per field.
    type Fields<'s>: Copy;

    /// The references to the fields of `value`.
    fn fields<'s>(value: Ref<'s, Self>) -> &'s Self::Fields<'s>;

    /// The type as its JSON has it.
    fn describe() -> Type;
}

/// A struct with named fields, which can stand among those of another: the derive says which is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct of named fields that saga data can have beside others",
    label = "the names of its fields are not known",
    note = "`flatten`, and the content of a variant beside its `tag`, take a struct that derives `SagaData`"
)]
pub trait NamedFields {}

impl<T: NamedFields> NamedFields for Box<T> {}

/// The type of what stands among the fields of another.
#[doc(hidden)]
#[must_use]
pub fn describe_fields<T: SagaData + NamedFields>() -> Type {
    T::describe()
}

/// What can be written where a `Self::Data` is asked for: a reference to one, or the struct of
/// references that the derive makes (`ReceiptRef { … }`).
pub trait Literal<'s> {
    /// The type of the value, which is saga data: whoever asks for one of a type says so. Asked for here
    /// too, a missing derive of serde's would be reported twice.
    type Data;

    /// Writes the value.
    #[doc(hidden)]
    fn write(self, arena: &'s Arena) -> Node<'s>;
}

impl<'s, T: SagaData> Literal<'s> for Ref<'s, T> {
    type Data = T;

    fn write(self, _: &'s Arena) -> Node<'s> {
        self.node()
    }
}

impl<'s> Literal<'s> for () {
    type Data = ();

    fn write(self, arena: &'s Arena) -> Node<'s> {
        Node::Object(arena.fields(&[]))
    }
}

/// The fields of an object while the derive's code writes it.
#[doc(hidden)]
pub struct ObjectWriter<'s> {
    arena: &'s Arena,
    fields: Vec<Field<'s>>,
}

impl<'s> ObjectWriter<'s> {
    /// An object without fields.
    #[must_use]
    pub fn new(arena: &'s Arena) -> Self {
        Self {
            arena,
            fields: Vec::new(),
        }
    }

    /// Writes a field.
    #[must_use]
    pub fn field<T: ?Sized>(mut self, name: &'static str, value: Ref<'s, T>) -> Self {
        self.fields.push(Field {
            name,
            value: value.node(),
            skip_null: false,
        });
        self
    }

    /// Writes a field that is left out where it is null.
    #[must_use]
    pub fn optional_field<T: ?Sized>(mut self, name: &'static str, value: Ref<'s, T>) -> Self {
        self.fields.push(Field {
            name,
            value: value.node(),
            skip_null: true,
        });
        self
    }

    /// Writes the fields of `value` among those of this object.
    #[must_use]
    pub fn flattened_field<T: SagaData>(mut self, value: Ref<'s, T>) -> Self {
        self.fields
            .extend_from_slice(parts::<T>(value.node(), self.arena));
        self
    }

    /// The object.
    #[must_use]
    pub fn finish(self) -> Node<'s> {
        Node::Object(self.arena.fields(&self.fields))
    }
}

/// One field per name of `T`, read from `value`.
pub(crate) fn fields_of<'s, T: SagaData>(value: Ref<'s, T>, arena: &'s Arena) -> &'s [Field<'s>] {
    let of = arena.node(value.node());
    let fields: Vec<_> = T::describe()
        .all_fields()
        .into_iter()
        .map(|field| {
            let name = arena.text(&field.name);
            let presence = field.presence(arena);
            Field {
                name,
                value: Node::Field { of, name, presence },
                skip_null: field.skip_null,
            }
        })
        .collect();
    arena.fields(&fields)
}

/// The fields of a value: those it is written with, or else those that are read from it.
pub(crate) fn parts<'s, T: SagaData>(node: Node<'s>, arena: &'s Arena) -> &'s [Field<'s>] {
    match node {
        Node::Object(fields) | Node::Pick { fields, .. } => fields,
        node => fields_of::<T>(Ref::new(arena, node), arena),
    }
}

/// The type as the manifest has it.
pub(crate) fn manifest_data<T: SagaData>() -> Data {
    let mut schema = T::describe().schema();
    schema.sort_all_objects();
    Data {
        schema,
        sensitive: sensitive_fields::<T>(),
    }
}

/// How typed stores write a `T`.
pub(crate) fn shape<T: SagaData>() -> Shape {
    T::describe().shape()
}

/// Where the sensitive data of a `T` is.
#[must_use]
pub fn sensitive_fields<T: SagaData>() -> Vec<SensitiveField> {
    T::describe().sensitive()
}

/// A value as JSON text, or null where it has none.
#[doc(hidden)]
#[must_use]
pub fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}

/// In which form a sensitive field's value enters, for the derive's code.
#[doc(hidden)]
pub type Form = SensitiveForm;
