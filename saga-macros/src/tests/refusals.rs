//! What the derives refuse: the text that is underlined, and the message.

mod api;
mod data;
mod error;
mod resource;
mod step;

use proc_macro2::{TokenStream, TokenTree};
use syn::{DeriveInput, LitStr};

/// A derive, an item, and what is said of it: `underlined text => message`.
type Refusal = (&'static str, &'static str, &'static [&'static str]);

#[track_caller]
fn check(refusals: &[Refusal]) {
    for (derive, source, expected) in refusals {
        let item: DeriveInput = syn::parse_str(source).expect(source);
        let errors = errors(source, super::expand(derive, &item));
        let said: Vec<_> = errors
            .iter()
            .map(|(at, message, _)| format!("{at} => {message}"))
            .collect();
        assert_eq!(said, *expected, "{source}");
        for (_, message, help) in errors {
            let first = message.chars().next().unwrap();
            assert!(
                !first.is_uppercase() && !message.ends_with('.'),
                "{message}"
            );
            assert!(!help.is_empty() && !help.ends_with('.'), "{help}");
        }
    }
}

/// The underlined text, message and help of each `::core::compile_error! { "…" }`.
fn errors(source: &str, tokens: TokenStream) -> Vec<(String, String, String)> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [
                TokenTree::Ident(name),
                TokenTree::Punct(_),
                TokenTree::Group(group),
            ] if name == "compile_error" => {
                let (start, end) = (
                    name.span().byte_range().start,
                    group.span().byte_range().end,
                );
                let text: LitStr = syn::parse2(group.stream()).unwrap();
                let text = text.value();
                let (message, help) = text.split_once("\nhelp: ").unwrap_or((&text, "syntax"));
                Some((
                    source.get(start..end).unwrap_or("?").to_owned(),
                    message.to_owned(),
                    help.to_owned(),
                ))
            }
            _ => None,
        })
        .collect()
}
