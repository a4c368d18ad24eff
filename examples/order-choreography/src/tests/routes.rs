//! The routes: statuses, addresses, pages, and whose is whose.

use saga_dsl::api::{Answer, Caller, Request};
use saga_local::testing::HandlerTest;
use serde_json::{Value, json};

use crate::api::{OrderApi, PaymentApi, ProductApi, order_id};
use crate::placement::OrderPlacement;
use crate::tokens::STAFF;

/// Somebody with a token.
pub struct Client<'t> {
    test: &'t HandlerTest,
    caller: Caller,
}

impl<'t> Client<'t> {
    pub fn staff(test: &'t HandlerTest) -> Self {
        let mut client = Self::customer(test, "root");
        client.caller.context.insert("scope".into(), STAFF.into());
        client
    }

    pub fn customer(test: &'t HandlerTest, name: &str) -> Self {
        let caller = Caller {
            subject: name.into(),
            ..Caller::default()
        };
        Self { test, caller }
    }

    /// A product, new in stock.
    pub async fn stocked(&self, id: &str, stock: u32) {
        let product = json!({ "id": id, "stock": stock, "price": 1_999 });
        assert_eq!(self.post("/product", &product).await.status, 201);
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let body = body.to_string().into_bytes();
        self.send("POST", path, "", |request| request.body = body)
            .await
    }

    pub async fn get(&self, path: &str, of: &str, query: &[(&str, &str)]) -> Answer {
        self.send("GET", path, of, |request| request.query = named(query))
            .await
    }

    pub async fn delete(&self, path: &str, of: &str) -> Answer {
        self.send("DELETE", path, of, |_| {}).await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        of: &str,
        change: impl FnOnce(&mut Request),
    ) -> Answer {
        let name = if path.contains("{id}") {
            "id"
        } else {
            "userName"
        };
        let mut request = Request {
            caller: self.caller.clone(),
            parameters: named(&[(name, of)]),
            ..Request::new(method, path)
        };
        change(&mut request);
        match path.split('/').nth(1) {
            Some("order") => self.test.request::<OrderApi>(request).await,
            Some("payment") => self.test.request::<PaymentApi>(request).await,
            _ => self.test.request::<ProductApi>(request).await,
        }
    }
}

fn named<'a, T: FromIterator<(String, String)>>(pairs: &[(&'a str, &'a str)]) -> T {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn wish(user: &str, date: &str) -> Value {
    json!({
        "userName": user, "orderDate": date, "productId": "lamp", "quantity": 2, "cardToken": "tok_1",
    })
}

const DATE: &str = "2026-01-01T09:00:00Z";

fn location(answer: &Answer) -> &str {
    let found = answer.headers.iter().find(|(name, _)| *name == "Location");
    found.map(|(_, value)| value.as_str()).unwrap()
}

fn body(answer: Answer) -> Value {
    answer.body.unwrap_or_default()
}

async fn test() -> HandlerTest {
    HandlerTest::of::<OrderPlacement>().await
}

#[tokio::test]
async fn an_order_is_accepted_once_for_its_date_or_its_key() {
    let test = test().await;
    let ann = Client::customer(&test, "ann");
    for _ in 0..2 {
        let answer = ann.post("/order", &wish("ann", DATE)).await;
        let id = order_id("ann", DATE);
        assert_eq!(answer.status, 202, "{answer:?}");
        assert_eq!(location(&answer), format!("/order/ann?orderId={id}"));
        let told = ann
            .get("/order/{userName}", "ann", &[("orderId", &id)])
            .await;
        let expected = json!({ "orderId": id, "placement": "running", "cancellation": null });
        assert_eq!((told.status, body(told)), (200, expected));
    }
    let mut other = wish("ann", DATE);
    other["quantity"] = 3.into();
    assert_eq!(ann.post("/order", &other).await.status, 409);
    let keyed = |key: &'static str| {
        let body = wish("ann", DATE).to_string().into_bytes();
        ann.send("POST", "/order", "", move |request| {
            request.body = body;
            request.headers = named(&[("idempotency-key", key)]);
        })
    };
    let (one, again, two) = (keyed("1").await, keyed("1").await, keyed("2").await);
    assert_eq!((one.status, two.status), (202, 202));
    assert_eq!(location(&one), location(&again));
    assert_ne!(location(&one), location(&two));
}

#[tokio::test]
async fn a_bad_order_is_told_which_field() {
    let test = test().await;
    let ann = Client::customer(&test, "ann");
    for (field, value) in [
        ("orderDate", json!("tomorrow")),
        ("orderDate", json!("2026-01-01T09:00:00")),
        ("orderDate", json!("2026-01-01T09:00:00.Z")),
        ("quantity", json!(0)),
        ("quantity", json!(-1)),
        ("quantity", json!("two")),
        ("productId", json!("")),
        ("productId", Value::Null),
        ("cardToken", json!("x".repeat(129))),
        ("colour", json!("red")),
    ] {
        let mut wish = wish("ann", DATE);
        wish[field] = value.clone();
        let answer = ann.post("/order", &wish).await;
        assert_eq!(answer.status, 400, "{field}: {value}");
        assert_eq!(body(answer)["field"], field, "{value}");
    }
    let mut short = wish("ann", DATE);
    short.as_object_mut().unwrap().remove("quantity");
    assert_eq!(body(ann.post("/order", &short).await)["field"], "quantity");
    let no_json = ann
        .send("POST", "/order", "", |request| request.body = b"{".to_vec())
        .await;
    assert_eq!(no_json.status, 400);
}

#[tokio::test]
async fn nobody_reads_or_cancels_what_is_anothers() {
    let test = test().await;
    let ann = Client::customer(&test, "ann");
    assert_eq!(ann.post("/order", &wish("bob", DATE)).await.status, 403);
    for (method, path) in [
        ("GET", "/order/{userName}"),
        ("DELETE", "/order/{userName}"),
        ("GET", "/payment/{userName}"),
        ("DELETE", "/payment/{userName}"),
    ] {
        let answer = ann.send(method, path, "bob", |_| {}).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    for (method, path) in [
        ("GET", "/order"),
        ("GET", "/payment"),
        ("POST", "/payment"),
        ("POST", "/product"),
        ("PUT", "/product/{id}"),
        ("DELETE", "/product/{id}"),
    ] {
        let answer = ann.send(method, path, "lamp", |_| {}).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    let of_bob = order_id("bob", DATE);
    let told = ann
        .get("/order/{userName}", "ann", &[("orderId", &of_bob)])
        .await;
    assert_eq!(told.status, 404);
}

#[tokio::test]
async fn no_method_falls_through_into_another() {
    let test = test().await;
    let staff = Client::staff(&test);
    for (method, path, allowed) in [
        ("PUT", "/order", "GET, POST"),
        ("POST", "/order/{userName}", "GET, DELETE"),
        ("POST", "/payment/{userName}", "GET, DELETE"),
        ("PATCH", "/product/{id}", "GET, PUT, DELETE"),
    ] {
        let answer = staff.send(method, path, "a", |_| {}).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.headers, [("Allow", allowed.to_owned())]);
    }
    assert_eq!(staff.get("/order/{a}/{b}", "a", &[]).await.status, 404);
}

#[tokio::test]
async fn a_product_is_added_read_set_and_withdrawn() {
    let test = test().await;
    let staff = Client::staff(&test);
    let lamp = json!({ "id": "lamp 1", "stock": 5, "price": 1_999 });
    let added = staff.post("/product", &lamp).await;
    assert_eq!((added.status, location(&added)), (201, "/product/lamp%201"));
    assert_eq!(staff.post("/product", &lamp).await.status, 409);
    let read = || staff.get("/product/{id}", "lamp 1", &[]);
    let expected = json!({ "id": "lamp 1", "stock": 5, "price": 1_999, "version": 1 });
    assert_eq!(body(read().await), expected);
    let set = |version: u32| {
        let body = json!({ "stock": 9, "price": 5, "version": version }).to_string();
        staff.send("PUT", "/product/{id}", "lamp 1", move |request| {
            request.body = body.into_bytes();
        })
    };
    assert_eq!(set(1).await.status, 200);
    assert_eq!(set(1).await.status, 409, "it has another version now");
    assert_eq!(body(read().await)["stock"], 9);
    let unsaid = staff.send("PUT", "/product/{id}", "lamp 1", |request| {
        request.body = br#"{"stock": 1, "price": 1}"#.to_vec();
    });
    assert_eq!(body(unsaid.await)["field"], "version");
    let withdraw = || staff.delete("/product/{id}", "lamp 1");
    assert_eq!(
        (withdraw().await.status, withdraw().await.status),
        (204, 404)
    );
    assert_eq!((read().await.status, set(3).await.status), (404, 404));
    assert_eq!(
        body(staff.get("/product", "", &[]).await)["items"],
        json!([])
    );
    let again = staff.post("/product", &lamp).await;
    assert_eq!((again.status, &body(again)["version"]), (201, &json!(4)));
}

/// The ids of all pages, by pages of two.
async fn pages(client: &Client<'_>, path: &str, of: &str, id: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("limit", "2")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let answer = client.get(path, of, &query).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let page = body(answer);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        ids.extend(
            items
                .iter()
                .map(|item| item[id].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn lists_come_in_pages_and_each_entry_once() {
    let test = test().await;
    let staff = Client::staff(&test);
    let names: Vec<String> = (0..5).map(|number| format!("p{number}")).collect();
    for name in &names {
        staff.stocked(name, 1).await;
        for user in ["ann", "bob"] {
            let payment = json!({
                "userName": user, "orderId": name, "orderDate": DATE, "amount": 7,
            });
            assert_eq!(staff.post("/payment", &payment).await.status, 201);
        }
    }
    let mut found = pages(&staff, "/product", "", "id").await;
    found.sort();
    assert_eq!(found, names);
    let ann = Client::customer(&test, "ann");
    assert_eq!(
        pages(&ann, "/payment/{userName}", "ann", "orderId").await,
        names
    );
    assert_eq!(pages(&staff, "/payment", "", "orderId").await.len(), 10);
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("cursor", "x"),
        ("cursor", "eyJhIjoxfQ"),
    ] {
        let answer = staff.get("/product", "", &[(name, value)]).await;
        assert_eq!(
            (answer.status, &body(answer)["field"]),
            (400, &json!(name)),
            "{value}"
        );
    }
}

#[tokio::test]
async fn a_cursor_of_another_user_shows_only_ones_own() {
    let test = test().await;
    let staff = Client::staff(&test);
    for (user, order) in [("ann", "1"), ("ann", "2"), ("bob", "1"), ("bob", "2")] {
        let payment = json!({ "userName": user, "orderId": order, "orderDate": DATE, "amount": 7 });
        staff.post("/payment", &payment).await;
    }
    let page = staff
        .get("/payment/{userName}", "bob", &[("limit", "1")])
        .await;
    let cursor = body(page)["next"].as_str().unwrap().to_owned();
    let ann = Client::customer(&test, "ann");
    let page = ann
        .get("/payment/{userName}", "ann", &[("cursor", &cursor)])
        .await;
    assert_eq!(body(page)["items"][0]["userName"], "ann");
}

#[tokio::test]
async fn a_payment_is_noted_once() {
    let test = test().await;
    let staff = Client::staff(&test);
    let payment = |amount: u32| json!({ "userName": "ann", "orderId": "1", "orderDate": DATE, "amount": amount });
    for _ in 0..2 {
        let noted = staff.post("/payment", &payment(7)).await;
        assert_eq!(
            (noted.status, location(&noted)),
            (201, "/payment/ann?orderId=1")
        );
    }
    assert_eq!(staff.post("/payment", &payment(8)).await.status, 409);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_cancelled() {
    let test = test().await;
    let ann = Client::customer(&test, "ann");
    for (path, name) in [
        ("/order/{userName}", "orderDate"),
        ("/payment/{userName}", "orderId"),
    ] {
        let unsaid = ann.delete(path, "ann").await;
        assert_eq!((unsaid.status, &body(unsaid)["field"]), (400, &json!(name)));
        let asked = |request: &mut Request| request.query = named(&[(name, DATE)]);
        assert_eq!(ann.send("DELETE", path, "ann", asked).await.status, 404);
    }
}
