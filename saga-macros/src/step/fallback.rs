//! Impls of the right shape for a step that something is wrong with.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::data;

/// Its data.
pub fn write(item: &DeriveInput) -> TokenStream {
    data::write_fallback(item)
}
