//! AWS-compatible services at a URL.

use std::sync::Arc;

use saga_local::endpoint::{Account, Endpoint, EndpointError};
use saga_local::lambda::Function;
use saga_local::saga::Integrations;
use saga_local::services::Contents;
use saga_manifest::Manifest;

use crate::exit::Failure;

/// The services, with what the manifest declares in them.
pub(in crate::command) struct Remote {
    endpoint: Arc<Endpoint>,
    /// The variables by which a handler's SDK finds them.
    environment: Vec<(String, String)>,
}

impl Remote {
    pub(super) async fn connect(manifest: &Manifest, url: &str) -> Result<Self, Failure> {
        let account = Account::of_environment().await;
        let account = account.map_err(|error| refused(&error))?;
        let mut endpoint = Endpoint::at(url, &account).map_err(|error| refused(&error))?;
        let provided = endpoint.provide(manifest).await;
        provided.map_err(|error| refused(&error))?;
        Ok(Self {
            endpoint: Arc::new(endpoint),
            environment: environment(url, account),
        })
    }

    pub(super) fn integrations(&self) -> Arc<dyn Integrations> {
        Arc::clone(&self.endpoint) as Arc<dyn Integrations>
    }

    pub(super) fn make_known(&self, function: &mut Function) {
        for (_, value) in &mut function.environment {
            *value = self.endpoint.translated(value);
        }
        function
            .environment
            .extend(self.environment.iter().cloned());
    }

    pub(super) async fn contents(&self, manifest: &Manifest) -> Result<Contents, Failure> {
        let contents = self.endpoint.contents(manifest).await;
        contents.map_err(|error| refused(&error))
    }
}

fn environment(url: &str, account: Account) -> Vec<(String, String)> {
    let credentials = account.credentials;
    let variables = [
        ("AWS_ENDPOINT_URL", Some(url.to_owned())),
        ("AWS_ACCESS_KEY_ID", Some(credentials.id)),
        ("AWS_SECRET_ACCESS_KEY", Some(credentials.secret)),
        ("AWS_SESSION_TOKEN", credentials.session),
    ];
    let set = variables.into_iter();
    set.filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn refused(error: &EndpointError) -> Failure {
    let message = format!("the services of `--endpoint-url`: {error}");
    let help = match error {
        EndpointError::Url(_) => {
            let help = "give the address of an emulator, or of AWS, without a path".into();
            return Failure::Usage { message, help };
        }
        EndpointError::Credentials(_) => "see `AWS_PROFILE`, or set `AWS_ACCESS_KEY_ID`",
        EndpointError::Unreachable { url, .. } if url.starts_with("https:") => {
            "see that they are running at this address; `SSL_CERT_FILE` names a certificate of your own"
        }
        EndpointError::Unreachable { .. } => "see that they are running, and at this address",
        EndpointError::Refused { .. } => "",
    };
    Failure::Failed {
        message,
        help: help.into(),
    }
}
