//! The derives of `saga-dsl`.
//!
//! Every derive is a pipeline in a folder of its own: `attr` reads the author's attributes, `model` sets
//! them beside the item, `checked` refuses what is wrong with them and changes the type, `tokens` writes
//! the code of what was checked and has no error to return. All problems of an item are collected
//! ([`problem`]), each at the author's own text; the code is then written without what is wrong, so that
//! they are all that the author sees. What rustc can judge is left to rustc: the generated code asks it
//! at the author's tokens.

mod api;
mod attribute;
mod data;
mod error;
mod item;
mod problem;
mod resource;
mod saga;
mod step;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

macro_rules! derives {
    ($($(#[$attr:meta])* $function:ident: $name:ident, [$($helper:ident),*] => $expand:path;)*) => {$(
        $(#[$attr])*
        #[proc_macro_derive($name, attributes($($helper),*))]
        pub fn $function(input: TokenStream) -> TokenStream {
            $expand(&parse_macro_input!(input as DeriveInput)).into()
        }
    )*};
}

derives! {
    #[doc = include_str!("../docs/saga_data.md")]
    saga_data: SagaData, [saga, serde] => data::expand;
    #[doc = include_str!("../docs/saga_step.md")]
    saga_step: SagaStep, [step, saga, serde] => step::expand;
    #[doc = include_str!("../docs/saga_error.md")]
    saga_error: SagaError, [saga] => error::expand;
    #[doc = include_str!("../docs/saga.md")]
    saga: Saga, [saga] => saga::expand;
    #[doc = include_str!("../docs/saga_table.md")]
    saga_table: SagaTable, [table] => resource::table;
    #[doc = include_str!("../docs/saga_topic.md")]
    saga_topic: SagaTopic, [topic] => resource::topic;
    #[doc = include_str!("../docs/saga_queue.md")]
    saga_queue: SagaQueue, [queue] => resource::queue;
    #[doc = include_str!("../docs/saga_api.md")]
    saga_api: SagaApi, [api, get, post, put, patch, delete] => api::api;
    #[doc = include_str!("../docs/saga_authorizer.md")]
    saga_authorizer: SagaAuthorizer, [authorizer] => api::authorizer;
}
