//! An item beside its attributes, before anything is checked.

use syn::{Data, DeriveInput, Fields};

use super::attr::{self, Sensitive};
use super::serde_attr;
use crate::problem::Problems;

/// An item.
pub struct Model<'a> {
    /// What serde's attributes say.
    pub serde: serde_attr::Container,
    /// Its fields or variants.
    pub body: Body<'a>,
}

/// An item's fields or variants.
pub enum Body<'a> {
    /// A struct.
    Struct(&'a Fields, Vec<Field<'a>>),
    /// An enum.
    Enum(Vec<Variant<'a>>),
    /// A union.
    Union,
}

/// A field.
pub struct Field<'a> {
    /// As it is written.
    pub field: &'a syn::Field,
    /// What serde's attributes say.
    pub serde: serde_attr::Field,
    /// What `#[saga(…)]` says.
    pub sensitive: Sensitive,
}

/// A variant.
pub struct Variant<'a> {
    /// As it is written.
    pub variant: &'a syn::Variant,
    /// What serde's attributes say.
    pub serde: serde_attr::Variant,
    /// What `#[saga(…)]` says.
    pub sensitive: Sensitive,
}

/// Sets an item beside its attributes.
pub fn read<'a>(item: &'a DeriveInput, problems: &mut Problems) -> Model<'a> {
    let serde = serde_attr::Container::read(&item.attrs, problems);
    let body = match &item.data {
        Data::Struct(data) => Body::Struct(&data.fields, fields(&data.fields, problems)),
        Data::Enum(data) => {
            let variants = data.variants.iter();
            Body::Enum(
                variants
                    .map(|variant| of_variant(variant, problems))
                    .collect(),
            )
        }
        Data::Union(_) => Body::Union,
    };
    Model { serde, body }
}

fn fields<'a>(fields: &'a Fields, problems: &mut Problems) -> Vec<Field<'a>> {
    let read = |field: &'a syn::Field| Field {
        field,
        serde: serde_attr::Field::read(&field.attrs, problems),
        sensitive: attr::read(&field.attrs, problems),
    };
    fields.iter().map(read).collect()
}

fn of_variant<'a>(variant: &'a syn::Variant, problems: &mut Problems) -> Variant<'a> {
    Variant {
        variant,
        serde: serde_attr::Variant::read(&variant.attrs, problems),
        sensitive: attr::read(&variant.attrs, problems),
    }
}
