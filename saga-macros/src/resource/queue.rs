//! `#[derive(SagaQueue)] #[queue(message = …, subscribe(…), …)]`.

mod attr;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::Problems;

/// The impl.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let plain = item::unit_struct(item, "a queue", &mut problems);
    let queue = attr::read(item, &mut problems);
    problems.before(plain.then(|| tokens::write(item, &queue)))
}
