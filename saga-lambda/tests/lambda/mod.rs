//! A Lambda for one bootstrap: the Runtime API, the process, and what a reply has to be.

pub mod process;
pub mod server;

use serde_json::Value;

use self::server::Request;

/// What a handler is to reply.
pub enum Reply {
    /// This output, as JSON.
    Answer(Value),
    /// An error of this type, whose message contains this.
    Error(&'static str, &'static str),
}

/// Compares a request with the reply that it is to be; says what differs.
pub fn compare(request: &Request, expected: &Reply) -> Result<(), String> {
    let body = request.json();
    let differs = |what: &str| Err(format!("{what}: {} {body}", request.target));
    match expected {
        Reply::Answer(answer) => match () {
            () if !request.target.ends_with("/invocation/request-1/response") => {
                differs("no answer")
            }
            () if body != *answer => differs(&format!("the answer is not {answer}")),
            () => Ok(()),
        },
        Reply::Error(name, message) => match () {
            () if !request.target.ends_with("/invocation/request-1/error") => differs("no error"),
            () if body["errorType"] != *name => differs(&format!("the type is not {name}")),
            () if !body["errorMessage"]
                .as_str()
                .is_some_and(|text| text.contains(message)) =>
            {
                differs(&format!("the message does not contain {message:?}"))
            }
            () => Ok(()),
        },
    }
}
