//! What a Task's `Resource` asks for.

mod catalogue;

pub use self::catalogue::{Known, optimised};

/// A parsed `Resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'r> {
    /// A Lambda function, by its ARN.
    Function(&'r str),
    /// An activity, by its ARN.
    Activity(&'r str),
    /// A service integration.
    Service(Service<'r>),
    /// An ARN of something that no Task can ask for.
    OtherArn(&'r str),
    /// No ARN at all.
    NoArn(&'r str),
}

/// A service integration: `arn:aws:states:::service:action.pattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service<'r> {
    /// The service, such as `dynamodb`.
    pub service: &'r str,
    /// The action, such as `putItem`.
    pub action: &'r str,
    /// Whether it goes through the AWS SDK (`aws-sdk:`) and not an integration of its own.
    pub sdk: bool,
    /// How the execution waits.
    pub pattern: Pattern,
}

/// How an execution waits for a service (developer guide, "Service integration patterns").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// For the answer to the request.
    RequestResponse,
    /// For the job to end (`.sync`, `.sync:2`).
    Sync,
    /// For somebody to send the task token back (`.waitForTaskToken`).
    Callback,
    /// Something that is no pattern.
    Unknown,
}

impl Pattern {
    /// The suffix as a definition has it.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse | Self::Unknown => "",
            Self::Sync => ".sync",
            Self::Callback => ".waitForTaskToken",
        }
    }
}

impl<'r> Resource<'r> {
    /// Parses a `Resource`.
    #[must_use]
    pub fn parse(text: &'r str) -> Self {
        let Some(arn) = text.strip_prefix("arn:") else {
            return if text == "arn" {
                Self::OtherArn(text)
            } else {
                Self::NoArn(text)
            };
        };
        // Partition, service, region, account and what is named. No list is built of them: every
        // Task is asked for its resource by several rules.
        let mut parts = arn.splitn(5, ':').skip(1);
        let mut next = || parts.next();
        match (next(), next(), next(), next()) {
            (Some("lambda"), _, _, Some(rest)) if rest.starts_with("function:") => {
                Self::Function(text)
            }
            (Some("states"), Some(""), Some(""), Some(rest)) => Self::Service(Service::parse(rest)),
            (Some("states"), _, _, Some(rest)) if rest.starts_with("activity:") => {
                Self::Activity(text)
            }
            // AWS's own samples fill in region and account too.
            (Some("states"), _, _, Some(rest)) if rest.starts_with("aws-sdk:") => {
                Self::Service(Service::parse(rest))
            }
            _ => Self::OtherArn(text),
        }
    }
}

impl<'r> Service<'r> {
    /// Parses what follows `arn:aws:states:::`.
    fn parse(text: &'r str) -> Self {
        let (sdk, rest) = match text.strip_prefix("aws-sdk:") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (service, action) = rest.split_once(':').unwrap_or((rest, ""));
        let (action, suffix) = action
            .split_once('.')
            .map_or((action, None), |(a, s)| (a, Some(s)));
        let pattern = match suffix {
            None => Pattern::RequestResponse,
            Some("sync" | "sync:2") => Pattern::Sync,
            Some("waitForTaskToken") => Pattern::Callback,
            Some(_) => Pattern::Unknown,
        };
        Self {
            service,
            action,
            sdk,
            pattern,
        }
    }

    /// Whether the action only reads. Judged by the verbs that AWS's APIs use for reading.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        const READS: [&str; 12] = [
            "get", "list", "describe", "query", "scan", "head", "batchGet", "search", "lookup",
            "select", "check", "detect",
        ];
        let begins = |verb: &str| {
            let rest = self.action.strip_prefix(verb);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_uppercase()))
        };
        READS.iter().any(|verb| begins(verb))
    }

    /// Whether the action only tells somebody something.
    #[must_use]
    pub fn is_notification(&self) -> bool {
        matches!(
            (self.service, self.action),
            ("sns", "publish" | "publishBatch")
                | ("events" | "eventbridge", "putEvents")
                | ("sqs", "sendMessage" | "sendMessageBatch")
                | ("ses" | "sesv2", _)
                | ("cloudwatch", "putMetricData")
                | ("cloudwatchlogs", "putLogEvents")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_apart() {
        assert!(matches!(
            Resource::parse("arn:aws:lambda:eu-west-1:1:function:a"),
            Resource::Function(_)
        ));
        assert!(matches!(
            Resource::parse("arn:aws:states:eu-west-1:1:activity:a"),
            Resource::Activity(_)
        ));
        assert!(matches!(
            Resource::parse("arn:aws:s3:::bucket"),
            Resource::OtherArn(_)
        ));
        assert!(matches!(Resource::parse("foo:bar"), Resource::NoArn(_)));
        let Resource::Service(service) =
            Resource::parse("arn:aws:states:::aws-sdk:dynamodb:batchGetItem")
        else {
            panic!("a service");
        };
        assert!(service.sdk && service.is_read_only());
        let Resource::Service(service) =
            Resource::parse("arn:aws-cn:states:::states:startExecution.sync:2")
        else {
            panic!("a service");
        };
        assert_eq!(
            (service.action, service.pattern),
            ("startExecution", Pattern::Sync)
        );
    }
}
