//! MUTATIONS.md is fresh: which mutation breaks which guarantee, and what finds it.
//! `UPDATE_EXPECT=1` rewrites it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pretty_assertions::assert_eq;
use serde::Deserialize;

use super::command::root;

/// A mutation of a compiled definition, as saga-verify's table has it.
#[derive(Deserialize)]
struct Mutation {
    name: String,
    guarantee: u8,
    faults: usize,
}

/// What each rule of the fences' protocol is for, by the rule that is broken.
const FENCES: [(&str, u8); 17] = [
    ("NoTombstone", 4),
    ("KeyWithoutItem", 4),
    ("LeaseIgnored", 2),
    ("OrderIgnored", 4),
    ("AnswerNotKept", 4),
    ("UnkeptAnswerGiven", 3),
    ("RefusalNotKept", 4),
    ("RefusalBelieved", 3),
    ("UndoNotBegun", 4),
    ("UndoNotKept", 4),
    ("LateDoActs", 4),
    ("RefusedIsUndone", 3),
    ("UnsureIsNotUndone", 3),
    ("BlindWrites", 4),
    ("SealIgnored", 7),
    ("SealForgets", 7),
    ("UnavailableActs", 4),
];

/// How many mutations there are to be at least.
const ENOUGH: usize = 30;

fn of_definitions() -> Vec<Mutation> {
    let table = fs::read_to_string(root().join("saga-verify/tests/mutations.yaml")).unwrap();
    serde_yaml::from_str(&table).unwrap()
}

/// The rules of the protocol that can be broken, and what that means, from where they are declared.
fn of_fences() -> Vec<(String, String)> {
    let source = fs::read_to_string(root().join("saga-fence/src/mutation.rs")).unwrap();
    let (_, declared) = source.split_once("pub enum Mutation {\n").unwrap();
    let (declared, _) = declared.split_once("\n}").unwrap();
    let mut rules = Vec::new();
    let mut says = Vec::new();
    for line in declared.lines().map(str::trim) {
        match line.strip_prefix("/// ") {
            Some(text) => says.push(text),
            None => rules.push((
                line.trim_end_matches(',').to_owned(),
                std::mem::take(&mut says).join(" "),
            )),
        }
    }
    rules
}

fn page() -> String {
    let mut page = String::from(
        "# Mutations\n\n\
         What is broken on purpose, which guarantee of the design that breaks (14: the isolation that a table states), and what finds it. Generated from the \
         tables that the tests run (`UPDATE_EXPECT=1 cargo test -p saga-cli --test main mutations`).\n\n\
         ## Of the definition\n\n\
         `saga-verify/tests/mutations.yaml` edits what the compiler emits; `verify` finds each with the shortest \
         counterexample there is, which is kept.\n\n\
         | Mutation | Guarantee | Faults it takes |\n|---|---|---|\n",
    );
    for Mutation {
        name,
        guarantee,
        faults,
    } in of_definitions()
    {
        let shown = name.replace('_', " ");
        let counterexample = format!("saga-verify/tests/mutations/{name}.txt");
        assert!(Path::new(&root().join(&counterexample)).exists());
        writeln!(
            page,
            "| [{shown}]({counterexample}) | {guarantee} | {faults} |"
        )
        .unwrap();
    }
    page.push_str(
        "\n## Of the fences\n\n\
         `saga-fence`'s feature `mutations` breaks a rule of the protocol; 20,000 random stories \
         (`saga-fence/tests/stories`) find each.\n\n\
         | Mutation | Guarantee | What is wrong |\n|---|---|---|\n",
    );
    let known = FENCES.map(|(rule, _)| rule.to_owned());
    let declared = of_fences();
    let names: Vec<_> = declared.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, known);
    for ((name, says), (_, guarantee)) in declared.iter().zip(FENCES) {
        writeln!(page, "| {name} | {guarantee} | {says} |").unwrap();
    }
    page
}

#[test]
fn mutations_are_listed() {
    let path = root().join("MUTATIONS.md");
    let page = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept, page,
        "MUTATIONS.md is stale: UPDATE_EXPECT=1 rewrites it"
    );
    assert!(of_definitions().len() + of_fences().len() >= ENOUGH);
}
