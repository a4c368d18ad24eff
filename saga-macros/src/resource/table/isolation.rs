//! `isolation = …`: how sagas that run at the same time are kept apart.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Type};

use crate::problem;

/// What a table states.
pub enum Isolation {
    /// This field names the holder.
    Lock(Ident),
    /// This field counts the changes.
    Version(Ident),
    /// Numbers are added to and subtracted from.
    Commutative,
    /// What was read is read again.
    Reread,
    /// Nothing, for this reason.
    None(LitStr),
}

/// What there is to state.
pub const HELP: &str = "state `isolation = lock(field)`, `version(field)`, `commutative`, `reread`, or \
                        `none(\"…\")` with the reason why nothing has to keep sagas apart";

impl Parse for Isolation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let kind: Ident = input.parse()?;
        Ok(match kind.to_string().as_str() {
            "lock" => Self::Lock(within(&kind, "the field that names the holder", input)?),
            "version" => Self::Version(within(&kind, "the field that counts the changes", input)?),
            "commutative" => Self::Commutative,
            "reread" => Self::Reread,
            "none" => Self::None(reason(&kind, input)?),
            _ => {
                let message = format!("there is no isolation `{kind}`");
                return Err(problem::at(&kind, message, HELP));
            }
        })
    }
}

/// What stands in the parentheses after a kind.
fn within<T: Parse>(kind: &Ident, what: &str, input: ParseStream<'_>) -> syn::Result<T> {
    if !input.peek(syn::token::Paren) {
        let message = format!("`{kind}` needs {what}");
        return Err(problem::at(kind, message, HELP));
    }
    let content;
    syn::parenthesized!(content in input);
    content.parse()
}

fn reason(kind: &Ident, input: ParseStream<'_>) -> syn::Result<LitStr> {
    let reason: LitStr = within(kind, "its reason", input)?;
    if reason.value().trim().is_empty() {
        let help = "say why sagas that run at the same time need nothing to keep them apart";
        return Err(problem::at(&reason, "this is empty", help));
    }
    Ok(reason)
}

impl Isolation {
    /// The type that says which changes a flow may make.
    pub fn kind(&self) -> TokenStream {
        match self {
            Self::Lock(_) => quote!(::saga_dsl::isolation::SemanticLock),
            Self::Version(_) => quote!(::saga_dsl::isolation::VersionCheck),
            Self::Commutative => quote!(::saga_dsl::isolation::CommutativeUpdate),
            Self::Reread => quote!(::saga_dsl::isolation::RereadValue),
            Self::None(_) => quote!(::saga_dsl::isolation::NotNeeded),
        }
    }

    /// The entry of the manifest. That the item has such a field of the right type is asked for here, at the
    /// author's tokens.
    pub fn entry(&self, item: &Type) -> TokenStream {
        let of = |field: &Ident, check: TokenStream| {
            let read = quote_spanned!(field.span()=> row.#field);
            quote_spanned!(field.span()=> ::saga_dsl::__private::#check::<#item>(|row| #read))
        };
        let entry = match self {
            Self::Lock(field) => {
                let field = of(field, quote!(holder_field));
                quote!(Lock(#field))
            }
            Self::Version(field) => {
                let field = of(field, quote!(version_field));
                quote!(Version(#field))
            }
            Self::Commutative => quote!(Commutative),
            Self::Reread => quote!(Reread),
            Self::None(reason) => quote!(None(#reason.into())),
        };
        quote!(::saga_dsl::__private::IsolationEntry::#entry)
    }
}
