//! `#[saga(…)]` on a field: `sensitive`, `sensitive(token)`, `sensitive(ciphertext)`.

use syn::parse::ParseStream;
use syn::token::Paren;
use syn::{Attribute, Ident};

use crate::attribute::keys::Keys;
use crate::problem::{self, Problems};

const KEYS: Keys = Keys {
    attribute: "saga",
    once: &["sensitive"],
    repeated: &[],
    refused: &[],
};

/// In which form a sensitive field's value enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Clear,
    /// As a vault's reference.
    Token,
    /// Encrypted.
    Ciphertext,
}

/// A sensitive field's form, and where that is written.
pub type Sensitive = Option<(Form, Ident)>;

/// Reads them.
pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Sensitive {
    let mut read = None;
    KEYS.read(attrs, problems, |key, input, _| {
        read = Some((form(input)?, key.clone()));
        Ok(())
    });
    read
}

fn form(input: ParseStream<'_>) -> syn::Result<Form> {
    if !input.peek(Paren) {
        return Ok(Form::Clear);
    }
    let content;
    syn::parenthesized!(content in input);
    let form: Ident = content.parse()?;
    match form.to_string().as_str() {
        "token" => Ok(Form::Token),
        "ciphertext" => Ok(Form::Ciphertext),
        _ => Err(problem::at(
            &form,
            format!("`{form}` is not a form of sensitive data"),
            "it enters as `sensitive(token)` or `sensitive(ciphertext)`; `sensitive` alone is clear text",
        )),
    }
}
