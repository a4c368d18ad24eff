//! `#[derive(SagaTable)]`, `#[derive(SagaTopic)]`, `#[derive(SagaQueue)]`: resources as types.

pub mod queue;
pub mod table;
pub mod topic;

mod subscription;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::DeriveInput;

/// A resource's own impl, and the one that lets a saga name it among its `resources(…)`.
pub fn expand(item: &DeriveInput, kind: &str, own: fn(&DeriveInput) -> TokenStream) -> TokenStream {
    let (own, ident) = (own(item), &item.ident);
    let register = Ident::new(kind, Span::call_site());
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
