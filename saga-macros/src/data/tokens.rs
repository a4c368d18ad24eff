//! The code of data that was checked.

mod description;
mod references;

pub use self::references::fields_type;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::checked::{Body, Data};
use crate::item::at;

/// The struct of references, and the impls.
pub fn write(data: &Data) -> TokenStream {
    let references = references::write(data);
    let implementation = saga_data(data);
    let constants = constants(data);
    let named_fields = named_fields(data);
    quote! {
        #references
        #implementation
        #constants
        #named_fields
    }
}

fn saga_data(data: &Data) -> TokenStream {
    let ident = &data.ident;
    let fields = references::fields_type(data);
    let read = references::read(data);
    let description = description::write(data);
    quote_spanned! {at(ident)=>
        #[automatically_derived]
        impl ::saga_dsl::SagaData for #ident {
            type Fields<'s> = #fields;

            fn fields<'s>(value: ::saga_dsl::Ref<'s, #ident>) -> &'s #fields {
                #read
            }

            fn describe() -> ::saga_dsl::__private::Type {
                #description
            }
        }
    }
}

/// A variant that is only a name can be written as it is: `FareStatus::Failed.into()`.
fn constants(data: &Data) -> TokenStream {
    let Body::Names(names) = &data.body else {
        return TokenStream::new();
    };
    let ident = &data.ident;
    let arms = names.iter().map(|variant| {
        let (variant, name) = (&variant.ident, &variant.name);
        quote!(#ident::#variant { .. } => #name)
    });
    quote! {
        #[automatically_derived]
        impl<'s> ::core::convert::From<#ident> for ::saga_dsl::Ref<'s, #ident> {
            fn from(value: #ident) -> Self {
                Self::scalar(::saga_dsl::__private::Scalar::Text(match value {
                    #(#arms,)*
                }))
            }
        }
    }
}

fn named_fields(data: &Data) -> TokenStream {
    let ident = &data.ident;
    match data.body {
        Body::Object(_) => quote_spanned! {at(ident)=>
            #[automatically_derived]
            impl ::saga_dsl::__private::NamedFields for #ident {}
        },
        _ => TokenStream::new(),
    }
}
