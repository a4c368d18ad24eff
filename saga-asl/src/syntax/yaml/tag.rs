//! CloudFormation's short forms of intrinsic functions.

use std::borrow::Cow;

use super::super::{Member, Name, Node, Span, Syntax};

/// The long form of a tagged value; any other value as it is.
pub(super) fn long_form<'s>(tag: Option<(&str, Span)>, node: Node<'s>) -> Node<'s> {
    let Some((name, place)) = tag.and_then(|(tag, place)| Some((long_name(tag)?, place))) else {
        return node;
    };
    let span = place.to(node.span);
    let name = Name {
        text: Cow::Borrowed(name),
        span: place,
    };
    Node {
        syntax: Syntax::Object(vec![Member { name, value: node }]),
        span,
    }
}

/// The function of a short tag (CloudFormation user guide, "Intrinsic function reference").
fn long_name(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "Ref" => "Ref",
        "Condition" => "Condition",
        "Sub" => "Fn::Sub",
        "GetAtt" => "Fn::GetAtt",
        "Join" => "Fn::Join",
        "If" => "Fn::If",
        "ImportValue" => "Fn::ImportValue",
        "FindInMap" => "Fn::FindInMap",
        "Select" => "Fn::Select",
        "Split" => "Fn::Split",
        "Base64" => "Fn::Base64",
        "Cidr" => "Fn::Cidr",
        "GetAZs" => "Fn::GetAZs",
        "Transform" => "Fn::Transform",
        "Equals" => "Fn::Equals",
        "And" => "Fn::And",
        "Or" => "Fn::Or",
        "Not" => "Fn::Not",
        "Length" => "Fn::Length",
        "ToJsonString" => "Fn::ToJsonString",
        _ => return None,
    })
}
