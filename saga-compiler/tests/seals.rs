//! What refuses a do that comes after its undo, where the undo leaves nothing in the fence: a seal before it.

use saga_manifest::Manifest;
use saga_manifest::step::Kind;
use serde_json::{Value, json};

use crate::machine::Machine;
use crate::manifest::blocks::{block, map, node, of_nodes};
use crate::manifest::{compensatable, input, pivot, saga};
use crate::template::Template;

/// Two steps before a pivot, of which one is undone by a handler without a fence.
fn half_fenced() -> Manifest {
    let steps = vec![compensatable("Book"), compensatable("Pay"), pivot("Send")];
    unfenced(saga(steps), "RevertBook")
}

fn unfenced(mut manifest: Manifest, name: &str) -> Manifest {
    let mut handlers = manifest.handlers.iter_mut();
    let handler = handlers.find(|handler| handler.name == name).unwrap();
    handler.unfenced = Some("naturally idempotent because it sets what it is given".into());
    manifest
}

#[test]
fn all_ways_to_such_an_undo_lead_through_the_seal() {
    let machine = Machine::of(&half_fenced());
    assert_eq!(machine.leads("Book", "States.ALL"), Some("SealBook"));
    assert_eq!(machine.state("UndoPay")["Next"], "SealBook");
    assert_eq!(machine.state("SealBook")["Next"], "UndoBook");
    assert_eq!(machine.leads("SealBook", "States.ALL"), Some("ParkBook"));
    // Where it is parked, too: nothing is undone that may yet be done.
    assert_eq!(machine.state("ParkBook")["Next"], "SealBookParked");
    assert_eq!(machine.state("SealBookParked")["Next"], "UndoBookParked");
    assert_eq!(machine.state("SealBookParked").get("Catch"), None);
    // The other one's undo leaves a tombstone.
    assert!(!machine.states().contains_key("SealPay"));
    let seals = machine.tasks().filter(|(name, _)| name.starts_with("Seal"));
    assert_eq!(seals.count(), 2);
}

#[test]
fn a_seal_waits_for_a_handler_at_work() {
    let machine = Machine::of(&half_fenced());
    let seal = machine.state("SealBook");
    assert_eq!(
        seal["Arguments"]["ConditionExpression"],
        "attribute_not_exists(#stage) OR #stage <> :begun OR #until <= :now"
    );
    let waits = &seal["Retry"][0];
    assert_eq!(
        waits["ErrorEquals"],
        json!(["DynamoDB.ConditionalCheckFailedException"])
    );
    // A function may run for ten seconds, and its task for 25: 2 + 4 + 8 + 16.
    assert_eq!(waits["MaxAttempts"], 4);
}

#[test]
fn a_seal_names_the_fence_as_the_step_does() {
    let item = block(vec![node(compensatable("Book"))]);
    let rooms = map("Rooms", input("rooms"), item);
    let manifest = of_nodes(vec![rooms, node(pivot("Send"))]);
    let manifest = unfenced(manifest, "RevertBook");
    let definition = Machine::of(&manifest);
    let undo = &definition.state("UndoRooms")["ItemProcessor"]["States"];
    let key = &undo["SealBook"]["Arguments"]["Key"];
    let told = &definition.state("Rooms")["ItemProcessor"]["States"]["Book"]["Arguments"];
    let saga = &told["Payload"]["saga"];
    assert_eq!(key["saga"], json!({ "S": saga["id"] }));
    let item = saga["item"].as_str().unwrap();
    let item = item.trim_start_matches("{% ").trim_end_matches(" %}");
    let instance = format!("{{% (\"Book\" & \"/\") & {item} %}}");
    assert_eq!(key["instance"], json!({ "S": instance }));
}

#[test]
fn only_a_machine_that_seals_may_write_fences() {
    let grants = |manifest: &Manifest| {
        let template = Template::of(manifest);
        let role = template.resource("OrderStateMachineRole").to_string();
        role.contains("FenceTable")
    };
    assert!(grants(&half_fenced()));
    assert!(!grants(&saga(vec![compensatable("Book"), pivot("Send")])));
}

#[test]
fn a_step_that_is_not_undone_has_no_seal() {
    let manifest = half_fenced();
    let kinds = manifest.sagas[0].body.all_steps();
    let pivot = kinds.iter().find(|step| step.kind == Kind::Pivot).unwrap();
    let machine = Machine::of(&manifest);
    let sealed: Option<&Value> = machine.states().get(&format!("Seal{}", pivot.name));
    assert_eq!(sealed, None);
}
