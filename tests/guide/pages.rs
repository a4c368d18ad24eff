//! The guide's pages, and what holds for each.

use std::fs;
use std::path::{Path, PathBuf};

use crate::markdown::blocks_of;
use crate::tools::trial::Stop;
use crate::tools::workspace;

/// The guide's folder.
pub fn guide() -> PathBuf {
    workspace().join("guide")
}

/// The folder of its pages.
pub fn book() -> PathBuf {
    guide().join("book")
}

/// A page: its path below `guide/book/`, and its text.
pub struct Page {
    pub name: String,
    pub text: String,
}

/// All pages, in the book's order.
pub fn pages() -> Result<Vec<Page>, String> {
    let summary = read("SUMMARY.md")?;
    targets(&summary)
        .map(|name| {
            let text = read(name)?;
            Ok(Page {
                name: name.to_owned(),
                text,
            })
        })
        .collect()
}

fn read(name: &str) -> Result<String, String> {
    let path = book().join(name);
    fs::read_to_string(&path).map_err(|error| format!("cannot read {path:?}: {error}"))
}

/// Where a text's links lead.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
}

/// Each page with Rust is among the documentation tests.
pub fn check_rust() -> Result<(), Stop> {
    let tested = fs::read_to_string(guide().join("src/lib.rs")).map_err(|e| e.to_string())?;
    let untested: Vec<_> = pages()?
        .into_iter()
        .filter(|page| !blocks_of("rust", &page.text).is_empty())
        .filter(|page| !tested.contains(&format!("\"{}\"", page.name)))
        .map(|page| page.name)
        .collect();
    fail_with("not in guide/src/lib.rs", &untested)
}

/// Each link within the guide leads to a page of the book, to a heading of one, or to a picture.
pub fn check_links() -> Result<(), Stop> {
    let pages = pages()?;
    let mut broken = Vec::new();
    for page in &pages {
        let prose: String = page.text.split("```").step_by(2).collect();
        let folder = Path::new(&page.name).parent().unwrap_or(Path::new(""));
        for target in targets(&prose).filter(|target| !target.starts_with("https://")) {
            let (file, heading) = match target.split_once('#') {
                Some((file, heading)) => (file, Some(heading)),
                None => (target, None),
            };
            let path = book().join(folder).join(file);
            let is_page = file.ends_with(".md");
            let known = |path: &Path| {
                pages.iter().find(|page| {
                    book().join(&page.name).canonicalize().ok() == path.canonicalize().ok()
                })
            };
            let leads = match heading {
                Some(heading) => known(&path).is_some_and(|page| has_heading(&page.text, heading)),
                None => path.exists() && (!is_page || known(&path).is_some()),
            };
            if !leads {
                broken.push(format!("{}: {target}", page.name));
            }
        }
    }
    fail_with("leads nowhere", &broken)
}

/// Whether a page has the heading that mdBook gives this name: in small letters, with hyphens for blanks.
fn has_heading(text: &str, name: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let mut names = headings.map(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        heading.replace(' ', "-")
    });
    names.any(|known| known == name)
}

fn fail_with(what: &str, wrong: &[String]) -> Result<(), Stop> {
    match wrong {
        [] => Ok(()),
        wrong => Err(Stop::Failed(format!("{what}: {}", wrong.join(", ")))),
    }
}
