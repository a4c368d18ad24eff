//! What the template calls a resource, whether the stack creates it or not.

use saga_manifest::resource::Origin;

use crate::checked::Resources;
use crate::logical_id;
use crate::permission::{Property, Resource};
use crate::yaml::{Yaml, list, map};

/// A property of a resource.
pub(super) fn property(
    resource: Resource<'_>,
    property: Property,
    resources: &Resources<'_>,
) -> Yaml {
    let created = Origin::Created;
    let (id, origin) = match resource {
        Resource::StateMachine(name) => return Yaml::reference(&logical_id::state_machine(name)),
        Resource::Executions(name) => return executions(name),
        Resource::EndedExecutions => return ended_executions(),
        Resource::Function(name) => (logical_id::function(name), &created),
        Resource::ParkedQueue => (logical_id::PARKED_QUEUE.to_owned(), &created),
        Resource::Fences => (saga_fence::table::NAME.to_owned(), &created),
        Resource::Table(name) => {
            let table = resources.tables.get(name);
            (
                logical_id::table(name),
                table.map_or(&created, |table| &table.origin),
            )
        }
        Resource::Topic(name) => {
            let topic = resources.topics.get(name);
            (
                logical_id::topic(name),
                topic.map_or(&created, |topic| &topic.origin),
            )
        }
        Resource::Queue(name) => {
            let queue = resources.queues.get(name);
            (
                logical_id::queue(name),
                queue.map_or(&created, |queue| &queue.origin),
            )
        }
    };
    match origin {
        Origin::Created => of_created(resource, &id, property),
        Origin::Parameter(name) => of_arn(Yaml::reference(name), property),
        Origin::Arn(arn) => of_arn(Yaml::from(arn), property),
    }
}

/// Every version of a function, and its alias: a redeployed role still serves executions that call an older one.
pub(super) fn versions(function: &str) -> Yaml {
    let id = logical_id::function(function);
    Yaml::substituted(format!("${{{id}.Arn}}:*"))
        .commented("executions in flight call the version that they were started with")
}

/// The executions of a state machine: their names are made as they are started.
fn executions(saga: &str) -> Yaml {
    let machine = logical_id::state_machine(saga);
    let arn = format!(
        "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:execution:${{{machine}.Name}}:*"
    );
    Yaml::substituted(arn).commented("an execution's name is made when it is started")
}

/// The rule that Step Functions keeps in the account for all waits for executions.
fn ended_executions() -> Yaml {
    let arn = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/\
               StepFunctionsGetEventsForStepFunctionsExecutionRule";
    Yaml::substituted(arn)
}

/// What `!Ref` gives differs by type: a table's name, a queue's URL, a topic's ARN.
fn of_created(resource: Resource<'_>, id: &str, property: Property) -> Yaml {
    match (property, resource) {
        (Property::Arn, Resource::Topic(_)) => Yaml::reference(id),
        (Property::Arn, _) => Yaml::attribute(id, "Arn"),
        (Property::Name | Property::Url, _) => Yaml::reference(id),
        // SAM's own names for what it publishes.
        (Property::Version, _) => Yaml::reference(&format!("{id}.Version")),
        (Property::Alias, _) => Yaml::reference(&format!("{id}.Alias")),
    }
}

/// A property from the ARN. DynamoDB takes a table's ARN as its name; a queue's URL is made of its
/// ARN's parts.
fn of_arn(arn: Yaml, property: Property) -> Yaml {
    match property {
        Property::Arn | Property::Name | Property::Version | Property::Alias => arn,
        Property::Url => {
            let part = |index: u32| {
                let parts = Yaml::Tagged("!Split", Box::new(list([Yaml::from(":"), arn.clone()])));
                Yaml::Tagged("!Select", Box::new(list([Yaml::from(index), parts])))
            };
            let parts = map([("Region", part(3)), ("Account", part(4)), ("Name", part(5))]);
            let text = Yaml::from("https://sqs.${Region}.${AWS::URLSuffix}/${Account}/${Name}");
            Yaml::Tagged("!Sub", Box::new(list([text, parts])))
        }
    }
}
