//! Mistakes that keep a package from being compiled: what is wrong, where, and what to do.

mod blocks;
mod data;
mod isolation;
mod limits;
mod names;
mod order;
mod triggers;

use saga_compiler::compile;
use saga_manifest::Manifest;

use crate::manifest::{options, shown};

/// Checks the only mistake of a manifest: a part of its message, of its help, and the lines it names.
#[track_caller]
fn check(manifest: &Manifest, message: &str, help: &str, lines: &[u32]) {
    let mistakes = compile(manifest, &options()).expect_err("a mistake");
    let text = shown(&mistakes);
    let [mistake] = mistakes.as_slice() else {
        panic!("not one mistake:\n{text}")
    };
    assert!(mistake.message.contains(message), "{text}");
    assert!(mistake.help.contains(help), "{text}");
    let found: Vec<_> = mistake.places.iter().map(|(place, _)| place.line).collect();
    assert_eq!(found, lines, "{text}");
}

#[test]
fn a_mistake_is_shown_with_its_places_and_its_help() {
    let mut manifest = crate::manifest::saga(vec![
        crate::manifest::compensatable("Book"),
        crate::manifest::compensatable("Book"),
    ]);
    crate::manifest::step_at(&mut manifest.sagas[0], 1).place = crate::manifest::line(11);
    let mistakes = compile(&manifest, &options()).unwrap_err();
    let expected = "two steps are called `Book`\n  --> src/saga.rs:11:9: the second\n  \
                    --> src/saga.rs:10:9: the first\n  help: tell them apart with `.named(\"…\")`: a \
                    step's name is the name of its state\n";
    assert_eq!(shown(&mistakes), expected);
}

#[test]
fn all_mistakes_are_found_at_once() {
    let mut manifest = crate::manifest::saga(vec![crate::manifest::compensatable("Book")]);
    crate::manifest::step_at(&mut manifest.sagas[0], 0)
        .call
        .timeout_seconds = 0;
    manifest.handlers[0].timeout_seconds = 901;
    manifest.handlers[1].memory_mib = Some(64);
    let mistakes = compile(&manifest, &options()).unwrap_err();
    assert_eq!(mistakes.len(), 3, "{}", shown(&mistakes));
}
