//! `#[derive(SagaData)]`: typed references to a type's fields, and what its JSON looks like.

mod attr;
mod case;
pub mod checked;
mod enumeration;
mod fallback;
mod model;
mod serde_attr;
mod structure;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::problem::with_fallback;

/// The impls, or the problems and impls of the right shape.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match check(item) {
        Ok(data) => tokens::write(&data),
        Err(error) => with_fallback(&error, fallback::write(item)),
    }
}

/// The type's data, if nothing is wrong with it.
pub fn check(item: &DeriveInput) -> syn::Result<checked::Data> {
    checked::check(model::read(item))
}

/// The impls for data that was checked.
pub fn write(data: &checked::Data) -> TokenStream {
    tokens::write(data)
}

/// Impls of the right shape for an item that something is wrong with.
pub fn write_fallback(item: &DeriveInput) -> TokenStream {
    fallback::write(item)
}

/// The type of the struct of references, with its lifetime `'s` if it has one.
pub fn fields_type(data: &checked::Data) -> TokenStream {
    tokens::fields_type(data)
}
