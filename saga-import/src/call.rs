//! What a Task asks of whom, and what the data are after it.

mod requests;

use saga_asl::integration::{Pattern, Resource, Service};
use saga_asl::json::{Object, Value};
use saga_asl::model::{DataPath, QueryLanguage, Task};

use crate::data::Data;
use crate::refusal::Refused;
use crate::service::item::{Item, Operation};
use crate::service::{Services, message};
use crate::template::{Env, Reads, names};

/// A call, as a saga makes it.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// A handler's.
    Handler {
        /// What the handler stands in for, in the definition's words.
        replaces: String,
        /// What it is given.
        input: Data,
        /// What it stands in for, if that is no function.
        request: Option<Request>,
    },
    /// What a table is asked.
    Item(Box<Item>),
    /// A message to a queue.
    Send {
        /// The queue's URL, in the definition's words.
        queue: String,
        message: Data,
    },
    /// A message to a topic.
    Publish {
        /// The topic's ARN, in the definition's words.
        topic: String,
        subject: Option<String>,
        message: Data,
        attributes: Vec<(String, Data)>,
    },
}

/// A request that a handler makes, since a saga has no call for it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The Task's resource and what it sends, as its author wrote them.
    pub(crate) text: Value,
    /// Why it is no call of a saga's own, where a service has some.
    pub(crate) why: Option<String>,
}

impl Call {
    /// All that it reads.
    pub(crate) fn data(&self) -> Vec<&Data> {
        match self {
            Self::Handler { input, .. } => vec![input],
            Self::Item(item) => item.data().into_iter().map(|(_, data)| data).collect(),
            Self::Send { message, .. } => vec![message],
            Self::Publish {
                message,
                attributes,
                ..
            } => std::iter::once(message)
                .chain(attributes.iter().map(|(_, data)| data))
                .collect(),
        }
    }

    /// The same call on other data.
    pub(crate) fn map(&self, change: &impl Fn(&Data) -> Data) -> Self {
        match self {
            Self::Handler {
                replaces,
                input,
                request,
            } => Self::Handler {
                replaces: replaces.clone(),
                input: change(input),
                request: request.clone(),
            },
            Self::Item(item) => Self::Item(Box::new(item.map(change))),
            Self::Send { queue, message } => Self::Send {
                queue: queue.clone(),
                message: change(message),
            },
            Self::Publish {
                topic,
                subject,
                message,
                attributes,
            } => Self::Publish {
                topic: topic.clone(),
                subject: subject.clone(),
                message: change(message),
                attributes: attributes
                    .iter()
                    .map(|(name, data)| (name.clone(), change(data)))
                    .collect(),
            },
        }
    }
}

const MIXED: &str = "a list holds things that are not alike, and a saga's list is of one type";

/// A Task where its data are known: what it calls, and the data after it.
pub(crate) fn call(
    name: &str,
    task: &Task,
    language: QueryLanguage,
    env: &Env,
    services: &Services,
) -> Result<(Call, Env), Refused> {
    if let Some(Ok(asked)) = services.asked(name) {
        let input = input_of(task.input_path.as_ref(), "InputPath", env)?;
        let call = asked.call(&crate::read::reads(language, &input, env))?;
        let result = match &call.operation {
            Operation::Get { .. } => {
                Data::Object(vec![("Item".into(), Data::Row(name.to_owned()))])
            }
            _ => Data::Answer(name.to_owned()),
        };
        let after = after(task, language, env, &input, &result)?;
        return Ok((Call::Item(Box::new(call)), after));
    }
    let unmixed = |(input, sent): (Data, Data)| match sent.is_mixed() {
        true => Err(Refused::new(
            "",
            MIXED,
            "hand the items on one by one, or let the handler make the list",
        )),
        false => Ok((input, sent)),
    };
    let (input, sent) = match sent(task, language, env).and_then(unmixed) {
        Err(refused) if !requests::may_compute(task, language) => return Err(refused),
        // A handler that makes a request is handed what the request is made of.
        Err(_) => {
            let input = input_of(task.input_path.as_ref(), "InputPath", env)?;
            (input, None)
        }
        Ok((input, sent)) => (input, Some(sent)),
    };
    let (call, result) = match &sent {
        Some(sent) => of_resource(name, task, language, sent, services)?,
        None => {
            let request = Request {
                text: requests::text(task, language),
                why: Some(
                    "its request computes, and a saga computes nothing between its steps".into(),
                ),
            };
            let call = Call::Handler {
                replaces: task.resource.clone(),
                input: input.clone(),
                request: Some(request),
            };
            (call, Data::Output(name.to_owned()))
        }
    };
    let after = after(task, language, env, &input, &result)?;
    Ok((call, after))
}

/// The state's effective input, and what the service is sent.
fn sent(task: &Task, language: QueryLanguage, env: &Env) -> Result<(Data, Data), Refused> {
    let reads = |input: &Data, template: &Value, field: &str| {
        crate::read::reads(language, input, env)
            .value(template)
            .map_err(|refused| refused.within(field))
    };
    if language == QueryLanguage::JsonAta {
        let sent = match &task.arguments {
            Some(template) => reads(&env.payload, template, "Arguments")?,
            None => env.payload.clone(),
        };
        return Ok((env.payload.clone(), sent));
    }
    let input = input_of(task.input_path.as_ref(), "InputPath", env)?;
    let sent = match &task.parameters {
        Some(template) => reads(&input, template, "Parameters")?,
        None => input.clone(),
    };
    Ok((input, sent))
}

/// What an `InputPath` or `OutputPath` leaves of a payload.
pub(crate) fn input_of(path: Option<&DataPath>, field: &str, env: &Env) -> Result<Data, Refused> {
    match path {
        None => Ok(env.payload.clone()),
        Some(DataPath::Discard) => Ok(Data::Object(Vec::new())),
        Some(DataPath::Path(path)) => {
            let reads = crate::read::reads(QueryLanguage::JsonPath, &env.payload, env);
            reads.path(path).map_err(|refused| refused.within(field))
        }
    }
}

/// The call and its raw result.
fn of_resource(
    name: &str,
    task: &Task,
    language: QueryLanguage,
    sent: &Data,
    services: &Services,
) -> Result<(Call, Data), Refused> {
    let output = Data::Output(name.to_owned());
    let handler = |replaces: &str, input: Data| Call::Handler {
        replaces: replaces.to_owned(),
        input,
        request: None,
    };
    let service = match Resource::parse(&task.resource) {
        Resource::Activity(arn) => {
            let message = format!("`{name}` waits for a worker of the activity `{arn}`");
            let help = "let a handler do its work, or ask by `saga.approve(…)` whoever does it";
            return Err(Refused::new("/Resource", message, help));
        }
        Resource::Service(service) => service,
        Resource::Function(_) | Resource::OtherArn(_) | Resource::NoArn(_) => {
            return Ok((handler(&task.resource, sent.clone()), output));
        }
    };
    match service.pattern {
        Pattern::Callback => {
            let message = format!("`{name}` waits for a task token");
            let help = "ask by `saga.approve(…)`, which is given a time and what is done without an answer";
            return Err(Refused::new("/Resource", message, help));
        }
        Pattern::Sync if !matches!(service.service, "lambda" | "states") => {
            let message = format!("`{name}` waits for a job of `{}`", service.service);
            let help = "let a handler start the job and another ask for it; a nested saga is `OtherSaga::call(…)`";
            return Err(Refused::new("/Resource", message, help));
        }
        _ => {}
    }
    match (service.service, service.action) {
        ("lambda", "invoke") => {
            let function = sent.field("FunctionName").constant();
            let function = function
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or("a function");
            let input = match sent.field("Payload") {
                Data::Lost(_) => Data::Object(Vec::new()),
                payload => payload,
            };
            let result = Data::Object(vec![("Payload".into(), output)]);
            Ok((handler(function, input), result))
        }
        _ => {
            let direct = match services.left_to_handler(name) {
                Some(why) => Some(Err(why.to_owned())),
                None => direct(&service, sent),
            };
            let why = match direct {
                Some(Ok(call)) => return Ok((call, Data::Answer(name.to_owned()))),
                Some(Err(why)) => Some(why),
                None => services
                    .asked(name)
                    .and_then(Result::err)
                    .map(str::to_owned),
            };
            let call = Call::Handler {
                replaces: task.resource.clone(),
                input: sent.clone(),
                request: Some(Request {
                    text: requests::text(task, language),
                    why: why.or_else(|| requests::no_call(&service).map(str::to_owned)),
                }),
            };
            Ok((call, output))
        }
    }
}

/// A message that a saga sends itself, or why it does not; nothing where a Task asks something else.
fn direct(service: &Service<'_>, sent: &Data) -> Option<Result<Call, String>> {
    match (service.service, service.action, service.sdk) {
        ("sns", "publish", false) => Some(message::publish(sent)),
        ("sqs", "sendMessage", false) => Some(message::send(sent)),
        _ => None,
    }
}

/// The data after a Task, given its raw result.
fn after(
    task: &Task,
    language: QueryLanguage,
    env: &Env,
    input: &Data,
    result: &Data,
) -> Result<Env, Refused> {
    let mut variables = env.variables.clone();
    if language == QueryLanguage::JsonAta {
        let reads = Reads {
            result: Some(result),
            ..crate::read::reads(language, input, env)
        };
        variables.extend(assigned(&task.assign, &reads)?);
        let payload = match &task.output {
            Some(template) => reads
                .value(template)
                .map_err(|refused| refused.within("Output"))?,
            None => result.clone(),
        };
        return Ok(Env { payload, variables });
    }
    let selected = match &task.result_selector {
        Some(template) => crate::read::reads(language, result, env)
            .value(template)
            .map_err(|refused| refused.within("ResultSelector"))?,
        None => result.clone(),
    };
    variables.extend(assigned(
        &task.assign,
        &crate::read::reads(language, &selected, env),
    )?);
    let payload = match &task.result_path {
        None => selected,
        Some(DataPath::Discard) => env.payload.clone(),
        Some(DataPath::Path(path)) => env.payload.with(&reference(path, "ResultPath")?, selected),
    };
    // What is assigned is there from the next state on.
    let seen = Env {
        payload,
        variables: env.variables.clone(),
    };
    let payload = input_of(task.output_path.as_ref(), "OutputPath", &seen)?;
    Ok(Env { payload, variables })
}

/// The variables that a state assigns, in either language.
pub(crate) fn assigned(assign: &Object, reads: &Reads<'_>) -> Result<Vec<(String, Data)>, Refused> {
    let value = |(name, template): (&String, &Value)| {
        // The value of `name.$` is a path in the template of its object.
        let plain = name
            .strip_suffix(".$")
            .filter(|_| reads.language == QueryLanguage::JsonPath);
        let value = match (plain, template.as_str()) {
            (Some(_), Some(path)) => reads.path(path),
            _ => reads.value(template),
        };
        let value = value.map_err(|refused| refused.within(name).within("Assign"))?;
        Ok((plain.unwrap_or(name).to_owned(), value))
    };
    assign.iter().map(value).collect()
}

/// The names of a reference path.
pub(crate) fn reference(path: &str, field: &str) -> Result<Vec<String>, Refused> {
    let parsed = saga_asl::jsonpath::Path::parse(path).map_err(|_| {
        Refused::new(
            "",
            format!("`{path}` is no path"),
            "`saga-cli validate` says what is wrong with it",
        )
    });
    parsed
        .and_then(|path| names(&path))
        .map_err(|refused| refused.within(field))
}
