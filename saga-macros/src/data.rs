//! `#[derive(SagaData)]`: typed references to a type's fields, and what its JSON looks like.

mod attr;
pub mod case;
mod checked;
mod enumeration;
mod model;
mod serde_attr;
mod structure;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

pub use self::checked::{Data, check};
pub use self::tokens::{fields_type, write};
use crate::problem::Problems;

/// The struct of references and the impls.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let data = check(item, &mut problems);
    problems.before(data.as_ref().map(write))
}
