//! Serde's attributes: those that are honoured, and why the others are not.

use proc_macro2::Span;
use syn::parse::ParseStream;

use syn::{Attribute, ExprPath, Ident, LitStr, Token};

use super::case::Case;
use crate::attribute::keys::{Keys, value};
use crate::problem::{self, Problems};

/// What serde's attributes say of a type.
#[derive(Default)]
pub struct Container {
    /// The rule of its fields' or variants' names.
    pub rename_all: Option<Case>,
    /// Whether absent fields are those of a default.
    pub default: Option<Absent>,
    /// Whether it is its one field.
    pub transparent: Option<Span>,
    /// Whether it has no fields but its own.
    pub deny_unknown_fields: bool,
    /// The field that holds a variant's name.
    pub tag: Option<LitStr>,
    /// The field that holds a variant's content.
    pub content: Option<LitStr>,
}

/// What serde's attributes say of a field.
#[derive(Default)]
pub struct Field {
    /// Its name.
    pub rename: Option<LitStr>,
    /// What it is where it is absent.
    pub default: Option<Absent>,
    /// Whether it is no part of the JSON.
    pub skip: bool,
    /// Whether its fields stand among those of the struct.
    pub flatten: Option<Span>,
    /// When it is left out.
    pub skip_serializing_if: Option<LitStr>,
}

/// What serde's attributes say of a variant.
#[derive(Default)]
pub struct Variant {
    /// Its name.
    pub rename: Option<LitStr>,
    /// Whether it is no part of the JSON.
    pub skip: bool,
}

/// Where a default comes from.
pub enum Absent {
    /// The type's `Default`.
    Trait,
    /// A function.
    Function(ExprPath),
}

/// What a saga's data cannot have, and what to do instead.
const REFUSED: &[(&str, &str)] = &[
    (
        "alias",
        "clients send the one name that the schema has: remove the alias",
    ),
    (
        "borrow",
        "saga data owns what it holds: use `String` or `Vec`",
    ),
    ("bound", "saga data is not generic: remove the bound"),
    (
        "deserialize_with",
        "give the value a type of its own that is read and written so",
    ),
    (
        "from",
        "derive the type that is read and written, and convert it in the handler",
    ),
    (
        "getter",
        "derive a type of your own and convert it in the handler",
    ),
    (
        "into",
        "derive the type that is read and written, and convert it in the handler",
    ),
    (
        "other",
        "a value that was read so cannot be written back: name the variants",
    ),
    (
        "remote",
        "derive a type of your own and convert it in the handler",
    ),
    (
        "serialize_with",
        "give the value a type of its own that is read and written so",
    ),
    (
        "skip_deserializing",
        "a field that is written and not read differs between a step and its saga: use `skip`",
    ),
    (
        "skip_serializing",
        "a field that is read and not written differs between a step and its saga: use `skip`",
    ),
    (
        "try_from",
        "derive the type that is read and written, and convert it in the handler",
    ),
    (
        "untagged",
        "nothing in the JSON tells its variants apart: use serde's `tag`, or its default",
    ),
    (
        "variant_identifier",
        "saga data is what a saga carries, and no helper of a deserializer",
    ),
    (
        "field_identifier",
        "saga data is what a saga carries, and no helper of a deserializer",
    ),
    (
        "with",
        "give the value a type of its own that is read and written so",
    ),
];

const CONTAINER: Keys = keys(&[
    "rename_all",
    "rename_all_fields",
    "rename",
    "default",
    "transparent",
    "deny_unknown_fields",
    "tag",
    "content",
    "crate",
    "expecting",
]);

const FIELD: Keys = keys(&[
    "rename",
    "default",
    "skip",
    "flatten",
    "skip_serializing_if",
]);

const VARIANT: Keys = keys(&["rename", "skip", "rename_all"]);

const fn keys(once: &'static [&'static str]) -> Keys {
    Keys {
        attribute: "serde",
        once,
        repeated: &[],
        refused: REFUSED,
    }
}

impl Container {
    /// Reads them.
    pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut read = Self::default();
        CONTAINER.read(attrs, problems, |key, input, _| {
            match key.to_string().as_str() {
                "rename_all" => read.rename_all = Some(Case::parse(&both_ways(input)?)?),
                "default" => read.default = Some(Absent::parse(input)?),
                "transparent" => read.transparent = Some(key.span()),
                "tag" => read.tag = Some(value(input)?),
                "content" => read.content = Some(value(input)?),
                "deny_unknown_fields" => read.deny_unknown_fields = true,
                // `rename`, `crate` and `expecting` change nothing in the JSON; nor does
                // `rename_all_fields`, for variants have no fields of their own here.
                _ => drop(both_ways(input)?),
            }
            Ok(())
        });
        read
    }
}

impl Field {
    /// Reads them.
    pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut read = Self::default();
        FIELD.read(attrs, problems, |key, input, _| {
            match key.to_string().as_str() {
                "rename" => read.rename = Some(both_ways(input)?),
                "default" => read.default = Some(Absent::parse(input)?),
                "skip" => read.skip = true,
                "flatten" => read.flatten = Some(key.span()),
                _ => read.skip_serializing_if = Some(value(input)?),
            }
            Ok(())
        });
        read
    }
}

impl Variant {
    /// Reads them.
    pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut read = Self::default();
        VARIANT.read(attrs, problems, |key, input, _| {
            match key.to_string().as_str() {
                "rename" => read.rename = Some(both_ways(input)?),
                "skip" => read.skip = true,
                // `rename_all`: a variant's content is a struct of its own, with its own rule.
                _ => drop(both_ways(input)?),
            }
            Ok(())
        });
        read
    }
}

impl Absent {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![=]) {
            let function: LitStr = value(input)?;
            return Ok(Self::Function(function.parse()?));
        }
        Ok(Self::Trait)
    }
}

/// `= "name"`, or `(serialize = "name", deserialize = "name")` if the two are the same.
fn both_ways(input: ParseStream<'_>) -> syn::Result<LitStr> {
    if input.peek(Token![=]) {
        return value(input);
    }
    let content;
    let parentheses = syn::parenthesized!(content in input);
    let mut names: Vec<(Ident, LitStr)> = Vec::new();
    while !content.is_empty() {
        names.push((content.parse()?, value(&content)?));
        content.parse::<Option<Token![,]>>()?;
    }
    match names.as_slice() {
        [(a, name), (b, other)] if a != b && name.value() == other.value() => Ok(name.clone()),
        _ => Err(problem::spanned(
            parentheses.span.join(),
            "what is written is not what is read",
            "a saga reads what a step wrote: give one name for both, `= \"…\"`",
        )),
    }
}
