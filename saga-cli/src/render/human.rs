//! Findings for people, with the text underlined.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use saga_asl::lint::{Diagnostic, Severity};

use crate::source::Checked;

/// Writes a report a finding, and how many there were.
pub fn write(files: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let renderer = Renderer::styled();
    for file in files {
        for diagnostic in &file.report.diagnostics {
            let report = report(file, diagnostic);
            writeln!(out, "{}\n", renderer.render(&report))?;
        }
    }
    writeln!(out, "{}", summary(files))
}

fn report<'a>(file: &'a Checked, diagnostic: &'a Diagnostic) -> [Group<'a>; 1] {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let window = window(&file.content, diagnostic);
    let annotation = AnnotationKind::Primary.span(window.marked);
    let snippet = Snippet::source(window.text)
        .line_start(window.first_line)
        .path(file.name.as_str())
        .annotation(annotation);
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = title.element(snippet);
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(diagnostic.help.as_str()));
    }
    [group]
}

/// The lines around a finding: rendering goes through all text that it is given.
struct Window<'s> {
    text: &'s str,
    first_line: usize,
    marked: std::ops::Range<usize>,
}

/// So many bytes of a line are shown beside the finding; longer ones are minified.
const LONGEST_LINE: usize = 300;

fn window<'s>(source: &'s str, diagnostic: &Diagnostic) -> Window<'s> {
    let span = diagnostic.span;
    let end = span.end.min(source.len()).max(span.start);
    let before = source.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let start = line_start.max(floor(source, span.start.saturating_sub(LONGEST_LINE)));
    let after = source.get(end..).unwrap_or_default();
    let line_end = after.find('\n').map_or(source.len(), |at| end + at);
    let stop = line_end.min(floor(source, end + LONGEST_LINE));
    Window {
        text: source.get(start..stop).unwrap_or_default(),
        first_line: diagnostic.position.line,
        marked: span.start - start..end - start,
    }
}

/// The nearest place before an offset where a character begins.
fn floor(source: &str, offset: usize) -> usize {
    let offset = offset.min(source.len());
    (0..=offset)
        .rev()
        .find(|at| source.is_char_boundary(*at))
        .unwrap_or(0)
}

fn summary(files: &[Checked]) -> String {
    let count = |severity| {
        let found = files.iter().flat_map(|file| &file.report.diagnostics);
        found
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let definitions: usize = files.iter().map(|file| file.report.definitions).sum();
    let states: usize = files.iter().map(|file| file.report.states).sum();
    format!(
        "{} in {} ({}): {}, {}",
        plural(definitions, "definition"),
        plural(files.len(), "file"),
        plural(states, "state"),
        plural(count(Severity::Error), "error"),
        plural(count(Severity::Warning), "warning"),
    )
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
