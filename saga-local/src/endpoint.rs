//! AWS-compatible services at a URL, in the place of the embedded ones.
//!
//! A lean client: one signed request a connection, over plain HTTP, as local emulators of AWS serve it.
//! The SDKs were left: one service's crate takes 588 CPU-seconds to build (DEPENDENCIES in
//! ARCHITECTURE.md), and what is called here is a dozen actions of three protocols.

mod action;
mod client;
mod form;
mod stack;
mod tag;

use std::collections::BTreeMap;

use serde_json::Value;

pub use client::EndpointError;
pub use saga_sigv4::Credentials;

use crate::saga::{Integrations, Working};
use crate::services::CallError;
use client::Client;

/// The services at a URL.
#[derive(Clone, Debug)]
pub struct Endpoint {
    client: Client,
    /// What stands for the topics' ARNs and the queues' URLs of this machine there.
    names: BTreeMap<String, String>,
}

impl Endpoint {
    /// The services at `http://HOST:PORT`.
    ///
    /// # Errors
    /// When the URL is another one.
    pub fn at(url: &str, region: &str, credentials: Credentials) -> Result<Self, EndpointError> {
        let client = Client::new(url, region, credentials)?;
        Ok(Self {
            client,
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

impl Integrations for Endpoint {
    fn perform<'a>(
        &'a self,
        service: &'a str,
        action: &'a str,
        arguments: &'a Value,
        _now: i64,
    ) -> Working<'a, Result<Value, CallError>> {
        let arguments = self.translate(arguments);
        Box::pin(async move { action::perform(&self.client, service, action, &arguments).await })
    }
}
