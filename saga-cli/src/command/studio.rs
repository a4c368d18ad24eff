//! `saga-cli studio`: a local page in which a package's sagas are run, broken and looked at.

mod bench;
mod browser;

use std::io::{IsTerminal as _, Write};
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
  saga-cli studio -p fare-processing --port 4280 --no-open"
)]
pub struct StudioPage {
    /// The package whose sagas are shown.
    #[arg(short, long)]
    package: Option<String>,

    /// The port on the loopback interface; a free one without this.
    #[arg(long, default_value_t, value_name = "PORT")]
    port: u16,

    /// Only print the address, and open no browser.
    #[arg(long)]
    no_open: bool,

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
        let bench = Bench::new(package, self.parameters)?;
        block_on(serve(Arc::new(bench), self.port, !self.no_open, out))
    }
}

async fn serve(
    bench: Arc<Bench>,
    port: u16,
    opens: bool,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (mut stop, listening) = interrupts();
    let name = Tone::Name.paint(bench.name());
    let studio = Studio::open(bench, port)
        .await
        .map_err(|error| Failure::Failed {
            message: format!("the studio cannot be opened at port {port}: {error}"),
            help: "name another port with `--port`, or none: then a free one is taken".into(),
        })?;
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
