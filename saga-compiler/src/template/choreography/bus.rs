//! The bus, its archive, and the group of its schedules.

use saga_manifest::place::Place;

use super::super::stack::Stack;
use super::super::{deleted, output, policy, queue, resource, role, tags};
use crate::yaml::{Yaml, map};

/// The bus.
pub(super) const BUS: &str = "SagaBus";

/// The schedules of retries, deadlines and pauses.
pub(super) const SCHEDULES: &str = "SagaSchedules";

/// The role that they publish by.
pub(super) const SCHEDULE_ROLE: &str = "SagaSchedulesRole";

/// The queue for what they could not publish.
pub(super) const SCHEDULE_LETTERS: &str = "SagaSchedulesDeadLetters";

/// Days that events are kept for a replay: as long as the table can be restored from its backup.
const ARCHIVE_DAYS: u32 = 35;

pub(super) fn add(place: &Place, stack: &mut Stack<'_>) {
    let options = stack.options;
    let properties = map([
        ("Name", Yaml::substituted("${AWS::StackName}-sagas")),
        ("Tags", tags::as_list(options, None)),
    ]);
    let bus = resource("AWS::Events::EventBus", [], properties);
    stack.resource(BUS.to_owned(), bus, place);
    let properties = map([
        ("SourceArn", Yaml::attribute(BUS, "Arn")),
        ("RetentionDays", ARCHIVE_DAYS.into()),
        (
            "Description",
            "What was published, for a replay: an event that comes again does nothing twice."
                .into(),
        ),
    ]);
    let archive = resource("AWS::Events::Archive", deleted(), properties);
    stack.resource(format!("{BUS}Archive"), archive, place);
    let properties = map([("Tags", tags::as_list(options, None))]);
    let group = resource("AWS::Scheduler::ScheduleGroup", [], properties);
    stack.resource(SCHEDULES.to_owned(), group, place);
    let statements = vec![
        policy::allow("Publish", ["events:PutEvents"], Yaml::attribute(BUS, "Arn")),
        policy::allow(
            "GiveUp",
            ["sqs:SendMessage"],
            Yaml::attribute(SCHEDULE_LETTERS, "Arn"),
        ),
    ];
    let about = "Publishes retries, deadlines and ends of pauses when their time has come.";
    let granted = role::role("scheduler.amazonaws.com", about, statements, options, None);
    stack.resource(SCHEDULE_ROLE.to_owned(), granted, place);
    let about = "Schedules could not publish.";
    queue::add_dead_letters(SCHEDULE_LETTERS, about, Vec::new(), place, stack);
    for (name, about, value) in [
        ("Name", "Name of the sagas' bus.", Yaml::reference(BUS)),
        ("Arn", "ARN of the sagas' bus.", Yaml::attribute(BUS, "Arn")),
    ] {
        stack.output(format!("{BUS}{name}"), output::output(about, value));
    }
}
