//! The derives of `saga-dsl`.
//!
//! Every derive is a pipeline of its own folder: `attr` reads the author's attributes, `model` sets
//! them beside the item, `checked` refuses what is wrong with them (all of it, each at the author's own
//! text) and changes the type, `tokens` writes the code from what was checked and has no error to
//! return. Where something is wrong, `fallback` writes impls of the right shape instead, so that the
//! author sees that and no cascade. What rustc can judge, the generated code leaves to rustc, with the
//! spans of the author's tokens.

mod attribute;
mod data;
mod error;
mod item;
mod problem;
mod resource;
mod saga;
mod step;

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
