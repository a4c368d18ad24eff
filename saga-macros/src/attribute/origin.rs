//! Who creates a resource: the stack, or `existing(parameter = "…")` / `existing(arn = "…")`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Ident, LitStr};

use super::keys::{Keys, text};
use crate::problem::{self, Problems};

const KEYS: Keys = Keys {
    attribute: "existing",
    once: &["parameter", "arn"],
    repeated: &[],
    refused: &[],
};

/// Where something that the stack doesn't create is named.
#[derive(Clone)]
pub enum Existing {
    /// A parameter of the template holds its ARN.
    Parameter(LitStr),
    /// It has this ARN.
    Arn(LitStr),
}

impl Existing {
    /// Reads `(parameter = "…")` or `(arn = "…")` after `key`.
    pub fn parse(
        key: &Ident,
        input: ParseStream<'_>,
        problems: &mut Problems,
    ) -> syn::Result<Option<Self>> {
        let (mut found, before) = (Vec::new(), problems.count());
        KEYS.read_nested(input, problems, |key, input, _| {
            found.push(Self::entry(key, input)?);
            Ok(())
        })?;
        match (found.pop(), found.pop()) {
            (Some(existing), None) => Ok(Some(existing)),
            _ if problems.count() > before => Ok(None),
            _ => Err(problem::at(
                key,
                format!("`{key}` states no single ARN"),
                "state either `parameter = \"NameOfTheParameter\"` or `arn = \"arn:…\"`",
            )),
        }
    }

    fn entry(key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        if key == "parameter" {
            return Ok(Self::Parameter(parameter(input)?));
        }
        Ok(Self::Arn(arn(input)?))
    }
}

/// `= "arn:…"`
pub fn arn(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let arn = text(input, "state the ARN")?;
    if arn.value().starts_with("arn:") {
        return Ok(arn);
    }
    let message = format!("`{}` is not an ARN", arn.value());
    Err(problem::at(&arn, message, "an ARN starts with `arn:`"))
}

/// `= "NameOfAParameter"`: letters and digits, as CloudFormation has it (user guide, "Parameters").
pub fn parameter(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let name = text(input, "state the name of a parameter of the template")?;
    checked_parameter(name)
}

/// A name that CloudFormation takes for a parameter.
pub fn checked_parameter(name: LitStr) -> syn::Result<LitStr> {
    if name
        .value()
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric())
    {
        return Ok(name);
    }
    Err(problem::at(
        &name,
        format!(
            "`{}` cannot be the name of a template's parameter",
            name.value()
        ),
        "use letters and digits",
    ))
}

/// The code of the origin.
pub fn origin(existing: Option<&Existing>) -> TokenStream {
    match existing {
        None => quote!(::saga_dsl::__private::Origin::Created),
        Some(Existing::Parameter(name)) => {
            quote!(::saga_dsl::__private::Origin::Parameter(#name.into()))
        }
        Some(Existing::Arn(arn)) => quote!(::saga_dsl::__private::Origin::Arn(#arn.into())),
    }
}
