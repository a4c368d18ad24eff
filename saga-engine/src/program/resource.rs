use std::sync::Arc;

/// What a Task state asks, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The ARN as it is written.
    pub arn: Arc<str>,
    /// The family of events that its calls are recorded with.
    pub service: Service,
    /// Whether and for what the state waits.
    pub pattern: Pattern,
}

/// The kinds of resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// A function's own ARN.
    Function,
    /// An activity's ARN.
    Activity,
    /// A service integration: `arn:aws:states:::TYPE:ACTION`.
    Integration {
        /// The service, as in `dynamodb` or `aws-sdk:s3`.
        kind: Arc<str>,
        /// The action, as in `putItem` or `startExecution.sync:2`.
        action: Arc<str>,
    },
}

/// Integration patterns (developer guide, "Service integration patterns").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// The state goes on with the answer.
    RequestResponse,
    /// The state waits for a job's end.
    Sync,
    /// The state waits for somebody to return its token.
    Callback,
}

impl Resource {
    /// Takes an ARN apart.
    pub fn parse(arn: &str) -> Self {
        Resource {
            arn: arn.into(),
            service: service(arn),
            pattern: pattern(arn),
        }
    }
}

fn service(arn: &str) -> Service {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        [_, _, "states", "", "", integration] => {
            let cut = match integration.strip_prefix("aws-sdk:") {
                Some(rest) => rest.find(':').map(|at| at + "aws-sdk:".len()),
                None => integration.find(':'),
            };
            let (kind, action) = cut
                .and_then(|cut| integration.split_at_checked(cut))
                .unwrap_or((integration, ""));
            Service::Integration {
                kind: kind.into(),
                action: action.trim_start_matches(':').into(),
            }
        }
        [_, _, "states", _, _, rest] if rest.starts_with("activity:") => Service::Activity,
        _ => Service::Function,
    }
}

fn pattern(arn: &str) -> Pattern {
    if arn.ends_with(".waitForTaskToken") {
        return Pattern::Callback;
    }
    match arn.ends_with(".sync") || arn.ends_with(".sync:2") {
        true => Pattern::Sync,
        false => Pattern::RequestResponse,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Resource, Service};

    #[test]
    fn takes_arns_apart() {
        for (arn, expected, pattern) in [
            (
                "arn:aws:lambda:us-east-1:1:function:f",
                "function",
                Pattern::RequestResponse,
            ),
            (
                "arn:aws:states:us-east-1:1:activity:a",
                "activity",
                Pattern::RequestResponse,
            ),
            (
                "arn:aws:states:::lambda:invoke",
                "lambda invoke",
                Pattern::RequestResponse,
            ),
            (
                "arn:aws:states:::aws-sdk:s3:getObject",
                "aws-sdk:s3 getObject",
                Pattern::RequestResponse,
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                "states startExecution.sync:2",
                Pattern::Sync,
            ),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "sqs sendMessage.waitForTaskToken",
                Pattern::Callback,
            ),
        ] {
            let resource = Resource::parse(arn);
            let service = match resource.service {
                Service::Function => "function".to_owned(),
                Service::Activity => "activity".to_owned(),
                Service::Integration { kind, action } => format!("{kind} {action}"),
            };
            assert_eq!((&*service, resource.pattern), (expected, pattern));
        }
    }
}
