//! The examples of every rule's page.

use super::all;
use crate::lint::{Options, Rule, check_with};
use crate::syntax::Format;

/// The examples of a page: their language, whether they are bad, their text.
fn examples(rule: &Rule) -> Vec<(Format, bool, String)> {
    let page = rule.documentation();
    let mut found = Vec::new();
    for block in page.split("```").skip(1).step_by(2) {
        let (head, text) = block.split_once('\n').unwrap();
        let format = if head.starts_with("json") {
            Format::Json
        } else {
            Format::Yaml
        };
        if head.ends_with(" bad") || head.ends_with(" good") {
            found.push((format, head.ends_with(" bad"), whole(text, format)));
        }
    }
    found
}

/// A definition of the states shown, where the example is not one itself.
fn whole(text: &str, format: Format) -> String {
    let tree = crate::syntax::parse(text, format);
    let first = tree.root.members().first();
    let states = tree.root.get("States").is_none() && tree.root.get("Resources").is_none();
    match first {
        Some(first) if states && format == Format::Json => {
            let language = if text.contains("{%") {
                r#""QueryLanguage": "JSONata","#
            } else {
                ""
            };
            format!(
                r#"{{ {language} "StartAt": "{}", "States": {text} }}"#,
                first.name.text
            )
        }
        _ => text.to_owned(),
    }
}

fn check(rule: &Rule, format: Format, bad: bool, text: &str) {
    let options = Options {
        format: Some(format),
        ..Options::default()
    };
    let found = check_with(text, options).diagnostics;
    let fires = found.iter().any(|diagnostic| diagnostic.code == rule.code);
    assert_eq!(
        fires, bad,
        "{} {}: {text}\n{found:#?}",
        rule.code, rule.name
    );
}

/// Rules whose examples do not fit on a page: a megabyte, a missing file. They have tests of their own.
const WITHOUT_EXAMPLES: [&str; 2] = ["ASL023", "ASL117"];

#[test]
fn every_page_has_examples_and_they_are_right() {
    for rule in all().filter(|rule| !WITHOUT_EXAMPLES.contains(&rule.code)) {
        let examples = examples(rule);
        assert!(
            examples.iter().any(|(_, bad, _)| *bad),
            "{}: no bad example",
            rule.code
        );
        assert!(
            examples.iter().any(|(_, bad, _)| !*bad),
            "{}: no good example",
            rule.code
        );
        for (format, bad, text) in examples {
            check(rule, format, bad, &text);
        }
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let codes: Vec<_> = all().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    let mut names: Vec<_> = all().map(|rule| rule.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}
