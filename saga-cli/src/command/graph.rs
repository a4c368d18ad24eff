//! `saga-cli graph`: a picture of a saga or of any state machine.

mod definition;
mod package;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use saga_graph::{Graph, History};

use super::run::definition::read;
use crate::exit::{Exit, Failure};

/// Draw a saga, or any state machine, on stdout.
///
/// The way to success goes down; what compensates a step stands beside it. With a history, what ran,
/// failed, was compensated and still waits is painted on it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli graph -p fare-processing > saga.svg
  saga-cli graph --definition order.asl.json --format text
  saga-cli run -p fare-processing --fail ChargeFare=PaymentAuthException --history > history.json
  saga-cli graph -p fare-processing --history history.json > ran.svg")]
pub struct Graphs {
    /// The package whose saga is drawn.
    #[arg(short, long, conflicts_with = "definition")]
    package: Option<String>,

    /// The saga, where the package has several.
    #[arg(long, value_name = "NAME", conflicts_with = "definition")]
    saga: Option<String>,

    /// A definition to draw instead, in the Amazon States Language as JSON or YAML, or in a template;
    /// `-` is stdin.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,

    /// What is drawn.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,

    /// An execution's history to paint on it: what `run --history` writes, or the API's
    /// `GetExecutionHistory`; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
}

/// What is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A picture for pages, light or dark as the reader's system is.
    #[default]
    Svg,
    /// A flowchart in Mermaid, which GitHub draws.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A drawing for this terminal, of 100 columns.
    Text,
}

impl Graphs {
    /// Draws the saga.
    ///
    /// # Errors
    /// When something it needs cannot be read, or there is nothing to draw.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let history = self.history()?;
        let graph = match &self.definition {
            Some(definition) => definition::graph(definition)?,
            None => package::graph(self.package.as_deref(), self.saga.as_deref())?,
        };
        out.write_all(self.drawn(&graph, history.as_ref()).as_bytes())?;
        Ok(Exit::Success)
    }

    fn drawn(&self, graph: &Graph, history: Option<&History>) -> String {
        match self.format {
            Format::Svg => saga_graph::svg(graph, history),
            Format::Mermaid => saga_graph::mermaid(graph, history),
            Format::Dot => saga_graph::dot(graph, history),
            Format::Text => saga_graph::text(graph, history),
        }
    }

    fn history(&self) -> Result<Option<History>, Failure> {
        let Some(path) = &self.history else {
            return Ok(None);
        };
        let refused = |what: &str| {
            Failure::Failed {
            message: format!("`{}` is no history: {what}", path.display()),
            help: "write one with `saga-cli run --history`, or get one with the API's `GetExecutionHistory`"
                .into(),
        }
        };
        let text = read(path)?;
        let value = serde_json::from_str(&text).map_err(|error| refused(&error.to_string()))?;
        let history = History::read(&value).map_err(|what| refused(&what))?;
        Ok(Some(history))
    }
}
