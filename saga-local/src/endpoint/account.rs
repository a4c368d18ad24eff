//! Whom requests come from.

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::config::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_dynamodb::error::DisplayErrorContext;

use super::EndpointError;

/// What emulators take where nobody is named.
const ANYBODY: &str = "local";

/// Credentials and the region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As in `us-east-1`.
    pub region: String,
    /// The credentials.
    pub credentials: Credentials,
}

/// Credentials of AWS.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key's id.
    pub id: String,
    /// The secret access key.
    pub secret: String,
    /// The session's token, for temporary credentials.
    pub session: Option<String>,
}

impl std::fmt::Debug for Credentials {
    /// Without what is secret.
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Credentials({})", self.id)
    }
}

impl Credentials {
    /// Those that emulators take, and that open nothing.
    #[must_use]
    pub fn local() -> Self {
        Self {
            id: ANYBODY.into(),
            secret: ANYBODY.into(),
            session: None,
        }
    }

    pub(super) fn provider(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(aws_sdk_dynamodb::config::Credentials::new(
            &self.id,
            &self.secret,
            self.session.clone(),
            None,
            "saga-local",
        ))
    }
}

impl Account {
    /// The account of the environment: its variables, else the profile's; else [`Credentials::local`] in
    /// us-east-1.
    ///
    /// # Errors
    /// When the profile has credentials that cannot be had.
    pub async fn of_environment() -> Result<Self, EndpointError> {
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(ProfileFileRegionProvider::new());
        let region = region.region().await;
        Ok(Self {
            region: region.map_or_else(|| crate::REGION.to_owned(), |region| region.to_string()),
            credentials: credentials().await?,
        })
    }
}

async fn credentials() -> Result<Credentials, EndpointError> {
    let chain = CredentialsProviderChain::first_try(
        "environment",
        EnvironmentVariableCredentialsProvider::new(),
    )
    .or_else("profile", ProfileFileCredentialsProvider::builder().build());
    match chain.provide_credentials().await {
        Ok(found) => Ok(Credentials {
            id: found.access_key_id().to_owned(),
            secret: found.secret_access_key().to_owned(),
            session: found.session_token().map(str::to_owned),
        }),
        Err(CredentialsError::CredentialsNotLoaded(_)) => Ok(Credentials::local()),
        Err(error) => Err(EndpointError::Credentials(
            DisplayErrorContext(error).to_string(),
        )),
    }
}
