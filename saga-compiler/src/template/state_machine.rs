//! State machines, with their logs and roles.

use saga_manifest::saga::HistoryKey;

use super::settings::Settings;
use super::stack::Stack;
use super::{alarm, arn, key, log_group, output, policy, resource, role, rollout, tags};
use crate::checked::{Exposure, Package, Resources, Saga};
use crate::compile::file_name;
use crate::logical_id;
use crate::options::Definitions;
use crate::permission::{Property, Resource, Uses};
use crate::states::Machine;
use crate::yaml::{Yaml, list, map};

/// What log delivery asks for (Step Functions developer guide, logging to CloudWatch Logs).
const LOG_DELIVERY: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
];

/// What tracing asks for (Step Functions developer guide, X-Ray).
const TRACING: [&str; 4] = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
];

/// Seconds that one data key encrypts the history, 60 to 900: the fewest calls of KMS.
const DATA_KEY_REUSE: u32 = 900;

/// Adds a saga's state machine; gives the key that encrypts its history, if one does.
pub(super) fn add(
    saga: &Saga<'_>,
    machine: &Machine<'_>,
    package: &Package<'_>,
    stack: &mut Stack<'_>,
) -> Option<Yaml> {
    let name = saga.definition.name.as_str();
    let place = &saga.definition.place;
    let id = logical_id::state_machine(name);
    let history_key = saga.definition.history_key.as_ref();
    let key = history_key.map(|key| key::add(key, name, place, stack));
    let source = Source {
        id: &id,
        saga: name,
        machine,
        resources: &package.resources,
        loggable: key.is_none() && Exposure::new(saga).is_none(),
    };
    let resource = match stack.options.definitions {
        Definitions::Files if key.is_none() => source.in_file(stack.options),
        _ => source.inline(history_key.zip(key.clone()), stack.options),
    };
    stack.resource(id.clone(), resource, place);
    let log_name = format!("/aws/vendedlogs/states/${{AWS::StackName}}-{name}");
    let log_group = log_group::log_group(&log_name, stack.options, Some(name));
    stack.resource(format!("{id}LogGroup"), log_group, place);
    let statements = statements(
        &machine.uses,
        &package.resources,
        key.clone(),
        stack.options,
    );
    let about = format!("What the state machine of {name} uses.");
    let role = role::role(
        "states.amazonaws.com",
        &about,
        statements,
        stack.options,
        Some(name),
    );
    stack.resource(format!("{id}Role"), role, place);
    stack.watch_machine(&id, name, alarm::Failures::Some, place);
    rollout::add(&id, place, stack);
    let about = format!("ARN of the state machine of {name}.");
    stack.output(
        format!("{id}Arn"),
        output::output(&about, Yaml::reference(&id)),
    );
    key
}

/// What the properties of a state machine are made of.
struct Source<'a> {
    id: &'a str,
    saga: &'a str,
    machine: &'a Machine<'a>,
    resources: &'a Resources<'a>,
    /// Whether an execution's data may be logged.
    loggable: bool,
}

impl Source<'_> {
    /// A state machine of CloudFormation, its definition inside. SAM's would become one whose
    /// definition is a `Fn::Join` of lines, and cfn-lint does not get to the end of a thousand of
    /// them; nor has it a key for the history.
    fn inline(&self, key: Option<(&HistoryKey, Yaml)>, options: &Settings<'_>) -> Yaml {
        let definition = Yaml::from(&self.machine.definition.to_value());
        let reason = key.as_ref().map(|(why, _)| {
            let reason = map([("HistoryKeyReason", Yaml::from(&why.reason))]);
            ("Metadata", reason)
        });
        let mut properties = vec![
            ("StateMachineType", "STANDARD".into()),
            ("Definition", definition),
        ];
        properties.extend(self.substitutions());
        properties.extend([
            ("RoleArn", self.role()),
            ("LoggingConfiguration", self.logging()),
            ("TracingConfiguration", tracing(options)),
        ]);
        properties.extend(key.map(|(_, key)| ("EncryptionConfiguration", encryption(key))));
        properties.push(("Tags", tags::as_list(options, Some(self.saga))));
        resource("AWS::StepFunctions::StateMachine", reason, map(properties))
    }

    /// A state machine of SAM, its definition in a file beside the template.
    fn in_file(&self, options: &Settings<'_>) -> Yaml {
        let mut properties = vec![
            ("Type", "STANDARD".into()),
            ("DefinitionUri", file_name(self.saga).into()),
        ];
        properties.extend(self.substitutions());
        properties.extend([
            ("Role", self.role()),
            ("Logging", self.logging()),
            ("Tracing", tracing(options)),
            ("Tags", tags::as_map(options, Some(self.saga))),
        ]);
        resource("AWS::Serverless::StateMachine", [], map(properties))
    }

    /// What the definition names, if it names anything: CloudFormation takes no empty map.
    fn substitutions(&self) -> Option<(&'static str, Yaml)> {
        let uses = &self.machine.uses;
        let values = uses.substituted().map(|(name, resource, property)| {
            (name, arn::property(resource, property, self.resources))
        });
        (!uses.substitutions.is_empty()).then(|| ("DefinitionSubstitutions", map(values)))
    }

    fn role(&self) -> Yaml {
        Yaml::attribute(&format!("{}Role", self.id), "Arn")
    }

    /// Everything is logged; the data only where none of it is sensitive.
    fn logging(&self) -> Yaml {
        let log_group = Yaml::attribute(&format!("{}LogGroup", self.id), "Arn");
        let group = map([("LogGroupArn", log_group)]);
        let destination = map([("CloudWatchLogsLogGroup", group)]);
        map([
            ("Level", "ALL".into()),
            ("IncludeExecutionData", self.loggable.into()),
            ("Destinations", list([destination])),
        ])
    }
}

/// Whether X-Ray traces executions.
pub(super) fn tracing(options: &Settings<'_>) -> Yaml {
    map([("Enabled", options.traced().into())])
}

/// Encryption with a customer's key.
pub(super) fn encryption(key: Yaml) -> Yaml {
    map([
        ("Type", "CUSTOMER_MANAGED_KMS_KEY".into()),
        ("KmsKeyId", key),
        ("KmsDataKeyReusePeriodSeconds", DATA_KEY_REUSE.into()),
    ])
}

pub(super) fn statements(
    uses: &Uses<'_>,
    resources: &Resources<'_>,
    key: Option<Yaml>,
    options: &Settings<'_>,
) -> Vec<Yaml> {
    let used = uses.permissions.iter().map(|(resource, actions)| {
        let arn = match resource {
            Resource::Function(name) => arn::versions(name),
            _ => arn::property(*resource, Property::Arn, resources),
        };
        policy::allow(&sid(*resource), actions.iter().copied(), arn)
    });
    let everything = Yaml::from("*").commented("log delivery knows no resources");
    let logs = policy::allow("DeliverLogs", LOG_DELIVERY, everything);
    let history = key.map(|key| {
        policy::allow(
            "EncryptHistory",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key,
        )
    });
    let trace = options.traced().then(|| policy::trace(TRACING));
    used.chain([logs]).chain(trace).chain(history).collect()
}

/// The id of the statement about a resource.
fn sid(resource: Resource<'_>) -> String {
    match resource {
        Resource::Function(name) => format!("Use{}", logical_id::function(name)),
        Resource::Table(name) => format!("Use{}", logical_id::table(name)),
        Resource::Topic(name) => format!("Use{}", logical_id::topic(name)),
        Resource::Queue(name) => format!("Use{}", logical_id::queue(name)),
        Resource::ParkedQueue => format!("Use{}", logical_id::PARKED_QUEUE),
        Resource::StateMachine(name) => format!("Run{}", logical_id::state_machine(name)),
        Resource::Executions(name) => format!("Follow{}", logical_id::state_machine(name)),
        Resource::EndedExecutions => "HearOfEndedExecutions".to_owned(),
        Resource::Fences => "UseFences".to_owned(),
    }
}
