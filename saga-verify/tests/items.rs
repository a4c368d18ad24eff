//! Sagas of items whose isolation is stated.

use saga_manifest::Manifest;
use saga_manifest::expr::{Expr, Presence, Test};
use saga_manifest::flow::{Case, Choice, Node};
use saga_manifest::resource::Isolation;
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Attribute, AttributeShape, Basis, Shape, Task};

use crate::manifest::blocks::{abort, block, ending, node, of_nodes};
use crate::manifest::{call, input, known, line, pivot, read, retried, step, table};

/// DynamoDB's answer where a condition does not hold.
const REFUSED: &str = "DynamoDB.ConditionalCheckFailedException";

/// Its answer where it takes no more requests for now.
const THROTTLED: &str = "DynamoDB.ThrottlingException";

/// Takes the lock of an account, changes it under the lock, pays, and gives the lock back.
pub fn locked() -> Manifest {
    let lock = Task::DynamodbLock {
        table: "Accounts".into(),
        key: key(),
        creates: false,
        condition: None,
    };
    let release = || Task::DynamodbRelease {
        table: "Accounts".into(),
        key: key(),
        lock: "Lock".into(),
        creates: false,
    };
    let lock = Call {
        errors: vec![retried(known(REFUSED), 1), known(THROTTLED)],
        ..call(lock)
    };
    let under_lock = || update(Basis::Lock("Lock".into()));
    let change = Call {
        errors: vec![known(THROTTLED)],
        ..call(under_lock())
    };
    on(
        Isolation::Lock("heldBy".into()),
        vec![
            node(undone("Lock", lock, release())),
            node(undone("Change", change, under_lock())),
            node(pivot("Pay")),
            node(step("Release", Kind::Retriable, call(release()))),
        ],
    )
}

/// Reads an account with its version, changes it from that, and pays.
pub fn versioned() -> Manifest {
    let version = || read(Expr::Output("Read".into()), "version", Presence::Required);
    let from_version = || update(Basis::Version(version()));
    let change = Call {
        errors: vec![known(REFUSED), known(THROTTLED)],
        ..call(from_version())
    };
    on(
        Isolation::Version("version".into()),
        vec![
            node(step("Read", Kind::ReadOnly, call(get("version", None)))),
            node(undone("Change", change, from_version())),
            node(pivot("Pay")),
        ],
    )
}

/// Reads a price, reads it again, gives up where it is another, and pays.
pub fn reread() -> Manifest {
    let price = |step: &str| read(Expr::Output(step.into()), "price", Presence::Required);
    let again = call(get("price", Some("Read")));
    let same = Node::Choice(Choice {
        name: "IsItTheSame".into(),
        description: None,
        place: line(35),
        cases: vec![Case {
            when: Test::Same(price("Read"), price("ReadAgain")),
            then: block(vec![]),
        }],
        otherwise: ending(vec![], abort("GiveUp", "PriceChanged")),
    });
    on(
        Isolation::Reread,
        vec![
            node(step("Read", Kind::ReadOnly, call(get("price", None)))),
            node(step("ReadAgain", Kind::ReadOnly, again)),
            same,
            node(pivot("Pay")),
        ],
    )
}

/// A saga about the items of a table.
fn on(isolation: Isolation, nodes: Vec<Node>) -> Manifest {
    let mut manifest = of_nodes(nodes);
    let mut accounts = table("Accounts", "fareId");
    accounts.isolation = isolation;
    manifest.tables.push(accounts);
    manifest
}

fn key() -> Vec<Attribute> {
    vec![attribute("fareId")]
}

fn attribute(name: &str) -> Attribute {
    Attribute {
        name: name.into(),
        shape: Shape::String,
        value: input(name),
    }
}

fn update(basis: Basis) -> Task {
    Task::DynamodbUpdate {
        table: "Accounts".into(),
        key: key(),
        set: vec![attribute("customerId")],
        condition: None,
        basis: Some(basis),
    }
}

/// Reads a number of an account.
fn get(number: &str, again: Option<&str>) -> Task {
    Task::DynamodbGet {
        table: "Accounts".into(),
        key: key(),
        item: vec![AttributeShape {
            name: number.into(),
            shape: Shape::Number,
        }],
        again: again.map(str::to_owned),
    }
}

fn undone(name: &str, done: Call, by: Task) -> Step {
    let compensation = Call {
        retry_others: Some(crate::manifest::policy(3)),
        ..call(by)
    };
    let kind = Kind::Compensatable {
        compensation: Box::new(compensation),
    };
    step(name, kind, done)
}
