//! `saga-cli studio`: over the wire, and in a real headless Chromium, as a person would use it with a mouse, with the
//! keyboard alone, on a phone and at a desk; and as a page of somebody else would, which gets nowhere.
//!
//! Screenshots of sagas of 5, 20 and 60 states are in `target/tmp/studio/`. A package of its own (`parcels.rs`) is edited and built
//! again by cargo while the page is open.

#[path = "studio/browser.rs"]
mod browser;
#[path = "studio/parcels.rs"]
mod parcels;
#[path = "studio/protocol.rs"]
mod protocol;
#[path = "studio/sagas.rs"]
mod sagas;
#[path = "studio/served.rs"]
mod served;
#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;
#[path = "studio/wire.rs"]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Trial};

use served::Program;
use tools::trial::{Stop, trial};

/// What is done in the browser with the sagas of this process: functions of `studio.cjs`, each with the sagas that it
/// needs, for the compiler takes its time where nothing is optimised.
const IN_PROCESS: [(&str, &str); 15] = [
    ("form", "small"),
    ("keyboard", "small"),
    ("matrix", "small"),
    ("streams", "all"),
    ("travel", "small and middle"),
    ("exports", "small"),
    ("sensitive", "small"),
    ("rows", "small"),
    ("tabs", "small"),
    ("rebuild", "small"),
    ("thousands", "long"),
    ("screenshots", "all"),
    ("looks", "small and middle"),
    ("stranger", "small"),
    ("restart", "small"),
];

/// What gives a studio to a trial.
type Serves = fn() -> Result<browser::Subject, Stop>;

/// The same with handlers, served by the program.
const WITH_HANDLERS: [(&str, Serves); 4] = [
    ("completes", fares),
    ("compensates", fares),
    ("events", orders),
    ("parcels", parcels),
];

fn main() -> Result<ExitCode, String> {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = vec![
        trial("the_page_is_answered", || {
            protocol::the_page_is_answered(own()?)
        }),
        trial("nobody_else_is_answered", || {
            protocol::nobody_else_is_answered(own()?)
        }),
        trial("wrong_orders_are_refused", || {
            protocol::wrong_orders_are_refused(own()?)
        }),
        trial("ctrl_c_ends_it", ctrl_c_ends_it),
    ];
    trials.extend(IN_PROCESS.map(|(name, sagas)| {
        trial(format!("page::{name}"), move || {
            browser::drive(name, &fresh(name, sagas)?)
        })
    }));
    trials.extend(WITH_HANDLERS.map(|(name, subject)| {
        trial(format!("page::{name}"), move || {
            browser::drive(name, &subject()?)
        })
    }));
    let ended = libtest_mimic::run(&arguments, trials).exit_code();
    // The programs are told to end: a static is not dropped.
    for program in [&FARES, &ORDERS, &PARCELS] {
        if let Some(Ok(program)) = program.get() {
            program.interrupt()?;
        }
    }
    Ok(ended)
}

/// A program that several trials share.
type Shared = OnceLock<Result<Program, Stop>>;

static FARES: Shared = OnceLock::new();
static ORDERS: Shared = OnceLock::new();
static PARCELS: Shared = OnceLock::new();

fn fares() -> Result<browser::Subject, Stop> {
    shared(&FARES, Program::start, PathBuf::new())
}

/// The example whose sagas run by events, too.
fn orders() -> Result<browser::Subject, Stop> {
    let start = || Program::of("order-choreography", tools::workspace(), None);
    let events = tools::workspace().join("examples/order-choreography/events");
    shared(&ORDERS, start, events)
}

fn parcels() -> Result<browser::Subject, Stop> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("studio/parcels");
    let start = || {
        let folder = parcels::write()?;
        // Where the examples are built: what it depends on is there already.
        Program::of("studio-parcels", &folder, Some(tools::target()))
    };
    shared(&PARCELS, start, folder.join("src/main.rs"))
}

fn shared(
    program: &'static Shared,
    start: impl FnOnce() -> Result<Program, Stop>,
    source: PathBuf,
) -> Result<browser::Subject, Stop> {
    let program = program.get_or_init(start).as_ref().map_err(Clone::clone)?;
    Ok(browser::Subject {
        url: program.url.clone(),
        source,
    })
}

/// A studio in this process, whose package is what its file says.
fn fresh(name: &str, sagas: &str) -> Result<browser::Subject, String> {
    let folder = browser::folder()?;
    let source = folder.join(format!("{name}.source"));
    fs::write(&source, sagas).map_err(|error| error.to_string())?;
    let url = served::serve(sagas::Bench {
        source: source.clone(),
    })?;
    Ok(browser::Subject { url, source })
}

/// The one that is asked over the wire, once its package is built.
fn own() -> Result<&'static str, Stop> {
    static OWN: OnceLock<Result<String, String>> = OnceLock::new();
    let url = OWN.get_or_init(|| {
        let url = fresh("wire", "small")?.url;
        let (address, token) = wire::parts(&url);
        let headers = [("Host", address), ("X-Saga-Token", token)];
        let mut told = String::new();
        for _ in 0..100 {
            let (status, answer) = wire::ask(address, "GET /api/sagas/Small", &headers, "")?;
            if status == 200 {
                return Ok(url.clone());
            }
            told = answer;
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Err(told)
    });
    url.as_deref().map_err(|error| Stop::Failed(error.clone()))
}

/// Its processes end with it, and it exits with 0.
fn ctrl_c_ends_it() -> Result<(), Stop> {
    let program = Program::start()?;
    match program.interrupt()? {
        Some(0) => Ok(()),
        code => Err(format!("it exits with {code:?}").into()),
    }
}
