//! Data that was checked.

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::{Attribute, DeriveInput, Ident, LitStr, Member, Type, Visibility};

use super::attr::Form;
use super::model::{self, Model};
use super::{enumeration, structure};
use crate::item;
use crate::problem::Problems;

/// A type of data.
pub struct Data {
    /// Its name.
    pub ident: Ident,
    /// Who sees it, and its references.
    pub vis: Visibility,
    /// The name of the struct of references to its fields.
    pub references: Ident,
    /// Its doc comment, as text.
    pub description: Option<String>,
    /// What it holds.
    pub body: Body,
}

/// What a type holds.
pub enum Body {
    /// A JSON object.
    Object(Object),
    /// The JSON of its one field.
    Transparent(Box<Inner>),
    /// Null.
    Null,
    /// An enum whose JSON is its variant's name.
    Names(Vec<Name>),
    /// An enum with data, or with a tag.
    OneOf(Vec<Variant>),
}

/// A JSON object.
pub struct Object {
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Whether it has no others.
    pub closed: bool,
}

/// A field of an object.
pub struct Field {
    /// Its name in Rust.
    pub ident: Ident,
    /// Who sees it.
    pub vis: Visibility,
    /// Its doc comment.
    pub docs: Vec<Attribute>,
    /// Its type.
    pub of: Type,
    /// Its name in JSON.
    pub name: String,
    /// Whether it is there.
    pub presence: Presence,
    /// Whether it is left out where it is null.
    pub skip_null: bool,
    /// In which form it enters, where it is sensitive.
    pub sensitive: Option<Form>,
}

/// Whether a field is there.
pub enum Presence {
    /// Always.
    Required,
    /// Perhaps, or else it is null.
    Optional,
    /// Perhaps, or else it has this value: an expression.
    Default(TokenStream),
    /// As its fields among those of the struct.
    Flattened,
}

/// The one field of a transparent struct.
pub struct Inner {
    /// Its name or number.
    pub member: Member,
    /// Who sees it.
    pub vis: Visibility,
    /// Its type.
    pub of: Type,
}

/// A variant without data.
pub struct Name {
    /// The variant.
    pub ident: Ident,
    /// Its name in JSON.
    pub name: String,
    /// Its doc comment, as text.
    pub description: Option<String>,
}

/// A variant of an enum with data.
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// How its name and content are laid out.
    pub layout: Layout,
}

/// How a variant is laid out in JSON.
pub enum Layout {
    /// `"Name"`
    Unit,
    /// `{"Name": content}`
    External(Type),
    /// `{"tag": "Name", …content}`
    Internal(LitStr, Option<Type>),
    /// `{"tag": "Name", "content": content}`
    Adjacent(LitStr, Option<(LitStr, Type)>),
}

/// The data: what is wrong with it is a problem and is left out here, so that the rest of it is known to
/// the code that uses it. Of a generic type nothing is known.
pub fn check(item: &DeriveInput, problems: &mut Problems) -> Option<Data> {
    let plain = item::no_generics(&item.generics, "saga data", problems);
    let Model { serde, body } = model::read(item, problems);
    let body = match body {
        model::Body::Struct(shape, fields) => {
            structure::check(item, shape, fields, &serde, problems)
        }
        model::Body::Enum(variants) => enumeration::check(item, &variants, &serde, problems),
        model::Body::Union => {
            let help = "make it an enum: its JSON says which variant it is";
            problems.at(&item.ident, "a union cannot be saga data", help);
            return None;
        }
    };
    plain.then(|| Data {
        ident: item.ident.clone(),
        vis: item.vis.clone(),
        references: format_ident!("{}Ref", item.ident, span = item.ident.span()),
        description: item::description(&item.attrs),
        body,
    })
}
