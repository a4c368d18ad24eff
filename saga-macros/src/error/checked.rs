//! Errors that nothing is wrong with.

use std::collections::BTreeSet;

use quote::format_ident;
use syn::{Data, DeriveInput, Fields, Ident, Type, Visibility};

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
    Inner(Type),
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

/// The errors, if nothing is wrong with them.
pub fn check(item: &DeriveInput) -> syn::Result<Errors> {
    let mut problems = Problems::default();
    item::no_generics(&item.generics, "a saga error", &mut problems);
    let (shape, variants) = match &item.data {
        Data::Enum(data) => {
            if let Some(attr) = item.attrs.iter().find(|attr| attr.path().is_ident("saga")) {
                let help = "state it at the variants it is about";
                problems.at(attr, "an enum of errors has no setting of its own", help);
            }
            let variants = data.variants.iter();
            let read = |variant: &syn::Variant| {
                let attr = attr::Variant::read(&variant.attrs, &mut problems);
                check_variant(&variant.ident, &variant.fields, attr, &mut problems)
            };
            (Shape::Enum, variants.map(read).collect())
        }
        Data::Struct(data) => {
            let attr = attr::Variant::read(&item.attrs, &mut problems);
            let variant = check_variant(&item.ident, &data.fields, attr, &mut problems);
            (Shape::Struct, vec![variant])
        }
        Data::Union(_) => {
            let help = "make it an enum: a variant an error";
            problems.at(&item.ident, "a union cannot be a saga error", help);
            (Shape::Struct, Vec::new())
        }
    };
    one_name_each(&variants, &mut problems);
    problems.settle(Errors {
        ident: item.ident.clone(),
        vis: item.vis.clone(),
        kind: kind(&item.ident),
        shape,
        variants,
    })
}

/// The name of the enum of a type's kinds of errors.
pub fn kind(ident: &Ident) -> Ident {
    format_ident!("{ident}Kind", span = ident.span())
}

fn check_variant(
    ident: &Ident,
    fields: &Fields,
    attr: attr::Variant,
    problems: &mut Problems,
) -> Variant {
    let of = match attr.transparent {
        Some(_) => inner(fields, &attr, problems),
        None => one(ident, attr, problems),
    };
    Variant {
        ident: ident.clone(),
        of,
    }
}

fn inner(fields: &Fields, attr: &attr::Variant, problems: &mut Problems) -> Declared {
    let at = attr
        .transparent
        .unwrap_or_else(proc_macro2::Span::call_site);
    let said = attr.rename.as_ref().map(syn::LitStr::span);
    let said = said
        .or(attr.unknown)
        .or(attr.retry.as_ref().map(|(_, at)| *at));
    if let Some(said) = said {
        let help = "state it where the errors of its field are declared";
        problems.keep(spanned(
            said,
            "a transparent variant declares nothing itself",
            help,
        ));
    }
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => match fields.unnamed.first() {
            Some(field) => Declared::Inner(field.ty.clone()),
            None => Declared::Inner(Type::Verbatim(proc_macro2::TokenStream::new())),
        },
        _ => {
            let help = "give it one field, whose type is a saga error";
            problems.keep(spanned(
                at,
                "a transparent variant is the errors of its field",
                help,
            ));
            Declared::Inner(Type::Verbatim(proc_macro2::TokenStream::new()))
        }
    }
}

fn one(ident: &Ident, attr: attr::Variant, problems: &mut Problems) -> Declared {
    let name = match &attr.rename {
        Some(name) => {
            problems.value(checked_name(name));
            name.value()
        }
        None => ident.to_string(),
    };
    Declared::One {
        name,
        unknown: attr.unknown.is_some(),
        retry: attr.retry.map(|(retry, _)| retry),
    }
}

fn checked_name(text: &syn::LitStr) -> syn::Result<()> {
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
