//! `#[derive(Saga)]`: a saga's name, doc comment and place.

mod attr;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::{Problems, with_fallback};

/// The impl, or the problems and an impl that says nothing.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match check(item) {
        Ok(settings) => tokens::write(item, &settings),
        Err(error) => with_fallback(&error, tokens::write(item, &attr::Settings::default())),
    }
}

fn check(item: &DeriveInput) -> syn::Result<attr::Settings> {
    let mut problems = Problems::default();
    item::unit_struct(item, "a saga", &mut problems);
    let settings = attr::read(&item.attrs, &mut problems);
    problems.settle(settings)
}
