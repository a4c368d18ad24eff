//! The code of errors that were checked.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::checked::{Declared, Errors, Shape, Variant};
use crate::item::at;

/// The enum of kinds, and the impls.
pub fn write(errors: &Errors) -> TokenStream {
    let declaration = declaration(errors);
    let saga_error = saga_error(errors);
    let error_kind = error_kind(errors);
    quote! {
        #declaration
        #saga_error
        #error_kind
    }
}

fn declaration(errors: &Errors) -> TokenStream {
    let Errors {
        ident, vis, kind, ..
    } = errors;
    let doc = format!("The errors of [`{ident}`], without their data.");
    let variants = errors.variants.iter().map(|Variant { ident, of }| {
        let doc = format!("[`{}::{ident}`]", errors.ident);
        let doc = match errors.shape {
            Shape::Enum => doc,
            Shape::Struct => format!("[`{ident}`]"),
        };
        match of {
            Declared::Inner(of) => {
                let of = inner_kind(of);
                quote!(#[doc = #doc] #ident(#of))
            }
            Declared::One { .. } => quote!(#[doc = #doc] #ident),
        }
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #vis enum #kind { #(#variants,)* }
    }
}

fn inner_kind(of: &Type) -> TokenStream {
    quote_spanned!(at(of)=> <#of as ::saga_dsl::SagaError>::Kind)
}

fn saga_error(errors: &Errors) -> TokenStream {
    let Errors {
        ident, kind, shape, ..
    } = errors;
    let arms = errors.variants.iter().map(|variant| {
        let name = &variant.ident;
        match (shape, &variant.of) {
            (_, Declared::Inner(of)) => {
                let inner = quote_spanned!(at(of)=> ::saga_dsl::SagaError::kind(inner));
                match shape {
                    Shape::Enum => quote!(Self::#name(inner) => #kind::#name(#inner)),
                    Shape::Struct => quote!(Self(inner) => #kind::#name(#inner)),
                }
            }
            (Shape::Enum, Declared::One { .. }) => quote!(Self::#name { .. } => #kind::#name),
            (Shape::Struct, Declared::One { .. }) => quote!(_ => #kind::#name),
        }
    });
    let this = errors.variants.is_empty().then(|| quote!(*));
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::SagaError for #ident {
            type Kind = #kind;

            fn kind(&self) -> #kind {
                match #this self { #(#arms,)* }
            }
        }
    }
}

fn error_kind(errors: &Errors) -> TokenStream {
    let kind = &errors.kind;
    let all = all(errors);
    let of_each =
        |one: fn(&Declared) -> TokenStream, method: TokenStream| {
            let arms = errors.variants.iter().map(|Variant { ident, of }| match of {
            Declared::Inner(_) => {
                quote!(Self::#ident(inner) => ::saga_dsl::__private::ErrorKind::#method(inner))
            }
            of => {
                let one = one(of);
                quote!(Self::#ident => #one)
            }
        });
            quote!(match self { #(#arms,)* })
        };
    let names = of_each(name, quote!(names));
    let outcome = of_each(outcome, quote!(outcome));
    let retry = of_each(retry, quote!(retry));
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::ErrorKind for #kind {
            fn all() -> ::std::vec::Vec<Self> {
                #all
            }

            fn names(self) -> &'static [&'static str] {
                #names
            }

            fn outcome(self) -> ::saga_dsl::__private::Outcome {
                #outcome
            }

            fn retry(self) -> ::saga_dsl::Retry {
                #retry
            }
        }
    }
}

fn all(errors: &Errors) -> TokenStream {
    let parts = errors
        .variants
        .iter()
        .map(|Variant { ident, of }| match of {
            Declared::Inner(of) => {
                let kind = inner_kind(of);
                quote_spanned! {at(of)=>
                    for inner in <#kind as ::saga_dsl::__private::ErrorKind>::all() {
                        all.push(Self::#ident(inner));
                    }
                }
            }
            Declared::One { .. } => quote!(all.push(Self::#ident);),
        });
    let inner = |variant: &Variant| matches!(variant.of, Declared::Inner(_));
    if errors.variants.iter().any(inner) {
        return quote! {
            let mut all = ::std::vec::Vec::new();
            #(#parts)*
            all
        };
    }
    let variants = errors.variants.iter().map(|variant| &variant.ident);
    quote!(::std::vec::Vec::from([#(Self::#variants,)*]))
}

fn name(of: &Declared) -> TokenStream {
    match of {
        Declared::One { name, .. } => quote!(&[#name]),
        Declared::Inner(_) => quote!(&[]),
    }
}

fn outcome(of: &Declared) -> TokenStream {
    match of {
        Declared::One { unknown: true, .. } => quote!(::saga_dsl::__private::Outcome::Unknown),
        _ => quote!(::saga_dsl::__private::Outcome::NotDone),
    }
}

fn retry(of: &Declared) -> TokenStream {
    match of {
        Declared::One {
            retry: Some(retry), ..
        } => retry.tokens(),
        _ => quote!(::saga_dsl::Retry::NEVER),
    }
}
