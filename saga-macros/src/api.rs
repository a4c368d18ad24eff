//! `#[derive(SagaApi)]`: an enum whose variants are the routes of an API; `#[derive(SagaAuthorizer)]`: who may.

mod attr;
mod route;
mod tokens;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use crate::item::{no_generics, unit_struct};
use crate::problem::Problems;

/// The impl of an API's routes.
pub fn api(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let settings = attr::Settings::read("api", &item.attrs, &mut problems);
    let Data::Enum(data) = &item.data else {
        let help = "write an enum, with a variant a route";
        problems.at(&item.ident, "an API is an enum of its routes", help);
        return problems.before(None);
    };
    let plain = no_generics(&item.generics, "an API", &mut problems);
    let routes = route::check(&data.variants, &mut problems);
    problems.before(plain.then(|| tokens::api(item, &settings, &routes)))
}

/// The declaration of an authorizer.
pub fn authorizer(item: &DeriveInput) -> TokenStream {
    let mut problems = Problems::default();
    let settings = attr::Settings::read("authorizer", &item.attrs, &mut problems);
    let plain = unit_struct(item, "an authorizer", &mut problems);
    problems.before(plain.then(|| tokens::authorizer(item, &settings)))
}
