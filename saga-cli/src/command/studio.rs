//! `saga-cli studio`: a local page in which a package's sagas are run, broken and looked at.

mod bench;
mod browser;

use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use saga_studio::Studio;

use super::run::package::{Pair, block_on, interrupts};
use crate::exit::{Exit, Failure};
use crate::package;
use crate::show::Tone;
use bench::Bench;

/// Open a local web page in which a package's sagas are run and looked at.
///
/// The page shows each saga's picture, runs it with its real handlers on embedded services, with the faults that are
/// clicked, goes back and forth in time, and has the outcome of every fault in a table. It is built again when a file
/// is saved. Only this machine can reach the page, and only by the address that is printed. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(
    name = "studio",
    after_help = "Examples:
  saga-cli studio
  saga-cli studio -p fare-processing
  saga-cli studio -p fare-processing --port 4280 --no-open
  saga-cli studio -p fare-processing --rows customers.json"
)]
pub struct StudioPage {
    /// The package whose sagas are shown.
    #[arg(short, long)]
    package: Option<String>,

    /// The port on the loopback interface. Without this the package's own, so that an open page finds the studio again,
    /// or a free one.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Only print the address, and open no browser.
    #[arg(long)]
    no_open: bool,

    /// Rows that lie in the embedded tables before each run, as `run --rows` has them; the page may change them.
    /// Read again when it is saved.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,

    /// A value of a parameter of the template, which a handler's environment refers to.
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<Pair>,
}

impl StudioPage {
    /// Serves the page until it is told to stop.
    ///
    /// # Errors
    /// When there is no such package, or the port is taken.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let package = package::find(self.package.as_deref())?;
        let bench = Bench::new(package, self.parameters, self.rows)?;
        block_on(serve(Arc::new(bench), self.port, !self.no_open, out))
    }
}

/// Opens the studio at a port, else at the package's own, else at a free one.
async fn open(bench: Arc<Bench>, port: Option<u16>) -> Result<Studio, Failure> {
    let Some(port) = port else {
        return match Studio::open(Arc::clone(&bench) as _, bench.port()).await {
            Ok(studio) => Ok(studio),
            Err(_) => Studio::open(bench, 0).await.map_err(Failure::Output),
        };
    };
    Studio::open(bench, port)
        .await
        .map_err(|error| Failure::Failed {
            message: format!("the studio cannot be opened at port {port}: {error}"),
            help: "name another port with `--port`, or none: then a free one is taken".into(),
        })
}

async fn serve(
    bench: Arc<Bench>,
    port: Option<u16>,
    opens: bool,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (mut stop, listening) = interrupts();
    let name = Tone::Name.paint(bench.name());
    let studio = open(bench, port).await?;
    let url = studio.url();
    writeln!(out, "the studio of {name} is at\n\n  {url}\n")?;
    writeln!(out, "{}", Tone::Quiet.paint("Ctrl-C ends it"))?;
    out.flush()?;
    if opens && std::io::stdout().is_terminal() {
        browser::open(&url);
    }
    tokio::select! {
        () = studio.serve() => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    listening.abort();
    studio.close();
    Ok(Exit::Success)
}
