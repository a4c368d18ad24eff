//! `#[derive(SagaStep)]`: a struct that is a step's input, and what its function needs.

mod attr;
mod bounds;
mod checked;
mod environment;
mod fallback;
mod tokens;
mod uses;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::problem::with_fallback;

/// The impls, or the problems and impls of the right shape.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match checked::check(item) {
        Ok(step) => tokens::write(&step),
        Err(error) => with_fallback(&error, fallback::write(item)),
    }
}
