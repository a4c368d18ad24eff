//! The services of a run: the embedded ones, or those at a URL.

use std::sync::Arc;

use saga_local::endpoint::{Credentials, Endpoint, EndpointError};
use saga_local::http::Server;
use saga_local::lambda::Function;
use saga_local::saga::{Callbacks, Integrations};
use saga_local::services::{Contents, Embedded};
use saga_manifest::Manifest;

use crate::exit::Failure;

/// What integrations and handlers call.
pub(super) enum Services {
    /// In this process, served to handlers on the loopback interface.
    Embedded(Embedded, Server),
    /// At a URL, which handlers are told.
    At(Arc<Endpoint>, String),
}

impl Services {
    /// The services that were asked for, with what the manifest declares in them.
    pub(super) async fn start(
        manifest: &Manifest,
        url: Option<&str>,
        callbacks: &Callbacks,
    ) -> Result<Self, Failure> {
        let Some(url) = url else {
            let embedded = Embedded::of(manifest);
            let server = Server::start_with(embedded.clone(), callbacks.clone())
                .await
                .map_err(|error| Failure::Failed {
                    message: format!("no port on the loopback interface: {error}"),
                    help: String::new(),
                })?;
            return Ok(Self::Embedded(embedded, server));
        };
        let region = variable("AWS_REGION", "us-east-1");
        let mut endpoint =
            Endpoint::at(url, &region, credentials()).map_err(|error| refused(&error))?;
        endpoint
            .provide(manifest)
            .await
            .map_err(|error| refused(&error))?;
        Ok(Self::At(Arc::new(endpoint), url.to_owned()))
    }

    pub(super) fn integrations(&self) -> Arc<dyn Integrations> {
        match self {
            Self::Embedded(embedded, _) => Arc::new(embedded.clone()),
            Self::At(endpoint, _) => Arc::clone(endpoint) as Arc<dyn Integrations>,
        }
    }

    /// The functions, whose SDKs find these services.
    pub(super) fn known_to(&self, functions: &[Function]) -> Vec<Function> {
        let mut functions = functions.to_vec();
        for function in &mut functions {
            match self {
                Self::Embedded(_, server) => function.environment.extend(server.environment()),
                Self::At(endpoint, url) => {
                    for (_, value) in &mut function.environment {
                        *value = endpoint.translated(value);
                    }
                    function.environment.extend(of_url(url));
                }
            }
        }
        functions
    }

    /// What tables and queues hold.
    pub(super) async fn contents(&self, manifest: &Manifest) -> Result<Contents, Failure> {
        match self {
            Self::Embedded(embedded, _) => Ok(embedded.contents()),
            Self::At(endpoint, _) => endpoint
                .contents(manifest)
                .await
                .map_err(|error| refused(&error)),
        }
    }
}

fn of_url(url: &str) -> Vec<(String, String)> {
    let Credentials {
        id,
        secret,
        session,
    } = credentials();
    let variables = [
        ("AWS_ENDPOINT_URL", url.to_owned()),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
    ];
    let session = session.map(|session| ("AWS_SESSION_TOKEN", session));
    variables
        .into_iter()
        .chain(session)
        .map(|(name, value)| (name.into(), value))
        .collect()
}

fn credentials() -> Credentials {
    Credentials {
        id: variable("AWS_ACCESS_KEY_ID", "local"),
        secret: variable("AWS_SECRET_ACCESS_KEY", "local"),
        session: std::env::var("AWS_SESSION_TOKEN").ok(),
    }
}

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn refused(error: &EndpointError) -> Failure {
    let message = format!("the services of `--endpoint-url`: {error}");
    match error {
        EndpointError::Url(_) => Failure::Usage {
            message,
            help: "services are spoken to over plain HTTP, as local emulators of AWS serve them"
                .into(),
        },
        EndpointError::Unreachable { .. } => Failure::Failed {
            message,
            help: "see that they are running, and at this address".into(),
        },
        EndpointError::Refused { .. } => Failure::Failed {
            message,
            help: String::new(),
        },
    }
}
