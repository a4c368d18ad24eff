//! The services of a run: the embedded ones, or those at a URL.

#[cfg_attr(not(feature = "aws"), path = "services/no_remote.rs")]
mod remote;

use std::sync::Arc;

use saga_local::http::Server;
use saga_local::lambda::Function;
use saga_local::saga::{Callbacks, Integrations};
use saga_local::services::{Contents, Embedded, Rows};
use saga_manifest::Manifest;

use crate::exit::Failure;
use remote::Remote;

/// What integrations and handlers call.
pub(in crate::command) enum Services {
    /// In this process, served to handlers on the loopback interface.
    Embedded(Embedded, Server),
    /// At a URL, which handlers are told.
    At(Remote),
}

impl Services {
    /// The services that were asked for, with what the manifest declares in them, and the rows in the embedded ones.
    pub(in crate::command) async fn start(
        manifest: &Manifest,
        url: Option<&str>,
        rows: &Rows,
        callbacks: &Callbacks,
    ) -> Result<Self, Failure> {
        if let Some(url) = url {
            return Ok(Self::At(Remote::connect(manifest, url).await?));
        }
        let embedded = Embedded::of(manifest);
        rows.put(&embedded).map_err(|error| Failure::Failed {
            message: error.what,
            help: error.help,
        })?;
        let server = Server::start_with(embedded.clone(), callbacks.clone())
            .await
            .map_err(|error| Failure::Failed {
                message: format!("no port on the loopback interface: {error}"),
                help: String::new(),
            })?;
        Ok(Self::Embedded(embedded, server))
    }

    pub(super) fn integrations(&self) -> Arc<dyn Integrations> {
        match self {
            Self::Embedded(embedded, _) => Arc::new(embedded.clone()),
            Self::At(remote) => remote.integrations(),
        }
    }

    /// The functions, whose SDKs find these services.
    pub(in crate::command) fn known_to(&self, functions: &[Function]) -> Vec<Function> {
        match self {
            Self::Embedded(_, server) => server.known_to(functions),
            Self::At(remote) => {
                let mut functions = functions.to_vec();
                for function in &mut functions {
                    remote.make_known(function);
                }
                functions
            }
        }
    }

    /// What tables and queues hold.
    pub(super) async fn contents(&self, manifest: &Manifest) -> Result<Contents, Failure> {
        match self {
            Self::Embedded(embedded, _) => Ok(embedded.contents()),
            Self::At(remote) => remote.contents(manifest).await,
        }
    }
}
