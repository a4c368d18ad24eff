//! `#[derive(SagaTable)] #[table(item = …, partition_key = field: Type, isolation = …, …)]`.

mod attr;
mod isolation;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::Problems;

/// The impl, or one of the right shape where the item or its key is not known.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let plain = item::unit_struct(item, "a table", &mut problems);
    let table = attr::read(item, &mut problems);
    let code = || match table {
        Some(table) => tokens::write(item, &table),
        None => tokens::write_fallback(item),
    };
    problems.before(plain.then(code))
}
