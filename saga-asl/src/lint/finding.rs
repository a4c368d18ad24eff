//! What a rule reports.

use super::{Edit, Fix, Rule};
use crate::syntax::Span;

/// Something that a rule found, before it has a pointer and a position.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// The text to underline.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// An edit that certainly repairs it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Says what to do about it.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// Says that the finding rests on a guess about what states are for.
    pub fn inferred(&mut self, from: &str) -> &mut Self {
        self.message.push_str(" (inferred from ");
        self.message.push_str(from);
        self.message.push(')');
        self
    }

    /// Offers an edit that certainly repairs it.
    pub fn fix(&mut self, title: impl Into<String>, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix {
            title: title.into(),
            edits,
        });
        self
    }
}

/// Collects what a rule finds.
#[derive(Debug)]
pub struct Findings<'f> {
    rule: &'static Rule,
    found: &'f mut Vec<Finding>,
}

impl<'f> Findings<'f> {
    pub(crate) fn new(rule: &'static Rule, found: &'f mut Vec<Finding>) -> Self {
        Self { rule, found }
    }

    /// Reports something; the finding may be refined.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let rule = self.rule;
        let finding = Finding {
            rule,
            span,
            message: message.into(),
            help: String::new(),
            fix: None,
        };
        self.found.push(finding);
        let last = self.found.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "INVARIANT: it was pushed just now")]
        &mut self.found[last]
    }
}
