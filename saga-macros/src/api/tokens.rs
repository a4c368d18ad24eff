//! The code of APIs and authorizers.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;

use super::attr::Settings;
use super::route::Route;
use crate::item::{self, at, description, optional_string, optional_text, place};
use crate::step::tokens::{Function, declaration};

/// The impl of an API's routes.
pub fn api(item: &DeriveInput, settings: &Settings, routes: &[Route<'_>]) -> TokenStream {
    let ident = &item.ident;
    let name = item::name(ident);
    let about = optional_text(description(&item.attrs).as_deref());
    let (app, function, timeout) = function(item, settings);
    let (rate, burst) = settings.throttle;
    let access = access(settings);
    let authorizer = match &settings.authorizer {
        Some(of) => quote_spanned!(at(of)=> ::core::option::Option::Some(
            ::saga_dsl::__private::RegisteredAuthorizer::of::<#of>
        )),
        None => quote!(::core::option::Option::None),
    };
    let entries = routes.iter().map(entry);
    let arms = routes.iter().map(arm);
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::Routes for #ident {
            type App = #app;

            fn declare() -> ::saga_dsl::__private::ApiDeclaration {
                ::saga_dsl::__private::ApiDeclaration {
                    name: #name,
                    description: #about,
                    function: #function,
                    timeout_seconds: #timeout,
                    routes: ::std::vec::Vec::from([#(#entries,)*]),
                    access: #access,
                    authorizer: #authorizer,
                    rate: #rate,
                    burst: #burst,
                }
            }

            fn route(
                method: &str,
                path: &str,
                parameters: &mut ::std::collections::BTreeMap<::std::string::String, ::std::string::String>,
            ) -> ::core::option::Option<Self> {
                match (method, path) {
                    #(#arms)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

/// The declaration of an authorizer.
pub fn authorizer(item: &DeriveInput, settings: &Settings) -> TokenStream {
    let ident = &item.ident;
    let name = item::name(ident);
    let about = optional_text(description(&item.attrs).as_deref());
    let (app, function, timeout) = function(item, settings);
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::DeclaredAuthorizer for #ident {
            type App = #app;

            fn declare() -> ::saga_dsl::__private::AuthorizerDeclaration {
                ::saga_dsl::__private::AuthorizerDeclaration {
                    name: #name,
                    description: #about,
                    function: #function,
                    timeout_seconds: #timeout,
                }
            }
        }
    }
}

/// The state's type, the function's declaration, and its time.
fn function(item: &DeriveInput, settings: &Settings) -> (TokenStream, TokenStream, u32) {
    let app = settings.app.as_ref();
    let app = app.map_or_else(|| quote!(()), |of| quote!(#of));
    let function = declaration(&Function {
        ident: &item.ident,
        concurrency: None,
        memory: settings.memory,
        environment: &settings.environment,
        secrets: &settings.secrets,
        unfenced: None,
        uses: &settings.uses,
    });
    (app, function, settings.timeout)
}

fn access(settings: &Settings) -> TokenStream {
    let access = quote!(::saga_dsl::__private::ApiAccess);
    match (&settings.authorizer, &settings.open) {
        (Some(of), _) => quote_spanned! {at(of)=>
            #access::Authorizer(
                <#of as ::saga_dsl::__private::DeclaredAuthorizer>::declare().name.into()
            )
        },
        (None, Some(reason)) => quote!(#access::Open { reason: #reason.into() }),
        (None, None) => quote!(#access::Iam),
    }
}

fn entry(route: &Route<'_>) -> TokenStream {
    let (method, path) = (&route.method, &route.path);
    let about = optional_string(route.description.as_deref());
    let place = place(route.variant);
    quote! {
        ::saga_dsl::__private::Route {
            method: ::saga_dsl::__private::Method::#method,
            path: #path.into(),
            description: #about,
            place: #place,
        }
    }
}

fn arm(route: &Route<'_>) -> TokenStream {
    let (variant, method, path) = (route.variant, route.method_name, &route.path);
    let fields = route.fields.iter().map(
        |(field, parameter)| quote!(#field: parameters.remove(#parameter).unwrap_or_default()),
    );
    quote! {
        (#method, #path) => ::core::option::Option::Some(Self::#variant { #(#fields),* }),
    }
}
