//! What a client asks for.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Refusal;
use crate::handler::Failure;

/// A request, as its route's answer is given it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path of its route, parameters in braces.
    pub resource: String,
    /// The path's parameters. Those that the route's variant names are its fields.
    pub parameters: BTreeMap<String, String>,
    /// What follows `?`; of a name that comes twice the last.
    pub query: BTreeMap<String, String>,
    /// Headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
    /// Who asks, as the authorizer says.
    pub caller: Caller,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Whom the authorizer let in; empty where there is none.
    pub subject: String,
    /// What it says of them besides.
    pub context: BTreeMap<String, String>,
}

impl Request {
    /// A request for tests.
    #[must_use]
    pub fn new(method: &str, resource: &str) -> Self {
        Self {
            method: method.to_owned(),
            resource: resource.to_owned(),
            ..Self::default()
        }
    }

    /// The body, read from JSON.
    ///
    /// # Errors
    /// 400 with the field that does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let mut body = serde_json::Deserializer::from_slice(&self.body);
        let read = serde_path_to_error::deserialize(&mut body);
        let value = read.map_err(|problem| {
            let path = problem.path().to_string();
            let message = problem.inner().to_string();
            let missing = Failure::missing_field(&message).map(str::to_owned);
            let root = Some(path.clone()).filter(|path| path != ".");
            let field: Vec<_> = root.into_iter().chain(missing).collect();
            Refusal {
                field: (!field.is_empty()).then(|| field.join(".")),
                ..Refusal::bad("", message)
            }
        })?;
        body.end().map_err(|problem| Refusal {
            field: None,
            ..Refusal::bad("", problem.to_string())
        })?;
        Ok(value)
    }

    /// A header, its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}
