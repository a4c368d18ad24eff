//! `subscribe(Topic, raw, filter(attribute = "value" | ["a", "b"], …))`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::token::Bracket;
use syn::{Ident, LitStr, Path, Token};

use crate::attribute::keys::{Keys, value};
use crate::item::at;
use crate::problem::{self, Problems};

/// A subscription of a queue.
pub struct Subscription {
    /// The topic.
    pub topic: Path,
    raw: bool,
    filters: Vec<Filter>,
}

/// A message attribute and the values that pass.
struct Filter {
    attribute: Ident,
    any_of: Vec<LitStr>,
}

const KEYS: Keys = Keys {
    attribute: "subscribe",
    once: &["raw", "filter"],
    repeated: &[],
    refused: &[],
};

impl Subscription {
    /// Reads `(Topic, …)`.
    pub fn parse(input: ParseStream<'_>, problems: &mut Problems) -> syn::Result<Self> {
        let content;
        syn::parenthesized!(content in input);
        let mut subscription = Self {
            topic: content.parse()?,
            raw: false,
            filters: Vec::new(),
        };
        content.parse::<Option<Token![,]>>()?;
        KEYS.read_within(&content, problems, |key, input, _| {
            if key == "raw" {
                subscription.raw = true;
            } else {
                subscription.filters = filters(input)?;
            }
            Ok(())
        })?;
        Ok(subscription)
    }

    /// The code of the subscription. That the topic's messages carry the attribute is asked for here,
    /// at the author's tokens.
    pub fn tokens(&self) -> TokenStream {
        let (topic, raw) = (&self.topic, self.raw);
        let filters = self.filters.iter().map(|Filter { attribute, any_of }| {
            let read = quote_spanned!(at(attribute)=> |attributes| attributes.#attribute.node());
            quote! {
                ::saga_dsl::__private::Filter {
                    attribute: ::saga_dsl::__private::field_name::<
                        <#topic as ::saga_dsl::Topic>::Attributes,
                    >(#read),
                    any_of: ::std::vec::Vec::from([#(#any_of.into(),)*]),
                }
            }
        });
        let name = quote_spanned!(at(topic)=> <#topic as ::saga_dsl::Topic>::declare().name);
        quote! {
            ::saga_dsl::__private::Subscription {
                topic: #name,
                raw: #raw,
                filters: ::std::vec::Vec::from([#(#filters,)*]),
            }
        }
    }
}

fn filters(input: ParseStream<'_>) -> syn::Result<Vec<Filter>> {
    let content;
    let parentheses = syn::parenthesized!(content in input);
    let filters = Punctuated::<_, Token![,]>::parse_terminated_with(&content, filter)?;
    if filters.is_empty() {
        let help = "name an attribute and its value, or leave `filter` out";
        let at = parentheses.span.join();
        return Err(problem::spanned(
            at,
            "this filter lets everything through",
            help,
        ));
    }
    Ok(filters.into_iter().collect())
}

fn filter(input: ParseStream<'_>) -> syn::Result<Filter> {
    let attribute: Ident = input.parse()?;
    if !input.peek(Token![=]) || !input.peek2(Bracket) {
        let any_of = vec![value(input)?];
        return Ok(Filter { attribute, any_of });
    }
    input.parse::<Token![=]>()?;
    let content;
    syn::bracketed!(content in input);
    let values = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    if values.is_empty() {
        let message = format!("no value of `{attribute}` passes this filter");
        return Err(problem::at(
            &attribute,
            message,
            "name the values that pass",
        ));
    }
    let any_of = values.into_iter().collect();
    Ok(Filter { attribute, any_of })
}
