//! The struct of references to a type's fields: how it is read, and how it is written as a value.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Member, Type};

use crate::data::case::snake;
use crate::data::checked::{Body, Data, Field, Inner, Layout, Presence, Variant};
use crate::item::at;

/// The struct, and its `Literal` impl.
pub fn write(data: &Data) -> TokenStream {
    match &data.body {
        Body::Object(of) => object(data, &of.fields),
        Body::Transparent(inner) => transparent(data, inner),
        Body::Null => null(data),
        Body::Names(_) => TokenStream::new(),
        Body::OneOf(variants) => one_of(data, variants),
    }
}

/// `SagaData::Fields<'s>`
pub fn fields_type(data: &Data) -> TokenStream {
    let references = &data.references;
    match &data.body {
        Body::Names(_) => quote!(()),
        Body::OneOf(variants) if contents(variants).next().is_none() => quote!(()),
        Body::Null => quote!(#references),
        Body::Object(of) if of.fields.is_empty() => quote!(#references),
        _ => quote!(#references<'s>),
    }
}

/// The body of `SagaData::fields`, of a `value`.
pub fn read(data: &Data) -> TokenStream {
    let references = &data.references;
    match &data.body {
        Body::Object(of) if of.fields.is_empty() => quote!(let _ = value; &#references {}),
        Body::Null => quote!(let _ = value; &#references),
        Body::Names(_) => quote!(let _ = value; &()),
        Body::Object(of) => {
            let reads = of.fields.iter().map(read_field);
            quote!(value.keep(#references { #(#reads,)* }))
        }
        Body::Transparent(inner) => {
            let member = &inner.member;
            quote!(value.keep(#references { #member: value.cast() }))
        }
        Body::OneOf(variants) => {
            let reads: Vec<_> = contents(variants)
                .map(|(ident, name, _)| quote!(#ident: value.optional_field(#name)))
                .collect();
            if reads.is_empty() {
                return quote!(let _ = value; &());
            }
            quote!(value.keep(#references { #(#reads,)* }))
        }
    }
}

fn read_field(field: &Field) -> TokenStream {
    let Field { ident, name, .. } = field;
    match &field.presence {
        Presence::Required => quote!(#ident: value.field(#name)),
        Presence::Optional => quote!(#ident: value.optional_field(#name)),
        Presence::Default(default) => quote!(#ident: value.default_field(#name, &#default)),
        Presence::Flattened => quote!(#ident: value.flattened_field()),
    }
}

fn object(data: &Data, fields: &[Field]) -> TokenStream {
    let Data {
        vis, references, ..
    } = data;
    let doc = doc(data);
    let lifetime = (!fields.is_empty()).then(|| quote!(<'s>));
    let declared = fields.iter().map(|field| {
        let Field {
            vis, ident, docs, ..
        } = field;
        let of = reference(field);
        let doc = docs.is_empty().then(|| {
            let text = format!("The reference to `{}`.", ident.unraw());
            quote!(#[doc = #text])
        });
        quote!(#(#docs)* #doc #vis #ident: #of)
    });
    let writes = fields.iter().map(write_field);
    let literal = literal(
        data,
        &quote!(#references #lifetime),
        &quote! {
            ::saga_dsl::__private::ObjectWriter::new(arena) #(#writes)* .finish()
        },
    );
    quote! {
        #[doc = #doc]
        #[allow(non_snake_case, reason = "the names are those of the author's fields")]
        #[derive(Clone, Copy)]
        #vis struct #references #lifetime { #(#declared,)* }

        #literal
    }
}

fn reference(field: &Field) -> TokenStream {
    let of = &field.of;
    match field.sensitive {
        Some(_) => quote!(::saga_dsl::Ref<'s, ::saga_dsl::Sensitive<#of>>),
        None => quote!(::saga_dsl::Ref<'s, #of>),
    }
}

fn write_field(field: &Field) -> TokenStream {
    let Field { ident, name, .. } = field;
    match field.presence {
        Presence::Flattened => quote!(.flattened_field(self.#ident)),
        _ if field.skip_null => quote!(.optional_field(#name, self.#ident)),
        _ => quote!(.field(#name, self.#ident)),
    }
}

fn transparent(data: &Data, inner: &Inner) -> TokenStream {
    let Data {
        vis, references, ..
    } = data;
    let Inner {
        member,
        vis: inner_vis,
        of,
    } = inner;
    let doc = doc(data);
    let body = match member {
        Member::Named(ident) => {
            quote!({ #[doc = "The reference to what it holds."] #inner_vis #ident: ::saga_dsl::Ref<'s, #of> })
        }
        Member::Unnamed(_) => quote!((#inner_vis ::saga_dsl::Ref<'s, #of>);),
    };
    let literal = literal(
        data,
        &quote!(#references<'s>),
        &quote! {
            let _ = arena;
            self.#member.node()
        },
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy)]
        #vis struct #references<'s> #body

        #literal
    }
}

fn null(data: &Data) -> TokenStream {
    let Data {
        vis, references, ..
    } = data;
    let doc = format!("`{}`, written in a saga.", data.ident);
    let literal = literal(
        data,
        &quote!(#references),
        &quote! {
            let _ = arena;
            ::saga_dsl::__private::Node::Scalar(::saga_dsl::__private::Scalar::Null)
        },
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy)]
        #vis struct #references;

        #literal
    }
}

fn one_of(data: &Data, variants: &[Variant]) -> TokenStream {
    let Data {
        vis, references, ..
    } = data;
    let fields: Vec<_> = contents(variants)
        .map(|(ident, name, of)| {
            let doc = format!("The content of `{name}`, where it is that.");
            quote! {
                #[doc = #doc]
                #vis #ident: ::saga_dsl::Ref<'s, ::core::option::Option<#of>>
            }
        })
        .collect();
    if fields.is_empty() {
        return TokenStream::new();
    }
    let doc = doc(data);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy)]
        #vis struct #references<'s> { #(#fields,)* }
    }
}

/// The variants whose content has a place of its own: field, name in JSON, type. Where a tag tells
/// variants apart, the content of one stands where that of another would.
fn contents(variants: &[Variant]) -> impl Iterator<Item = (Ident, &str, &Type)> {
    variants.iter().filter_map(|variant| match &variant.layout {
        Layout::External(of) => {
            let ident = field_ident(&variant.name.ident);
            Some((ident, variant.name.name.as_str(), of))
        }
        Layout::Unit | Layout::Internal(..) | Layout::Adjacent(..) => None,
    })
}

fn field_ident(variant: &Ident) -> Ident {
    let name = snake(&variant.unraw().to_string());
    match name.as_str() {
        // The words that cannot be raw identifiers.
        "crate" | "self" | "super" => format_ident!("{name}_", span = variant.span()),
        _ if syn::parse_str::<Ident>(&name).is_err() => Ident::new_raw(&name, variant.span()),
        _ => Ident::new(&name, variant.span()),
    }
}

fn literal(data: &Data, references: &TokenStream, body: &TokenStream) -> TokenStream {
    let ident = &data.ident;
    quote_spanned! {at(ident)=>
        #[automatically_derived]
        impl<'s> ::saga_dsl::Literal<'s> for #references {
            type Data = #ident;

            fn write(
                self,
                arena: &'s ::saga_dsl::__private::Arena,
            ) -> ::saga_dsl::__private::Node<'s> {
                #body
            }
        }
    }
}

fn doc(data: &Data) -> String {
    format!("References to what a [`{}`] holds.", data.ident)
}
