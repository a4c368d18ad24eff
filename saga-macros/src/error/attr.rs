//! `#[saga(…)]` on an error's variant: `unknown`, `rename = "…"`, `transparent`, `retry(…)`.

use proc_macro2::Span;
use syn::{Attribute, LitStr};

use super::retry::Retry;
use crate::attribute::keys::{Keys, text};
use crate::problem::Problems;

/// What it says.
#[derive(Default)]
pub struct Variant {
    /// Whether the step may have happened.
    pub unknown: Option<Span>,
    /// The name it is reported under.
    pub rename: Option<LitStr>,
    /// Whether it is the errors of its field.
    pub transparent: Option<Span>,
    /// How it is retried.
    pub retry: Option<(Retry, Span)>,
}

const KEYS: Keys = Keys {
    attribute: "saga",
    once: &["unknown", "rename", "transparent", "retry"],
    repeated: &[],
    refused: &[],
};

impl Variant {
    /// Reads it.
    pub fn read(attrs: &[Attribute], problems: &mut Problems) -> Self {
        let mut read = Self::default();
        KEYS.read(attrs, problems, |key, input, problems| {
            match key.to_string().as_str() {
                "unknown" => read.unknown = Some(key.span()),
                "rename" => read.rename = Some(text(input, "state the error's name")?),
                "transparent" => read.transparent = Some(key.span()),
                _ => read.retry = Some((Retry::parse(input, problems)?, key.span())),
            }
            Ok(())
        });
        read
    }
}
