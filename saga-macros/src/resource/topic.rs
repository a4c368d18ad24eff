//! `#[derive(SagaTopic)] #[topic(message = …, attributes = …, existing(…))]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Type};

use crate::attribute::keys::{Keys, value};
use crate::attribute::origin::{Existing, origin};
use crate::item::{self, description, optional_string, place};
use crate::problem::{Problems, with_fallback};

const KEYS: Keys = Keys {
    attribute: "topic",
    once: &["message", "attributes", "existing"],
    repeated: &[],
    refused: &[],
};

/// A topic that nothing is wrong with.
struct Topic {
    message: Type,
    attributes: Option<Type>,
    existing: Option<Existing>,
}

/// The impl, or the problems and an impl of a topic of nothing.
pub fn expand(item: &DeriveInput) -> TokenStream {
    match check(item) {
        Ok(topic) => write(item, &topic),
        Err(error) => {
            let nothing = Topic {
                message: syn::parse_quote!(()),
                attributes: None,
                existing: None,
            };
            with_fallback(&error, write(item, &nothing))
        }
    }
}

fn check(item: &DeriveInput) -> syn::Result<Topic> {
    let mut problems = Problems::default();
    item::unit_struct(item, "a topic", &mut problems);
    let (mut message, mut attributes, mut existing) = (None, None, None);
    KEYS.read(&item.attrs, &mut problems, |key, input, problems| {
        match key.to_string().as_str() {
            "message" => message = Some(value(input)?),
            "attributes" => attributes = Some(value(input)?),
            _ => existing = Some(Existing::parse(key, input, problems)?),
        }
        Ok(())
    });
    let message = item::required(message, &item.ident, MESSAGE, &mut problems);
    problems.settle(Topic {
        message,
        attributes,
        existing,
    })
}

const MESSAGE: [&str; 2] = [
    "a topic says what its messages hold",
    "add `#[topic(message = …)]`",
];

fn write(item: &DeriveInput, topic: &Topic) -> TokenStream {
    let ident = &item.ident;
    let (generics, parameters, bounds) = item.generics.split_for_impl();
    let name = ident.to_string();
    let message = &topic.message;
    let attributes = topic
        .attributes
        .as_ref()
        .map_or_else(|| quote!(()), |of| quote!(#of));
    let description = optional_string(description(&item.attrs).as_deref());
    let place = place(ident);
    let origin = origin(topic.existing.as_ref());
    quote! {
        #[automatically_derived]
        impl #generics ::saga_dsl::Topic for #ident #parameters #bounds {
            type Message = #message;
            type Attributes = #attributes;

            fn declare() -> ::saga_dsl::__private::TopicEntry {
                ::saga_dsl::__private::TopicEntry {
                    name: #name.into(),
                    description: #description,
                    place: #place,
                    origin: #origin,
                }
            }
        }
    }
}
