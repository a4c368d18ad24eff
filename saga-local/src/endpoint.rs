//! AWS-compatible services at a URL, in the place of the embedded ones: through the AWS SDK.
//!
//! Behind the feature `aws`, which more than doubles what a build of saga-cli takes (figures in
//! ARCHITECTURE.md). The arguments of a direct integration are the service's own JSON: they are sent as the
//! definition has them, within an operation of the SDK, so that no field is lost on the way ([`verbatim`]).

mod account;
mod action;
mod error;
mod sns;
mod stack;
mod verbatim;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use serde_json::Value;

pub use account::{Account, Credentials};
pub use error::EndpointError;

use crate::saga::{Integrations, Working};
use crate::services::CallError;

/// How long a service has for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The services at a URL.
#[derive(Clone, Debug)]
pub struct Endpoint {
    clients: Clients,
    /// What stands for the topics' ARNs and the queues' URLs of this machine there.
    names: BTreeMap<String, String>,
}

/// The SDK's clients, all of one address.
#[derive(Clone, Debug)]
struct Clients {
    url: String,
    dynamodb: aws_sdk_dynamodb::Client,
    events: aws_sdk_eventbridge::Client,
    sns: aws_sdk_sns::Client,
    sqs: aws_sdk_sqs::Client,
}

impl Endpoint {
    /// The services at `http://HOST:PORT` or `https://HOST`, called by an account. Certificates are those
    /// that the machine trusts, or those in `SSL_CERT_FILE`.
    ///
    /// # Errors
    /// When the URL is another one.
    pub fn at(url: &str, account: &Account) -> Result<Self, EndpointError> {
        let config = config(&checked(url)?, account);
        Ok(Self {
            clients: Clients {
                url: url.to_owned(),
                dynamodb: aws_sdk_dynamodb::Client::new(&config),
                events: aws_sdk_eventbridge::Client::new(&config),
                sns: aws_sdk_sns::Client::new(&config),
                sqs: aws_sdk_sqs::Client::new(&config),
            },
            names: BTreeMap::new(),
        })
    }

    /// A text with the names that it has there: a topic's ARN, a queue's URL.
    #[must_use]
    pub fn translated(&self, text: &str) -> String {
        self.names
            .get(text)
            .cloned()
            .unwrap_or_else(|| text.to_owned())
    }

    fn translate(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.translated(text).into(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.translate(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }
}

fn checked(url: &str) -> Result<String, EndpointError> {
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))
        .map(|host| host.trim_end_matches('/'));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => {
            Ok(url.to_owned())
        }
        _ => Err(EndpointError::Url(url.to_owned())),
    }
}

/// One request is one attempt: what is tried again is for the definition to say.
fn config(url: &str, account: &Account) -> SdkConfig {
    let patience = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(aws_config::Region::new(account.region.clone()))
        .credentials_provider(account.credentials.provider())
        .retry_config(RetryConfig::disabled())
        .timeout_config(patience)
        .build()
}

impl Integrations for Endpoint {
    fn perform<'a>(
        &'a self,
        service: &'a str,
        action: &'a str,
        arguments: &'a Value,
        _now: i64,
    ) -> Working<'a, Result<Value, CallError>> {
        let arguments = self.translate(arguments);
        Box::pin(async move { action::perform(&self.clients, service, action, &arguments).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_scheme_and_a_host_and_nothing_more() {
        for (url, fits) in [
            ("http://localhost:4566", true),
            ("https://localhost.example/", true),
            ("localhost:4566", false),
            ("ftp://localhost", false),
            ("http://", false),
            ("https:///", false),
            ("http://localhost/path", false),
        ] {
            let expected = fits
                .then(|| url.to_owned())
                .ok_or_else(|| EndpointError::Url(url.into()));
            assert_eq!(checked(url), expected, "{url}");
        }
    }
}
