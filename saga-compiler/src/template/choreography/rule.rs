//! Rules: which events lead to which function. A rule names what its step can be asked for after, the saga, the step and the
//! direction, and so no other function wakes.

use std::collections::BTreeSet;

use saga_choreography::{Action, Choreography, Told};
use saga_manifest::flow::Node;
use saga_manifest::place::Place;

use super::super::stack::Stack;
use super::super::{resource, tags};
use super::bus::BUS;
use super::texts;
use crate::logical_id;
use crate::yaml::{Yaml, list, map};

/// Seconds for which the bus tries to hand an event over: a day, the most that EventBridge takes.
const LONGEST_TRY: u32 = 86_400;

/// How often it tries in that time, at most (EventBridge's limit).
const TRIES: u32 = 185;

/// The longest pattern, in characters (EventBridge quotas).
const LONGEST_PATTERN: usize = 2_048;

/// A rule.
pub(super) struct Rule {
    /// Its logical id.
    pub(super) id: String,
    saga: String,
    about: String,
    pattern: Yaml,
}

/// The rule of a step's do or undo.
pub(super) fn of_step(choreography: &Choreography, step: &str, undo: bool) -> Rule {
    let saga = &choreography.saga().name;
    let (causes, actions, verb) = match undo {
        false => (
            choreography.causes_of_do(step),
            [Action::Do, Action::CheckDo],
            "Do",
        ),
        true => (
            choreography.causes_of_undo(step),
            [Action::Undo, Action::CheckUndo],
            "Undo",
        ),
    };
    let detail = map([
        ("saga", texts([saga])),
        ("step", texts([step])),
        ("action", texts(actions.map(Action::name))),
    ]);
    Rule {
        id: logical_id::of(&format!("{saga}{verb}{step}"), "Rule"),
        saga: saga.clone(),
        about: format!(
            "{step} of {saga} is to be {}.",
            if undo { "undone" } else { "done" }
        ),
        pattern: pattern(choreography, &causes, detail),
    }
}

/// The rules that lead to where sagas begin, and go on after a pause.
pub(super) fn of_intake(choreography: &Choreography) -> Vec<Rule> {
    let saga = &choreography.saga().name;
    let (_, requested) = choreography.named(&Told::Requested);
    // Whoever asks for a saga has a source of its own.
    let mut rules = vec![Rule {
        id: logical_id::of(&format!("{saga}Requested"), "Rule"),
        saga: saga.clone(),
        about: format!("{saga} is asked for, or to go on."),
        pattern: map([("detail-type", texts([requested]))]),
    }];
    let nodes = choreography.saga().body.all_nodes().into_iter();
    let pauses = nodes.filter(|node| matches!(node, Node::Wait(_)));
    let pauses: BTreeSet<_> = pauses
        .map(|node| Told::Done(node.name().to_owned()))
        .collect();
    if !pauses.is_empty() {
        let detail = map([
            ("saga", texts([saga])),
            ("action", texts([Action::Resume.name()])),
        ]);
        rules.push(Rule {
            id: logical_id::of(&format!("{saga}Resume"), "Rule"),
            saga: saga.clone(),
            about: format!("A pause of {saga} is over."),
            pattern: pattern(choreography, &pauses, detail),
        });
    }
    rules
}

/// A pattern of these events. Where they are more than a pattern can name, the detail alone is narrow enough.
fn pattern(choreography: &Choreography, causes: &BTreeSet<Told>, detail: Yaml) -> Yaml {
    let named: Vec<_> = causes
        .iter()
        .map(|cause| choreography.named(cause))
        .collect();
    let sources: BTreeSet<_> = named.iter().map(|(source, _)| source).collect();
    let kinds: BTreeSet<_> = named.iter().map(|(_, kind)| kind).collect();
    let length: usize = kinds.iter().map(|kind| kind.len() + 3).sum();
    let kinds = (length < LONGEST_PATTERN / 2).then(|| ("detail-type", texts(kinds)));
    let source = [("source", texts(sources))];
    map(source.into_iter().chain(kinds).chain([("detail", detail)]))
}

/// Adds a rule, and lets it invoke its function.
pub(super) fn add(rule: Rule, function: &str, letters: &str, place: &Place, stack: &mut Stack<'_>) {
    let arn = Yaml::attribute(function, "Arn");
    let retries = map([
        ("MaximumEventAgeInSeconds", Yaml::from(LONGEST_TRY)),
        ("MaximumRetryAttempts", TRIES.into()),
    ]);
    let letters = map([("Arn", Yaml::attribute(letters, "Arn"))]);
    let target = map([
        ("Id", Yaml::from("Function")),
        ("Arn", arn.clone()),
        ("RetryPolicy", retries),
        ("DeadLetterConfig", letters),
    ]);
    let properties = map([
        ("Description", Yaml::from(rule.about)),
        ("EventBusName", Yaml::reference(BUS)),
        ("EventPattern", rule.pattern),
        ("State", "ENABLED".into()),
        ("Targets", list([target])),
        ("Tags", tags::as_list(stack.options, Some(&rule.saga))),
    ]);
    let own = resource("AWS::Events::Rule", [], properties);
    stack.resource(rule.id.clone(), own, place);
    let properties = map([
        ("Action", Yaml::from("lambda:InvokeFunction")),
        ("FunctionName", arn),
        ("Principal", "events.amazonaws.com".into()),
        ("SourceArn", Yaml::attribute(&rule.id, "Arn")),
    ]);
    let permission = resource("AWS::Lambda::Permission", [], properties);
    stack.resource(format!("{}Permission", rule.id), permission, place);
}
