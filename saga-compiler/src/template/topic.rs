//! SNS topics, and who may publish to them: whoever an IAM policy lets, over TLS.

use saga_manifest::resource::Topic;

use super::condition::{HAS_KEY, either};
use super::stack::Stack;
use super::{output, parameter, policy, refer, resource, tags};
use crate::logical_id;
use crate::yaml::{Yaml, list, map};

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
    let key = either(
        HAS_KEY,
        Yaml::reference(parameter::KEY),
        "alias/aws/sns".into(),
    );
    let properties = map([
        ("KmsMasterKeyId", key),
        ("Tags", tags::as_list(stack.options, None)),
    ]);
    stack.resource(
        id.clone(),
        resource("AWS::SNS::Topic", [], properties),
        &topic.place,
    );
    let arn = Yaml::reference(&id);
    let properties = map([
        ("Topics", list([arn.clone()])),
        (
            "PolicyDocument",
            policy::document(vec![policy::deny_without_tls(["sns:Publish"], arn)]),
        ),
    ]);
    stack.resource(
        format!("{id}Policy"),
        resource("AWS::SNS::TopicPolicy", [], properties),
        &topic.place,
    );
    let about = format!("ARN of the topic {}.", topic.name);
    stack.output(
        format!("{id}Arn"),
        output::output(&about, Yaml::reference(&id)),
    );
}
