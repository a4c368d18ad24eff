//! `#[derive(SagaTopic)] #[topic(message = …, attributes = …, existing(…))]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Type};

use crate::attribute::keys::{Keys, value};
use crate::attribute::origin::{Existing, origin};
use crate::item::{self, description, optional_string, place};
use crate::problem::Problems;

const KEYS: Keys = Keys {
    attribute: "topic",
    once: &["message", "attributes", "existing"],
    repeated: &[],
    refused: &[],
};

/// A topic that was checked.
struct Topic {
    message: Type,
    attributes: Option<Type>,
    existing: Option<Existing>,
}

/// The impl.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let plain = item::unit_struct(item, "a topic", &mut problems);
    let topic = check(item, &mut problems);
    problems.before(plain.then(|| write(item, &topic)))
}

fn check(item: &DeriveInput, problems: &mut Problems) -> Topic {
    let (mut message, mut attributes, mut existing) = (None, None, None);
    let before = problems.count();
    KEYS.read(&item.attrs, problems, |key, input, problems| {
        match key.to_string().as_str() {
            "message" => message = Some(value(input)?),
            "attributes" => attributes = Some(value(input)?),
            _ => existing = Existing::parse(key, input, problems)?,
        }
        Ok(())
    });
    if problems.count() == before && message.is_none() {
        let help = "add `#[topic(message = …)]`";
        problems.at(&item.ident, "a topic says what its messages hold", help);
    }
    Topic {
        message: message.unwrap_or_else(item::nothing),
        attributes,
        existing,
    }
}

fn write(item: &DeriveInput, topic: &Topic) -> TokenStream {
    let ident = &item.ident;
    let name = crate::item::name(ident);
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
        impl ::saga_dsl::Topic for #ident {
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
