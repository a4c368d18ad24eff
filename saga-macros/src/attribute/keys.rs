//! Reading an attribute's entries, each by its key; what is wrong with one doesn't hide the next.

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token};

use super::near::nearest;
use crate::problem::{self, Problems};

/// The keys that an attribute knows.
pub struct Keys {
    /// The attribute: `step` of `#[step(…)]`.
    pub attribute: &'static str,
    /// Keys that are stated once.
    pub once: &'static [&'static str],
    /// Keys that may be stated again.
    pub repeated: &'static [&'static str],
    /// Keys that are known and refused, each with what to do instead.
    pub refused: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// Reads the entries of all of the item's attributes of this name.
    pub fn read(
        &self,
        attrs: &[Attribute],
        problems: &mut Problems,
        mut entry: impl FnMut(&Ident, ParseStream<'_>, &mut Problems) -> syn::Result<()>,
    ) {
        let mut seen = Vec::new();
        for attr in attrs {
            if !attr.path().is_ident(self.attribute) {
                continue;
            }
            let read = attr.parse_args_with(|input: ParseStream<'_>| {
                self.entries(input, &mut seen, problems, &mut entry)
            });
            if let Err(error) = read {
                problems.keep(error);
            }
        }
    }

    /// Reads the entries within a key's parentheses: `retry(…)`.
    pub fn read_nested(
        &self,
        input: ParseStream<'_>,
        problems: &mut Problems,
        mut entry: impl FnMut(&Ident, ParseStream<'_>, &mut Problems) -> syn::Result<()>,
    ) -> syn::Result<()> {
        let content;
        syn::parenthesized!(content in input);
        self.read_within(&content, problems, &mut entry)
    }

    /// Reads the entries that are left within parentheses.
    pub fn read_within(
        &self,
        input: ParseStream<'_>,
        problems: &mut Problems,
        mut entry: impl FnMut(&Ident, ParseStream<'_>, &mut Problems) -> syn::Result<()>,
    ) -> syn::Result<()> {
        self.entries(input, &mut Vec::new(), problems, &mut entry)
    }

    fn entries(
        &self,
        input: ParseStream<'_>,
        seen: &mut Vec<Ident>,
        problems: &mut Problems,
        entry: &mut dyn FnMut(&Ident, ParseStream<'_>, &mut Problems) -> syn::Result<()>,
    ) -> syn::Result<()> {
        while !input.is_empty() {
            let key = input.call(Ident::parse_any)?;
            let read = match self.admit(&key, seen, problems) {
                Some(key) => entry(&key, input, problems).and_then(|()| end(input)),
                None => skip(input),
            };
            if let Err(error) = read {
                problems.keep(error);
                skip(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    /// The key, or the one that was meant: what it says is taken over, so that the slip is all that is
    /// reported.
    fn admit(&self, key: &Ident, seen: &mut Vec<Ident>, problems: &mut Problems) -> Option<Ident> {
        if let Some((_, help)) = self.refused.iter().find(|(refused, _)| key == refused) {
            let message = format!("`#[{}({key})]` cannot be in a saga", self.attribute);
            problems.at(key, message, help);
            return None;
        }
        let repeated = self.repeated.iter().any(|known| key == known);
        if !repeated && !self.once.iter().any(|known| key == known) {
            problems.keep(self.unknown(key));
            return self.meant(key);
        }
        if !repeated && seen.contains(key) {
            problems.at(key, format!("`{key}` is stated twice"), "state it once");
            return None;
        }
        seen.push(key.clone());
        Some(key.clone())
    }

    fn unknown(&self, key: &Ident) -> syn::Error {
        let help = match self.meant(key) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there is {}", list(&self.known())),
        };
        let message = format!("`{}` has no `{key}`", self.attribute);
        problem::at(key, message, help)
    }

    fn meant(&self, key: &Ident) -> Option<Ident> {
        let meant = nearest(&key.to_string(), &self.known())?;
        Some(Ident::new(meant, key.span()))
    }

    fn known(&self) -> Vec<&'static str> {
        self.once.iter().chain(self.repeated).copied().collect()
    }
}

/// `= value`
pub fn value<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `= "text"`, not empty.
pub fn text(input: ParseStream<'_>, help: &str) -> syn::Result<LitStr> {
    let text: LitStr = value(input)?;
    if text.value().trim().is_empty() {
        return Err(problem::at(&text, "this is empty", help));
    }
    Ok(text)
}

/// `` `a`, `b` ``
pub fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(input.error("expected `,`"))
}

/// Goes on to the next entry.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
