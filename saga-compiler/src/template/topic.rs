//! SNS topics.

use saga_manifest::resource::Topic;

use super::stack::Stack;
use super::{output, refer, resource, tags};
use crate::logical_id;
use crate::yaml::{Yaml, map};

pub(super) fn add(topic: &Topic, stack: &mut Stack<'_>) {
    if !refer(
        &topic.origin,
        &format!("the topic {}", topic.name),
        &topic.place,
        stack,
    ) {
        return;
    }
    let id = logical_id::topic(&topic.name);
    let properties = map([
        ("KmsMasterKeyId", "alias/aws/sns".into()),
        ("Tags", tags::as_list(stack.options, None)),
    ]);
    stack.resource(
        id.clone(),
        resource("AWS::SNS::Topic", [], properties),
        &topic.place,
    );
    let about = format!("ARN of the topic {}.", topic.name);
    stack.output(
        format!("{id}Arn"),
        output::output(&about, Yaml::reference(&id)),
    );
}
