//! The compiler's diagnostics, on the user's own source.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use saga_compiler::Diagnostic;
use saga_manifest::place::Place;

use crate::exit::Failure;

/// Why a manifest was not compiled: its diagnostics as text, each with the lines that it is about. Files are read
/// from `root`; a place whose file is not there is named without its text.
pub fn refused(diagnostics: &[Diagnostic], root: &Path) -> Failure {
    Failure::Checked {
        report: report(diagnostics, root),
        count: diagnostics.len(),
    }
}

fn report(diagnostics: &[Diagnostic], root: &Path) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for diagnostic in diagnostics {
        let lines: Vec<_> = diagnostic
            .places
            .iter()
            .map(|(place, label)| Line::read(place, label, root))
            .collect();
        // INVARIANT: writing to a string cannot fail.
        let _ = writeln!(text, "{}\n", renderer.render(&groups(diagnostic, &lines)));
    }
    text
}

fn groups<'a>(diagnostic: &'a Diagnostic, lines: &'a [Line<'a>]) -> Vec<Group<'a>> {
    let title = Level::ERROR.primary_title(&diagnostic.message);
    let mut groups = vec![
        lines
            .iter()
            .fold(Group::with_title(title), |group, line| line.add_to(group)),
    ];
    if !diagnostic.help.is_empty() {
        groups.push(Group::with_title(
            Level::HELP.secondary_title(&diagnostic.help),
        ));
    }
    groups
}

/// The line that a place is on.
struct Line<'a> {
    place: &'a Place,
    label: &'a str,
    at: String,
    /// The line, and what of it is meant.
    text: Option<(String, Range<usize>)>,
}

impl<'a> Line<'a> {
    fn read(place: &'a Place, label: &'a str, root: &Path) -> Self {
        let text = fs::read_to_string(root.join(&place.file)).ok();
        let text = text.and_then(|text| meant(place, &text));
        Self {
            place,
            label,
            at: place.to_string(),
            text,
        }
    }

    fn add_to(&'a self, group: Group<'a>) -> Group<'a> {
        let Some((text, range)) = &self.text else {
            return group.element(Level::NOTE.message(format!("{}: {}", self.at, self.label)));
        };
        group.element(
            Snippet::source(text)
                .line_start(usize::try_from(self.place.line).unwrap_or(1))
                .path(&self.place.file)
                .annotation(
                    AnnotationKind::Primary
                        .span(range.clone())
                        .label(self.label),
                ),
        )
    }
}

/// The line of a place, and its part from there to its end.
fn meant(place: &Place, text: &str) -> Option<(String, Range<usize>)> {
    let line = text
        .lines()
        .nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(place.column).ok()?.saturating_sub(1);
    let start = line
        .char_indices()
        .nth(column)
        .map_or(line.len(), |(index, _)| index);
    let end = line.trim_end().len().max(start);
    Some((line.to_owned(), start..end))
}
