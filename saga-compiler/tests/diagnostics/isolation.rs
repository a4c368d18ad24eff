//! Locks that some way keeps, changes past a table's isolation, and reads that nobody repeats.

use saga_manifest::Manifest;
use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::{Block, Choice, End, Node, Savepoint};
use saga_manifest::resource::Isolation;
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Attribute, Basis, Direction, Shape, Task};

use super::check;
use crate::manifest::blocks::{abort, block, ending, parallel};
use crate::manifest::{call, compile, input, line, pivot, saga, step, table};

fn attribute(name: &str, value: Expr) -> Attribute {
    let shape = Shape::String;
    Attribute {
        name: name.into(),
        shape,
        value,
    }
}

fn key(of: &str) -> Vec<Attribute> {
    vec![attribute("id", input(of))]
}

fn lock() -> Task {
    Task::DynamodbLock {
        table: "Accounts".into(),
        key: key("id"),
        creates: false,
        condition: None,
    }
}

fn release(of: &str) -> Task {
    Task::DynamodbRelease {
        table: "Accounts".into(),
        key: key(of),
        lock: "Lock".into(),
        creates: false,
    }
}

fn update(of: &str, basis: Option<Basis>) -> Task {
    Task::DynamodbUpdate {
        table: "Accounts".into(),
        key: key(of),
        set: vec![attribute("status", input("status"))],
        condition: None,
        basis,
    }
}

fn under_lock(of: &str) -> Task {
    update(of, Some(Basis::Lock("Lock".into())))
}

fn from_version(of: &str) -> Task {
    update("id", Some(Basis::Version(input(of))))
}

fn change(direction: Direction, of: &str) -> Task {
    Task::DynamodbAdd {
        table: "Accounts".into(),
        key: key("id"),
        attribute: "points".into(),
        direction,
        amount: input(of),
        creates: false,
        bound: None,
        condition: None,
    }
}

fn get(of: &str, again: Option<&str>) -> Task {
    Task::DynamodbGet {
        table: "Accounts".into(),
        key: key(of),
        item: Vec::new(),
        again: again.map(str::to_owned),
    }
}

fn undone(task: Task, by: Task) -> (Kind, Task) {
    let compensation: Box<Call> = Box::new(call(by));
    (Kind::Compensatable { compensation }, task)
}

fn locked() -> (Kind, Task) {
    undone(lock(), release("id"))
}

/// Steps in the lines from 11 on.
fn steps<const N: usize>(steps: [(&str, (Kind, Task)); N]) -> Vec<Step> {
    let steps = steps.into_iter().zip(11..);
    let steps = steps.map(|((name, (kind, task)), place)| Step {
        place: line(place),
        ..step(name, kind, call(task))
    });
    steps.collect()
}

fn package(isolation: Isolation, steps: Vec<Step>) -> Manifest {
    let mut manifest = saga(steps);
    let mut accounts = table("Accounts", "id");
    accounts.isolation = isolation;
    manifest.tables.push(accounts);
    manifest
}

fn with_lock<const N: usize>(then: [(&str, (Kind, Task)); N]) -> Manifest {
    package(Isolation::Lock("holder".into()), steps(then))
}

#[test]
fn a_lock_that_is_given_back_everywhere() {
    compile(&with_lock([
        ("Lock", locked()),
        ("Change", undone(under_lock("id"), under_lock("id"))),
        ("Release", (Kind::Pivot, release("id"))),
    ]));
}

#[test]
fn a_lock_that_nobody_gives_back() {
    let manifest = with_lock([
        ("Lock", locked()),
        ("Change", undone(under_lock("id"), under_lock("id"))),
    ]);
    let message = "the lock of `Lock` is not given back where the saga is completed";
    check(
        &manifest,
        message,
        "saga.forward(lock.release())",
        &[11, 12],
    );
}

/// One way completes early, and forgets the lock.
#[test]
fn a_lock_that_an_early_completion_keeps() {
    let mut manifest = with_lock([
        ("Lock", locked()),
        ("Release", (Kind::Pivot, release("id"))),
    ]);
    let early = Block {
        nodes: vec![Node::Step(Box::new(Step {
            place: line(30),
            ..pivot("Pay")
        }))],
        end: End::Complete(input("id")),
    };
    manifest.handlers.push(crate::manifest::handler("Pay"));
    let choice = Node::Choice(Choice {
        name: "IsItPaid".into(),
        description: None,
        place: line(20),
        cases: vec![saga_manifest::flow::Case {
            when: Test::Present(input("paid")),
            then: early,
        }],
        otherwise: Block {
            nodes: Vec::new(),
            end: End::Continue(input("id")),
        },
    });
    manifest.sagas[0].body.nodes.insert(1, choice);
    let message = "the lock of `Lock` is not given back where the saga is completed";
    check(&manifest, message, "give it back on this way", &[11, 30]);
}

#[test]
fn a_lock_that_is_given_back_while_it_may_be_needed() {
    let manifest = with_lock([
        ("Lock", locked()),
        ("Release", (Kind::ReadOnly, release("id"))),
    ]);
    let message = "`Release` gives a lock back before the pivot";
    check(
        &manifest,
        message,
        "without its lock nothing can be undone",
        &[11, 12],
    );
}

#[test]
fn a_change_after_the_lock_is_given_back() {
    let manifest = with_lock([
        ("Lock", locked()),
        ("Release", (Kind::Pivot, release("id"))),
        ("Change", (Kind::Retriable, under_lock("id"))),
    ]);
    let message = "`Change` changes an item whose lock the saga may not hold there";
    check(&manifest, message, "give it back after it", &[11, 13]);
}

#[test]
fn a_change_of_another_item_than_the_locked_one() {
    let manifest = with_lock([
        ("Lock", locked()),
        ("Change", undone(under_lock("other"), under_lock("id"))),
        ("Release", (Kind::Pivot, release("id"))),
    ]);
    let message = "`Change` changes an item under a lock of another";
    check(
        &manifest,
        message,
        "change the item that is locked",
        &[11, 12],
    );
}

/// A branch that always fails ends the saga, and what is beside it runs nevertheless.
#[test]
fn a_change_of_another_item_beside_a_branch_that_gives_up() {
    let mut manifest = with_lock([
        ("Lock", locked()),
        ("Change", undone(under_lock("other"), under_lock("id"))),
        ("Release", (Kind::Pivot, release("id"))),
    ]);
    let change = manifest.sagas[0].body.nodes.remove(1);
    let gives_up = ending(Vec::new(), abort("GiveUp", "GivenUp"));
    let both = parallel("Both", vec![gives_up, block(vec![change])]);
    manifest.sagas[0].body.nodes.insert(1, both);
    let message = "`Change` changes an item under a lock of another";
    check(
        &manifest,
        message,
        "change the item that is locked",
        &[11, 12],
    );
}

#[test]
fn a_release_of_another_item() {
    let manifest = with_lock([
        ("Lock", locked()),
        ("Release", (Kind::Pivot, release("other"))),
    ]);
    let message = "`Release` gives back what `Lock` has not locked";
    check(
        &manifest,
        message,
        "give back the item that is locked",
        &[11, 12],
    );
}

#[test]
fn a_lock_that_is_undone_by_something_else() {
    let manifest = with_lock([
        ("Lock", undone(lock(), release("other"))),
        ("Release", (Kind::Pivot, release("id"))),
    ]);
    let message = "its compensation is not the release of it";
    check(&manifest, message, "saga.lock(…)", &[11]);
}

#[test]
fn a_lock_in_a_part_of_the_saga() {
    let mut manifest = with_lock([
        ("Lock", locked()),
        ("Release", (Kind::Pivot, release("id"))),
    ]);
    let nodes = vec![manifest.sagas[0].body.nodes.remove(0)];
    let savepoint = Node::Savepoint(Savepoint {
        name: "Twice".into(),
        description: None,
        place: line(20),
        tries: 2,
        interval_seconds: 0,
        block: Block {
            nodes,
            end: End::Continue(input("id")),
        },
    });
    manifest.sagas[0].body.nodes.insert(0, savepoint);
    check(
        &manifest,
        "`Lock` takes a lock in a savepoint",
        "take it before",
        &[11, 20],
    );
}

#[test]
fn changes_past_what_the_table_says() {
    let none = || Isolation::None("nobody else writes there".into());
    for (isolation, task) in [
        (Isolation::Lock("holder".into()), update("id", None)),
        (Isolation::Version("version".into()), update("id", None)),
        (Isolation::Commutative, update("id", None)),
        (Isolation::Reread, change(Direction::Add, "amount")),
        (none(), change(Direction::Add, "amount")),
        (none(), from_version("version")),
        (Isolation::Version("status".into()), from_version("version")),
    ] {
        let manifest = package(isolation, steps([("Change", (Kind::Pivot, task))]));
        let message = "`Change` changes an item of `Accounts` otherwise than its isolation says";
        check(&manifest, message, "", &[11, 100]);
    }
}

#[test]
fn a_change_whose_undo_is_not_its_inverse() {
    for undo in [
        change(Direction::Subtract, "amount"),
        change(Direction::Add, "other"),
    ] {
        let done = undone(change(Direction::Subtract, "amount"), undo);
        let manifest = package(Isolation::Commutative, steps([("Change", done)]));
        let message = "changes a number, and its compensation is not the inverse";
        check(&manifest, message, "undone_by_inverse()", &[11]);
    }
}

#[test]
fn a_change_whose_undo_is_from_another_version() {
    let done = undone(from_version("version"), from_version("other"));
    let manifest = package(
        Isolation::Version("version".into()),
        steps([("Change", done)]),
    );
    let message = "changes an item from a version, and its compensation is from another";
    check(&manifest, message, "name the version", &[11]);
}

fn rereading<const N: usize>(reads: [(&str, (Kind, Task)); N]) -> Manifest {
    package(Isolation::Reread, steps(reads))
}

#[test]
fn what_is_read_again_before_the_pivot() {
    let mut manifest = rereading([
        ("Read", (Kind::ReadOnly, get("id", None))),
        ("ReadAgain", (Kind::ReadOnly, get("id", Some("Read")))),
        ("Pay", (Kind::Pivot, update("id", None))),
        ("ReadLater", (Kind::ReadOnly, get("id", None))),
    ]);
    compile(&manifest);
    manifest.sagas[0].body.nodes.remove(1);
    let message = "what `Read` has read is not read again before it counts";
    check(&manifest, message, "saga.reread(…)", &[11, 13]);
    // Without a pivot it counts where the saga is completed.
    manifest.sagas[0].body.nodes.truncate(1);
    check(&manifest, message, "saga.reread(…)", &[11, 11]);
}

#[test]
fn what_is_read_again_is_the_same() {
    let manifest = rereading([
        ("Read", (Kind::ReadOnly, get("id", None))),
        ("ReadAgain", (Kind::ReadOnly, get("other", Some("Read")))),
    ]);
    let message = "`ReadAgain` reads another item than `Read`";
    check(&manifest, message, "read the same item", &[11, 12]);
}
