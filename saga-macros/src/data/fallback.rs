//! Impls of the right shape for a type that something is wrong with.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use super::checked::references;

/// The struct of references, with every field, and impls that do nothing.
pub fn write(item: &DeriveInput) -> TokenStream {
    if !item.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (ident, vis, references) = (&item.ident, &item.vis, references(&item.ident));
    let fields = match &item.data {
        Data::Struct(data) => named(&data.fields),
        _ => TokenStream::new(),
    };
    quote! {
        #[doc(hidden)]
        #[derive(Clone, Copy)]
        #vis struct #references<'s> { #fields #[doc(hidden)] __saga: ::core::marker::PhantomData<&'s ()> }

        #[automatically_derived]
        impl ::saga_dsl::SagaData for #ident {
            type Fields<'s> = #references<'s>;

            fn fields<'s>(_: ::saga_dsl::Ref<'s, Self>) -> &'s Self::Fields<'s> {
                ::core::unimplemented!()
            }

            fn describe() -> ::saga_dsl::__private::Type {
                ::core::unimplemented!()
            }
        }
    }
}

fn named(fields: &Fields) -> TokenStream {
    let fields = fields.iter().filter_map(|field| {
        let (vis, ident, of) = (&field.vis, field.ident.as_ref()?, &field.ty);
        Some(quote!(#vis #ident: ::saga_dsl::Ref<'s, #of>,))
    });
    fields.collect()
}
