//! What a template grants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An action, and the logical id of what it acts on; where that is none of the template's resources, the end of
/// its ARN, or `*`.
pub type Grant = (String, String);

/// By principal: the logical id of a role; of a service that a resource's policy lets in, its name and the
/// logical id of what it has to come from.
pub type Grants = BTreeMap<String, BTreeSet<Grant>>;

/// What is granted without a condition.
pub fn granted(template: &Value) -> Grants {
    let mut grants = Grants::new();
    for (id, role) in of_type(template, "AWS::IAM::Role") {
        assert!(
            role.get("ManagedPolicyArns").is_none(),
            "{id} has a managed policy"
        );
        let own = grants.entry(id.to_owned()).or_default();
        let policies = list(&role["Policies"]).into_iter();
        for policy in policies.filter(|policy| policy.get("Fn::If").is_none()) {
            for statement in list(&policy["PolicyDocument"]["Statement"]) {
                own.extend(of_statement(statement));
            }
        }
    }
    for kind in ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"] {
        for (_, policy) in of_type(template, kind) {
            let statements = list(&policy["PolicyDocument"]["Statement"]).into_iter();
            for statement in statements.filter(|statement| statement["Effect"] == "Allow") {
                let service = statement["Principal"]["Service"].as_str().unwrap();
                for source in list(&statement["Condition"]["ArnEquals"]["aws:SourceArn"]) {
                    let principal = from(service, &target(source));
                    let own = grants.entry(principal).or_default();
                    own.extend(of_statement(statement));
                }
            }
        }
    }
    grants
}

/// A service that acts for a resource.
pub fn from(service: &str, source: &str) -> String {
    format!("{service} for {source}")
}

/// The actions that are granted only where the stack is given something.
pub fn conditional(template: &Value) -> BTreeSet<String> {
    let roles = of_type(template, "AWS::IAM::Role");
    let policies = roles.flat_map(|(_, role)| list(&role["Policies"]));
    let chosen = policies.filter_map(|policy| policy.get("Fn::If"));
    let statements = chosen.flat_map(|chosen| list(&chosen[1]["PolicyDocument"]["Statement"]));
    let actions = statements.flat_map(|statement| list(&statement["Action"]));
    actions
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

/// Where the actions of the roles' statements are, as JSON Pointers.
pub fn places(template: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (id, role) in of_type(template, "AWS::IAM::Role") {
        for (policy, document) in list(&role["Policies"]).into_iter().enumerate() {
            let statements = &document["PolicyDocument"]["Statement"];
            let count = statements.as_array().map_or(0, Vec::len);
            let policy = format!("/Resources/{id}/Properties/Policies/{policy}");
            let of = |number| format!("{policy}/PolicyDocument/Statement/{number}/Action");
            found.extend((0..count).map(of));
        }
    }
    found
}

/// What one has and the other has not, in words.
pub fn differences(granted: &Grants, used: &Grants) -> Vec<String> {
    let none = BTreeSet::new();
    let principals: BTreeSet<&String> = granted.keys().chain(used.keys()).collect();
    let mut found = Vec::new();
    for principal in principals {
        let granted = granted.get(principal).unwrap_or(&none);
        let used = used.get(principal).unwrap_or(&none);
        for (action, on) in used.difference(granted) {
            found.push(format!("{principal} lacks \"{action}\" on {on}"));
        }
        for (action, on) in granted.difference(used) {
            found.push(format!(
                "{principal} is granted {action} on {on}, and was never seen to use it"
            ));
        }
    }
    found
}

/// The properties of the resources of a type, by logical id.
pub fn of_type<'t>(template: &'t Value, of: &'t str) -> impl Iterator<Item = (&'t str, &'t Value)> {
    let resources = template["Resources"].as_object().unwrap().iter();
    resources
        .filter(move |(_, resource)| resource["Type"] == of)
        .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
}

/// A list, or the one that stands for a list of one.
pub fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().collect(),
        one => vec![one],
    }
}

/// The logical id that a value refers to, or is made of; the end of an ARN that is made of none.
pub fn target(value: &Value) -> String {
    if let Some(named) = value.get("Ref").or_else(|| value.get("Fn::GetAtt")) {
        let named = named.get(0).unwrap_or(named).as_str().unwrap();
        return named.split('.').next().unwrap().to_owned();
    }
    if let Some([text, names]) = value["Fn::Sub"].as_array().map(Vec::as_slice) {
        let text = text.as_str().unwrap();
        let name = inner(text).unwrap();
        let rest = text.rsplit('}').next().unwrap();
        return target(&names[name]) + rest;
    }
    let text = value.get("Fn::Sub").unwrap_or(value).as_str().unwrap();
    match inner(text) {
        Some(name) => name.split('.').next().unwrap().to_owned(),
        None => text.rsplit(':').next().unwrap().to_owned(),
    }
}

/// The first name in `${…}` that is the template's own.
pub fn inner(text: &str) -> Option<&str> {
    let names = text.split("${").skip(1);
    let mut names = names.filter_map(|rest| rest.split('}').next());
    names.find(|name| !name.starts_with("AWS::"))
}

fn of_statement(statement: &Value) -> BTreeSet<Grant> {
    assert_eq!(statement["Effect"], "Allow");
    let mut grants = BTreeSet::new();
    for action in list(&statement["Action"]) {
        let action = action.as_str().unwrap();
        assert!(!action.contains('*'), "{action} is granted");
        for resource in list(&statement["Resource"]) {
            grants.insert((action.to_owned(), target(resource)));
        }
    }
    grants
}
