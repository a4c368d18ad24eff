//! `#[derive(SagaError)]`: the names of a step's errors, how each is retried, and what it says of the
//! step's outcome.

mod attr;
mod checked;
mod retry;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::problem::Problems;

/// The enum of kinds and the impls.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let errors = checked::check(item, &mut problems);
    problems.before(errors.as_ref().map(tokens::write))
}
