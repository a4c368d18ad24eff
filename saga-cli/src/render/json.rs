//! Findings as JSON: the contract's `{file, code, severity, message, pointer, line, column, help}`.

use std::io::{self, Write};

use saga_asl::json::{Value, object};
use saga_asl::lint::Diagnostic;

use crate::source::Checked;

/// Writes one array, a finding a line.
pub fn write(files: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let findings = files.iter().flat_map(|file| {
        file.report
            .diagnostics
            .iter()
            .map(move |diagnostic| (file, diagnostic))
    });
    let mut separator = "[\n";
    for (file, diagnostic) in findings {
        write!(out, "{separator}{}", finding(file, diagnostic))?;
        separator = ",\n";
    }
    writeln!(out, "{}", if separator == "[\n" { "[]" } else { "\n]" })
}

fn finding(file: &Checked, diagnostic: &Diagnostic) -> Value {
    object([
        ("file", file.name.as_str().into()),
        ("code", diagnostic.code.into()),
        ("name", diagnostic.name.into()),
        ("severity", diagnostic.severity.as_str().into()),
        ("message", diagnostic.message.as_str().into()),
        ("pointer", diagnostic.pointer.as_str().into()),
        ("line", count(diagnostic.position.line)),
        ("column", count(diagnostic.position.column)),
        ("endLine", count(diagnostic.end.line)),
        ("endColumn", count(diagnostic.end.column)),
        ("help", diagnostic.help.as_str().into()),
    ])
}

pub(super) fn count(number: usize) -> Value {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}
