//! `env(…)` and `secrets(…)`: what a function's environment holds.

use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

use crate::attribute::origin::checked_parameter;
use crate::problem::{self, Problems};

/// An environment variable.
pub struct Variable {
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub value: Value,
}

/// The value of an environment variable.
pub enum Value {
    /// This text.
    Literal(LitStr),
    /// What the template's parameter holds.
    Parameter(LitStr),
}

/// A secret.
pub struct Secret {
    /// The environment variable that holds its name.
    pub variable: Ident,
    /// Where it is kept.
    pub store: Store,
    /// Its name there.
    pub name: LitStr,
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Secrets Manager.
    SecretsManager,
    /// The Systems Manager parameter store.
    Ssm,
}

impl Variable {
    /// Reads `(NAME = "text", NAME = parameter("Name"))`.
    pub fn list(input: ParseStream<'_>, problems: &mut Problems) -> syn::Result<Vec<Self>> {
        entries(input, problems, |name, input| {
            let value = Value::parse(input)?;
            Ok(Self { name, value })
        })
    }
}

impl Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Literal(input.parse()?));
        }
        let (source, name) = call(input)?;
        if source != "parameter" {
            let message = format!("`{source}` gives no environment variable its value");
            let help = "state a text, or `parameter(\"NameOfTheParameter\")`";
            return Err(problem::at(&source, message, help));
        }
        Ok(Self::Parameter(checked_parameter(name)?))
    }
}

impl Secret {
    /// Reads `(NAME = secrets_manager("name"), NAME = ssm("/name"))`.
    pub fn list(input: ParseStream<'_>, problems: &mut Problems) -> syn::Result<Vec<Self>> {
        entries(input, problems, |variable, input| {
            let (source, name) = call(input)?;
            let store = match source.to_string().as_str() {
                "secrets_manager" => Store::SecretsManager,
                "ssm" => Store::Ssm,
                _ => {
                    let message = format!("no secret is kept in `{source}`");
                    let help = "state `secrets_manager(\"name\")` or `ssm(\"/name\")`";
                    return Err(problem::at(&source, message, help));
                }
            };
            Ok(Self {
                variable,
                store,
                name,
            })
        })
    }
}

/// `(NAME = …, NAME = …)`
fn entries<T>(
    input: ParseStream<'_>,
    problems: &mut Problems,
    mut value: impl FnMut(Ident, ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let content;
    syn::parenthesized!(content in input);
    let mut found = Vec::new();
    while !content.is_empty() {
        let name: Ident = content.parse()?;
        problems.value(checked_name(&name));
        content.parse::<Token![=]>()?;
        found.push(value(name, &content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}

/// `source("name")`
fn call(input: ParseStream<'_>) -> syn::Result<(Ident, LitStr)> {
    let source: Ident = input.parse()?;
    let content;
    syn::parenthesized!(content in input);
    let name: LitStr = content.parse()?;
    if name.value().trim().is_empty() {
        return Err(problem::at(&name, "this is empty", "state the name"));
    }
    Ok((source, name))
}

/// A name that Lambda takes for a variable, and does not set itself (developer guide, "Defined runtime
/// environment variables").
fn checked_name(name: &Ident) -> syn::Result<()> {
    let written = name.to_string();
    let help = "use another name";
    if written.starts_with('_') || !written.is_ascii() || written.chars().count() < 2 {
        let message = format!("`{written}` cannot be the name of an environment variable");
        let help = "it has two characters at least, and starts with a letter";
        return Err(problem::at(name, message, help));
    }
    if RESERVED.contains(&written.as_str()) || written.starts_with("AWS_LAMBDA_") {
        let message = format!("`{written}` is set by Lambda itself");
        return Err(problem::at(name, message, help));
    }
    if written.starts_with("SAGA_") {
        let message = format!("`{written}` belongs to the saga's own runtime");
        return Err(problem::at(name, message, help));
    }
    Ok(())
}

const RESERVED: &[&str] = &[
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];
