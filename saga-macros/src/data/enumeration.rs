//! Checks of enums.

use std::collections::BTreeSet;

use syn::ext::IdentExt;
use syn::{DeriveInput, Field, Fields, LitStr, Type};

use super::checked::{Body, Layout, Name, Variant};
use super::model;
use super::serde_attr::Container;
use crate::item;
use crate::problem::{Problems, spanned};

/// An enum's body.
pub fn check(
    item: &DeriveInput,
    variants: &[model::Variant<'_>],
    serde: &Container,
    problems: &mut Problems,
) -> Body {
    attributes_fit(serde, problems);
    if variants.is_empty() {
        let help = "give it variants, or use the type that stands for it";
        problems.at(&item.ident, "an enum of saga data has a variant", help);
    }
    let variants: Vec<_> = variants
        .iter()
        .map(|model| Variant {
            name: name(model, serde),
            layout: layout(content(item, model, problems), serde),
        })
        .collect();
    one_name_each(&variants, problems);
    if variants
        .iter()
        .all(|variant| matches!(variant.layout, Layout::Unit))
    {
        return Body::Names(variants.into_iter().map(|variant| variant.name).collect());
    }
    Body::OneOf(variants)
}

fn attributes_fit(serde: &Container, problems: &mut Problems) {
    if let (Some(content), None) = (&serde.content, &serde.tag) {
        let help = "state the field that holds the variant's name: `tag = \"…\"`";
        problems.at(content, "an enum with `content` has a `tag`", help);
    }
    if let Some(at) = serde.transparent {
        let help = "remove `transparent`";
        problems.keep(spanned(at, "an enum cannot be transparent", help));
    }
}

/// A variant's content.
fn content(
    item: &DeriveInput,
    model: &model::Variant<'_>,
    problems: &mut Problems,
) -> Option<Type> {
    let variant = model.variant;
    if let Some((_, key)) = &model.sensitive {
        let help = "mark the fields of its content";
        problems.at(key, "a variant cannot be sensitive", help);
    }
    if model.serde.skip {
        let help = "remove the variant, or let it be written";
        problems.at(
            &variant.ident,
            "a variant that is skipped cannot be written",
            help,
        );
    }
    match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = fields.unnamed.first()?;
            plain(field, problems);
            Some(item::named(&field.ty, &item.ident))
        }
        fields => {
            let name = &variant.ident;
            let message = format!("the variant `{name}` has fields of its own");
            let help = format!(
                "put them into a struct of their own: `{name}({name})`, with `struct {name} {{ … }}`"
            );
            problems.at(fields, message, help);
            None
        }
    }
}

/// A variant's content is the whole of its type: what could be said of a field has no place there.
fn plain(field: &Field, problems: &mut Problems) {
    for attr in &field.attrs {
        if attr.path().is_ident("serde") || attr.path().is_ident("saga") {
            let help = "state it where the content's type is declared";
            problems.at(
                attr,
                "a variant's content cannot have attributes of its own",
                help,
            );
        }
    }
}

fn name(model: &model::Variant<'_>, serde: &Container) -> Name {
    let ident = model.variant.ident.clone();
    let written = ident.unraw().to_string();
    let name = match (&model.serde.rename, serde.rename_all) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.of_variant(&written),
        (None, None) => written,
    };
    Name {
        ident,
        name,
        description: item::description(&model.variant.attrs),
    }
}

fn layout(content: Option<Type>, serde: &Container) -> Layout {
    match (&serde.tag, &serde.content) {
        (Some(tag), Some(field)) => Layout::Adjacent(tag.clone(), with(field, content)),
        (Some(tag), None) => Layout::Internal(tag.clone(), content),
        (None, _) => content.map_or(Layout::Unit, Layout::External),
    }
}

fn with(field: &LitStr, content: Option<Type>) -> Option<(LitStr, Type)> {
    content.map(|content| (field.clone(), content))
}

fn one_name_each(variants: &[Variant], problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for Variant { name, .. } in variants {
        if !names.insert(&name.name) {
            let message = format!("two variants are named `{}` in JSON", name.name);
            problems.at(&name.ident, message, "rename one of them");
        }
    }
}
