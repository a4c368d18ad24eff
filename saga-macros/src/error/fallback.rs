//! Impls of the right shape for errors that something is wrong with.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use super::checked::kind;

/// The kinds, and impls that do nothing.
pub fn write(item: &DeriveInput) -> TokenStream {
    if !item.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (ident, vis, kind) = (&item.ident, &item.vis, kind(&item.ident));
    let variants: Vec<_> = match &item.data {
        Data::Enum(data) => data.variants.iter().map(|variant| &variant.ident).collect(),
        _ => vec![ident],
    };
    quote! {
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #vis enum #kind { #(#variants,)* }

        #[automatically_derived]
        impl ::saga_dsl::SagaError for #ident {
            type Kind = #kind;

            fn kind(&self) -> #kind {
                ::core::unimplemented!()
            }
        }

        #[automatically_derived]
        impl ::saga_dsl::__private::ErrorKind for #kind {
            fn all() -> ::std::vec::Vec<Self> {
                ::core::unimplemented!()
            }

            fn names(self) -> &'static [&'static str] {
                ::core::unimplemented!()
            }

            fn outcome(self) -> ::saga_dsl::__private::Outcome {
                ::core::unimplemented!()
            }

            fn retry(self) -> ::saga_dsl::Retry {
                ::core::unimplemented!()
            }
        }
    }
}
