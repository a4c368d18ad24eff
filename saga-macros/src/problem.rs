//! What is wrong with a derive's input: collected, then reported at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The problems found so far.
#[derive(Default)]
pub struct Problems(Option<Error>);

impl Problems {
    /// A problem at the author's tokens, and what to do about it.
    pub fn at(&mut self, tokens: impl ToTokens, message: impl AsRef<str>, help: impl AsRef<str>) {
        self.keep(at(tokens, message, help));
    }

    /// An error that was made elsewhere.
    pub fn keep(&mut self, error: Error) {
        match &mut self.0 {
            Some(known) => known.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, if there was no problem.
    pub fn settle<T>(self, value: T) -> syn::Result<T> {
        match self.0 {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }

    /// What the value is, where it could be made.
    pub fn value<T>(&mut self, value: syn::Result<T>) -> Option<T> {
        value.map_err(|error| self.keep(error)).ok()
    }
}

/// An error at the author's tokens, and what to do about it.
pub fn at(tokens: impl ToTokens, message: impl AsRef<str>, help: impl AsRef<str>) -> Error {
    Error::new_spanned(tokens, text(message.as_ref(), help.as_ref()))
}

/// An error at the author's text, and what to do about it.
pub fn spanned(span: Span, message: impl AsRef<str>, help: impl AsRef<str>) -> Error {
    Error::new(span, text(message.as_ref(), help.as_ref()))
}

/// The errors, then what stands in for the code that could not be written.
pub fn with_fallback(error: &Error, fallback: TokenStream) -> TokenStream {
    let mut tokens = error.to_compile_error();
    tokens.extend(fallback);
    tokens
}

fn text(message: &str, help: &str) -> String {
    format!("{message}\nhelp: {help}")
}
