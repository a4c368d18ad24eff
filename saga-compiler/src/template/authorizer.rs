//! How API Gateway invokes functions, and how long what an authorizer answers holds.

use crate::yaml::Yaml;

/// Seconds that an authorizer's answer holds for the same token.
pub(super) const REMEMBERED: u32 = 300;

/// What API Gateway calls the invocation of a function: `function` is what the template substitutes for its ARN.
pub(super) fn invocation(function: &str) -> Yaml {
    Yaml::substituted(format!(
        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/\
         ${{{function}}}/invocations"
    ))
}
