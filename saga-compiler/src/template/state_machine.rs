//! State machines, with their logs and roles.

use saga_asl::model::StateMachine;

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
    let written = Written {
        id: &id,
        saga: name,
        definition: &machine.definition,
        file: Some(file_name(name)),
        substitutions: substitutions(&machine.uses, &package.resources),
        kind: "STANDARD",
        logged: "ALL",
        loggable: key.is_none() && Exposure::new(saga).is_none(),
        key: key.clone(),
        key_reason: history_key.map(|key| key.reason.as_str()),
    };
    stack.resource(id.clone(), written.resource(stack.options), place);
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

/// A state machine as a template has it.
pub(super) struct Written<'a> {
    pub id: &'a str,
    pub saga: &'a str,
    pub definition: &'a StateMachine,
    /// The file beside the template that may hold the definition.
    pub file: Option<String>,
    pub substitutions: Vec<(String, Yaml)>,
    /// `STANDARD` or `EXPRESS`.
    pub kind: &'static str,
    /// Which events are logged: `ALL` or `ERROR`.
    pub logged: &'static str,
    /// Whether an execution's data may be logged.
    pub loggable: bool,
    /// What encrypts the history, if not a key of AWS.
    pub key: Option<Yaml>,
    /// Why a key of the customer's encrypts it, where that stands with this state machine.
    pub key_reason: Option<&'a str>,
}

impl Written<'_> {
    pub fn resource(self, options: &Settings<'_>) -> Yaml {
        match &self.file {
            // SAM has no key for the history.
            Some(file) if options.definitions == Definitions::Files && self.key.is_none() => {
                self.in_file(file, options)
            }
            _ => self.inline(options),
        }
    }

    /// A state machine of CloudFormation, its definition inside. SAM's would become one whose
    /// definition is a `Fn::Join` of lines, and cfn-lint does not get to the end of a thousand of
    /// them.
    fn inline(&self, options: &Settings<'_>) -> Yaml {
        let definition = Yaml::from(&self.definition.to_value());
        let reason = self.key_reason.map(|reason| {
            let reason = map([("HistoryKeyReason", Yaml::from(reason))]);
            ("Metadata", reason)
        });
        let mut properties = vec![
            ("StateMachineType", self.kind.into()),
            ("Definition", definition),
        ];
        properties.extend(self.substituted());
        properties.extend([
            ("RoleArn", self.role()),
            ("LoggingConfiguration", self.logging()),
            ("TracingConfiguration", tracing(options)),
        ]);
        let key = self.key.clone();
        properties.extend(key.map(|key| ("EncryptionConfiguration", encryption(key))));
        properties.push(("Tags", tags::as_list(options, Some(self.saga))));
        resource("AWS::StepFunctions::StateMachine", reason, map(properties))
    }

    /// A state machine of SAM, its definition in a file beside the template.
    fn in_file(&self, file: &str, options: &Settings<'_>) -> Yaml {
        let mut properties = vec![("Type", self.kind.into()), ("DefinitionUri", file.into())];
        properties.extend(self.substituted());
        properties.extend([
            ("Role", self.role()),
            ("Logging", self.logging()),
            ("Tracing", tracing(options)),
            ("Tags", tags::as_map(options, Some(self.saga))),
        ]);
        resource("AWS::Serverless::StateMachine", [], map(properties))
    }

    /// What the definition names, if it names anything: CloudFormation takes no empty map.
    fn substituted(&self) -> Option<(&'static str, Yaml)> {
        let names = &self.substitutions;
        (!names.is_empty()).then(|| ("DefinitionSubstitutions", map(names.clone())))
    }

    fn role(&self) -> Yaml {
        Yaml::attribute(&format!("{}Role", self.id), "Arn")
    }

    fn logging(&self) -> Yaml {
        let log_group = Yaml::attribute(&format!("{}LogGroup", self.id), "Arn");
        let group = map([("LogGroupArn", log_group)]);
        let destination = map([("CloudWatchLogsLogGroup", group)]);
        map([
            ("Level", self.logged.into()),
            ("IncludeExecutionData", self.loggable.into()),
            ("Destinations", list([destination])),
        ])
    }
}

/// The values of what a definition names.
pub(super) fn substitutions(uses: &Uses<'_>, resources: &Resources<'_>) -> Vec<(String, Yaml)> {
    let values = uses.substituted().map(|(name, resource, property)| {
        (name.clone(), arn::property(resource, property, resources))
    });
    values.collect()
}

/// Whether X-Ray traces executions.
fn tracing(options: &Settings<'_>) -> Yaml {
    map([("Enabled", options.traced().into())])
}

/// Encryption with a customer's key.
fn encryption(key: Yaml) -> Yaml {
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
