//! Findings as SARIF 2.1.0 (OASIS), for code scanning.

use std::io::{self, Write};

use saga_asl::json::{Value, array, object};
use saga_asl::lint::{Diagnostic, Edit, Fix, Rule, Severity};
use saga_asl::rules;
use saga_asl::syntax::Lines;

use super::json::count;
use crate::source::Checked;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one log with one run.
pub fn write(files: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let results = files.iter().flat_map(|file| {
        file.report
            .diagnostics
            .iter()
            .map(move |diagnostic| result(file, diagnostic))
    });
    let run = object([
        ("tool", object([("driver", driver())])),
        ("columnKind", "unicodeCodePoints".into()),
        ("results", array(results)),
    ]);
    let log = object([
        ("$schema", SCHEMA.into()),
        ("version", "2.1.0".into()),
        ("runs", array([run])),
    ]);
    writeln!(out, "{}", log.to_pretty())
}

fn driver() -> Value {
    object([
        ("name", "saga-cli".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("informationUri", env!("CARGO_PKG_REPOSITORY").into()),
        ("rules", array(rules::all().map(rule))),
    ])
}

fn rule(rule: &Rule) -> Value {
    let text = |text: String| object([("text", text.into())]);
    object([
        ("id", rule.code.into()),
        ("name", rule.name.into()),
        ("shortDescription", text(rule.summary())),
        (
            "help",
            object([
                ("text", rule.summary().into()),
                ("markdown", rule.documentation().into()),
            ]),
        ),
        (
            "defaultConfiguration",
            object([("level", level(rule.severity).into())]),
        ),
    ])
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn result(file: &Checked, diagnostic: &Diagnostic) -> Value {
    let mut fields = vec![
        ("ruleId", diagnostic.code.into()),
        ("level", level(diagnostic.severity).into()),
        ("message", object([("text", message(diagnostic).into())])),
        ("locations", array([location(file, diagnostic)])),
    ];
    if let Some(fix) = &diagnostic.fix {
        fields.push(("fixes", array([changes(file, fix)])));
    }
    object(fields)
}

fn message(diagnostic: &Diagnostic) -> String {
    if diagnostic.help.is_empty() {
        return diagnostic.message.clone();
    }
    format!("{} — {}", diagnostic.message, diagnostic.help)
}

fn location(file: &Checked, diagnostic: &Diagnostic) -> Value {
    let region = object([
        ("startLine", count(diagnostic.position.line)),
        ("startColumn", count(diagnostic.position.column)),
        ("endLine", count(diagnostic.end.line)),
        ("endColumn", count(diagnostic.end.column)),
    ]);
    let physical = object([("artifactLocation", artifact(file)), ("region", region)]);
    let pointer = object([("fullyQualifiedName", diagnostic.pointer.as_str().into())]);
    object([
        ("physicalLocation", physical),
        ("logicalLocations", array([pointer])),
    ])
}

fn artifact(file: &Checked) -> Value {
    object([("uri", uri(&file.name).into())])
}

/// A path as a URI reference.
fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            b'\\' => text.push('/'),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

fn changes(file: &Checked, fix: &Fix) -> Value {
    let lines = Lines::new(&file.content);
    let replacements = fix.edits.iter().map(|edit| replacement(&lines, edit));
    let change = object([
        ("artifactLocation", artifact(file)),
        ("replacements", array(replacements)),
    ]);
    object([
        ("description", object([("text", fix.title.as_str().into())])),
        ("artifactChanges", array([change])),
    ])
}

fn replacement(lines: &Lines<'_>, edit: &Edit) -> Value {
    let (start, end) = (
        lines.position(edit.span.start),
        lines.position(edit.span.end),
    );
    let region = object([
        ("startLine", count(start.line)),
        ("startColumn", count(start.column)),
        ("endLine", count(end.line)),
        ("endColumn", count(end.column)),
    ]);
    let inserted = object([("text", edit.text.as_str().into())]);
    object([("deletedRegion", region), ("insertedContent", inserted)])
}
