//! What all derives read of an item: its doc comment, its place, and that it is not generic.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Expr, Fields, Generics, Ident, Lit, Meta, MetaNameValue, Type,
};

use crate::problem::Problems;

/// The doc comment: lines joined, paragraphs kept apart.
pub fn description(attrs: &[Attribute]) -> Option<String> {
    let mut text = String::new();
    for line in attrs.iter().filter_map(doc_line).flat_map(lines) {
        match (line.as_str(), text.is_empty() || text.ends_with('\n')) {
            ("", false) => text.push('\n'),
            (line, false) => text.extend([" ", line]),
            (line, true) => text.push_str(line),
        }
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn lines(text: String) -> Vec<String> {
    text.split('\n')
        .map(|line| line.trim().to_owned())
        .collect()
}

fn doc_line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(MetaNameValue { path, value, .. }) = &attr.meta else {
        return None;
    };
    match value {
        Expr::Lit(literal) if path.is_ident("doc") => match &literal.lit {
            // An empty line between paragraphs is a doc attribute of its own.
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// `Some("…")` or `None`.
pub fn optional_text(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

/// `Some("…".into())` or `None`, for the manifest's types.
pub fn optional_string(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text.into())),
        None => quote!(::core::option::Option::None),
    }
}

/// Where the author's tokens stand, for messages of rustc about code that is written for them. Its names are resolved
/// as those of all generated code are: the tokens' own span would be blind to them where a `macro_rules!` wrote the item.
pub fn at(tokens: impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// The place of the item's name: `line!` answers that of the outermost expansion, which is not to be the derive's.
pub fn place(ident: &Ident) -> TokenStream {
    quote_spanned!(ident.span()=> ::saga_dsl::__here!())
}

/// The item's doc comments, for what is generated beside it.
pub fn docs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("doc"))
        .cloned()
        .collect()
}

/// Refuses generic parameters; answers whether there were none.
pub fn no_generics(generics: &Generics, what: &str, problems: &mut Problems) -> bool {
    if generics.params.is_empty() {
        return true;
    }
    let message = format!("{what} cannot be generic");
    let help = "state the types: its name, schema and references are those of one type";
    problems.at(&generics.params, message, help);
    false
}

/// Refuses everything but a unit struct; answers whether impls can be written for it at all.
pub fn unit_struct(item: &DeriveInput, what: &str, problems: &mut Problems) -> bool {
    let plain = no_generics(&item.generics, what, problems);
    let unit = matches!(&item.data, Data::Struct(data) if matches!(data.fields, Fields::Unit));
    if !unit {
        let message = format!("{what} is a struct without fields");
        let help = format!("write `struct {};`", item.ident);
        problems.at(&item.ident, message, help);
    }
    plain
}

/// `()`, where the author's type is missing.
pub fn nothing() -> Type {
    syn::parse_quote!(())
}

/// The type, with the item's name for `Self`: in the struct of references that would be another.
pub fn named(of: &Type, item: &Ident) -> Type {
    let tokens = name_self(of.to_token_stream(), item);
    syn::parse2(tokens).unwrap_or_else(|_| of.clone())
}

fn name_self(tokens: TokenStream, item: &Ident) -> TokenStream {
    let name = |token| match token {
        TokenTree::Ident(name) if name == "Self" => {
            let mut named = item.clone();
            named.set_span(name.span());
            TokenTree::Ident(named)
        }
        TokenTree::Group(group) => {
            let mut named = Group::new(group.delimiter(), name_self(group.stream(), item));
            named.set_span(group.span());
            TokenTree::Group(named)
        }
        token => token,
    };
    tokens.into_iter().map(name).collect()
}

/// The item's name, as states, functions and resources are named after it.
pub fn name(ident: &Ident) -> String {
    ident.unraw().to_string()
}
