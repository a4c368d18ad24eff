//! `#[derive(SagaQueue)] #[queue(message = …, subscribe(…), …)]`.

mod attr;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::{Problems, with_fallback};

/// The impl, or the problems and an impl of a queue of nothing.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match check(item) {
        Ok(queue) => tokens::write(item, &queue),
        Err(error) => with_fallback(&error, tokens::write(item, &attr::Queue::nothing())),
    }
}

fn check(item: &DeriveInput) -> syn::Result<attr::Queue> {
    let mut problems = Problems::default();
    item::unit_struct(item, "a queue", &mut problems);
    let queue = attr::read(item, &mut problems);
    problems.settle(queue)
}
