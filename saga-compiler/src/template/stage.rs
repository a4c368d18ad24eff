//! Stages of APIs, and the names of their deployments.

use sha2::{Digest as _, Sha256};

use super::stack::Stack;
use super::{resource, review, tags};
use crate::yaml::{Yaml, list, map};

/// The one stage of an API.
pub(super) const STAGE: &str = "live";

/// Ten digits of what the text is: a deployment is a snapshot, and has another name when anything changes.
pub(super) fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(5)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A stage that takes so many requests a second, and so many at once.
pub(super) fn stage(
    api: &str,
    saga: Option<&str>,
    deployment: &str,
    (rate, burst): (u32, u32),
    stack: &Stack<'_>,
) -> Yaml {
    let all = map([
        ("ResourcePath", Yaml::from("/*")),
        ("HttpMethod", "*".into()),
        ("MetricsEnabled", true.into()),
        ("ThrottlingRateLimit", rate.into()),
        ("ThrottlingBurstLimit", burst.into()),
    ]);
    let properties = map([
        ("RestApiId", Yaml::reference(api)),
        ("DeploymentId", Yaml::reference(deployment)),
        ("StageName", STAGE.into()),
        ("TracingEnabled", stack.options.traced().into()),
        ("MethodSettings", list([all])),
        ("Tags", tags::as_list(stack.options, saga)),
    ]);
    let untraced = stack.options.deployment.untraced.as_deref();
    let untraced = untraced.map(|reason| ("CKV_AWS_73", reason));
    let excepted: Vec<_> = untraced
        .into_iter()
        .chain([review::UNCACHED, review::UNLOGGED])
        .collect();
    let metadata = review::exceptions(&excepted).map(|exceptions| ("Metadata", map([exceptions])));
    resource("AWS::ApiGateway::Stage", metadata, properties)
}
