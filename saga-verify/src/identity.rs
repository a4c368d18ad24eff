//! What a call's arguments say of the saga, the step and the item.

use saga_asl::data::Data;
use saga_fence::mark;
use saga_fence::table::{PARTITION_KEY, SORT_KEY};

use crate::model::{Role, Task};
use crate::names::{self, Location};
use crate::scene::Scene;

/// `saga: {id, step, phase, item}` in a payload.
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) step: String,
    pub(crate) phase: String,
    /// The iterations, as in `[3]`; the names of the Map states before them do not count.
    pub(crate) item: String,
    /// Whether its handler has a fence.
    pub(crate) fenced: bool,
}

impl Identity {
    /// Reads it from `Payload` (`lambda:invoke`), from the arguments themselves (a function by its ARN), or
    /// from `Input` (a saga that is run as a step).
    pub(crate) fn of(arguments: &Data, role: Role) -> Option<Self> {
        let places = [arguments.get("Payload"), Some(arguments)];
        let mut places = places.into_iter().flatten();
        let Some(saga) = places.find_map(|place| place.get("saga")) else {
            return Self::handed_on(arguments, role);
        };
        Some(Self {
            id: text(saga, "id")?,
            step: text(saga, "step")?,
            phase: text(saga, "phase").unwrap_or_default(),
            item: iterations(&text(saga, "item").unwrap_or_default()),
            fenced: saga.get(mark::FENCE).is_some(),
        })
    }

    /// What a saga that does a step is told of it: `_saga: {id, step}` of its input, the step instance with the
    /// item's path.
    fn handed_on(arguments: &Data, role: Role) -> Option<Self> {
        let Role::Do(_) = role else {
            return None;
        };
        let saga = arguments.get("Input")?.get("_saga")?;
        let instance = text(saga, "step")?;
        let (step, item) = instance.split_once('/').unwrap_or((&instance, ""));
        Some(Self {
            id: text(saga, "id")?,
            step: step.to_owned(),
            phase: "do".to_owned(),
            item: iterations(item),
            fenced: false,
        })
    }

    /// The fence's key.
    pub(crate) fn key(&self) -> String {
        format!("{}/{}{}", self.id, self.step, self.item)
    }

    /// The keys of a call that says nothing about itself, the one that tells most first: the row that it
    /// writes, and what it would have to say.
    pub(crate) fn unsaid(
        scene: &Scene<'_>,
        task: &Task,
        location: &Location,
        arguments: &Data,
    ) -> Vec<String> {
        let step = crate::scene::step_of(scene.model, task.role);
        let step = step.map(|step| step.name.as_str()).unwrap_or_default();
        let copy = &task.copy;
        let row = row(task, arguments).map(|row| format!("{EXECUTION}/{step}{copy} of {row}"));
        let plain = format!("{EXECUTION}/{step}{copy}{}", item(scene, location));
        row.into_iter().chain([plain]).collect()
    }

    /// The step that it names, without the try of a savepoint (`Book#2`).
    pub(crate) fn step(&self) -> &str {
        self.step
            .split_once('#')
            .map_or(&self.step, |(step, _)| step)
    }
}

/// The key of the fence that a call seals.
pub(crate) fn sealed(arguments: &Data) -> Option<String> {
    let key = arguments.get("Key")?;
    let saga = text(key.get(PARTITION_KEY)?, "S")?;
    let instance = text(key.get(SORT_KEY)?, "S")?;
    Some(format!("{saga}/{}", without_maps(&instance)))
}

/// The row that a call of DynamoDB writes.
fn row(task: &Task, arguments: &Data) -> Option<String> {
    let key = arguments.get("Key").or(arguments.get("Item"))?;
    let attributes = task
        .row
        .iter()
        .map(|name| key.get(name).map(ToString::to_string));
    let attributes: Option<Vec<String>> = attributes.collect();
    let attributes = attributes.filter(|attributes| !attributes.is_empty())?;
    Some(format!(
        "{} {}",
        arguments.get("TableName")?,
        attributes.join(" ")
    ))
}

/// The ARN of every execution here.
pub(crate) const EXECUTION: &str =
    "arn:aws:states:us-east-1:123456789012:execution:StateMachine:execution";

/// Arguments without what differs from one attempt, or one state, to the next.
pub(crate) fn without_attempt(arguments: &Data) -> Data {
    let Data::Object(members) = arguments else {
        return arguments.clone();
    };
    let kept = members.iter().filter_map(|(name, value)| match &**name {
        name if mark::differs_between_attempts(name) => None,
        "Payload" | "saga" | "Input" | "Item" | "ExpressionAttributeValues" => {
            Some((name.clone(), without_attempt(value)))
        }
        _ => Some((name.clone(), value.clone())),
    });
    Data::object(kept)
}

/// The name of the execution that a call starts.
pub(crate) fn started_name(arguments: &Data) -> Option<&Data> {
    arguments.get("StateMachineArn")?;
    arguments.get("Name")
}

/// Arguments without that.
pub(crate) fn without_name(arguments: &Data) -> Data {
    match (started_name(arguments), arguments.as_object()) {
        (Some(_), Some(members)) => {
            let kept = members.iter().filter(|(name, _)| &***name != "Name");
            Data::object(kept.map(|(name, value)| (name.clone(), value.clone())))
        }
        _ => arguments.clone(),
    }
}

fn text(of: &Data, name: &str) -> Option<String> {
    of.get(name).and_then(Data::as_str).map(str::to_owned)
}

/// The iterations of a location.
pub(crate) fn item(scene: &Scene<'_>, location: &Location) -> String {
    names::item(location, |state| scene.is_map(state))
}

/// A fence's instance (`Reserve/Orders[3]`) without the names of the Map states: `Reserve[3]`.
pub(crate) fn without_maps(instance: &str) -> String {
    let (step, item) = instance.split_once('/').unwrap_or((instance, ""));
    format!("{step}{}", iterations(item))
}

/// `[…]`s of an item's path.
fn iterations(path: &str) -> String {
    let parts = path
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']'));
    parts.map(|(index, _)| format!("[{index}]")).collect()
}

/// Whether a text names a function: an ARN, a name, or what the template puts there (`${NameFunctionArn}`).
pub(crate) fn names_function(text: &str, function: &str) -> bool {
    if let Some(substituted) = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'))
    {
        let name: String = function
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let name = if name.ends_with("Function") {
            name
        } else {
            name + "Function"
        };
        return substituted == format!("{name}Arn");
    }
    text.split(':').any(|part| part == function)
}

#[cfg(test)]
mod tests {
    use super::{iterations, names_function, without_maps};

    #[test]
    fn a_function_is_named_in_three_ways() {
        for (text, function, expected) in [
            ("${ChargeFareFunctionArn}", "ChargeFare", true),
            ("${ChargeFunctionArn}", "ChargeFare", false),
            ("${ChargeFunctionArn}", "ChargeFunction", true),
            (
                "arn:aws:lambda:us-east-1:1:function:ChargeFare",
                "ChargeFare",
                true,
            ),
            (
                "arn:aws:lambda:us-east-1:1:function:ChargeFares:live",
                "ChargeFare",
                false,
            ),
            ("ChargeFare", "ChargeFare", true),
        ] {
            assert_eq!(
                names_function(text, function),
                expected,
                "{text} {function}"
            );
        }
    }

    #[test]
    fn an_item_is_its_iterations() {
        assert_eq!(iterations("ReserveItems[3]"), "[3]");
        assert_eq!(iterations("Orders[1]/Lines[12]"), "[1][12]");
        assert_eq!(iterations(""), "");
        assert_eq!(without_maps("Seat#2/Orders[1]/Lines[12]"), "Seat#2[1][12]");
        assert_eq!(without_maps("Pay"), "Pay");
    }
}
