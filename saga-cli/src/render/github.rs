//! Findings as workflow commands of GitHub Actions.

use std::io::{self, Write};

use saga_asl::lint::{Diagnostic, Severity};

use crate::source::Checked;

/// Writes a command a finding.
pub fn write(files: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    for file in files {
        for diagnostic in &file.report.diagnostics {
            annotation(&file.name, diagnostic, out)?;
        }
    }
    Ok(())
}

fn annotation(file: &str, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let Diagnostic {
        code,
        name,
        message,
        help,
        position,
        end,
        ..
    } = diagnostic;
    let separator = if help.is_empty() { "" } else { "\nhelp: " };
    writeln!(
        out,
        "::{level} file={},line={},col={},endLine={},endColumn={},title={}::{}",
        property(file),
        position.line,
        position.column,
        end.line,
        end.column,
        property(&format!("{code} {name}")),
        data(&format!("{message}{separator}{help}")),
    )
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
