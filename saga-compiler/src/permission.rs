//! What a state machine may do: noted where a state that needs it is written, so that the two can't
//! drift apart.

use std::collections::{BTreeMap, BTreeSet};

use saga_manifest::handler::Handler;
use saga_manifest::resource::{Queue, Table, Topic};
use saga_manifest::saga::Saga;

use crate::logical_id;

/// An IAM action, such as `sns:Publish`.
pub(crate) type Action = &'static str;

/// A resource that states use, in the order of the role's statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Resource<'m> {
    Function(&'m str),
    Table(&'m str),
    Topic(&'m str),
    Queue(&'m str),
    ParkedQueue,
    StateMachine(&'m str),
    /// The executions of a saga's state machine.
    Executions(&'m str),
    /// The rule by which Step Functions hears that an execution has ended.
    EndedExecutions,
    /// The table of the fences.
    Fences,
}

/// What of a resource a definition names: the value of a substitution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Arn,
    /// The ARN of the version of a function that the stack publishes.
    Version,
    /// The ARN of the alias that stands for a function's newest version.
    Alias,
    Name,
    Url,
}

/// What the states of a machine use.
#[derive(Debug, Default)]
pub(crate) struct Uses<'m> {
    /// The actions on each resource.
    pub(crate) permissions: BTreeMap<Resource<'m>, BTreeSet<Action>>,
    /// The names that stand between `${` and `}` in the definition.
    pub(crate) substitutions: BTreeMap<String, (Resource<'m>, Property)>,
    /// The handlers that undo something: their newest code is called.
    pub(crate) mendable: BTreeSet<&'m str>,
    /// The handlers whose effects go through a fence.
    pub(crate) fenced: BTreeSet<&'m str>,
}

impl<'m> Uses<'m> {
    /// Grants the invocation of a function; gives the text that stands for its ARN: of the version that is deployed
    /// with the definition, so that an execution keeps the code that it was started with. What undoes is called
    /// through an alias: a faulty compensation can be mended before a redrive calls it again.
    pub(crate) fn function(&mut self, handler: &'m Handler, undoes: bool) -> String {
        let resource = Resource::Function(&handler.name);
        let id = logical_id::function(&handler.name);
        let text = self.note(resource, "lambda:InvokeFunction", &id, Property::Version);
        if undoes {
            self.mendable.insert(&handler.name);
        }
        text
    }

    /// Notes that a handler's function goes through the stack's fences.
    pub(crate) fn fence(&mut self, handler: &'m Handler) {
        self.fenced.insert(&handler.name);
    }

    /// Grants an action on a table; gives the text that stands for its name.
    pub(crate) fn table(&mut self, table: &'m Table, action: Action) -> String {
        let id = logical_id::table(&table.name);
        self.note(Resource::Table(&table.name), action, &id, Property::Name)
    }

    /// Grants publishing to a topic; gives the text that stands for its ARN.
    pub(crate) fn topic(&mut self, topic: &'m Topic) -> String {
        let id = logical_id::topic(&topic.name);
        self.note(
            Resource::Topic(&topic.name),
            "sns:Publish",
            &id,
            Property::Arn,
        )
    }

    /// Grants sending to a queue; gives the text that stands for its URL.
    pub(crate) fn queue(&mut self, queue: &'m Queue) -> String {
        let id = logical_id::queue(&queue.name);
        self.note(
            Resource::Queue(&queue.name),
            "sqs:SendMessage",
            &id,
            Property::Url,
        )
    }

    /// Grants running a saga to its end; gives the text that stands for its state machine's ARN
    /// (developer guide, IAM policies for calling Step Functions: nested executions).
    pub(crate) fn state_machine(&mut self, saga: &'m Saga) -> String {
        let name = saga.name.as_str();
        for action in ["states:DescribeExecution", "states:StopExecution"] {
            self.allow(Resource::Executions(name), action);
        }
        for action in ["events:DescribeRule", "events:PutRule", "events:PutTargets"] {
            self.allow(Resource::EndedExecutions, action);
        }
        let id = logical_id::state_machine(name);
        self.note(
            Resource::StateMachine(name),
            "states:StartExecution",
            &id,
            Property::Arn,
        )
    }

    /// Grants sealing a fence; gives the text that stands for their table's name.
    pub(crate) fn fences(&mut self) -> String {
        let id = saga_fence::table::NAME;
        self.note(Resource::Fences, "dynamodb:UpdateItem", id, Property::Name)
    }

    /// Grants sending parking messages; gives the text that stands for the queue's URL.
    pub(crate) fn parked_queue(&mut self) -> String {
        let id = logical_id::PARKED_QUEUE;
        self.note(Resource::ParkedQueue, "sqs:SendMessage", id, Property::Url)
    }

    /// Whether a state sends parking messages.
    pub(crate) fn parks(&self) -> bool {
        self.permissions.contains_key(&Resource::ParkedQueue)
    }

    /// What each substitution stands for.
    pub(crate) fn substituted(&self) -> impl Iterator<Item = (&String, Resource<'m>, Property)> {
        self.substitutions
            .iter()
            .map(|(name, (resource, property))| {
                let property = match resource {
                    Resource::Function(handler) if self.mendable.contains(handler) => {
                        Property::Alias
                    }
                    _ => *property,
                };
                (name, *resource, property)
            })
    }

    fn allow(&mut self, resource: Resource<'m>, action: Action) {
        self.permissions.entry(resource).or_default().insert(action);
    }

    fn note(
        &mut self,
        resource: Resource<'m>,
        action: Action,
        id: &str,
        property: Property,
    ) -> String {
        self.allow(resource, action);
        let suffix = match property {
            Property::Arn | Property::Version | Property::Alias => "Arn",
            Property::Name => "Name",
            Property::Url => "Url",
        };
        let name = format!("{id}{suffix}");
        let text = format!("${{{name}}}");
        self.substitutions.insert(name, (resource, property));
        text
    }
}
