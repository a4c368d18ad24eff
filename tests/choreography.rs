//! `examples/order-choreography` by events: its real bootstrap, a process a function; the rules of its template; the embedded tables,
//! with a stream; a bus that delivers each event twice. A table of stories, and what each is to leave.

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
#[path = "tools/build.rs"]
mod build;
#[path = "../saga-lambda/tests/bootstrap/cloud.rs"]
mod cloud;
#[allow(dead_code, reason = "shared by suites that each use a part")]
#[path = "../saga-lambda/tests/lambda/mod.rs"]
mod lambda;
#[path = "choreography/rules.rs"]
mod rules;
#[path = "../saga-lambda/tests/bootstrap/server.rs"]
mod server;
#[path = "choreography/stage.rs"]
mod stage;

use serde_json::{Value, json};

use stage::Stage;

/// An order, and what is to come of it.
struct Story {
    name: &'static str,
    product: &'static str,
    quantity: u32,
    card: &'static str,
    status: &'static str,
    /// What was told, in order: detail types.
    told: &'static [&'static str],
    /// How many are left of the five in stock.
    stock: u32,
    /// Whether the order and the payment stand.
    stands: bool,
}

const STORIES: [Story; 4] = [
    Story {
        name: "goods are ordered and paid",
        product: "lamp",
        quantity: 2,
        card: "tok_1",
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
        product: "lamp",
        quantity: 2,
        card: "refused_1",
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
        product: "lamp",
        quantity: 6,
        card: "tok_1",
        status: "compensated",
        told: &[
            "OrderPlacementStarted",
            "CreateOrder",
            "UpdateInventoryFailed",
            "CancelOrder",
            "OrderPlacementCompensated",
        ],
        stock: 5,
        stands: false,
    },
    Story {
        name: "nobody has such a product",
        product: "chair",
        quantity: 1,
        card: "tok_1",
        status: "compensated",
        told: &[
            "OrderPlacementStarted",
            "CreateOrder",
            "UpdateInventoryFailed",
            "CancelOrder",
            "OrderPlacementCompensated",
        ],
        stock: 5,
        stands: false,
    },
];

fn order(id: &str, product: &str, quantity: u32, card: &str) -> Value {
    json!({
        "orderId": id,
        "userName": "ann",
        "orderDate": format!("2026-01-01T09:00:00.{id}Z"),
        "productId": product,
        "quantity": quantity,
        "cardToken": card,
    })
}

#[tokio::test]
async fn every_story_ends_as_it_is_to() {
    let mut stage = Stage::set().await;
    for (story, id) in STORIES.iter().zip(["1", "2", "3", "4"]) {
        let name = story.name;
        stage.stock("lamp", 5, 1_999);
        let told_before = stage.told().len();
        let input = order(id, story.product, story.quantity, story.card);
        stage.request(id, &input).await;
        stage.run().await;
        let view = stage.view(&format!("OrderPlacement/{id}")).await;
        assert_eq!(view["status"], story.status, "{name}: {view}");
        assert_eq!(stage.told()[told_before..], *story.told, "{name}");
        assert_eq!(stage.left("lamp"), u64::from(story.stock), "{name}");
        for table in ["Orders", "Payments"] {
            let mut rows = stage.rows(table).into_iter();
            let stands = rows.any(|row| row["orderId"] == id);
            assert_eq!(stands, story.stands, "{name}: {table}");
        }
    }
}

#[tokio::test]
async fn the_last_goods_are_sold_once_and_each_order_has_a_payment_of_its_own() {
    let mut stage = Stage::set().await;
    stage.stock("lamp", 2, 1_999);
    for id in ["1", "2", "3"] {
        stage.request(id, &order(id, "lamp", 1, "tok_1")).await;
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
