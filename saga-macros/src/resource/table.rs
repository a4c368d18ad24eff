//! `#[derive(SagaTable)] #[table(item = …, partition_key = field: Type, …)]`.

mod attr;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::{Problems, with_fallback};

/// The impl, or the problems and an impl of the right shape.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match check(item) {
        Ok(table) => tokens::write(item, &table),
        Err(error) => with_fallback(&error, tokens::write_fallback(item)),
    }
}

fn check(item: &DeriveInput) -> syn::Result<attr::Table> {
    let mut problems = Problems::default();
    item::unit_struct(item, "a table", &mut problems);
    let table = attr::read(item, &mut problems);
    match problems.settle(table)? {
        Some(table) => Ok(table),
        None => Err(syn::Error::new_spanned(&item.ident, "this is no table")),
    }
}
