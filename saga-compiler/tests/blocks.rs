//! Parallels, choices, maps, savepoints and waits in the emitted definition.

use saga_manifest::Manifest;

use crate::machine::Machine;
use crate::manifest::blocks::{
    abort, block, choice, ending, map, node, of_nodes, parallel, savepoint, wait,
};
use crate::manifest::{compensatable, input, pivot, read_only, retriable};

/// A saga with a block of each kind.
pub fn of_each_kind() -> Manifest {
    of_nodes(vec![
        node(compensatable("Open")),
        parallel(
            "Travel",
            vec![
                block(vec![node(compensatable("Flight")), node(read_only("Seat"))]),
                block(vec![map(
                    "Rooms",
                    input("rooms"),
                    block(vec![node(compensatable("Room"))]),
                )]),
            ],
        ),
        choice(
            "Route",
            vec![
                block(vec![node(compensatable("Fast"))]),
                ending(
                    vec![node(compensatable("Slow"))],
                    abort("GiveUp", "TooSlow"),
                ),
                block(vec![]),
            ],
        ),
        savepoint("Again", 2, block(vec![node(compensatable("Try"))])),
        wait("Pause", 3),
        node(pivot("Pay")),
        node(retriable("Ship")),
    ])
}

/// Checks where each state leads when it succeeded, or by default.
#[track_caller]
fn check(machine: &Machine, routes: &[(&str, &str)]) {
    for (state, next) in routes {
        let of = machine.state(state);
        let leads = of["Next"].as_str().or(of["Default"].as_str());
        assert_eq!(leads, Some(*next), "{state}");
    }
}

#[test]
fn undo_is_one_chain_in_the_frame() {
    let machine = Machine::of(&of_each_kind());
    let chain = [
        ("UndoAgain", "UndoRouteCase2"),
        ("UndoTry", "UndoRouteCase2"),
        ("UndoTryTry2", "UndoAgain"),
        ("UndoRouteCase2", "UndoRouteCase1"),
        ("UndoSlow", "UndoRouteCase1"),
        ("UndoRouteCase1", "UndoTravelBranch2"),
        ("UndoTravelBranch2", "UndoTravelBranch1"),
        ("UndoRooms", "UndoTravelBranch1"),
        ("UndoTravelBranch1", "UndoOpen"),
        ("UndoFlight", "UndoOpen"),
        ("UndoOpen", "OrderFailed"),
    ];
    check(&machine, &chain);
}

#[test]
fn a_try_that_failed_is_undone_in_its_place_and_then_tried_again() {
    let machine = Machine::of(&of_each_kind());
    let leads = |state| machine.leads(state, "States.Timeout");
    assert_eq!(leads("Try"), Some("UndoTryForTry2"));
    let chain = [
        ("UndoTryForTry2", "AgainTry2Wait"),
        ("AgainTry2Wait", "TryTry2"),
        ("TryTry2", "Pause"),
    ];
    check(&machine, &chain);
    assert_eq!(leads("TryTry2"), Some("UndoTryTry2"));
    let payload = |state: &str| machine.state(state)["Arguments"]["Payload"]["saga"].clone();
    assert_eq!(payload("TryTry2")["step"], "Try#2");
    assert_eq!(payload("UndoTryForTry2")["step"], "Try");
}

#[test]
fn a_branch_and_an_item_settle_whatever_fails_in_them() {
    let machine = Machine::of(&of_each_kind());
    let branch = &machine.state("Travel")["Branches"][0]["States"];
    for catcher in branch["Flight"]["Catch"].as_array().unwrap() {
        assert_eq!(catcher["Next"], "SettleFlight");
    }
    assert_eq!(branch["SettleFlight"]["Output"]["undoFrom"], "UndoFlight");
    let map = &machine.state("Travel")["Branches"][1]["States"]["Rooms"];
    let item = &map["ItemProcessor"]["States"];
    assert_eq!(item["SettleRoom"]["Output"]["undoFrom"], "UndoRoom");
    let saga = &item["Room"]["Arguments"]["Payload"]["saga"];
    assert_eq!(saga["item"], "{% $roomsPath %}");
    let path = "{% \"Rooms[\" & $string($states.input.index) & \"]\" %}";
    assert_eq!(item["RoomsItem"]["Assign"]["roomsPath"], path);
}
