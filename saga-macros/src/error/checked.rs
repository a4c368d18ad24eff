//! Errors that were checked.

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::format_ident;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, Type, Visibility};

use super::attr;
use super::retry::Retry;
use crate::item;
use crate::problem::{self, Problems, spanned};

/// The errors of a step.
pub struct Errors {
    /// The type.
    pub ident: Ident,
    /// Who sees it, and its kinds.
    pub vis: Visibility,
    /// The name of the enum of its kinds.
    pub kind: Ident,
    /// What it is made of.
    pub shape: Shape,
    /// The errors.
    pub variants: Vec<Variant>,
}

/// What the type is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An enum: an error a variant.
    Enum,
    /// A struct: one error of its name.
    Struct,
}

/// One error.
pub struct Variant {
    /// The variant.
    pub ident: Ident,
    /// What it declares.
    pub of: Declared,
}

/// What a variant declares.
pub enum Declared {
    /// The errors of its field.
    Inner(Box<Type>),
    /// One error.
    One {
        /// Its name.
        name: String,
        /// Whether the step may have happened.
        unknown: bool,
        /// How it is retried.
        retry: Option<Retry>,
    },
}

/// The longest name of an error (Amazon States Language, "Error Names", as Step Functions bounds it).
const LONGEST_NAME: usize = 256;

/// The errors: what is wrong with them is a problem and is left out here.
pub fn check(item: &DeriveInput, problems: &mut Problems) -> Option<Errors> {
    let plain = item::no_generics(&item.generics, "a saga error", problems);
    let (shape, variants) = match &item.data {
        Data::Enum(data) => (Shape::Enum, variants(item, data, problems)),
        Data::Struct(data) => {
            let attr = attr::Variant::read(&item.attrs, problems);
            let variant = variant(&item.ident, &data.fields, attr, problems);
            (Shape::Struct, vec![variant])
        }
        Data::Union(_) => {
            let help = "make it an enum: a variant an error";
            problems.at(&item.ident, "a union cannot be a saga error", help);
            return None;
        }
    };
    one_name_each(&variants, problems);
    plain.then(|| Errors {
        ident: item.ident.clone(),
        vis: item.vis.clone(),
        kind: format_ident!("{}Kind", item.ident, span = item.ident.span()),
        shape,
        variants,
    })
}

fn variants(item: &DeriveInput, data: &DataEnum, problems: &mut Problems) -> Vec<Variant> {
    if let Some(attr) = item.attrs.iter().find(|attr| attr.path().is_ident("saga")) {
        let help = "state it at the variants it is about";
        problems.at(attr, "an enum of errors has no setting of its own", help);
    }
    let read = |variant: &syn::Variant| {
        let attr = attr::Variant::read(&variant.attrs, problems);
        self::variant(&variant.ident, &variant.fields, attr, problems)
    };
    data.variants.iter().map(read).collect()
}

fn variant(
    ident: &Ident,
    fields: &Fields,
    attr: attr::Variant,
    problems: &mut Problems,
) -> Variant {
    let inner = attr
        .transparent
        .and_then(|at| inner(fields, at, &attr, problems));
    Variant {
        ident: ident.clone(),
        of: inner.unwrap_or_else(|| one(ident, attr, problems)),
    }
}

fn inner(
    fields: &Fields,
    at: Span,
    attr: &attr::Variant,
    problems: &mut Problems,
) -> Option<Declared> {
    let rename = attr.rename.as_ref().map(LitStr::span);
    let retry = attr.retry.as_ref().map(|(_, at)| *at);
    if let Some(said) = rename.or(attr.unknown).or(retry) {
        let help = "state it where the errors of its field are declared";
        problems.keep(spanned(
            said,
            "a transparent variant declares nothing itself",
            help,
        ));
    }
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields
            .unnamed
            .first()
            .map(|field| Declared::Inner(Box::new(field.ty.clone()))),
        _ => {
            let help = "give it one field, whose type is a saga error";
            problems.keep(spanned(
                at,
                "a transparent variant is the errors of its field",
                help,
            ));
            None
        }
    }
}

fn one(ident: &Ident, attr: attr::Variant, problems: &mut Problems) -> Declared {
    let name = match &attr.rename {
        Some(name) => {
            problems.value(checked_name(name));
            name.value()
        }
        None => crate::item::name(ident),
    };
    Declared::One {
        name,
        unknown: attr.unknown.is_some(),
        retry: attr.retry.map(|(retry, _)| retry),
    }
}

fn checked_name(text: &LitStr) -> syn::Result<()> {
    let name = text.value();
    if name.chars().count() > LONGEST_NAME {
        let help = format!("an error's name has {LONGEST_NAME} characters at most");
        return Err(problem::at(text, "this name is too long", help));
    }
    if name.starts_with("States.") {
        let help = "use another name: `States.` begins those of the language itself";
        return Err(problem::at(text, format!("`{name}` is reserved"), help));
    }
    Ok(())
}

fn one_name_each(variants: &[Variant], problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for variant in variants {
        if let Declared::One { name, .. } = &variant.of
            && !names.insert(name)
        {
            let message = format!("two errors are named `{name}`");
            problems.at(&variant.ident, message, "rename one of them");
        }
    }
}
