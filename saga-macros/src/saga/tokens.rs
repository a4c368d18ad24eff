//! The code of a saga's declaration.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::attr::{HistoryKey, Source};
use crate::item::{description, optional_text, place};

/// The impl.
pub fn write(item: &DeriveInput, key: Option<&HistoryKey>) -> TokenStream {
    let ident = &item.ident;
    let (generics, parameters, bounds) = item.generics.split_for_impl();
    let name = ident.to_string();
    let description = optional_text(description(&item.attrs).as_deref());
    let place = place(ident);
    let key = history_key(key);
    quote! {
        #[automatically_derived]
        impl #generics ::saga_dsl::__private::Declare for #ident #parameters #bounds {
            fn declare() -> ::saga_dsl::__private::Declaration {
                ::saga_dsl::__private::Declaration {
                    name: #name,
                    description: #description,
                    place: #place,
                    history_key: #key,
                }
            }
        }
    }
}

fn history_key(key: Option<&HistoryKey>) -> TokenStream {
    let Some(HistoryKey { source, reason }) = key else {
        return quote!(::core::option::Option::None);
    };
    let source = match source {
        Source::Created => quote!(Created),
        Source::Parameter(name) => quote!(Parameter(#name.into())),
        Source::Arn(arn) => quote!(Arn(#arn.into())),
    };
    quote! {
        ::core::option::Option::Some(::saga_dsl::__private::HistoryKey {
            key: ::saga_dsl::__private::KeySource::#source,
            reason: #reason.into(),
        })
    }
}
