//! Checks of structs.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields, GenericArgument, Ident, Index, Member, PathArguments, Type};

use super::checked::{Body, Field, Inner, Object, Presence};
use super::model;
use super::serde_attr::{Absent, Container};
use crate::item;
use crate::problem::{Problems, spanned};

/// A struct's body.
pub fn check(
    item: &DeriveInput,
    shape: &Fields,
    fields: Vec<model::Field<'_>>,
    serde: &Container,
    problems: &mut Problems,
) -> Body {
    tags_belong_to_enums(serde, problems);
    match shape {
        Fields::Unit => Body::Null,
        Fields::Named(_) => match serde.transparent {
            Some(at) => transparent(item, fields, at, problems),
            None => object(item, fields, serde, problems),
        },
        Fields::Unnamed(_) if fields.len() == 1 => {
            transparent(item, fields, item.ident.span(), problems)
        }
        Fields::Unnamed(_) => {
            let help = "name its fields: `struct … { … }`";
            problems.at(
                &item.ident,
                "a tuple struct of saga data has one field",
                help,
            );
            Body::Null
        }
    }
}

fn tags_belong_to_enums(serde: &Container, problems: &mut Problems) {
    for tag in [&serde.tag, &serde.content].into_iter().flatten() {
        let help = "remove it: it tells the variants of an enum apart";
        problems.at(tag, "a struct of saga data has no tag", help);
    }
}

fn transparent(
    item: &DeriveInput,
    fields: Vec<model::Field<'_>>,
    at: Span,
    problems: &mut Problems,
) -> Body {
    for (_, key) in fields.iter().filter_map(|field| field.sensitive.as_ref()) {
        let help = "mark the fields that are of this type";
        problems.at(
            key,
            "a field that stands for its struct cannot be sensitive",
            help,
        );
    }
    let mut fields = fields
        .into_iter()
        .enumerate()
        .filter(|(_, field)| !field.serde.skip);
    let (Some((index, field)), None) = (fields.next(), fields.next()) else {
        let help = "leave one field that is not skipped, or remove `transparent`";
        problems.keep(spanned(at, "a transparent struct is its one field", help));
        return Body::Null;
    };
    Body::Transparent(Box::new(Inner {
        member: field
            .field
            .ident
            .clone()
            .map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named),
        vis: field.field.vis.clone(),
        of: item::named(&field.field.ty, &item.ident),
    }))
}

fn object(
    item: &DeriveInput,
    fields: Vec<model::Field<'_>>,
    serde: &Container,
    problems: &mut Problems,
) -> Body {
    let fields: Vec<_> = fields
        .into_iter()
        .filter(|field| !field.serde.skip)
        .filter_map(|field| self::field(item, field, serde, problems))
        .collect();
    one_name_each(&fields, problems);
    Body::Object(Object {
        fields,
        closed: serde.deny_unknown_fields,
    })
}

fn one_name_each(fields: &[Field], problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for field in fields {
        if !matches!(field.presence, Presence::Flattened) && !names.insert(&field.name) {
            let message = format!("two fields are named `{}` in JSON", field.name);
            problems.at(&field.ident, message, "rename one of them");
        }
    }
}

fn field(
    item: &DeriveInput,
    model: model::Field<'_>,
    serde: &Container,
    problems: &mut Problems,
) -> Option<Field> {
    let ident = model.field.ident.clone()?;
    let of = item::named(&model.field.ty, &item.ident);
    let default = default(item, &ident, &of, &model, serde);
    let optional = is_option(&of);
    if let Some(condition) = &model.serde.skip_serializing_if
        && !optional
        && default.is_none()
    {
        let message = format!("`{ident}` is left out sometimes and could not be read back");
        let help = "add `#[serde(default)]`, or make it an `Option`";
        problems.at(condition, message, help);
    }
    let flattened = flattened(&model, default.is_some(), problems);
    let presence = match default {
        _ if flattened => Presence::Flattened,
        Some(default) => Presence::Default(default),
        None if optional => Presence::Optional,
        None => Presence::Required,
    };
    Some(Field {
        name: name(&ident, &model, serde),
        vis: model.field.vis.clone(),
        docs: item::docs(&model.field.attrs),
        // What a default would replace is written as null.
        skip_null: optional
            && model.serde.skip_serializing_if.is_some()
            && matches!(presence, Presence::Optional),
        sensitive: model.sensitive.map(|(form, _)| form),
        ident,
        of,
        presence,
    })
}

/// Whether the field is flattened, and can be.
fn flattened(model: &model::Field<'_>, default: bool, problems: &mut Problems) -> bool {
    let Some(at) = model.serde.flatten else {
        return false;
    };
    let [message, help] = if default || model.serde.skip_serializing_if.is_some() {
        [
            "a flattened field is always there",
            "give its own fields the defaults, or remove `flatten`",
        ]
    } else if is_option(&model.field.ty) {
        [
            "an `Option` cannot be flattened in saga data",
            "make its own fields options, or remove `flatten`",
        ]
    } else if model.sensitive.is_some() {
        [
            "a flattened field cannot be sensitive",
            "mark the fields of its type that are",
        ]
    } else {
        return true;
    };
    problems.keep(spanned(at, message, help));
    false
}

fn name(ident: &Ident, model: &model::Field<'_>, serde: &Container) -> String {
    match (&model.serde.rename, serde.rename_all) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.of_field(&ident.unraw().to_string()),
        (None, None) => ident.unraw().to_string(),
    }
}

/// The value of the field where it is absent. An option's own default is null, as if it had none.
fn default(
    item: &DeriveInput,
    ident: &Ident,
    of: &Type,
    model: &model::Field<'_>,
    serde: &Container,
) -> Option<TokenStream> {
    match (&model.serde.default, &serde.default) {
        (Some(Absent::Function(function)), _) => Some(quote!(#function())),
        (Some(Absent::Trait), _) if is_option(of) => None,
        (Some(Absent::Trait), _) => {
            Some(quote_spanned!(item::at(of)=> <#of as ::core::default::Default>::default()))
        }
        (None, Some(Absent::Function(function))) => Some(quote!(#function().#ident)),
        (None, Some(Absent::Trait)) => {
            let item = &item.ident;
            Some(quote!(<#item as ::core::default::Default>::default().#ident))
        }
        (None, None) => None,
    }
}

/// Serde takes a field to be absent where its type is written as an option.
fn is_option(of: &Type) -> bool {
    let path = match of {
        Type::Path(path) => path,
        // What a macro of the author's was given as a type.
        Type::Group(group) => return is_option(&group.elem),
        Type::Paren(paren) => return is_option(&paren.elem),
        _ => return false,
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return false;
    };
    let one_type = arguments
        .args
        .iter()
        .all(|argument| matches!(argument, GenericArgument::Type(_)));
    last.ident == "Option" && arguments.args.len() == 1 && one_type
}
