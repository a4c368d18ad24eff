//! `#[saga(history_key(…, reason = "…"))]`: the key that encrypts a saga's history.

use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr};

use crate::attribute::keys::{Keys, text};
use crate::attribute::origin::{arn, parameter};
use crate::problem::{self, Problems};

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
    once: &["history_key"],
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
pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Option<HistoryKey> {
    let mut read = None;
    KEYS.read(attrs, problems, |key, input, problems| {
        read = Some(history_key(key, input, problems)?);
        Ok(())
    });
    read
}

fn history_key(
    key: &Ident,
    input: ParseStream<'_>,
    problems: &mut Problems,
) -> syn::Result<HistoryKey> {
    let (mut sources, mut reason) = (Vec::new(), None);
    HISTORY_KEY.read_nested(input, problems, |key, input, _| {
        match key.to_string().as_str() {
            "created" => sources.push(Source::Created),
            "parameter" => sources.push(Source::Parameter(parameter(input)?)),
            "arn" => sources.push(Source::Arn(arn(input)?)),
            _ => {
                let help =
                    "state why clear data has to be in the history: it is kept in the template";
                reason = Some(text(input, help)?);
            }
        }
        Ok(())
    })?;
    let (Some(source), None) = (sources.pop(), sources.pop()) else {
        let help =
            "state one of `created`, `parameter = \"NameOfTheParameter\"`, `arn = \"arn:…\"`";
        return Err(problem::at(key, "`history_key` states no single key", help));
    };
    let Some(reason) = reason else {
        let help = "add `reason = \"…\"`: why clear data has to be in the history";
        return Err(problem::at(key, "`history_key` states no reason", help));
    };
    Ok(HistoryKey { source, reason })
}
