//! APIs beside the sagas: routes that a function of the package serves.

use serde::{Deserialize, Serialize};

use crate::handler::Handler;
use crate::place::Place;

/// An HTTP API: one function behind all its routes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Api {
    /// The function: what the bootstrap dispatches on, and what it uses.
    pub function: Handler,
    /// The routes, in the author's order.
    pub routes: Vec<Route>,
    /// Who may send requests.
    pub access: Access,
    /// Requests that are taken in a second, as a mean.
    pub rate: u32,
    /// Requests that are taken at once.
    pub burst: u32,
}

/// A method of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, which begins with `/`; a segment in braces is a parameter: `/order/{userName}`.
    pub path: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or starts.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Takes away.
    Delete,
}

impl Method {
    /// As requests have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may send requests to an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ApiAccess"))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Whom IAM allows it: requests are signed.
    Iam,
    /// Whom an authorizer of the package allows it, by the token in `Authorization`: its name.
    Authorizer(String),
    /// Everybody.
    Open {
        /// Why, kept in the template.
        reason: String,
    },
}
