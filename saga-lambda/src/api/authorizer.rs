//! A token authorizer of API Gateway: from a token to a policy (developer guide, "Input to a Lambda authorizer" and "Output from a Lambda
//! authorizer").

use std::time::SystemTime;

use saga_dsl::api::{Admit, Denied, Grant, RegisteredAuthorizer};
use saga_dsl::handler::Failure;
use saga_manifest::error::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing_core::Level;

use crate::runtime_api::Invocation;
use crate::{log, panic};

/// The error's message that API Gateway answers 401 for; any other is 500.
const UNAUTHORIZED: &str = "Unauthorized";

/// An authorizer that is served.
pub(crate) struct Gate(Box<dyn Admit>);

/// What API Gateway asks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    authorization_token: String,
    /// `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`
    method_arn: String,
}

impl Gate {
    /// The package's authorizer of this name, started.
    pub(crate) async fn start(authorizer: &RegisteredAuthorizer) -> Result<Self, Failure> {
        super::started(panic::caught(authorizer.start()).await).map(Self)
    }

    /// Answers with a policy, or with the error that is 401.
    pub(crate) async fn reply(&self, invocation: &Invocation) -> Result<String, Failure> {
        let mut event = serde_json::Deserializer::from_slice(&invocation.event);
        let question: Question = serde_path_to_error::deserialize(&mut event)
            .map_err(|problem| Failure::bad_event("", problem))?;
        let admitted = match bearer(&question.authorization_token) {
            Some(token) => panic::caught(self.0.admit(token, SystemTime::now())).await,
            None => Ok(Err(Denied("the header is no `Bearer …`".to_owned()))),
        };
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(panic) => Err(Denied(panic.to_string())),
        };
        let policy = admitted.and_then(|grant| {
            let api = api_of(&question.method_arn);
            let api = api.ok_or_else(|| Denied("the method's ARN is none".to_owned()))?;
            policy(&grant, api)
        });
        policy.map(|policy| policy.to_string()).map_err(|denied| {
            log::line(Level::WARN, &denied.0, |details| {
                details.request_id = Some(&invocation.request_id);
            });
            Failure {
                name: UNAUTHORIZED.into(),
                message: UNAUTHORIZED.into(),
                outcome: Outcome::NotDone,
            }
        })
    }
}

/// The token of `Bearer <token>` (RFC 6750, section 2.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

/// The ARN of an API's stage.
fn api_of(method_arn: &str) -> Option<String> {
    let mut parts = method_arn.splitn(3, '/');
    let (api, stage) = (parts.next()?, parts.next()?);
    parts.next()?;
    Some(format!("{api}/{stage}"))
}

/// What the policy allows. Nothing is denied in words: what no statement allows is 403.
fn policy(grant: &Grant, api: String) -> Result<Value, Denied> {
    let resources = grant.allowed.iter().map(|(method, path)| {
        let path = pattern(path)?;
        Ok(format!("{api}/{}{path}", method.name()))
    });
    let resources = resources.collect::<Result<Vec<_>, Denied>>()?;
    if resources.is_empty() || grant.subject.is_empty() {
        return Err(Denied(
            "the token is of nobody, or allows nothing".to_owned(),
        ));
    }
    let statement = json!({
        "Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resources,
    });
    Ok(json!({
        "principalId": grant.subject,
        "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
        "context": grant.context,
    }))
}

/// A path as a policy has it. A name that holds a wildcard would allow what it is not a name of.
fn pattern(path: &str) -> Result<String, Denied> {
    if path.contains(['*', '?', '$']) {
        return Err(Denied(format!(
            "`{path}` cannot be allowed: a policy would take it for more"
        )));
    }
    Ok(path.replace("/{}", "/*"))
}

#[cfg(test)]
mod tests {
    use saga_dsl::api::Method;

    use super::*;

    const METHOD: &str = "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/order/ann";

    #[test]
    fn a_grant_is_a_policy_of_the_whole_api() {
        let grant = Grant::to("ann")
            .allow(Method::Get, "/order/ann")
            .allow(Method::Get, "/product/{}")
            .tell("scope", "shop");
        let api = api_of(METHOD).unwrap();
        let expected = json!({
            "principalId": "ann",
            "policyDocument": { "Version": "2012-10-17", "Statement": [{
                "Action": "execute-api:Invoke",
                "Effect": "Allow",
                "Resource": [
                    "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/order/ann",
                    "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/product/*",
                ],
            }] },
            "context": { "scope": "shop" },
        });
        assert_eq!(policy(&grant, api).unwrap(), expected);
    }

    #[test]
    fn a_name_with_a_wildcard_allows_nothing() {
        for name in ["*", "an?", "${*}"] {
            let grant = Grant::to(name).allow(Method::Get, format!("/order/{name}"));
            assert!(policy(&grant, "api".into()).is_err(), "{name}");
        }
        assert!(policy(&Grant::to("ann"), "api".into()).is_err());
        assert!(policy(&Grant::to("").allow(Method::Get, "/"), "api".into()).is_err());
    }

    #[test]
    fn only_bearers_have_tokens() {
        assert_eq!(bearer("Bearer a.b.c"), Some("a.b.c"));
        assert_eq!(bearer("bearer  a.b.c "), Some("a.b.c"));
        for header in ["", "a.b.c", "Basic a", "Bearer "] {
            assert_eq!(bearer(header), None, "{header}");
        }
    }
}
