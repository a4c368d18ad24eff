//! `#[saga(history_key(…, reason = "…"), resources(…), compensation = …)]`: the key that encrypts a saga's
//! history, resources that belong to it though no step names them, and what undoes it where it is nested.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Path, Token, Type, parenthesized};

use crate::attribute::keys::{Keys, text, value};
use crate::attribute::origin::{arn, parameter};
use crate::problem::{self, Problems};

/// What a saga's attribute says.
#[derive(Default)]
pub struct Settings {
    /// The key that encrypts its history.
    pub history_key: Option<HistoryKey>,
    /// Resources that no step names.
    pub resources: Vec<Path>,
    /// The step that undoes it as a whole, where another saga nests it.
    pub compensation: Option<Type>,
}

/// A key, and why clear data has to be in the history.
pub struct HistoryKey {
    /// The key.
    pub source: Source,
    /// The author's reason.
    pub reason: LitStr,
}

/// Where a key comes from.
pub enum Source {
    /// The stack creates it.
    Created,
    /// A parameter of the template holds its ARN.
    Parameter(LitStr),
    /// It has this ARN.
    Arn(LitStr),
}

const KEYS: Keys = Keys {
    attribute: "saga",
    once: &["history_key", "resources", "compensation"],
    repeated: &[],
    refused: &[],
};

const HISTORY_KEY: Keys = Keys {
    attribute: "history_key",
    once: &["created", "parameter", "arn", "reason"],
    repeated: &[],
    refused: &[],
};

/// Reads it.
pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Settings {
    let mut settings = Settings::default();
    KEYS.read(attrs, problems, |key, input, problems| {
        match key.to_string().as_str() {
            "resources" => settings.resources = resources(input)?,
            "compensation" => settings.compensation = Some(value(input)?),
            _ => settings.history_key = history_key(key, input, problems)?,
        }
        Ok(())
    });
    settings
}

fn resources(input: ParseStream<'_>) -> syn::Result<Vec<Path>> {
    let content;
    parenthesized!(content in input);
    let list = Punctuated::<Path, Token![,]>::parse_terminated(&content)?;
    Ok(list.into_iter().collect())
}

fn history_key(
    key: &Ident,
    input: ParseStream<'_>,
    problems: &mut Problems,
) -> syn::Result<Option<HistoryKey>> {
    let (mut sources, mut reason, before) = (Vec::new(), None, problems.count());
    HISTORY_KEY.read_nested(input, problems, |key, input, _| {
        match key.to_string().as_str() {
            "created" => sources.push(Source::Created),
            "parameter" => sources.push(Source::Parameter(parameter(input)?)),
            "arn" => sources.push(Source::Arn(arn(input)?)),
            _ => reason = Some(text(input, REASON)?),
        }
        Ok(())
    })?;
    match (sources.pop(), sources.pop(), reason) {
        (Some(source), None, Some(reason)) => Ok(Some(HistoryKey { source, reason })),
        _ if problems.count() > before => Ok(None),
        (Some(_), None, None) => {
            let message = "`history_key` states no reason";
            Err(problem::at(
                key,
                message,
                format!("add `reason = \"…\"`: {REASON}"),
            ))
        }
        _ => {
            let help =
                "state one of `created`, `parameter = \"NameOfTheParameter\"`, `arn = \"arn:…\"`";
            Err(problem::at(key, "`history_key` states no single key", help))
        }
    }
}

/// What a reason says.
const REASON: &str = "say why clear data has to be in the history: it is kept in the template";
