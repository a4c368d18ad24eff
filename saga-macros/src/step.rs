//! `#[derive(SagaStep)]`: a struct that is a step's input, and what its function needs.

mod attr;
pub mod bounds;
mod checked;
pub mod environment;
pub mod tokens;
pub mod uses;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::problem::Problems;

/// The struct of references and the impls.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let step = checked::check(item, &mut problems);
    problems.before(step.as_ref().map(tokens::write))
}
