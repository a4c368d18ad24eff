//! System C, `examples/order-processing`: each prefix of its table with the real handlers, and what the public
//! hand-written version gets wrong. The same table with handlers in process is the example's own test.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use pretty_assertions::assert_eq;
use serde_json::Value;

use super::command::{Saga, root};
use super::template::{Template, referred};

fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| Template::of("order-processing"))
}

fn tasks() -> impl Iterator<Item = (&'static String, &'static Value)> {
    let states = template().states().iter();
    states.filter(|(_, state)| state["Type"] == "Task")
}

/// What an event's run comes to.
struct Expected {
    /// Exit code and outcome.
    end: (i32, &'static str),
    /// The error that it says it ended with, or that was undone.
    error: &'static str,
    /// The undo states that were entered.
    undone: &'static [&'static str],
    /// The order's status; none: there is no order.
    order: Option<&'static str>,
    /// Rows of payments and inventory.
    rows: (usize, usize),
    /// What was told of the order.
    told: &'static [&'static str],
}

const COMPLETED: Expected = Expected {
    end: (0, "completed"),
    error: "",
    undone: &[],
    order: Some("new"),
    rows: (1, 1),
    told: &["completed"],
};

const FAILED: Expected = Expected {
    end: (3, "compensated"),
    error: "",
    undone: &[],
    order: Some("pending"),
    rows: (0, 0),
    told: &["failed"],
};

const PARKED: Expected = Expected {
    end: (4, "parked"),
    order: Some("new"),
    told: &[],
    ..FAILED
};

fn table() -> BTreeMap<&'static str, Expected> {
    let undone = |error, undone, rows| Expected {
        error,
        undone,
        rows,
        ..FAILED
    };
    let parked = |error, undone, rows| Expected {
        error,
        undone,
        rows,
        ..PARKED
    };
    BTreeMap::from([
        ("completed", COMPLETED),
        (
            "order-fails",
            undone("ErrProcessOrder", &["UndoProcessOrder"], (0, 0)),
        ),
        (
            "status-update-fails",
            parked(
                "ErrUpdateOrderStatus",
                &["UndoProcessOrder", "UndoProcessOrderParked"],
                (0, 0),
            ),
        ),
        (
            "payment-fails",
            undone(
                "ErrProcessPayment",
                &["UndoProcessPayment", "UndoProcessOrder"],
                (2, 0),
            ),
        ),
        (
            "refund-fails",
            parked(
                "ErrProcessRefund",
                &["UndoProcessPayment", "UndoProcessPaymentParked"],
                (1, 0),
            ),
        ),
        (
            "reservation-fails",
            undone(
                "ErrReserveInventory",
                &[
                    "UndoReserveInventory",
                    "UndoProcessPayment",
                    "UndoProcessOrder",
                ],
                (2, 2),
            ),
        ),
        (
            "release-fails",
            parked(
                "ErrReleaseInventory",
                &["UndoReserveInventory", "UndoReserveInventoryParked"],
                (1, 1),
            ),
        ),
        (
            "invalid-order",
            Expected {
                order: None,
                ..undone("ErrInvalidOrder", &[], (0, 0))
            },
        ),
        (
            "payment-declined",
            undone("ErrPaymentDeclined", &["UndoProcessOrder"], (0, 0)),
        ),
        (
            "out-of-stock",
            undone(
                "ErrOutOfStock",
                &["UndoProcessPayment", "UndoProcessOrder"],
                (2, 0),
            ),
        ),
    ])
}

#[track_caller]
fn check(event: &str, expected: &Expected) {
    let input = format!("examples/order-processing/events/{event}.json");
    let ran = Saga::new(&format!(
        "run -p order-processing --json --history --input {input}"
    ))
    .run();
    assert_eq!(ran.code, Some(expected.end.0), "{event}: {}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["outcome"], expected.end.1, "{event}");
    let failure = format!("{} {}", report["error"], report["cause"]);
    assert!(failure.contains(expected.error), "{event}: {failure}");
    let events = report["events"].as_array().unwrap().iter();
    let entered = events.filter_map(|event| event["stateEnteredEventDetails"]["name"].as_str());
    let undone: Vec<_> = entered.filter(|name| name.starts_with("Undo")).collect();
    assert_eq!(undone, expected.undone, "{event}");
    let rows = |table: &str| report["tables"][table].as_array().unwrap();
    let order = rows("Orders").first();
    let status = order.map(|order| order["order_status"].as_str().unwrap());
    assert_eq!(status, expected.order, "{event}");
    let counted = (rows("Payments").len(), rows("Inventory").len());
    assert_eq!(counted, expected.rows, "{event}");
    let messages = |queue: &str| report["queues"][queue].as_array().unwrap().iter();
    let told: Vec<_> = messages("EndedOrders")
        .map(|message| message["body"]["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(told, expected.told, "{event}");
    let parked = usize::from(expected.end.1 == "parked");
    assert_eq!(messages("ParkedQueue").count(), parked, "{event}");
}

#[test]
fn each_event_ends_as_its_table_says() {
    let table = table();
    let events = fs::read_dir(root().join("examples/order-processing/events")).unwrap();
    let names = events.map(|event| event.unwrap().path());
    let names: BTreeSet<_> = names
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(names.iter().eq(table.keys()), "{names:?}");
    for (event, expected) in &table {
        check(event, expected);
    }
}

#[test]
fn no_function_may_commit_after_its_task_gave_up() {
    for (name, task) in tasks().filter(|(_, task)| task["Resource"].to_string().contains("lambda"))
    {
        let substitution = task["Arguments"]["FunctionName"].as_str().unwrap();
        let substitution = substitution.trim_start_matches("${").trim_end_matches('}');
        let substitutions = &template().machine()["DefinitionSubstitutions"];
        let function = referred(&substitutions[substitution]).unwrap();
        let runs = template().properties(&function)["Timeout"]
            .as_u64()
            .unwrap();
        assert!(
            task["TimeoutSeconds"].as_u64().unwrap() >= runs + 10,
            "{name}"
        );
    }
}

#[test]
fn every_error_is_caught_but_where_an_operator_is_waited_for() {
    for (name, task) in tasks().filter(|(name, _)| !name.ends_with("Parked")) {
        let last = task["Catch"].as_array().and_then(|all| all.last());
        let last = last.unwrap_or_else(|| panic!("{name} catches nothing"));
        assert_eq!(
            last["ErrorEquals"],
            serde_json::json!(["States.ALL"]),
            "{name}"
        );
    }
}

#[test]
fn no_timeout_ends_the_execution_in_the_middle_of_its_undo() {
    assert_eq!(
        template().machine()["Definition"].get("TimeoutSeconds"),
        None
    );
}

#[test]
fn a_failed_compensation_is_parked_with_an_alarm_and_then_the_unwind_goes_on() {
    let template = template();
    for (step, next) in [
        ("ReserveInventory", "UndoProcessPayment"),
        ("ProcessPayment", "UndoProcessOrder"),
        ("ProcessOrder", "NotifyFailure"),
    ] {
        let parked = format!("Undo{step}Parked");
        assert_eq!(template.state(&format!("Park{step}"))["Next"], parked);
        assert_eq!(template.state(&parked)["Next"], next);
        assert_eq!(template.state(&parked).get("Catch"), None);
    }
    let alarm = template.properties("ParkedQueueAlarm");
    let queue = &alarm["Dimensions"][0]["Value"];
    assert_eq!(referred(queue).as_deref(), Some("ParkedQueue"));
}

#[test]
fn a_notification_that_fails_changes_no_end() {
    let template = template();
    for (notification, end) in [
        ("NotifySuccess", "OrderProcessingSucceeded"),
        ("NotifyFailure", "OrderProcessingFailed"),
    ] {
        let catch = &template.state(notification)["Catch"];
        let owed = catch.as_array().unwrap().last().unwrap()["Next"].as_str();
        assert_eq!(template.state(owed.unwrap())["Next"], end, "{notification}");
    }
}

#[test]
fn a_handler_may_do_with_its_table_what_it_does_and_nothing_else() {
    let granted = |function: &str| -> BTreeSet<(String, String)> {
        let properties = template().properties(&format!("{function}Function"));
        let role = referred(&properties["Role"]).unwrap();
        let statements =
            &template().properties(&role)["Policies"][0]["PolicyDocument"]["Statement"];
        let statements = statements.as_array().unwrap().iter();
        statements
            .filter_map(|statement| Some((referred(&statement["Resource"])?, &statement["Action"])))
            .filter(|(resource, _)| resource.ends_with("Table"))
            .flat_map(|(resource, actions)| {
                let actions = actions.as_array().unwrap().iter();
                actions.map(move |action| (resource.clone(), action.as_str().unwrap().to_owned()))
            })
            .collect()
    };
    for (function, table, actions) in [
        ("ProcessOrder", "OrdersTable", &["PutItem"][..]),
        ("UpdateOrderStatus", "OrdersTable", &["UpdateItem"]),
        ("ProcessPayment", "PaymentsTable", &["PutItem"]),
        ("ProcessRefund", "PaymentsTable", &["GetItem", "PutItem"]),
        ("ReserveInventory", "InventoryTable", &["PutItem"]),
        (
            "ReleaseInventory",
            "InventoryTable",
            &["GetItem", "PutItem"],
        ),
    ] {
        let own = actions
            .iter()
            .map(|action| (table.to_owned(), format!("dynamodb:{action}")));
        let fence = ("FenceTable".to_owned(), "dynamodb:PutItem".to_owned());
        assert_eq!(
            granted(function),
            own.chain([fence]).collect(),
            "{function}"
        );
    }
}

#[test]
fn tables_have_the_keys_and_indexes_that_are_asked_for() {
    let keys = |schema: &Value| -> Vec<String> {
        let keys = schema.as_array().unwrap().iter();
        keys.map(|key| key["AttributeName"].as_str().unwrap().to_owned())
            .collect()
    };
    for (table, key, index) in [
        ("OrdersTable", "order_id", None),
        (
            "PaymentsTable",
            "transaction_id",
            Some(["order_id", "payment_type"]),
        ),
        (
            "InventoryTable",
            "transaction_id",
            Some(["order_id", "transaction_type"]),
        ),
    ] {
        let properties = template().properties(table);
        assert_eq!(keys(&properties["KeySchema"]), [key]);
        let indexes = properties["GlobalSecondaryIndexes"].as_array();
        let indexes: Vec<_> = indexes
            .into_iter()
            .flatten()
            .map(|index| keys(&index["KeySchema"]))
            .collect();
        let expected: Vec<Vec<String>> = index
            .iter()
            .map(|keys| keys.map(str::to_owned).to_vec())
            .collect();
        assert_eq!(indexes, expected, "{table}");
    }
}

#[test]
fn an_order_takes_no_more_transitions_than_the_hand_written_five() {
    let template = template();
    let first = template.machine()["Definition"]["StartAt"].as_str();
    let next = |state: &&str| template.state(state)["Next"].as_str();
    let path: Vec<_> = std::iter::successors(first, next).collect();
    let expected = [
        "ProcessOrder",
        "ProcessPayment",
        "ReserveInventory",
        "NotifySuccess",
        "OrderProcessingSucceeded",
    ];
    assert_eq!(path, expected);
}
