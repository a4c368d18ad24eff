//! The code of a step that was checked.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Ident, LitStr};

use super::checked::Step;
use super::environment::{Secret, Store, Value, Variable};
use super::uses::{Access, Use};
use crate::data;
use crate::item::{at, optional_text, place};

/// The impls.
pub fn write(step: &Step) -> TokenStream {
    let data = data::write(&step.input);
    let implementation = implementation(step);
    let lambda = lambda(step);
    let relations = relations(step);
    let call = call(step);
    quote! {
        #data
        #implementation
        #lambda
        #relations
        #call
    }
}

fn implementation(step: &Step) -> TokenStream {
    let (ident, name, timeout) = (&step.input.ident, &step.name, u64::from(step.timeout));
    let output = step
        .output
        .as_ref()
        .map_or_else(|| quote!(()), |of| quote!(#of));
    let error = match &step.error {
        Some(error) => quote!(#error),
        None => quote!(::saga_dsl::__private::Never),
    };
    let description = optional_text(step.input.description.as_deref());
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::Step for #ident {
            type Output = #output;
            type Error = #error;
            type Service = ::saga_dsl::LambdaError;

            fn name() -> ::std::string::String {
                #name.into()
            }

            fn description() -> ::core::option::Option<&'static str> {
                #description
            }

            const TIMEOUT: ::core::time::Duration = ::core::time::Duration::from_secs(#timeout);
        }
    }
}

fn lambda(step: &Step) -> TokenStream {
    let ident = &step.input.ident;
    let app = step
        .app
        .as_ref()
        .map_or_else(|| quote!(()), |of| quote!(#of));
    let declaration = declaration(&Function {
        ident,
        memory: step.memory,
        concurrency: step.concurrency,
        environment: &step.environment,
        secrets: &step.secrets,
        unfenced: step.unfenced.as_deref(),
        uses: &step.uses,
    });
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::__private::Lambda for #ident {
            type App = #app;

            fn declare() -> ::saga_dsl::__private::LambdaDeclaration {
                #declaration
            }
        }
    }
}

/// A function, as its attribute says.
pub struct Function<'f> {
    pub ident: &'f Ident,
    pub memory: Option<u32>,
    pub concurrency: Option<u32>,
    pub environment: &'f [Variable],
    pub secrets: &'f [Secret],
    pub unfenced: Option<&'f str>,
    pub uses: &'f [Use],
}

/// The `LambdaDeclaration` of a function.
pub fn declaration(function: &Function<'_>) -> TokenStream {
    let place = place(function.ident);
    let (memory, concurrency) = (optional(function.memory), optional(function.concurrency));
    let environment = function.environment.iter().map(variable);
    let secrets = function.secrets.iter().map(secret);
    let unfenced = optional_text(function.unfenced);
    let uses = function.uses.iter().map(used);
    quote! {
        ::saga_dsl::__private::LambdaDeclaration {
            place: #place,
            memory_mib: #memory,
            concurrency: #concurrency,
            environment: ::std::vec::Vec::from([#(#environment,)*]),
            secrets: ::std::vec::Vec::from([#(#secrets,)*]),
            unfenced: #unfenced,
            uses: ::std::vec::Vec::from([#(#uses,)*]),
        }
    }
}

fn optional(number: Option<u32>) -> TokenStream {
    match number {
        Some(number) => quote!(::core::option::Option::Some(#number)),
        None => quote!(::core::option::Option::None),
    }
}

fn variable(Variable { name, value }: &Variable) -> TokenStream {
    let name = name.to_string();
    let value = match value {
        Value::Literal(text) => quote!(Literal(#text.into())),
        Value::Parameter(name) => quote!(Parameter(#name.into())),
    };
    quote! {
        ::saga_dsl::__private::Variable {
            name: #name.into(),
            value: ::saga_dsl::__private::VariableValue::#value,
        }
    }
}

fn secret(secret: &Secret) -> TokenStream {
    let (variable, name): (_, &LitStr) = (secret.variable.to_string(), &secret.name);
    let store = match secret.store {
        Store::SecretsManager => quote!(SecretsManager),
        Store::Ssm => quote!(Ssm),
    };
    quote! {
        ::saga_dsl::__private::Secret {
            variable: #variable.into(),
            source: ::saga_dsl::__private::SecretSource::#store(#name.into()),
        }
    }
}

fn used(Use { resource, access }: &Use) -> TokenStream {
    match access {
        Access::Table(access) => {
            let access = access
                .iter()
                .map(|access: &Ident| quote!(::saga_dsl::__private::Access::#access));
            quote_spanned!(at(resource)=> ::saga_dsl::__private::uses_table::<#resource>(&[#(#access,)*]))
        }
        Access::Saga(access) => {
            let access = access
                .iter()
                .map(|access: &Ident| quote!(::saga_dsl::__private::Access::#access));
            quote_spanned!(at(resource)=> ::saga_dsl::__private::uses_saga::<#resource>(&[#(#access,)*]))
        }
        Access::Topic => {
            quote_spanned!(at(resource)=> ::saga_dsl::__private::uses_topic::<#resource>())
        }
        Access::Queue => {
            quote_spanned!(at(resource)=> ::saga_dsl::__private::uses_queue::<#resource>())
        }
    }
}

/// Which steps undo it, and which errors it raises.
fn relations(step: &Step) -> TokenStream {
    let ident = &step.input.ident;
    let compensations = step.compensations.iter().map(|undo| {
        quote! {
            #[automatically_derived]
            impl ::saga_dsl::__private::Undoes<#ident> for #undo {}
        }
    });
    quote!(#(#compensations)*)
}

fn call(step: &Step) -> TokenStream {
    let ident = &step.input.ident;
    let fields = data::fields_type(&step.input);
    quote_spanned! {at(ident)=>
        #[automatically_derived]
        impl<'s> ::saga_dsl::Call<'s> for #fields {
            type Step = #ident;

            fn prepare(self) -> ::saga_dsl::__private::Prepared<'s, #ident> {
                ::saga_dsl::__private::invoke(self)
            }
        }
    }
}
