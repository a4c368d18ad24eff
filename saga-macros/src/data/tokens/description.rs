//! `SagaData::describe`: what the type's JSON looks like.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::data::attr::Form;
use crate::data::checked::{Body, Data, Field, Layout, Name, Object, Presence, Variant};
use crate::item::{at, description, optional_text};

/// The body of `SagaData::describe`.
pub fn write(data: &Data) -> TokenStream {
    match &data.body {
        Body::Object(of) => object(data, of),
        Body::Transparent(inner) => {
            let describe = describe(&inner.of);
            quote!(#describe())
        }
        Body::Null => quote!(::saga_dsl::__private::Type::Null),
        Body::Names(names) => one_of(names.iter().map(|name| variant(name, &Layout::Unit))),
        Body::OneOf(variants) => one_of(
            variants
                .iter()
                .map(|Variant { name, layout }| variant(name, layout)),
        ),
    }
}

fn object(data: &Data, of: &Object) -> TokenStream {
    let ident = &data.ident;
    let description = optional_text(data.description.as_deref());
    let fields = of.fields.iter().map(field);
    let closed = of.closed;
    quote! {
        ::saga_dsl::__private::Type::Object(::saga_dsl::__private::ObjectType {
            id: ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident)),
            description: #description,
            fields: ::std::vec::Vec::from([#(#fields,)*]),
            closed: #closed,
        })
    }
}

fn field(field: &Field) -> TokenStream {
    let name = &field.name;
    let description = optional_text(description(&field.docs).as_deref());
    let of = match field.presence {
        Presence::Flattened => describe_fields(&field.of),
        _ => describe(&field.of),
    };
    let optional = matches!(field.presence, Presence::Optional);
    let flatten = matches!(field.presence, Presence::Flattened);
    let skip_null = field.skip_null;
    let sensitive = sensitive(field.sensitive);
    let default = match &field.presence {
        Presence::Default(default) => {
            quote!(::core::option::Option::Some(|| ::saga_dsl::__private::json_text(&#default)))
        }
        _ => quote!(::core::option::Option::None),
    };
    quote! {
        ::saga_dsl::__private::FieldType {
            name: #name.into(),
            description: #description,
            of: #of,
            optional: #optional,
            default: #default,
            skip_null: #skip_null,
            sensitive: #sensitive,
            flatten: #flatten,
        }
    }
}

fn sensitive(form: Option<Form>) -> TokenStream {
    let form = match form {
        None => return quote!(::core::option::Option::None),
        Some(Form::Clear) => quote!(Clear),
        Some(Form::Token) => quote!(Token),
        Some(Form::Ciphertext) => quote!(Ciphertext),
    };
    quote!(::core::option::Option::Some(::saga_dsl::__private::Form::#form))
}

fn one_of(variants: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote!(::saga_dsl::__private::Type::OneOf(
        ::std::vec::Vec::from([#(#variants,)*])
    ))
}

fn variant(name: &Name, layout: &Layout) -> TokenStream {
    let description = optional_text(name.description.as_deref());
    let name = &name.name;
    let layout = self::layout(layout);
    quote! {
        ::saga_dsl::__private::VariantType {
            name: #name.into(),
            description: #description,
            layout: ::saga_dsl::__private::Layout::#layout,
        }
    }
}

fn layout(layout: &Layout) -> TokenStream {
    match layout {
        Layout::Unit => quote!(Unit),
        Layout::External(of) => {
            let of = describe(of);
            quote!(External(#of))
        }
        Layout::Internal(tag, None) => {
            quote!(Internal { tag: #tag, content: ::core::option::Option::None })
        }
        Layout::Internal(tag, Some(of)) => {
            let of = describe_fields(of);
            quote!(Internal { tag: #tag, content: ::core::option::Option::Some(#of) })
        }
        Layout::Adjacent(tag, None) => {
            quote!(Adjacent { tag: #tag, content: ::core::option::Option::None })
        }
        Layout::Adjacent(tag, Some((field, of))) => {
            let of = describe(of);
            quote!(Adjacent { tag: #tag, content: ::core::option::Option::Some((#field, #of)) })
        }
    }
}

/// That `T` is a struct of named fields is asked for here, at the author's type.
fn describe_fields(of: &Type) -> TokenStream {
    quote_spanned!(at(of)=> ::saga_dsl::__private::describe_fields::<#of>)
}

/// `<T as SagaData>::describe`: that `T` is saga data is asked for here, at the author's type.
fn describe(of: &Type) -> TokenStream {
    quote_spanned!(at(of)=> <#of as ::saga_dsl::SagaData>::describe)
}
