//! What a rule is.

use super::{Context, Findings, Severity};

/// A rule: its documentation, its code, and how it is checked.
#[derive(Debug)]
pub struct Rule {
    /// The stable code, such as `ASL111`.
    pub code: &'static str,
    /// The name for people, such as `dangling-target`.
    pub name: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub family: Family,
    /// The page that `explain` prints, a line an entry. Its examples are the rule's tests.
    pub page: &'static [&'static str],
    /// Looks for what is wrong.
    pub check: fn(&Context<'_>, &mut Findings<'_>),
}

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// The text, and how a definition is embedded in it.
    Document,
    /// What makes AWS refuse a definition.
    Structure,
    /// Data that is not there when it is read.
    DataFlow,
    /// Effects that stay after a failure.
    Saga,
    /// Cost and habit.
    Habit,
}

impl Family {
    /// The name for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Structure => "structure",
            Self::DataFlow => "data flow",
            Self::Saga => "saga safety",
            Self::Habit => "cost and habit",
        }
    }
}

impl Rule {
    /// The page in one text, as Markdown.
    #[must_use]
    pub fn documentation(&self) -> String {
        let lines = self
            .page
            .iter()
            .map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The first sentence of the page.
    #[must_use]
    pub fn summary(&self) -> String {
        let lines = self.page.iter().map(|line| line.trim());
        lines
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// Declares a rule: its doc comment is its page.
macro_rules! rule {
    (
        $(#[doc = $line:literal])+
        pub static $ident:ident = $severity:ident $code:literal $name:literal in $family:ident, $check:path;
    ) => {
        $(#[doc = $line])+
        pub static $ident: $crate::lint::Rule = $crate::lint::Rule {
            code: $code,
            name: $name,
            severity: $crate::lint::Severity::$severity,
            family: $crate::lint::Family::$family,
            page: &[$($line),+],
            check: $check,
        };
    };
}
pub(crate) use rule;
