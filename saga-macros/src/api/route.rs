//! The routes: variants with `#[get("/order/{userName}")]`, whose fields are the path's parameters.

use std::collections::BTreeSet;

use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Ident, LitStr, Token, Variant};

use crate::data::case::Case;
use crate::item;
use crate::problem::{self, Problems};

/// Methods as attributes, and the manifest's names for them.
const METHODS: [(&str, &str, &str); 5] = [
    ("get", "Get", "GET"),
    ("post", "Post", "POST"),
    ("put", "Put", "PUT"),
    ("patch", "Patch", "PATCH"),
    ("delete", "Delete", "DELETE"),
];

/// A route.
pub struct Route<'i> {
    /// The variant.
    pub variant: &'i Ident,
    /// The variant of the manifest's `Method`.
    pub method: Ident,
    /// As requests have it.
    pub method_name: &'static str,
    /// The path.
    pub path: String,
    /// Its doc comment.
    pub description: Option<String>,
    /// The fields, and the parameters that they are.
    pub fields: Vec<(&'i Ident, String)>,
}

/// The routes: what is wrong with one is a problem, and it is left out.
pub fn check<'i>(
    variants: &'i Punctuated<Variant, Token![,]>,
    problems: &mut Problems,
) -> Vec<Route<'i>> {
    let mut routes: Vec<Route<'i>> = Vec::new();
    for variant in variants {
        let Some(route) = problems.value(route(variant)) else {
            continue;
        };
        let same = |known: &&Route<'_>| known.method == route.method && known.path == route.path;
        if let Some(known) = routes.iter().find(same) {
            let message = format!("`{}` has this route, too", known.variant);
            problems.at(&variant.ident, message, "give it another method or path");
        }
        routes.push(route);
    }
    if variants.is_empty() {
        problems.at(variants, "this API has no route", "add a variant a route");
    }
    routes
}

fn route(variant: &Variant) -> syn::Result<Route<'_>> {
    let mut found = variant.attrs.iter().filter_map(|attr| {
        let known = METHODS.iter().find(|(name, ..)| attr.path().is_ident(name));
        known.map(|known| (attr, known))
    });
    let (Some((attr, (_, method, name))), None) = (found.next(), found.next()) else {
        let message = format!("`{}` states no single route", variant.ident);
        let help = "add one of `#[get(\"/path\")]`, `post`, `put`, `patch`, `delete`";
        return Err(problem::at(&variant.ident, message, help));
    };
    let path = path(attr)?;
    Ok(Route {
        variant: &variant.ident,
        method: Ident::new(
            method,
            attr.path()
                .get_ident()
                .map_or_else(proc_macro2::Span::call_site, Ident::span),
        ),
        method_name: name,
        description: item::description(&variant.attrs),
        fields: fields(variant, &path)?,
        path: path.value(),
    })
}

/// A path that API Gateway takes: segments of letters, digits and a few signs, or parameters in braces.
fn path(attr: &Attribute) -> syn::Result<LitStr> {
    let literal: LitStr = attr.parse_args()?;
    let written = literal.value();
    let good = |text: &str, signs: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || signs.contains(letter);
        !text.is_empty() && text.chars().all(known)
    };
    let segment = |part: &str| match part.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').is_some_and(|name| good(name, "_")),
        None => good(part, "-_.:"),
    };
    let parts = written.strip_prefix('/');
    if parts.is_some_and(|parts| parts.split('/').all(segment)) {
        return Ok(literal);
    }
    let message = format!("`{written}` is no path of an API");
    let help =
        "write it as `\"/order/{userName}\"`: letters, digits and `-_.:`, parameters in braces";
    Err(problem::at(&literal, message, help))
}

/// Each parameter has a field, and each field a parameter: `user_name` is `{userName}`.
fn fields<'i>(variant: &'i Variant, path: &LitStr) -> syn::Result<Vec<(&'i Ident, String)>> {
    let written = path.value();
    let parts = written.split('/');
    let mut left: BTreeSet<&str> = parts
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .collect();
    let mut fields = Vec::new();
    if let Fields::Unnamed(unnamed) = &variant.fields {
        let help = "name the fields as the path's parameters";
        return Err(problem::at(unnamed, "a route's fields have names", help));
    }
    for field in &variant.fields {
        let Some(ident) = &field.ident else { continue };
        let name = Case::Camel.of_field(&item::name(ident));
        if !left.remove(name.as_str()) {
            let message = format!("`{written}` has no parameter `{{{name}}}`");
            let help = "a route's fields are its path's parameters; the rest is the request's";
            return Err(problem::at(ident, message, help));
        }
        fields.push((ident, name));
    }
    match left.first() {
        None => Ok(fields),
        Some(parameter) => {
            let message = format!("`{{{parameter}}}` has no field");
            let help = "add a field of that name in snake case, a `String`";
            Err(problem::at(path, message, help))
        }
    }
}
