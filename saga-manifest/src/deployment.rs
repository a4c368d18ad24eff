//! How a package is deployed: what its author states once, for all its resources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::place::Place;

/// The settings of a package's stack. Those that are absent have the template's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Deployment {
    /// Where it is stated, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Memory in MiB of functions whose handlers state none, 128 to 10,240.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Days that logs are kept: one of the periods that CloudWatch Logs offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_retention_days: Option<u32>,
    /// So many failed executions in five minutes raise an alarm, compensated ones among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_after_failures: Option<u32>,
    /// Whether the functions run in a network of the account's, whose subnets and security groups are
    /// parameters of the template.
    #[serde(skip_serializing_if = "is_false")]
    pub private_network: bool,
    /// Why nothing is traced. Else everything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untraced: Option<String>,
    /// Why tables need no point-in-time recovery. Else they have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrecoverable: Option<String>,
    /// How executions shift to a new definition: else all that start after a deployment run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// Whether there is no dashboard.
    #[serde(skip_serializing_if = "is_false")]
    pub without_dashboard: bool,
    /// Tags of every resource that takes some, beside the template's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// How executions shift to a new definition, and back when an alarm is raised meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rollout {
    /// Of a hundred executions that start, so many run the new one: at first, or more with each interval.
    pub percent: u32,
    /// The interval in minutes.
    pub minutes: u32,
    /// Whether so many more do with each interval. Else, all do after the first.
    pub linear: bool,
}

impl Deployment {
    /// Whether nothing is stated.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}
