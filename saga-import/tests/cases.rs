//! Definitions and what becomes of them: `cases/NAME/definition.*` with `saga.rs` and `gaps.txt`, `refused/NAME.*` with
//! `NAME.txt`; `templates/NAME/template.yaml`, with the definition in it or beside it, with `stack.txt`, which is what becomes of
//! the template. `UPDATE_EXPECT=1` writes what is expected.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test reads files, and fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use pretty_assertions::assert_eq;
use saga_asl::syntax::{Format, Position};
use saga_import::{Imported, Refusal, Stack, import, import_with};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// The entries of a folder, in the order of their names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn text(file: &Path) -> (String, Format) {
    let format = match file.extension().and_then(|ending| ending.to_str()) {
        Some("yaml") => Format::Yaml,
        _ => Format::Json,
    };
    (fs::read_to_string(file).unwrap(), format)
}

fn imported(file: &Path, name: &str) -> Result<Imported, Vec<Refusal>> {
    let (text, format) = text(file);
    import(&text, format, name)
}

/// What becomes of a template, as text.
fn around(stack: &Stack, source: &str) -> String {
    let report = stack.report(&stack.machines()[0], source);
    let mut text = String::new();
    for (title, lines) in [
        ("replaced", report.replaced),
        ("stays", report.stays),
        ("left", report.left),
    ] {
        for line in lines {
            writeln!(text, "{title}: {line}").unwrap();
        }
    }
    for (Position { line, column }, says) in report.weaknesses {
        writeln!(text, "{line}:{column}: {says}").unwrap();
    }
    text
}

/// Compares with what is kept, or keeps it.
#[track_caller]
fn expect(file: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(file, found).unwrap();
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    assert_eq!(expected, found, "{}", file.display());
}

/// Compares a saga and its gaps with what the folder keeps.
#[track_caller]
fn expect_in(folder: &Path, found: &Imported) {
    expect(&folder.join("saga.rs"), &found.source);
    let mut gaps = String::new();
    for gap in &found.gaps {
        writeln!(gaps, "{gap}").unwrap();
    }
    expect(&folder.join("gaps.txt"), &gaps);
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn definitions_become_sagas() {
    for case in entries(&folder("cases")) {
        let definition = entries(&case).into_iter();
        let definition =
            definition.filter(|file| file.file_stem().is_some_and(|stem| stem == "definition"));
        let definition = definition.collect::<Vec<_>>().remove(0);
        let name = name_of(&case);
        let found =
            imported(&definition, &name).unwrap_or_else(|refusals| panic!("{name}: {refusals:#?}"));
        assert_eq!(
            found,
            imported(&definition, &name).unwrap(),
            "the same source gives the same bytes"
        );
        expect_in(&case, &found);
    }
}

#[test]
fn templates_say_what_is_around() {
    for case in entries(&folder("templates")) {
        let template = case.join("template.yaml");
        let (template_text, format) = text(&template);
        let stack = Stack::read(&template_text, format).unwrap();
        let context = stack.context(&stack.machines()[0]);
        let beside = case.join("definition.json");
        let (text, format) = text(if beside.exists() { &beside } else { &template });
        let found = import_with(&text, format, &name_of(&case), &context).unwrap();
        expect_in(&case, &found);
        expect(&case.join("stack.txt"), &around(&stack, &found.source));
    }
}

#[test]
fn what_a_saga_has_nothing_for_is_refused() {
    for file in entries(&folder("refused")) {
        if file.extension().is_some_and(|ending| ending == "txt") {
            continue;
        }
        let Err(refusals) = imported(&file, "Refused") else {
            panic!("{} is imported", file.display());
        };
        let mut text = String::new();
        for Refusal {
            position,
            pointer,
            message,
            help,
        } in refusals
        {
            writeln!(
                text,
                "{}:{} {pointer}: {message}\n  help: {help}",
                position.line, position.column
            )
            .unwrap();
        }
        expect(&file.with_extension("txt"), &text);
    }
}
