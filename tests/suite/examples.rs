//! What an example's README says is what happens: each command is executed, and what it prints is what the
//! block below it shows. `…` stands for what differs from run to run.

use std::fs;
use std::process::Command;

use super::command::root;
use super::markdown::blocks;

/// Executes a command of the command line at the workspace's root: its exit code and what it printed.
#[track_caller]
fn execute(line: &str) -> (i32, String) {
    let arguments = line
        .strip_prefix("cargo run -p saga-cli -- ")
        .or_else(|| line.strip_prefix("saga-cli "))
        .unwrap_or_else(|| panic!("nothing executes `{line}`"));
    let output = Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .args(arguments.split_whitespace())
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap();
    assert!([0, 3, 4].contains(&code), "{line}: {said}");
    (code, String::from_utf8(output.stdout).unwrap())
}

/// The words of a text, one blank between them.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of what is shown stand in what was printed, in order, the first at its beginning.
#[track_caller]
fn check_shown(shown: &str, printed: &str, line: &str) {
    let printed = words(printed);
    let mut rest = printed.as_str();
    for (index, part) in words(shown).split('…').map(str::trim).enumerate() {
        let at = rest.find(part);
        let at = at.unwrap_or_else(|| panic!("{line}: no `{part}` in\n{rest}\nof\n{printed}"));
        assert!(
            index > 0 || at == 0,
            "{line} does not begin with `{part}`:\n{printed}"
        );
        rest = &rest[at + part.len()..];
    }
}

/// How a run says that it ended, and its exit code.
const ENDS: [(&str, i32); 3] = [
    (" completed in", 0),
    (" compensated in", 3),
    (" parked in", 4),
];

fn check_readme(example: &str) {
    let text = fs::read_to_string(root().join("examples").join(example).join("README.md")).unwrap();
    let blocks = blocks(&text);
    let mut executed = 0;
    for (index, (language, block)) in blocks.iter().enumerate() {
        if language != "sh" {
            continue;
        }
        let line = block.trim();
        let (code, printed) = execute(line);
        executed += 1;
        if let Some((_, shown)) = blocks.get(index + 1).filter(|(next, _)| next == "text") {
            check_shown(shown, &printed, line);
            let end = ENDS.iter().find(|(end, _)| shown.contains(end));
            assert_eq!(code, end.map_or(0, |(_, code)| *code), "{line}");
        }
    }
    assert!(executed > 0, "the README of {example} shows no command");
}

#[test]
fn the_readmes_of_the_examples_say_what_happens() {
    for example in [
        "fare-collection",
        "fare-processing",
        "order-choreography",
        "order-processing",
        "trip-booking",
    ] {
        check_readme(example);
    }
}

#[test]
fn what_is_not_printed_is_found_missing() {
    let shown = |shown: &'static str| {
        std::panic::catch_unwind(|| check_shown(shown, "Orders completed in 3 ms", "run"))
    };
    assert!(shown("Orders completed in …").is_ok());
    assert!(shown("… completed …").is_ok());
    assert!(shown("completed in …").is_err());
    assert!(shown("Orders … parked").is_err());
}
