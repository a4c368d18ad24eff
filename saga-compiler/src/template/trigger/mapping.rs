//! Mapping templates of API Gateway (VTL). They hand over what came and print what is answered: whatever is
//! decided is decided by the starter.

use super::starter;

/// The request that starts an execution. `escapeJavaScript` escapes single quotes too, which JSON does not
/// know (API Gateway developer guide, `$util`).
pub(super) fn start(saga: &str) -> String {
    let body = "$util.escapeJavaScript($input.json('$')).replaceAll(\"\\\\'\", \"'\")";
    let at = "https://$context.domainName$context.path";
    request(
        saga,
        &format!("{{\\\"at\\\":\\\"{at}\\\",\\\"start\\\":{body}}}"),
    )
}

/// The request that asks what became of an execution. Base64 is free of what JSON would escape.
pub(super) fn outcome(saga: &str) -> String {
    let key = "$util.base64Encode($input.params('execution'))";
    request(saga, &format!("{{\\\"outcomeOf\\\":\\\"{key}\\\"}}"))
}

fn request(saga: &str, input: &str) -> String {
    let machine = starter::id(saga);
    format!("{{\n  \"stateMachineArn\": \"${{{machine}}}\",\n  \"input\": \"{input}\"\n}}\n")
}

/// The answer of the starter as the client's.
pub(super) const ANSWER: &str = "\
#set($ended = $input.path('$'))
#if($ended.status == \"SUCCEEDED\")
#set($answer = $util.parseJson($ended.output))
#set($context.responseOverride.status = $answer.status)
#if($answer.location != \"\")
#set($context.responseOverride.header.Location = $answer.location)
#end
$answer.body
#else
#set($context.responseOverride.status = 503)
{\"message\": \"try again later\"}
#end
";

/// The answer where Step Functions could not be asked.
pub(super) const UNAVAILABLE: &str = "{\"message\": \"try again later\"}\n";

/// The answer to a body that is not the saga's input. Not VTL: API Gateway puts the two values in as they are,
/// quoted and escaped.
pub(super) const BAD_REQUEST: &str = "{\"message\": $context.error.messageString, \"errors\": \"$context.error.validationErrorString\"}";
