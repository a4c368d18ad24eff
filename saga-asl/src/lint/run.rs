//! From a text to its diagnostics.

use super::suppression::{self, Suppression};
use super::{Context, Diagnostic, Finding, Findings, Rule, Severity};
use crate::document::{self, Definition};
use crate::model::ExecutionType;
use crate::rules;
use crate::syntax::{self, Format, Lines, Span, Tree};

/// What the caller knows about a text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// How it is written; guessed where it is not known.
    pub format: Option<Format>,
    /// The type of its executions, where the text itself does not say.
    pub execution_type: Option<ExecutionType>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// How many definitions the text holds.
    pub definitions: usize,
    /// How many states these have.
    pub states: usize,
    /// Files that hold definitions of the template, with the resource's settings.
    pub references: Vec<document::Reference>,
}

/// Checks a text of any kind: a definition, or a template with definitions in it.
#[must_use]
pub fn check(source: &str) -> Vec<Diagnostic> {
    check_with(source, Options::default()).diagnostics
}

/// Checks a text of which more is known.
#[must_use]
pub fn check_with(source: &str, options: Options) -> Report {
    let format = options.format.unwrap_or_else(|| Format::guess(source));
    let tree = syntax::parse(source, format);
    let document = document::read(source, &tree);
    let lines = Lines::new(source);
    let mut report = Report {
        references: document.references,
        ..Report::default()
    };
    for (index, definition) in document.definitions.iter().enumerate() {
        let errors = if index == 0 { &tree.errors[..] } else { &[] };
        let context = context(source, definition, errors, options);
        report.definitions += 1;
        report.states += context.outline.states().len();
        let found = suppress(&tree, definition, run(&context));
        report.diagnostics.extend(
            found
                .into_iter()
                .map(|finding| place(finding, definition, &lines)),
        );
    }
    if document.definitions.is_empty() {
        let found = rules::document::syntax_error::in_template(&tree.errors);
        report.diagnostics.extend(
            found
                .into_iter()
                .map(|finding| at(finding, String::new(), &lines)),
        );
    }
    sort(&mut report.diagnostics);
    report
}

fn context<'t>(
    source: &'t str,
    definition: &'t Definition<'t>,
    errors: &'t [syntax::SyntaxError],
    options: Options,
) -> Context<'t> {
    Context {
        syntax_errors: errors,
        execution_type: definition.execution_type.or(options.execution_type),
        embedding: definition.embedding.as_ref(),
        ..Context::new(source, &definition.root)
    }
}

/// What all rules find. Where the text itself is broken, only what is about the text: the rest
/// would be a cascade of what could not be read.
fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in rules::all() {
        (rule.check)(context, &mut Findings::new(rule, &mut found));
    }
    found
}

/// Takes out what the author has accepted, and adds what is wrong with the acceptances.
fn suppress(tree: &Tree<'_>, definition: &Definition<'_>, found: Vec<Finding>) -> Vec<Finding> {
    let comments = if definition.pointer.is_empty() {
        &tree.comments[..]
    } else {
        &[]
    };
    let suppressions = suppression::collect(&definition.root, comments);
    if suppressions.is_empty() {
        return found;
    }
    let mut used = vec![false; suppressions.len()];
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let accepted = suppressions
            .iter()
            .position(|suppression| accepts(suppression, &finding));
        match accepted.and_then(|index| used.get_mut(index)) {
            Some(used) => *used = true,
            None => kept.push(finding),
        }
    }
    rules::document::suppression::check(&suppressions, &used, &mut kept);
    kept
}

fn accepts(suppression: &Suppression, finding: &Finding) -> bool {
    let named = |rule: &Rule| {
        suppression
            .rules
            .iter()
            .any(|name| name == rule.code || name == rule.name)
    };
    finding.rule.severity != Severity::Error
        && named(finding.rule)
        && !suppression.reason.is_empty()
        && suppression.extent.contains(finding.span)
}

fn place(finding: Finding, definition: &Definition<'_>, lines: &Lines<'_>) -> Diagnostic {
    let within = syntax::pointer_to(&definition.root, finding.span);
    let pointer = format!("{}{within}", definition.pointer);
    at(finding, pointer, lines)
}

fn at(finding: Finding, pointer: String, lines: &Lines<'_>) -> Diagnostic {
    let Span { start, end } = finding.span;
    Diagnostic {
        code: finding.rule.code,
        name: finding.rule.name,
        severity: finding.rule.severity,
        message: finding.message,
        help: finding.help,
        pointer,
        span: finding.span,
        position: lines.position(start),
        end: lines.position(end),
        fix: finding.fix,
    }
}

fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    diagnostics.dedup();
}
