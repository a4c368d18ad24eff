//! The code of a queue.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::attr::Queue;
use crate::attribute::origin::origin;
use crate::item::{description, optional_string, place};

/// The impl.
pub fn write(item: &DeriveInput, queue: &Queue) -> TokenStream {
    let ident = &item.ident;
    let message = &queue.message;
    let entry = entry(item, queue);
    let topics = topics(queue);
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::Queue for #ident {
            type Message = #message;

            fn declare() -> ::saga_dsl::__private::QueueEntry {
                #entry
            }

            #topics
        }
    }
}

fn entry(item: &DeriveInput, queue: &Queue) -> TokenStream {
    let Queue {
        visibility_timeout,
        retention,
        ..
    } = queue;
    let name = crate::item::name(&item.ident);
    let description = optional_string(description(&item.attrs).as_deref());
    let place = place(&item.ident);
    let origin = origin(queue.existing.as_ref());
    let dead_letter_after = match queue.dead_letter_after {
        Some(receives) => quote!(::core::option::Option::Some(#receives)),
        None => quote!(::core::option::Option::None),
    };
    let subscriptions = queue.subscriptions.iter().map(|one| one.tokens());
    quote! {
        ::saga_dsl::__private::QueueEntry {
            name: #name.into(),
            description: #description,
            place: #place,
            origin: #origin,
            visibility_timeout_seconds: #visibility_timeout,
            retention_seconds: #retention,
            dead_letter_after: #dead_letter_after,
            subscriptions: ::std::vec::Vec::from([#(#subscriptions,)*]),
        }
    }
}

fn topics(queue: &Queue) -> TokenStream {
    if queue.subscriptions.is_empty() {
        return TokenStream::new();
    }
    let topics = queue.subscriptions.iter().map(|one| &one.topic);
    quote! {
        fn topics(recorder: &mut ::saga_dsl::__private::Recorder) {
            #(recorder.topic::<#topics>();)*
        }
    }
}
