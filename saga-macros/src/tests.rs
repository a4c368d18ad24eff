//! The derives as functions: what they refuse, and what they expand to.

mod expansions;
mod refusals;

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// What a derive of this name makes of the item.
fn expand(derive: &str, item: &DeriveInput) -> TokenStream {
    match derive {
        "SagaData" => crate::data::expand(item),
        "SagaStep" => crate::step::expand(item),
        "SagaError" => crate::error::expand(item),
        "Saga" => crate::saga::expand(item),
        "SagaTable" => crate::resource::table(item),
        "SagaTopic" => crate::resource::topic(item),
        "SagaQueue" => crate::resource::queue(item),
        "SagaApi" => crate::api::api(item),
        "SagaAuthorizer" => crate::api::authorizer(item),
        other => panic!("there is no derive `{other}`"),
    }
}
