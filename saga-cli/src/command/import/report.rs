//! What the definition left open, for people.

use std::fmt::Write as _;

use saga_import::stack::Report;
use saga_import::{Imported, Refusal};

/// The gaps, a few lines each.
pub(super) fn human(file: &str, imported: &Imported) -> String {
    let count = imported.gaps.len();
    let saga = &imported.saga;
    if count == 0 {
        return format!("`{file}` leaves nothing open: `{saga}` does what it did\n");
    }
    let gaps = if count == 1 { "gap" } else { "gaps" };
    let mut text = format!("{count} {gaps} in `{file}`, and what becomes of each in `{saga}`:\n");
    for gap in &imported.gaps {
        writeln!(text, "  {file}:{gap}").unwrap_or_default();
    }
    text
}

/// The same as a page.
pub(super) fn markdown(file: &str, imported: &Imported) -> String {
    let saga = &imported.saga;
    let mut text = format!("# What `{file}` left open\n\n");
    if imported.gaps.is_empty() {
        writeln!(text, "Nothing: `{saga}` does what it did.").unwrap_or_default();
        return text;
    }
    writeln!(
        text,
        "The line and column are those of the definition; *here* is the saga `{saga}`.\n"
    )
    .unwrap_or_default();
    for gap in &imported.gaps {
        let (line, column) = (gap.position.line, gap.position.column);
        writeln!(
            text,
            "- **{}** ({line}:{column}): {}.\n  *Here:* {}.",
            gap.kind, gap.there, gap.here
        )
        .unwrap_or_default();
    }
    text
}

/// The parts of a template, under what becomes of them.
fn parts(of: &Report) -> [(&'static str, &[String]); 3] {
    [
        ("the saga's own template has these instead", &of.replaced),
        ("stays where it is, and is used there", &of.stays),
        ("is not carried over", &of.left),
    ]
}

/// What becomes of a template, a few lines each.
pub(super) fn around(file: &str, of: &Report) -> String {
    let mut text = String::new();
    for (title, lines) in parts(of) {
        if !lines.is_empty() {
            writeln!(text, "Of `{file}`, {title}:").unwrap_or_default();
        }
        for line in lines {
            writeln!(text, "  {line}").unwrap_or_default();
        }
    }
    if !of.weaknesses.is_empty() {
        writeln!(text, "Weak in `{file}`:").unwrap_or_default();
    }
    for (position, says) in &of.weaknesses {
        let (line, column) = (position.line, position.column);
        writeln!(text, "  {file}:{line}:{column}: {says}").unwrap_or_default();
    }
    text
}

/// The same as a part of a page.
pub(super) fn around_markdown(file: &str, of: &Report) -> String {
    let mut text = format!("\n# What becomes of `{file}`\n");
    for (title, lines) in parts(of) {
        if !lines.is_empty() {
            let (first, rest) = title.split_at(1);
            let first = first.to_uppercase();
            writeln!(text, "\n{first}{rest}:\n").unwrap_or_default();
        }
        for line in lines {
            writeln!(text, "- {line}").unwrap_or_default();
        }
    }
    if !of.weaknesses.is_empty() {
        text.push_str("\nWeak in it, and otherwise in the saga's own template:\n\n");
    }
    for (position, says) in &of.weaknesses {
        let (line, column) = (position.line, position.column);
        writeln!(text, "- {says} ({line}:{column})").unwrap_or_default();
    }
    text
}

/// Why nothing was written.
pub(super) fn refused(file: &str, refusals: &[Refusal]) -> String {
    let mut text = String::new();
    for refusal in refusals {
        let (line, column) = (refusal.position.line, refusal.position.column);
        writeln!(text, "{file}:{line}:{column}: {}", refusal.message).unwrap_or_default();
        if !refusal.help.is_empty() {
            writeln!(text, "  help: {}", refusal.help).unwrap_or_default();
        }
    }
    text
}
