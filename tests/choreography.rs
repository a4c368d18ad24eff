//! `examples/order-choreography` by events: its real bootstrap, a process a function; the rules, routes and authorizers of its template;
//! the embedded tables, with a stream; a bus that delivers each event twice. A table of stories, and what each is to leave.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "shared with the runtime's own suite")]
#[path = "tools/ask.rs"]
mod ask;
#[path = "../saga-compiler/tests/choreography/both.rs"]
mod both;
#[path = "tools/build.rs"]
mod build;
#[path = "../saga-lambda/tests/bootstrap/cloud.rs"]
mod cloud;
#[path = "choreography/gateway.rs"]
mod gateway;
#[allow(dead_code, reason = "shared by suites that each use a part")]
#[path = "../saga-lambda/tests/lambda/mod.rs"]
mod lambda;
#[path = "choreography/rules.rs"]
mod rules;
#[path = "choreography/same.rs"]
mod same;
#[path = "../saga-lambda/tests/bootstrap/server.rs"]
mod server;
#[path = "choreography/stage.rs"]
mod stage;

use std::collections::BTreeSet;
use std::time::SystemTime;

use saga_lambda::token::Tokens;
use serde_json::{Value, json};

use stage::{KEY, Stage};

/// An order, and what is to come of it.
struct Story {
    name: &'static str,
    /// The event to try, in the example's `events/`.
    file: &'static str,
    status: &'static str,
    /// What was told, in order: detail types.
    told: &'static [&'static str],
    /// How many are left of the five in stock.
    stock: u32,
    /// Whether the order and the payment stand.
    stands: bool,
}

const NOTHING_TAKEN: [&str; 5] = [
    "OrderPlacementStarted",
    "CreateOrder",
    "UpdateInventoryFailed",
    "CancelOrder",
    "OrderPlacementCompensated",
];

const STORIES: [Story; 4] = [
    Story {
        name: "goods are ordered and paid",
        file: "completed",
        status: "completed",
        told: &[
            "OrderPlacementStarted",
            "CreateOrder",
            "UpdateInventory",
            "OrderPlacementCompleted",
        ],
        stock: 3,
        stands: true,
    },
    Story {
        name: "a refused card puts the goods back and deletes the order",
        file: "card-refused",
        status: "compensated",
        told: &[
            "OrderPlacementStarted",
            "CreateOrder",
            "UpdateInventory",
            "PaymentCancellation",
            "RevertInventory",
            "CancelOrder",
            "OrderPlacementCompensated",
        ],
        stock: 5,
        stands: false,
    },
    Story {
        name: "stock does not go below zero",
        file: "out-of-stock",
        status: "compensated",
        told: &NOTHING_TAKEN,
        stock: 5,
        stands: false,
    },
    Story {
        name: "nobody has such a product",
        file: "unknown-product",
        status: "compensated",
        told: &NOTHING_TAKEN,
        stock: 5,
        stands: false,
    },
];

/// What a cancellation tells.
const CANCELLED: [&str; 5] = [
    "OrderCancellationStarted",
    "CancelOrder",
    "PaymentCancellation",
    "RevertInventory",
    "OrderCancellationCompleted",
];

/// A token of somebody, for an hour from now on.
fn token(name: &str, scope: &str) -> String {
    signed(json!({ "sub": name, "aud": "shop", "scope": scope, "exp": now() + 3_600 }))
}

fn signed(claims: Value) -> String {
    Tokens::new(KEY.as_bytes(), "shop").unwrap().sign(&claims)
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs()
}

/// The entry of an event to try, and what it asks for.
fn event(file: &str) -> (Value, Value) {
    let path = format!(
        "{}/../examples/order-choreography/events/{file}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let entries: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let entry = entries[0].clone();
    let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
    (entry, detail)
}

/// The body of a request for what an event asks for, at another time.
fn wish(detail: &Value, date: &str) -> Value {
    let mut wish = detail["data"].clone();
    wish["orderDate"] = date.into();
    wish.as_object_mut().unwrap().remove("orderId");
    wish
}

fn order(id: &str) -> Value {
    json!({
        "orderId": id,
        "userName": "ann",
        "orderDate": format!("2026-01-01T09:00:00.{id}Z"),
        "productId": "lamp",
        "quantity": 1,
        "cardToken": "tok_1",
    })
}

#[track_caller]
fn check(stage: &Stage, story: &Story, id: &str, told: &[String]) {
    let name = story.name;
    assert_eq!(told, story.told, "{name}");
    assert_eq!(stage.left("lamp"), u64::from(story.stock), "{name}");
    for table in ["Orders", "Payments"] {
        let mut rows = stage.rows(table).into_iter();
        let stands = rows.any(|row| row["orderId"] == id);
        assert_eq!(stands, story.stands, "{name}: {table}");
    }
}

#[tokio::test]
async fn every_event_to_try_ends_as_it_is_to() {
    let mut stage = Stage::set().await;
    for story in &STORIES {
        stage.stock("lamp", 5, 1_999);
        let told_before = stage.told().len();
        let (entry, detail) = event(story.file);
        stage.put(&entry).await;
        stage.run().await;
        let id = detail["id"].as_str().unwrap();
        let view = stage.view(&format!("OrderPlacement/{id}")).await;
        assert_eq!(view["status"], story.status, "{}: {view}", story.name);
        check(&stage, story, id, &stage.told()[told_before..]);
    }
    correlates(&stage);
}

#[test]
fn both_targets_come_to_the_same_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let executable = build::executable("order-choreography", "");
    let manifest = ask::manifest(&executable, folder.path());
    let (runs, deliveries) = same::check(&manifest);
    println!("{runs} runs, {deliveries} deliveries");
    assert!(runs > 150, "{runs}");
}

/// Runs the package's saga by events; gives the exit code and what was printed.
fn run(arguments: &[&str]) -> (i32, Value, String) {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/order-choreography/events"
    );
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_saga-cli"))
        .args([
            "run",
            "-p",
            "order-choreography",
            "--saga",
            "OrderPlacement",
            "--json",
        ])
        .args([
            "--target",
            "choreography",
            "--input",
            "order.json",
            "--rows",
            "stock.json",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let problem = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said, problem)
}

#[test]
fn the_command_line_runs_it_by_events() {
    for (arguments, code, outcome, stock) in [
        (&[][..], 0, "completed", 3),
        (&["--duplicate", "UpdateInventory"], 0, "completed", 3),
        // Its answer was lost, and its fence has it.
        (&["--timeout", "MakePayment"], 0, "completed", 3),
        (&["--crash", "MakePayment"], 0, "completed", 3),
        (&["--fail", "MakePayment=CardRefused"], 3, "compensated", 5),
        (
            &["--fail", "UpdateInventory=OutOfStock"],
            3,
            "compensated",
            5,
        ),
        (
            &[
                "--fail",
                "MakePayment=CardRefused",
                "--fail",
                "UndoUpdateInventory=DatabaseUnavailable",
            ],
            4,
            "parked",
            3,
        ),
    ] {
        let (exit, said, problem) = run(arguments);
        assert_eq!(exit, code, "{arguments:?}: {said} {problem}");
        assert_eq!(said["outcome"], outcome, "{arguments:?}");
        assert_eq!(said["view"]["status"], outcome, "{arguments:?}");
        assert_eq!(
            said["tables"]["Inventory"][0]["stock"], stock,
            "{arguments:?}"
        );
        let stands = said["tables"]["Payments"].as_array().unwrap().len();
        assert_eq!(stands, usize::from(code == 0), "{arguments:?}");
    }
    let (exit, _, problem) = run(&["--abort", "MakePayment"]);
    assert_eq!(exit, 2);
    assert!(problem.contains("a saga by events has none"), "{problem}");
}

/// Every event says of which saga it is, and after which event of the same saga it comes.
fn correlates(stage: &Stage) {
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    for detail in stage.details() {
        let text = |name: &str| detail[name].as_str().unwrap().to_owned();
        let (saga, cause) = (text("sagaid"), text("causationid"));
        let begins = !known.iter().any(|(of, _)| *of == saga);
        let follows = known.contains(&(saga.clone(), cause));
        // Several events of one write have one cause: that of the saga's first ones is the request.
        let first = text("id").starts_with(&format!("{saga}/1."));
        assert!(begins || follows || first, "{detail}");
        known.insert((saga, text("id")));
    }
}

#[tokio::test]
async fn every_story_is_the_same_over_http_and_a_placed_order_can_be_cancelled() {
    let mut stage = Stage::set().await;
    let ann = token("ann", "");
    let nobody = Value::Null;
    for (story, second) in STORIES.iter().zip(10_u32..) {
        let name = story.name;
        stage.stock("lamp", 5, 1_999);
        let told_before = stage.told().len();
        let date = format!("2026-02-01T09:00:{second}Z");
        let wish = wish(&event(story.file).1, &date);
        // Twice, as clients do that hear no answer.
        let (status, headers, placed) = stage.send(("POST", "/order"), &ann, &wish).await;
        assert_eq!(status, 202, "{name}: {placed}");
        assert_eq!(stage.send(("POST", "/order"), &ann, &wish).await.2, placed);
        let address = headers["Location"].as_str().unwrap();
        let look = async |stage: &Stage| stage.send(("GET", address), &ann, &nobody).await;
        assert_eq!(look(&stage).await.2["placement"], "running", "{name}");
        let cancel = format!("/order/ann?orderDate={date}");
        let early = stage.send(("DELETE", &cancel), &ann, &nobody).await.0;
        assert_eq!(early, 404, "{name}: no order before its first step");
        stage.run().await;
        let (status, _, told) = look(&stage).await;
        assert_eq!(
            (status, &told["placement"]),
            (200, &json!(story.status)),
            "{name}"
        );
        let id = placed["orderId"].as_str().unwrap();
        check(&stage, story, id, &stage.told()[told_before..]);

        let told_before = stage.told().len();
        let (status, headers, _) = stage.send(("DELETE", &cancel), &ann, &nobody).await;
        assert_eq!(status, if story.stands { 202 } else { 404 }, "{name}");
        if story.stands {
            assert_eq!(headers["Location"], address);
            let again = stage.send(("DELETE", &cancel), &ann, &nobody).await.0;
            assert_eq!(again, 202, "{name}: it is the same cancellation");
            stage.run().await;
            assert_eq!(look(&stage).await.2["cancellation"], "completed");
            assert_eq!(stage.told()[told_before..], CANCELLED);
        }
        assert_eq!(stage.left("lamp"), 5, "{name}");
        for table in ["Orders", "Payments", "Holds"] {
            assert_eq!(stage.rows(table), Vec::<Value>::new(), "{name}: {table}");
        }
    }
    correlates(&stage);
}

#[tokio::test]
async fn a_payment_is_given_back_with_its_order_and_not_while_that_is_placed() {
    let mut stage = Stage::set().await;
    let ann = token("ann", "");
    stage.stock("lamp", 5, 1_999);
    stage.request("1", &order("1")).await;
    stage.run().await;
    let target = ("DELETE", "/payment/ann?orderId=1");
    assert_eq!(
        stage.send(target, &token("bob", ""), &Value::Null).await.0,
        403
    );
    assert_eq!(stage.send(target, &ann, &Value::Null).await.0, 202);
    // The same order, from the other service: one cancellation.
    let order = "/order/ann?orderDate=2026-01-01T09:00:00.1Z";
    assert_eq!(
        stage.send(("DELETE", order), &ann, &Value::Null).await.0,
        202
    );
    stage.run().await;
    assert_eq!(stage.left("lamp"), 5);
    assert_eq!(stage.send(target, &ann, &Value::Null).await.0, 404);
    assert_eq!(stage.rows("Orders"), Vec::<Value>::new());
}

#[tokio::test]
async fn an_order_that_is_being_placed_is_not_cancelled() {
    let mut stage = Stage::set().await;
    let ann = token("ann", "");
    stage.stock("lamp", 5, 1_999);
    stage.request("1", &order("1")).await;
    stage.step().await;
    assert_eq!(stage.rows("Orders").len(), 1);
    let target = ("DELETE", "/order/ann?orderDate=2026-01-01T09:00:00.1Z");
    assert_eq!(stage.send(target, &ann, &Value::Null).await.0, 409);
    stage.run().await;
    assert_eq!(stage.send(target, &ann, &Value::Null).await.0, 202);
}

#[tokio::test]
async fn only_true_tokens_come_in_and_only_to_what_they_allow() {
    let stage = Stage::set().await;
    let valid = json!({ "sub": "ann", "aud": "shop", "scope": "", "exp": now() + 3_600 });
    let but = |name: &str, value: Value| {
        let mut claims = valid.clone();
        claims[name] = value;
        signed(claims)
    };
    let true_token = signed(valid.clone());
    let (head, signature) = true_token.rsplit_once('.').unwrap();
    let other = Tokens::new(b"another key, of thirty-two bytes", "shop").unwrap();
    for (token, why) in [
        (but("exp", json!(now() - 60)), "expired"),
        (but("aud", json!("bank")), "of another audience"),
        (other.sign(&valid), "of another key"),
        (format!("{head}.{}", signature.to_uppercase()), "forged"),
        (
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4iLCJhdWQiOiJzaG9wIiwiZXhwIjo5OTk5OTk5OTk5fQ."
                .into(),
            "unsigned",
        ),
        ("token".into(), "none"),
    ] {
        let status = stage
            .send(("GET", "/product"), &token, &Value::Null)
            .await
            .0;
        assert_eq!(status, 401, "{why}");
    }
    let (ann, staff) = (token("ann", ""), token("root", "staff"));
    let product = json!({ "id": "lamp", "stock": 5, "price": 1_999 });
    for (request, token, body, expected) in [
        (("GET", "/product"), &ann, &Value::Null, 200),
        (("GET", "/product/lamp"), &ann, &Value::Null, 404),
        (("POST", "/product"), &ann, &product, 403),
        (("POST", "/product"), &staff, &product, 201),
        (("POST", "/product"), &staff, &product, 409),
        (("GET", "/product/lamp"), &ann, &Value::Null, 200),
        (("PUT", "/product/lamp"), &ann, &product, 403),
        (("DELETE", "/product/lamp"), &ann, &Value::Null, 403),
        (("GET", "/order"), &ann, &Value::Null, 403),
        (("GET", "/order"), &staff, &Value::Null, 200),
        (("GET", "/order/ann"), &ann, &Value::Null, 200),
        (("GET", "/order/bob"), &ann, &Value::Null, 403),
        (("GET", "/payment"), &ann, &Value::Null, 403),
        (("GET", "/payment/ann?limit=0"), &ann, &Value::Null, 400),
        (("POST", "/payment"), &ann, &Value::Null, 403),
        // What is not there costs no token.
        (("GET", "/orders"), &ann, &Value::Null, 404),
        (("PUT", "/order"), &ann, &Value::Null, 405),
        (("POST", "/order/ann"), &ann, &Value::Null, 405),
    ] {
        let (status, headers, said) = stage.send(request, token, body).await;
        assert_eq!(status, expected, "{request:?}: {said}");
        if status == 405 {
            assert!(
                headers["method.response.header.Allow"].is_string(),
                "{headers}"
            );
        }
    }
}

#[tokio::test]
async fn the_last_goods_are_sold_once_and_each_order_has_a_payment_of_its_own() {
    let mut stage = Stage::set().await;
    stage.stock("lamp", 2, 1_999);
    for id in ["1", "2", "3"] {
        stage.request(id, &order(id)).await;
    }
    stage.run().await;
    let mut statuses = Vec::new();
    for id in ["1", "2", "3"] {
        let view = stage.view(&format!("OrderPlacement/{id}")).await;
        statuses.push(view["status"].as_str().unwrap().to_owned());
    }
    statuses.sort();
    assert_eq!(statuses, ["compensated", "completed", "completed"]);
    assert_eq!(stage.left("lamp"), 0);
    assert_eq!(stage.rows("Payments").len(), 2);
    assert_eq!(stage.rows("Orders").len(), 2);
}
