//! From a text to its diagnostics.

use std::cell::LazyCell;

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
    /// Whether nobody wants the notes on cost and habit: then they are not looked for.
    pub without_notes: bool,
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
    check_tree(source, &syntax::parse(source, format), options)
}

/// Checks a text that nobody has called a definition: none where it holds no state machine.
#[must_use]
pub fn check_if_one(source: &str, options: Options) -> Option<Report> {
    let format = options.format.unwrap_or_else(|| Format::guess(source));
    let tree = syntax::parse(source, format);
    document::looks_like_one(&tree.root).then(|| check_tree(source, &tree, options))
}

fn check_tree(source: &str, tree: &Tree<'_>, options: Options) -> Report {
    let document = document::read(source, tree);
    let mut report = check_definitions(source, tree, &document.definitions, options);
    if document.definitions.is_empty() {
        let lines = Lines::new(source);
        let found = rules::document::syntax_error::in_template(&tree.errors);
        let found = found
            .into_iter()
            .map(|finding| at(finding, String::new(), &lines));
        report.diagnostics.extend(found);
    }
    Report {
        references: document.references,
        ..report
    }
}

fn check_definitions(
    source: &str,
    tree: &Tree<'_>,
    definitions: &[Definition<'_>],
    options: Options,
) -> Report {
    // Most texts have no finding, and need no places.
    let lines = LazyCell::new(|| Lines::new(source));
    let mut report = Report::default();
    for (index, definition) in definitions.iter().enumerate() {
        // The text's own errors are reported once, with its first definition.
        let errors = if index == 0 { &tree.errors[..] } else { &[] };
        let context = context(source, definition, errors, options);
        report.definitions += 1;
        report.states += context.outline.states().len();
        let found = judge(source, tree, definition, &context, options).into_iter();
        report
            .diagnostics
            .extend(found.map(|finding| place(finding, tree, definition, &lines)));
    }
    sort(&mut report.diagnostics);
    report
}

/// What a check found in the file of a template's definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Referenced {
    /// What is wrong with the file.
    pub report: Report,
    /// What is wrong with the template, now that the file is known.
    pub template: Vec<Diagnostic>,
}

/// Checks the file that a template's `DefinitionUri` names. Without its text, the template is told
/// that there is none.
#[must_use]
pub fn check_reference(
    template: &str,
    reference: &document::Reference,
    file: Option<(&str, Format)>,
) -> Referenced {
    let lines = Lines::new(template);
    let Some((source, format)) = file else {
        let found = rules::document::missing_definition_file::report(reference);
        let told = at(found, reference.pointer.clone(), &lines);
        return Referenced {
            template: vec![told],
            ..Referenced::default()
        };
    };
    let tree = syntax::parse(source, format);
    let definition = document::referenced(source, &tree, reference);
    let used = definition
        .embedding
        .as_ref()
        .map_or(&[][..], |embedding| &embedding.placeholders);
    let unused = rules::document::unused_substitution::report(&reference.substitutions, used);
    let pointer = |span: Span| {
        syntax::pointer_to(&syntax::parse(template, Format::guess(template)).root, span)
    };
    let template = unused.into_iter().map(|finding| {
        let pointer = pointer(finding.span);
        at(finding, pointer, &lines)
    });
    let template = template.collect();
    Referenced {
        report: check_definitions(source, &tree, &[definition], Options::default()),
        template,
    }
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

/// What the rules find that are as bad as that or worse.
fn run(context: &Context<'_>, least: Severity) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in rules::all().filter(|rule| rule.severity >= least) {
        (rule.check)(context, &mut Findings::new(rule, &mut found));
    }
    found
}

/// What the rules find without what the author has accepted, and what is wrong with the acceptances.
fn judge(
    source: &str,
    tree: &Tree<'_>,
    definition: &Definition<'_>,
    context: &Context<'_>,
    options: Options,
) -> Vec<Finding> {
    let least = if options.without_notes {
        Severity::Warning
    } else {
        Severity::Note
    };
    let comments = if definition.pointer.is_empty() {
        &tree.comments[..]
    } else {
        &[]
    };
    let suppressions = suppression::collect(source, &definition.root, comments);
    if suppressions.is_empty() {
        return run(context, least);
    }
    // A note may be accepted that nobody wants to see: it must be found to tell that from an
    // acceptance of nothing.
    let found = run(context, Severity::Note);
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
    kept.retain(|finding| finding.rule.severity >= least);
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

/// Gives a finding its pointer: in the definition, or in the template around it.
fn place(
    finding: Finding,
    tree: &Tree<'_>,
    definition: &Definition<'_>,
    lines: &Lines<'_>,
) -> Diagnostic {
    let pointer = if definition.root.span.contains(finding.span) {
        let within = syntax::pointer_to(&definition.root, finding.span);
        format!("{}{within}", definition.pointer)
    } else {
        syntax::pointer_to(&tree.root, finding.span)
    };
    at(finding, pointer, lines)
}

fn at(finding: Finding, pointer: String, lines: &Lines<'_>) -> Diagnostic {
    // A rule that marks where a value begins cannot know how wide its first character is.
    let start = finding.span.start;
    let end = lines.boundary(finding.span.end);
    Diagnostic {
        code: finding.rule.code,
        name: finding.rule.name,
        severity: finding.rule.severity,
        message: finding.message,
        help: finding.help,
        pointer,
        span: Span::new(start, end),
        position: lines.position(start),
        end: lines.position(end),
        fix: finding.fix,
    }
}

fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    diagnostics.dedup();
}
