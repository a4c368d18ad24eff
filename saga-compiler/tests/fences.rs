//! Fences of DynamoDB items.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::flow::Node;
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Attribute, Comparison, Condition, Shape, Task};
use serde_json::json;

use crate::machine::Machine;
use crate::manifest::{call, input, policy, retried, saga, settled, step, table, text, unknown};

fn attribute(name: &str, value: Expr) -> Attribute {
    Attribute {
        name: name.into(),
        shape: Shape::String,
        value,
    }
}

fn put(condition: Option<Condition>) -> Task {
    let item = vec![
        attribute("id", input("id")),
        attribute("status", text("new")),
    ];
    Task::DynamodbPut {
        table: "Orders".into(),
        item,
        condition,
    }
}

fn update(key: &str, condition: Option<Condition>) -> Task {
    Task::DynamodbUpdate {
        table: "Orders".into(),
        key: vec![attribute("id", input(key))],
        set: vec![attribute("status", text("failed"))],
        condition,
        basis: None,
    }
}

fn delete() -> Task {
    Task::DynamodbDelete {
        table: "Orders".into(),
        key: vec![attribute("id", input("id"))],
        condition: None,
    }
}

fn is_open() -> Condition {
    Condition::Compare {
        path: vec!["status".into()],
        operator: Comparison::Equal,
        shape: Shape::String,
        value: text("open"),
    }
}

fn put_undone_by(task: Task, undo: Task) -> Manifest {
    let errors = vec![
        settled("DynamoDB.ConditionalCheckFailedException"),
        retried(unknown("DynamoDB.InternalServerError"), 2),
    ];
    let kind = Kind::Compensatable {
        compensation: Box::new(Call {
            retry_others: Some(policy(3)),
            ..call(undo)
        }),
    };
    with_table(step(
        "Put",
        kind,
        Call {
            errors,
            ..call(task)
        },
    ))
}

/// A put that a delete undoes.
pub fn undone_by_a_delete() -> Manifest {
    put_undone_by(put(None), delete())
}

fn with_table(step: Step) -> Manifest {
    let mut manifest = saga(vec![step]);
    manifest.tables.push(table("Orders", "id"));
    manifest
}

#[track_caller]
fn check(manifest: &Manifest, state: &str, condition: Option<&str>) {
    let machine = Machine::of(manifest);
    let found = machine.state(state)["Arguments"].get("ConditionExpression");
    assert_eq!(found.and_then(|text| text.as_str()), condition, "{state}");
}

const DO: &str = "attribute_not_exists(#id) OR \
    (#saga_id = :saga_id AND #saga_at <= :saga_at AND \
    ((#saga_step = :saga_step AND attribute_not_exists(#saga_undone)) OR \
    (#saga_step <> :saga_step AND attribute_exists(#saga_undone))))";
const UNDO: &str = "attribute_not_exists(#id) OR \
    (#saga_id = :saga_id AND (#saga_step = :saga_step OR attribute_exists(#saga_undone)))";

#[test]
fn a_put_never_overwrites_another_sagas_item_nor_what_was_undone() {
    let manifest = put_undone_by(put(None), update("id", None));
    check(&manifest, "Put", Some(DO));
    let machine = Machine::of(&manifest);
    let item = &machine.state("Put")["Arguments"]["Item"];
    assert_eq!(
        item["saga_id"],
        json!({ "S": "{% $states.context.Execution.Id %}" })
    );
    assert_eq!(item["saga_step"], json!({ "S": "Put" }));
}

/// What an earlier try's undo has put back, perhaps late, is the saga's own, too.
#[test]
fn a_put_that_undoes_a_delete_overwrites_whatever_its_saga_has_put() {
    let back = "attribute_not_exists(#id) OR (#saga_id = :saga_id AND #saga_at <= :saga_at)";
    let manifest = put_undone_by(delete(), put(None));
    for state in ["UndoPut", "UndoPutParked"] {
        check(&manifest, state, Some(back));
    }
}

#[test]
fn an_undo_leaves_a_mark_that_refuses_a_late_do() {
    let manifest = put_undone_by(put(None), update("id", None));
    for state in ["UndoPut", "UndoPutParked"] {
        check(&manifest, state, Some(UNDO));
        let machine = Machine::of(&manifest);
        let arguments = &machine.state(state)["Arguments"];
        let set = "SET #status = :status, #saga_id = :saga_id, #saga_step = :saga_step, \
                   #saga_undone = :saga_undone, #saga_at = :saga_at";
        assert_eq!(arguments["UpdateExpression"], set);
        assert_eq!(
            arguments["ExpressionAttributeValues"][":saga_undone"],
            json!({ "BOOL": true })
        );
    }
}

#[test]
fn a_delete_that_undoes_a_put_leaves_the_mark_alone() {
    let manifest = undone_by_a_delete();
    check(&manifest, "UndoPut", Some(UNDO));
    let machine = Machine::of(&manifest);
    assert_eq!(
        machine.state("UndoPut")["Resource"],
        "arn:aws:states:::dynamodb:putItem"
    );
    let mark = json!({
        "id": { "S": "{% $states.context.Execution.Input.id %}" },
        "saga_id": { "S": "{% $states.context.Execution.Id %}" },
        "saga_step": { "S": "Put" },
        "saga_undone": { "BOOL": true },
        "saga_at": { "N": "{% $string($toMillis($states.context.State.EnteredTime)) %}" },
    });
    assert_eq!(machine.state("UndoPut")["Arguments"]["Item"], mark);
}

#[test]
fn an_undo_that_finds_another_sagas_item_has_nothing_to_undo() {
    let machine = Machine::of(&put_undone_by(put(None), update("id", None)));
    for state in ["UndoPut", "UndoPutParked"] {
        let next = machine.leads(state, "DynamoDB.ConditionalCheckFailedException");
        assert_eq!(next, Some("OrderFailed"), "{state}");
    }
    assert_eq!(machine.leads("UndoPutParked", "States.Timeout"), None);
}

/// The fence answers whether an earlier attempt has put the item: no need to ask how often it was tried.
#[test]
fn a_put_that_was_refused_did_not_happen_in_any_attempt() {
    let machine = Machine::of(&put_undone_by(put(None), update("id", None)));
    let refused = machine.leads("Put", "DynamoDB.ConditionalCheckFailedException");
    assert_eq!(refused, Some("OrderFailed"));
    assert!(!machine.states().contains_key("PutOutcome"));
}

#[test]
fn the_authors_condition_counts_where_the_saga_has_not_put_yet() {
    let manifest = put_undone_by(put(Some(is_open())), update("id", Some(is_open())));
    let done = "(attribute_not_exists(#id) AND (#status = :status)) OR \
                (#saga_id = :saga_id AND #saga_at <= :saga_at AND \
                ((#saga_step = :saga_step AND attribute_not_exists(#saga_undone)) OR \
                (#saga_step <> :saga_step AND attribute_exists(#saga_undone))))";
    check(&manifest, "Put", Some(done));
    let undone = "attribute_not_exists(#id) OR \
                  (#saga_id = :saga_id AND ((#saga_step = :saga_step AND (#status = :status2)) OR \
                  (#saga_step <> :saga_step AND attribute_exists(#saga_undone))))";
    check(&manifest, "UndoPut", Some(undone));
}

#[test]
fn an_undo_of_another_item_is_as_the_author_wrote_it() {
    let manifest = put_undone_by(put(None), update("other", None));
    check(&manifest, "UndoPut", None);
    let machine = Machine::of(&manifest);
    let park = machine.leads("UndoPut", "DynamoDB.ConditionalCheckFailedException");
    assert_eq!(park, Some("ParkPut"));
}

#[test]
fn an_update_that_is_no_undo_carries_the_authors_condition_only() {
    let parts = vec![
        Condition::Not(Box::new(is_open())),
        Condition::Exists(vec!["address".into(), "street".into()]),
    ];
    let condition = Condition::Any(vec![
        Condition::All(parts),
        Condition::NotExists(vec!["id".into()]),
    ]);
    let task = update("id", Some(condition));
    let manifest = with_table(step("Update", Kind::Pivot, call(task)));
    let text = "((NOT (#status = :status2)) AND (attribute_exists(#address.#street))) OR \
                (attribute_not_exists(#id))";
    check(&manifest, "Update", Some(text));
}

/// A put may be delivered again when its saga has written the item anew: what is later stays.
#[test]
fn what_a_saga_writes_after_its_put_is_not_overwritten_by_it() {
    let mut manifest = put_undone_by(put(None), update("id", None));
    let changed = call(update("id", None));
    let node = Node::Step(Box::new(step("Change", Kind::Pivot, changed)));
    manifest.sagas[0].body.nodes.push(node);
    let machine = Machine::of(&manifest);
    let entered = json!({ "N": "{% $string($toMillis($states.context.State.EnteredTime)) %}" });
    let written = &machine.state("Put")["Arguments"]["Item"]["saga_at"];
    let changed = &machine.state("Change")["Arguments"];
    assert_eq!(written, &entered);
    assert_eq!(
        changed["UpdateExpression"],
        "SET #status = :status, #saga_at = :saga_at"
    );
    assert_eq!(changed["ExpressionAttributeValues"][":saga_at"], entered);
    check(&manifest, "Change", None);
}

/// The undo's other errors are retried; this answer would be the same again.
#[test]
fn nothing_to_undo_is_not_asked_again() {
    let machine = Machine::of(&put_undone_by(put(None), update("id", None)));
    let retriers = machine.state("UndoPut")["Retry"].as_array().unwrap();
    let first = json!({
        "ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"],
        "MaxAttempts": 0,
    });
    assert_eq!(retriers[0], first);
    assert_eq!(retriers[1]["ErrorEquals"], json!(["States.ALL"]));
    assert_eq!(retriers.len(), 2);
}
