//! What is wrong with a derive's input: collected, and reported at once before the code of the rest.

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

    /// What the value is, where it could be made.
    pub fn value<T>(&mut self, value: syn::Result<T>) -> Option<T> {
        value.map_err(|error| self.keep(error)).ok()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// The code, if there is any, with rustc's errors for the problems before it.
    pub fn before(self, code: Option<TokenStream>) -> TokenStream {
        let mut tokens = self
            .0
            .map_or_else(TokenStream::new, Error::into_compile_error);
        tokens.extend(code.unwrap_or_default());
        tokens
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

fn text(message: &str, help: &str) -> String {
    format!("{message}\nhelp: {help}")
}
