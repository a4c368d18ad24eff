//! The derives of `saga-dsl`.
//!
//! Every derive is a pipeline in a folder of its own: `attr` reads the author's attributes, `model` sets
//! them beside the item, `checked` refuses what is wrong with them and changes the type, `tokens` writes
//! the code of what was checked and has no error to return. All problems of an item are collected
//! ([`problem`]), each at the author's own text; the code is then written without what is wrong, so that
//! they are all that the author sees. What rustc can judge is left to rustc: the generated code asks it
//! at the author's tokens.

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
    ($($(#[$doc:meta])* $function:ident: $name:ident, [$($helper:ident),*] => $expand:expr;)*) => {$(
        $(#[$doc])*
        #[proc_macro_derive($name, attributes($($helper),*))]
        pub fn $function(input: TokenStream) -> TokenStream {
            let expand: fn(&DeriveInput) -> proc_macro2::TokenStream = $expand;
            expand(&parse_macro_input!(input as DeriveInput)).into()
        }
    )*};
}

derives! {
    /// Makes a type saga data: typed references to its fields, under the JSON names that serde has.
    saga_data: SagaData, [saga, serde] => data::expand;
    /// Makes a struct a step whose input it is.
    saga_step: SagaStep, [step, saga, serde] => step::expand;
    /// Declares the errors of a step.
    saga_error: SagaError, [saga] => error::expand;
    /// Declares a saga.
    saga: Saga, [saga] => saga::expand;
    /// Declares a DynamoDB table.
    saga_table: SagaTable, [table] => |item| resource::expand(item, "table", resource::table::expand);
    /// Declares an SNS topic.
    saga_topic: SagaTopic, [topic] => |item| resource::expand(item, "topic", resource::topic::expand);
    /// Declares an SQS queue.
    saga_queue: SagaQueue, [queue] => |item| resource::expand(item, "queue", resource::queue::expand);
}
