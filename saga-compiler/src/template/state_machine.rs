//! State machines, with their logs and roles.

use saga_manifest::saga::HistoryKey;

use super::stack::Stack;
use super::{arn, key, log_group, output, policy, resource, role, tags};
use crate::checked::{Package, Resources, Saga};
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

pub(super) fn add(
    saga: &Saga<'_>,
    machine: &Machine<'_>,
    package: &Package<'_>,
    stack: &mut Stack<'_>,
) {
    let name = saga.definition.name.as_str();
    let place = &saga.definition.place;
    let id = logical_id::state_machine(name);
    let history_key = saga.definition.history_key.as_ref();
    let key = history_key.map(|key| key::add(key, name, place, stack));
    let part = Part {
        id: &id,
        saga: name,
        machine,
        resources: &package.resources,
    };
    let resource = match key.clone() {
        Some(key) => part.encrypted(key, history_key, stack),
        None => part.serverless(stack),
    };
    stack.resource(id.clone(), resource, place);
    let log_name = format!("/aws/vendedlogs/states/${{AWS::StackName}}-{name}");
    let log_group = log_group::log_group(&log_name, stack.options, Some(name));
    stack.resource(format!("{id}LogGroup"), log_group, place);
    let statements = statements(&machine.uses, &package.resources, key);
    let about = format!("What the state machine of {name} uses.");
    let role = role::role(
        "states.amazonaws.com",
        &about,
        statements,
        stack.options,
        Some(name),
    );
    stack.resource(format!("{id}Role"), role, place);
    let about = format!("ARN of the state machine of {name}.");
    stack.output(
        format!("{id}Arn"),
        output::output(&about, Yaml::reference(&id)),
    );
}

/// What the properties of a state machine are made of.
struct Part<'a> {
    id: &'a str,
    saga: &'a str,
    machine: &'a Machine<'a>,
    resources: &'a Resources<'a>,
}

impl Part<'_> {
    /// A state machine of SAM.
    fn serverless(&self, stack: &Stack<'_>) -> Yaml {
        let mut properties = vec![("Type", "STANDARD".into())];
        properties.push(self.definition("DefinitionUri", stack));
        properties.extend([
            ("DefinitionSubstitutions", self.substitutions()),
            ("Role", self.role()),
            ("Logging", self.logging(true)),
            ("Tracing", map([("Enabled", true.into())])),
            ("Tags", tags::as_map(stack.options, Some(self.saga))),
        ]);
        resource("AWS::Serverless::StateMachine", [], map(properties))
    }

    /// A state machine of CloudFormation: SAM's has no key for its history.
    fn encrypted(&self, key: Yaml, why: Option<&HistoryKey>, stack: &Stack<'_>) -> Yaml {
        let encryption = map([
            ("Type", "CUSTOMER_MANAGED_KMS_KEY".into()),
            ("KmsKeyId", key),
            ("KmsDataKeyReusePeriodSeconds", DATA_KEY_REUSE.into()),
        ]);
        let mut properties = vec![("StateMachineType", "STANDARD".into())];
        properties.push(self.definition("DefinitionS3Location", stack));
        properties.extend([
            ("DefinitionSubstitutions", self.substitutions()),
            ("RoleArn", self.role()),
            ("LoggingConfiguration", self.logging(false)),
            ("TracingConfiguration", map([("Enabled", true.into())])),
            ("EncryptionConfiguration", encryption),
            ("Tags", tags::as_list(stack.options, Some(self.saga))),
        ]);
        let reason = why.map(|why| {
            (
                "Metadata",
                map([("HistoryKeyReason", Yaml::from(&why.reason))]),
            )
        });
        resource("AWS::StepFunctions::StateMachine", reason, map(properties))
    }

    fn definition(&self, file_property: &'static str, stack: &Stack<'_>) -> (&'static str, Yaml) {
        match stack.options.definitions {
            Definitions::Inline => (
                "Definition",
                Yaml::from(&self.machine.definition.to_value()),
            ),
            Definitions::Files => (file_property, file_name(self.saga).into()),
        }
    }

    fn substitutions(&self) -> Yaml {
        let substitutions = self.machine.uses.substitutions.iter();
        map(substitutions.map(|(name, (resource, property))| {
            (name, arn::property(*resource, *property, self.resources))
        }))
    }

    fn role(&self) -> Yaml {
        Yaml::attribute(&format!("{}Role", self.id), "Arn")
    }

    /// Everything is logged; the data only where none of it is sensitive.
    fn logging(&self, with_data: bool) -> Yaml {
        let log_group = Yaml::attribute(&format!("{}LogGroup", self.id), "Arn");
        let group = map([("LogGroupArn", log_group)]);
        let destination = map([("CloudWatchLogsLogGroup", group)]);
        map([
            ("Level", "ALL".into()),
            ("IncludeExecutionData", with_data.into()),
            ("Destinations", list([destination])),
        ])
    }
}

fn statements(uses: &Uses<'_>, resources: &Resources<'_>, key: Option<Yaml>) -> Vec<Yaml> {
    let used = uses.permissions.iter().map(|(resource, actions)| {
        let arn = arn::property(*resource, Property::Arn, resources);
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
    used.chain([logs, policy::trace(TRACING)])
        .chain(history)
        .collect()
}

/// The id of the statement about a resource.
fn sid(resource: Resource<'_>) -> String {
    match resource {
        Resource::Function(name) => format!("Use{}", logical_id::function(name)),
        Resource::Table(name) => format!("Use{}", logical_id::table(name)),
        Resource::Topic(name) => format!("Use{}", logical_id::topic(name)),
        Resource::Queue(name) => format!("Use{}", logical_id::queue(name)),
        Resource::ParkedQueue => format!("Use{}", logical_id::PARKED_QUEUE),
    }
}
