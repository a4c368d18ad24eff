//! The guide (`guide/`): its commands say what it shows, its reference is what the code says, its links lead
//! somewhere, and mdBook makes a book of it. Its Rust is tested as `saga-guide`'s documentation.

#[path = "guide/console.rs"]
mod console;
#[path = "suite/markdown.rs"]
mod markdown;
#[path = "guide/pages.rs"]
mod pages;
#[path = "guide/reference.rs"]
mod reference;
#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

use std::time::Duration;

use libtest_mimic::Arguments;

use tools::pins::MDBOOK;
use tools::process::{self, Ran};
use tools::trial::{Stop, trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = vec![
        trial("commands_do_what_the_guide_shows", console::check),
        trial(
            "the_command_line_is_as_it_says",
            reference::check_command_line,
        ),
        trial("attributes_are_as_they_say", reference::check_attributes),
        trial(
            "mistakes_in_rust_are_as_rustc_says",
            reference::check_rust_mistakes,
        ),
        trial("rust_is_tested", pages::check_rust),
        trial("links_lead_somewhere", pages::check_links),
        trial("it_is_a_book", || book().map(drop)),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// mdBook writes it, and warns of nothing.
fn book() -> Result<Ran, Stop> {
    let mut mdbook = MDBOOK.installed()?.program(MDBOOK.name);
    mdbook.arg("build").arg(pages::guide());
    let ran = process::run(&mut mdbook, Duration::from_secs(60))?.success()?;
    if ran.stderr.contains("WARN") || ran.stderr.contains("ERROR") {
        return Err(Stop::Failed(ran.stderr));
    }
    Ok(ran)
}
