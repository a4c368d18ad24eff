//! `#[derive(SagaError)]`: the names of a step's errors, how each is retried, and what it says of the
//! step's outcome.

mod attr;
mod checked;
mod fallback;
mod retry;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::problem::with_fallback;

/// The impls, or the problems and impls of the right shape.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match checked::check(item) {
        Ok(error) => tokens::write(&error),
        Err(error) => with_fallback(&error, fallback::write(item)),
    }
}
