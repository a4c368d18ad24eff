//! `#[derive(Saga)]`: a saga's name, doc comment and place.

mod attr;
mod tokens;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;
use crate::problem::Problems;

/// The impl.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let plain = item::unit_struct(item, "a saga", &mut problems);
    let settings = attr::read(&item.attrs, &mut problems);
    let code = plain.then(|| tokens::write(item, &settings));
    problems.before(code)
}
