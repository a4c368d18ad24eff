//! `#[derive(SagaTable)]`, `#[derive(SagaTopic)]`, `#[derive(SagaQueue)]`: resources as types.

mod queue;
mod subscription;
mod table;
mod topic;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::DeriveInput;

/// The code of a table.
pub fn table(item: &DeriveInput) -> TokenStream {
    registered(item, "table", table::expand(item))
}

/// The code of a topic.
pub fn topic(item: &DeriveInput) -> TokenStream {
    registered(item, "topic", topic::expand(item))
}

/// The code of a queue.
pub fn queue(item: &DeriveInput) -> TokenStream {
    registered(item, "queue", queue::expand(item))
}

/// A resource's own code, and the impl that lets a saga name it among its `resources(…)`.
fn registered(item: &DeriveInput, kind: &str, own: TokenStream) -> TokenStream {
    if !item.generics.params.is_empty() {
        return own;
    }
    let (ident, register) = (&item.ident, Ident::new(kind, Span::call_site()));
    quote! {
        #own

        #[automatically_derived]
        impl ::saga_dsl::Resource for #ident {
            fn register(recorder: &mut ::saga_dsl::__private::Recorder) {
                recorder.#register::<Self>();
            }
        }
    }
}
