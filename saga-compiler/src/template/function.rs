//! Functions of handlers, with their logs and roles.

use saga_manifest::handler::{
    Access, Handler, ResourceKind, Secret, SecretSource, Use, VariableValue,
};
use saga_manifest::place::Place;

use super::review::{self, Exception};
use super::stack::Stack;
use super::{
    arn, encryption, log_group, output, parameter, policy, resource, role, shortened, tags,
    used_saga,
};
use crate::checked::Resources;
use crate::logical_id;
use crate::permission::{Property, Resource};
use crate::yaml::{Yaml, list, map};

/// The longest description of a function, in characters (Lambda API reference).
const LONGEST_DESCRIPTION: usize = 256;

/// The alias of a function's newest version.
const ALIAS: &str = "live";

/// Not only another code, also another environment is another version. cfn-lint does not take it among the globals.
pub(super) fn all_properties() -> (&'static str, Yaml) {
    ("AutoPublishAliasAllProperties", true.into())
}

/// What all functions have in common; whether each deployment publishes a version of them.
pub(super) fn globals(stack: &mut Stack<'_>, place: &Place, published: bool) -> Yaml {
    let options = stack.options;
    stack.parameter(
        parameter::MEMORY,
        parameter::memory(options.deployment),
        place,
    );
    let tracing = if options.traced() {
        "Active"
    } else {
        "PassThrough"
    };
    let mut function = vec![
        ("CodeUri", Yaml::from(&options.code_uri)),
        ("Runtime", "provided.al2023".into()),
        ("Architectures", list([options.architecture.as_str()])),
        ("MemorySize", Yaml::reference(parameter::MEMORY)),
        ("Tracing", tracing.into()),
        ("KmsKeyArn", encryption::key()),
    ];
    if published {
        stack.publish();
        function.push(("AutoPublishAlias", ALIAS.into()));
    }
    if options.deployment.private_network {
        stack.parameter(parameter::SUBNETS, parameter::subnets(), place);
        stack.parameter(
            parameter::SECURITY_GROUPS,
            parameter::security_groups(),
            place,
        );
        let network = map([
            (
                "SecurityGroupIds",
                Yaml::reference(parameter::SECURITY_GROUPS),
            ),
            ("SubnetIds", Yaml::reference(parameter::SUBNETS)),
        ]);
        function.push(("VpcConfig", network));
    }
    function.push(("Tags", tags::as_map(options, None)));
    map([("Function", map(function))])
}

/// What the runtime around a handler needs besides what the handler uses.
#[derive(Default)]
pub(super) struct Runtime {
    /// Environment variables.
    pub(super) variables: Vec<(String, Yaml)>,
    /// What the role allows.
    pub(super) statements: Vec<Yaml>,
    /// Properties of the function.
    pub(super) properties: Vec<(&'static str, Yaml)>,
    /// Why it needs no dead-letter queue, where it is not because somebody waits for it.
    pub(super) letters: Option<Exception<'static>>,
}

/// Adds a handler's function.
pub(super) fn add(
    handler: &Handler,
    resources: &Resources<'_>,
    mut runtime: Runtime,
    stack: &mut Stack<'_>,
) {
    let id = logical_id::function(&handler.name);
    let place = &handler.place;
    for variable in &handler.environment {
        if let VariableValue::Parameter(name) = &variable.value {
            let about = format!("{} of {}.", variable.name, handler.name);
            stack.parameter(name, parameter::text(&about), place);
        }
    }
    let granted = std::mem::take(&mut runtime.statements);
    let has_environment =
        !environment(handler, resources).is_empty() || !runtime.variables.is_empty();
    stack.resource(
        id.clone(),
        function(handler, &id, resources, runtime, stack),
        place,
    );
    stack.watch_function(&id);
    let log_name = format!("/aws/lambda/${{AWS::StackName}}-{}", handler.name);
    let log_group = log_group::log_group(&log_name, stack.options, None);
    stack.resource(format!("{id}LogGroup"), log_group, place);
    let about = format!("What {} uses.", handler.name);
    let mut statements = statements(handler, &id, resources, stack);
    statements.extend(granted);
    let key = encryption::policy(&statements, has_environment);
    let role = role::with_key(
        "lambda.amazonaws.com",
        &about,
        statements,
        key,
        stack.options,
        None,
    );
    stack.resource(format!("{id}Role"), role, place);
    let about = format!("ARN of {}.", handler.name);
    stack.output(
        format!("{id}Arn"),
        output::output(&about, Yaml::attribute(&id, "Arn")),
    );
}

fn function(
    handler: &Handler,
    id: &str,
    resources: &Resources<'_>,
    runtime: Runtime,
    stack: &Stack<'_>,
) -> Yaml {
    let description = handler.description.as_deref();
    let description =
        description.map(|text| ("Description", shortened(text, LONGEST_DESCRIPTION).into()));
    let memory = handler
        .memory_mib
        .map(|memory| ("MemorySize", memory.into()));
    let concurrency = handler.concurrency;
    let concurrency = concurrency.map(|most| ("ReservedConcurrentExecutions", most.into()));
    let letters = runtime.letters.unwrap_or(review::WAITED_FOR);
    let unreserved = concurrency.is_none().then_some(review::UNRESERVED);
    let public = !stack.options.deployment.private_network;
    let public = public.then_some(review::PUBLIC_NETWORK);
    let excepted: Vec<_> = unreserved
        .into_iter()
        .chain([letters])
        .chain(public)
        .collect();
    let logging = map([
        ("LogFormat", "JSON".into()),
        ("LogGroup", Yaml::reference(&format!("{id}LogGroup"))),
    ]);
    let mut variables = environment(handler, resources);
    variables.extend(runtime.variables);
    for variable in used_saga::variables(handler, stack.by_events) {
        if !variables.iter().any(|(name, _)| *name == variable.0) {
            variables.push(variable);
        }
    }
    let environment =
        (!variables.is_empty()).then(|| ("Environment", map([("Variables", map(variables))])));
    let properties = description
        .into_iter()
        .chain([("Handler", Yaml::from(&handler.name))])
        .chain(memory)
        .chain(concurrency)
        .chain([("Timeout", handler.timeout_seconds.into())])
        .chain(environment)
        .chain([
            ("Role", Yaml::attribute(&format!("{id}Role"), "Arn")),
            ("LoggingConfig", logging),
        ])
        .chain(runtime.properties);
    let build = [
        ("BuildMethod", "rust-cargolambda".into()),
        (
            "BuildProperties",
            map([("Binary", Yaml::from(&stack.options.binary))]),
        ),
    ];
    let build = map(build.into_iter().chain(review::exceptions(&excepted)));
    resource(
        "AWS::Serverless::Function",
        [("Metadata", build)],
        map(properties),
    )
}

/// The author's variables, the names of secrets, and the resources.
fn environment(handler: &Handler, resources: &Resources<'_>) -> Vec<(String, Yaml)> {
    let own = handler.environment.iter().map(|variable| {
        let value = match &variable.value {
            VariableValue::Literal(text) => Yaml::from(text),
            VariableValue::Parameter(name) => Yaml::reference(name),
        };
        (variable.name.clone(), value)
    });
    let secrets = handler.secrets.iter().map(|secret| {
        let (SecretSource::SecretsManager(name) | SecretSource::Ssm(name)) = &secret.source;
        (secret.variable.clone(), Yaml::from(name))
    });
    let used = handler.uses.iter().filter_map(|used| {
        let (prefix, resource, property) = match used.kind {
            ResourceKind::Saga => return None,
            ResourceKind::Table => (
                "SAGA_TABLE_",
                Resource::Table(&used.resource),
                Property::Name,
            ),
            ResourceKind::Topic => (
                "SAGA_TOPIC_",
                Resource::Topic(&used.resource),
                Property::Arn,
            ),
            ResourceKind::Queue => (
                "SAGA_QUEUE_",
                Resource::Queue(&used.resource),
                Property::Url,
            ),
        };
        let name = format!("{prefix}{}", used.resource);
        Some((name, arn::property(resource, property, resources)))
    });
    own.chain(secrets).chain(used).collect()
}

fn statements(
    handler: &Handler,
    id: &str,
    resources: &Resources<'_>,
    stack: &Stack<'_>,
) -> Vec<Yaml> {
    let log_group = Yaml::attribute(&format!("{id}LogGroup"), "Arn");
    let logs = policy::allow(
        "Log",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        log_group,
    );
    let options = stack.options;
    let trace = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
    let trace = options.traced().then(|| policy::trace(trace));
    let network = options.deployment.private_network.then(attach);
    let used = handler.uses.iter().flat_map(|used| match used.kind {
        ResourceKind::Saga => used_saga::statements(used, resources, stack.by_events),
        _ => of_use(used, resources),
    });
    let secrets = handler.secrets.iter().zip(1..).map(of_secret);
    [logs]
        .into_iter()
        .chain(trace)
        .chain(network)
        .chain(used)
        .chain(secrets)
        .collect()
}

/// Attaching to a network (Lambda developer guide, "Giving Lambda functions access to resources in a VPC").
fn attach() -> Yaml {
    let actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    ];
    let everything =
        Yaml::from("*").commented("Lambda makes the interfaces before they have a name");
    policy::allow("AttachToNetwork", actions, everything)
}

/// The statement about a resource, and one about a table's indexes where they are queried.
fn of_use(used: &Use, resources: &Resources<'_>) -> Vec<Yaml> {
    let (id, resource) = match used.kind {
        ResourceKind::Table => (
            logical_id::table(&used.resource),
            Resource::Table(&used.resource),
        ),
        ResourceKind::Topic => (
            logical_id::topic(&used.resource),
            Resource::Topic(&used.resource),
        ),
        ResourceKind::Queue => (
            logical_id::queue(&used.resource),
            Resource::Queue(&used.resource),
        ),
        ResourceKind::Saga => return Vec::new(),
    };
    let arn = arn::property(resource, Property::Arn, resources);
    let actions = used.access.iter().copied().map(action);
    let mut statements = vec![policy::allow(&format!("Use{id}"), actions, arn.clone())];
    let table = resources.tables.get(used.resource.as_str());
    let indexed = table.is_some_and(|table| !table.indexes.is_empty());
    if used.kind == ResourceKind::Table && used.access.contains(&Access::Query) && indexed {
        let indexes = list([Yaml::from("${Table}/index/*"), map([("Table", arn)])]);
        let indexes = Yaml::Tagged("!Sub", Box::new(indexes));
        statements.push(policy::allow(
            &format!("Query{id}Indexes"),
            ["dynamodb:Query"],
            indexes,
        ));
    }
    statements
}

pub(super) fn action(access: Access) -> &'static str {
    match access {
        Access::Get => "dynamodb:GetItem",
        Access::Put => "dynamodb:PutItem",
        Access::Update => "dynamodb:UpdateItem",
        Access::Delete => "dynamodb:DeleteItem",
        Access::Query => "dynamodb:Query",
        Access::Scan => "dynamodb:Scan",
        Access::Publish => "sns:Publish",
        Access::Send => "sqs:SendMessage",
        Access::Start => "states:StartExecution",
        Access::View => "states:DescribeExecution",
    }
}

/// The statement about a secret. Secrets Manager ends the name of a secret in its ARN with six
/// characters of its own.
fn of_secret((secret, number): (&Secret, u32)) -> Yaml {
    let account = "${AWS::Region}:${AWS::AccountId}";
    let (action, arn) = match &secret.source {
        SecretSource::SecretsManager(name) => (
            "secretsmanager:GetSecretValue",
            format!("arn:${{AWS::Partition}}:secretsmanager:{account}:secret:{name}-??????"),
        ),
        SecretSource::Ssm(name) => (
            "ssm:GetParameter",
            format!(
                "arn:${{AWS::Partition}}:ssm:{account}:parameter/{}",
                name.trim_start_matches('/')
            ),
        ),
    };
    policy::allow(
        &format!("ReadSecret{number}"),
        [action],
        Yaml::substituted(arn),
    )
}
