//! What is wrong with a package, where, and what to do about it.

use std::fmt;

use saga_manifest::place::Place;

/// A mistake that keeps a package from being compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, in lower case, the author's text in backticks.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where, the most telling place first, each with what is there.
    pub places: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A mistake without a place yet.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            places: Vec::new(),
        }
    }

    /// The same with one more place.
    #[must_use]
    pub(crate) fn at(mut self, place: &Place, what: impl Into<String>) -> Self {
        self.places.push((place.clone(), what.into()));
        self
    }
}

impl fmt::Display for Diagnostic {
    /// Message, places and help, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        for (place, what) in &self.places {
            write!(f, "\n  --> {place}: {what}")?;
        }
        write!(f, "\n  help: {}", self.help)
    }
}

impl std::error::Error for Diagnostic {}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Diagnostic>);

impl Report {
    /// Notes a mistake.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// What was checked, if nothing was found wrong.
    pub(crate) fn finish<T>(self, checked: T) -> Result<T, Vec<Diagnostic>> {
        if self.0.is_empty() {
            Ok(checked)
        } else {
            Err(self.0)
        }
    }
}
