//! The code of a saga's declaration.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident};

use super::attr::{HistoryKey, Settings, Source};
use crate::item::{description, optional_text, place};

/// The impl.
pub fn write(item: &DeriveInput, settings: &Settings) -> TokenStream {
    let ident = &item.ident;
    let name = crate::item::name(ident);
    let description = optional_text(description(&item.attrs).as_deref());
    let place = place(ident);
    let key = history_key(settings.history_key.as_ref());
    let resources = resources(settings);
    let compensation = compensation(ident, settings);
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::Declare for #ident {
            fn declare() -> ::saga_dsl::__private::Declaration {
                ::saga_dsl::__private::Declaration {
                    name: #name,
                    description: #description,
                    place: #place,
                    history_key: #key,
                }
            }

            #resources
        }

        #compensation
    }
}

fn compensation(ident: &Ident, settings: &Settings) -> TokenStream {
    let Some(undo) = &settings.compensation else {
        return TokenStream::new();
    };
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::Undoes<::saga_dsl::__private::Nested<#ident>> for #undo {}
    }
}

fn resources(settings: &Settings) -> TokenStream {
    let resources = &settings.resources;
    if resources.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn resources(recorder: &mut ::saga_dsl::__private::Recorder) {
            #(<#resources as ::saga_dsl::Resource>::register(recorder);)*
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
