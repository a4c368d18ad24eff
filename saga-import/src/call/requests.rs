//! Requests that handlers make, since a saga has no call for them.

use saga_asl::integration::{Pattern, Resource, Service};
use saga_asl::json::{Value, object};
use saga_asl::model::{QueryLanguage, Task};

use crate::service::template;

/// What else there is for services whose requests somebody may look for among a saga's calls.
pub(super) fn no_call(service: &Service<'_>) -> Option<&'static str> {
    match service.service {
        "events" => Some("a saga's steps tell topics and queues; it puts no events"),
        "states" | "sfn" => Some(
            "a saga runs others of its own package: import that definition too, and write `Other::call(…)`; \
             a handler has 15 minutes at most",
        ),
        _ => None,
    }
}

/// What a Task asks, as its author wrote it.
pub(super) fn text(task: &Task, language: QueryLanguage) -> Value {
    let field = match language {
        QueryLanguage::JsonAta => "Arguments",
        QueryLanguage::JsonPath => "Parameters",
    };
    let sent = template(task, language).map(|template| (field, template.clone()));
    let resource = ("Resource", task.resource.as_str().into());
    object(std::iter::once(resource).chain(sent))
}

/// Whether a Task's request may compute: it is one that a handler makes, and its parts are all in the state's input.
pub(super) fn may_compute(task: &Task, language: QueryLanguage) -> bool {
    let Resource::Service(service) = Resource::parse(&task.resource) else {
        return false;
    };
    let waits = match service.pattern {
        Pattern::Callback => true,
        Pattern::Sync => service.service != "states",
        _ => false,
    };
    let is_request = service.service != "lambda" && !waits;
    is_request
        && template(task, language).is_some_and(|template| reads_input_only(template, language))
}

/// Whether no expression in a template reads a variable or the context object.
fn reads_input_only(template: &Value, language: QueryLanguage) -> bool {
    match template {
        Value::Object(fields) => fields
            .values()
            .all(|value| reads_input_only(value, language)),
        Value::Array(items) => items.iter().all(|value| reads_input_only(value, language)),
        Value::String(text) => match language {
            // `$`, `$.a`, `$[0]`, and what a template of CloudFormation fills in.
            QueryLanguage::JsonPath => {
                let is_plain = |root: &str| {
                    root.is_empty() || root.starts_with(['.', '[', ',', ')', ' ', '{'])
                };
                !text.contains("$$") && roots(text).all(is_plain)
            }
            QueryLanguage::JsonAta => roots(text).all(|root| {
                let name = root.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
                let rest = name.map_or("", |end| root.split_at(end).1);
                root.starts_with("states.input") || root.starts_with('{') || rest.starts_with('(')
            }),
        },
        _ => true,
    }
}

/// What follows each `$` of a text.
fn roots(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1)
}
