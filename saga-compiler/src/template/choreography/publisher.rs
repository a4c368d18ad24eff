//! What publishes outboxes: a function behind the table's stream. The stream holds what was written, in order and for a day,
//! so that no event is lost between table and bus.

use saga_choreography::names::{
    BUS as BUS_VARIABLE, PUBLISHER, RECORD, SCHEDULE_DEAD_LETTERS,
    SCHEDULE_ROLE as SCHEDULE_ROLE_VARIABLE, SCHEDULES as SCHEDULES_VARIABLE,
};
use saga_fence::table::{NAME, SORT_KEY, VARIABLE};
use saga_manifest::place::Place;

use super::super::function::{self, Runtime};
use super::super::stack::Stack;
use super::super::{policy, queue, resource, review, tags};
use super::bus::{BUS, SCHEDULE_LETTERS, SCHEDULE_ROLE, SCHEDULES};
use crate::checked::Resources;
use crate::logical_id;
use crate::yaml::{Yaml, list, map};

const ABOUT: &str = "Publishes what records hold in their outboxes.";

/// The queue for what could not be published.
const LETTERS: &str = "SagaPublisherDeadLetters";

/// How often a batch is tried again: for about as long as the stream holds it.
const RETRIES: u32 = 10_000;

pub(super) fn add(place: &Place, resources: &Resources<'_>, stack: &mut Stack<'_>) {
    let publisher = super::own(PUBLISHER, ABOUT, place);
    let id = logical_id::function(PUBLISHER);
    let runtime = Runtime {
        variables: vec![
            (VARIABLE.to_owned(), Yaml::reference(NAME)),
            (BUS_VARIABLE.to_owned(), Yaml::attribute(BUS, "Arn")),
            (SCHEDULES_VARIABLE.to_owned(), Yaml::reference(SCHEDULES)),
            (
                SCHEDULE_ROLE_VARIABLE.to_owned(),
                Yaml::attribute(SCHEDULE_ROLE, "Arn"),
            ),
            (
                SCHEDULE_DEAD_LETTERS.to_owned(),
                Yaml::attribute(SCHEDULE_LETTERS, "Arn"),
            ),
        ],
        statements: statements(),
        properties: Vec::new(),
        letters: Some(review::READS_STREAM),
    };
    function::add(&publisher, resources, runtime, stack);
    let about = "Outboxes were not published for a day.";
    queue::add_dead_letters(LETTERS, about, Vec::new(), place, stack);
    stack.resource(format!("{id}Stream"), mapping(&id, stack), place);
}

fn statements() -> Vec<Yaml> {
    let schedules = "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule";
    let schedules = Yaml::substituted(format!("{schedules}/${{{SCHEDULES}}}/*"))
        .commented("a schedule's name is made when it is needed");
    let to = map([("iam:PassedToService", Yaml::from("scheduler.amazonaws.com"))]);
    let pass = policy::allow_if(
        "HandOverRole",
        ["iam:PassRole"],
        Yaml::attribute(SCHEDULE_ROLE, "Arn"),
        map([("StringEquals", to)]),
    );
    vec![
        policy::allow(
            "ReadStream",
            [
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
            ],
            Yaml::attribute(NAME, "StreamArn"),
        ),
        policy::allow(
            "ListStreams",
            ["dynamodb:ListStreams"],
            Yaml::from("*").commented("the action knows no resources"),
        ),
        policy::allow(
            "LetFencesExpire",
            ["dynamodb:Query", "dynamodb:UpdateItem"],
            Yaml::attribute(NAME, "Arn"),
        ),
        policy::allow("Publish", ["events:PutEvents"], Yaml::attribute(BUS, "Arn")),
        policy::allow("Schedule", ["scheduler:CreateSchedule"], schedules),
        pass,
        policy::allow(
            "GiveUp",
            ["sqs:SendMessage"],
            Yaml::attribute(LETTERS, "Arn"),
        ),
    ]
}

/// Only records are read from the stream: fences have nothing to publish. A batch that fails is halved, so that one record keeps no
/// others from being published.
fn mapping(function: &str, stack: &Stack<'_>) -> Yaml {
    let filter = format!(
        r#"{{"eventName":["INSERT","MODIFY"],"dynamodb":{{"Keys":{{"{SORT_KEY}":{{"S":["{RECORD}"]}}}}}}}}"#
    );
    let filters = list([map([("Pattern", Yaml::from(filter))])]);
    let destination = map([("Destination", Yaml::attribute(LETTERS, "Arn"))]);
    let properties = map([
        ("FunctionName", Yaml::reference(function)),
        ("EventSourceArn", Yaml::attribute(NAME, "StreamArn")),
        ("StartingPosition", "TRIM_HORIZON".into()),
        ("BatchSize", 100_u32.into()),
        ("BisectBatchOnFunctionError", true.into()),
        ("FunctionResponseTypes", list(["ReportBatchItemFailures"])),
        ("MaximumRetryAttempts", RETRIES.into()),
        ("ParallelizationFactor", 10_u32.into()),
        ("FilterCriteria", map([("Filters", filters)])),
        ("DestinationConfig", map([("OnFailure", destination)])),
        ("Tags", tags::as_list(stack.options, None)),
    ]);
    resource("AWS::Lambda::EventSourceMapping", [], properties)
}
