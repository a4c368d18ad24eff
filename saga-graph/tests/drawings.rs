//! Definitions and what is drawn of them: `drawings/<case>.asl.json` with a drawing in each format, and `<case>.painted.txt`
//! where there is a `<case>.history.json`. `UPDATE_EXPECT=1` rewrites the drawings. What holds of every picture is
//! held to all definitions of the repository, broken ones too.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reads its cases, and fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use saga_asl::document;
use saga_asl::outline::Outline;
use saga_asl::syntax::{self, Format};
use saga_graph::{Graph, History, Notes};

/// What is drawn of a text's first definition; none where there is none.
fn graph(text: &str) -> Option<Graph> {
    let tree = syntax::parse(text, Format::guess(text));
    let document = document::read(text, &tree);
    let definition = document.definitions.first()?;
    let outline = Outline::new(&definition.root);
    (!outline.states().is_empty()).then(|| saga_graph::read("case", &outline, &Notes::default()))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.is_file() && file.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    files
}

#[track_caller]
fn check(golden: &Path, drawn: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(golden, drawn).unwrap();
    }
    let kept = fs::read_to_string(golden).unwrap_or_default();
    assert!(
        kept == drawn,
        "{} is stale: UPDATE_EXPECT=1 rewrites it\n{drawn}",
        golden.display()
    );
}

#[test]
fn drawings_are_the_ones_kept() {
    for case in files("tests/drawings", ".asl.json") {
        let graph = graph(&fs::read_to_string(&case).unwrap()).unwrap();
        let beside = |ending| {
            let name = case.file_name().unwrap().to_string_lossy();
            case.with_file_name(name.replace(".asl.json", ending))
        };
        check(&beside(".txt"), &saga_graph::text(&graph, None));
        check(&beside(".mmd"), &saga_graph::mermaid(&graph, None));
        check(&beside(".dot"), &saga_graph::dot(&graph, None));
        check(&beside(".svg"), &saga_graph::svg(&graph, None));
        let Ok(history) = fs::read_to_string(beside(".history.json")) else {
            continue;
        };
        let history = History::read(&serde_json::from_str(&history).unwrap()).unwrap();
        let painted = saga_graph::text(&graph, Some(&history));
        check(&beside(".painted.txt"), &painted);
    }
}

#[test]
fn every_definition_is_drawn_within_bounds_and_the_same_each_time() {
    let folders = [
        "tests/drawings",
        "../tests/lint/fuzz",
        "../tests/lint/order",
    ];
    let mut all: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| files(folder, ""))
        .collect();
    for example in ["fare-processing", "trip-booking"] {
        let folder = format!("../examples/{example}/expected");
        all.extend(files(&folder, ".asl.json"));
    }
    let mut drawn = 0;
    for file in all {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        let Some(graph) = graph(&text) else { continue };
        let in_terminal = saga_graph::text(&graph, None);
        let widest = in_terminal.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{}: {widest:?}", file.display());
        let svg = saga_graph::svg(&graph, None);
        assert_eq!(svg, saga_graph::svg(&graph, None), "{}", file.display());
        apart(&svg, &file);
        assert!(saga_graph::mermaid(&graph, None).starts_with("flowchart TD\n"));
        assert!(saga_graph::dot(&graph, None).ends_with("}\n"));
        drawn += 1;
    }
    assert!(drawn > 10, "{drawn}");
}

/// No two boxes overlap, but for one that is in another; all are on the page.
fn apart(svg: &str, file: &Path) {
    let number = |text: &str, name: &str| -> i32 {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let page = (number(svg, " width"), number(svg, " height"));
    let boxes = svg.split("class=\"box\"").skip(1).map(|rest| {
        let of = |name| number(rest, name);
        let (x, y) = (of(" x"), of(" y"));
        (x, y, x + of(" width"), y + of(" height"))
    });
    let boxes: Vec<_> = boxes.collect();
    for (at, one) in boxes.iter().enumerate() {
        assert!(
            one.0 >= 0 && one.1 >= 0 && one.2 <= page.0 && one.3 <= page.1,
            "{}: {one:?} is not on the page {page:?}",
            file.display()
        );
        for other in boxes.iter().skip(at + 1) {
            let meet = one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3;
            let holds = |outer: &(i32, i32, i32, i32), inner: &(i32, i32, i32, i32)| {
                outer.0 <= inner.0 && outer.1 <= inner.1 && outer.2 >= inner.2 && outer.3 >= inner.3
            };
            assert!(
                !meet || holds(one, other) || holds(other, one),
                "{}: {one:?} and {other:?} overlap",
                file.display()
            );
        }
    }
}

#[test]
fn what_is_no_history_is_refused() {
    for (history, expected) in [
        ("{}", "it has no `events`"),
        ("[{}]", "an event has no `type` or no `id`"),
    ] {
        let history = serde_json::from_str(history).unwrap();
        assert_eq!(History::read(&history), Err(expected.to_owned()));
    }
}
