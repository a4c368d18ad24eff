//! What the functions of routes, and of who may use them, call: a request of each kind.

use std::sync::Arc;
use std::time::SystemTime;

use saga_lambda::token::Tokens;
use saga_local::lambda::{Answer, Functions};
use saga_local::services::Embedded;
use serde_json::{Value, json};

use crate::account::Account;
use crate::example::Example;
use crate::gateway::{Gateway, Way};

/// The key that tokens are signed with, where the example looks for it, and whom they are for.
const KEY: &str = "0123456789abcdef0123456789abcdef";
const KEY_NAME: &str = "/order-choreography/token-key";

/// Requests in an order in which each finds what it needs: method, target, body, and the status it is answered.
const REQUESTS: [(&str, &str, &str, u64); 17] = [
    ("GET", "/product", "", 200),
    (
        "POST",
        "/product",
        r#"{"id": "vase", "stock": 3, "price": 900}"#,
        201,
    ),
    (
        "POST",
        "/product",
        r#"{"id": "lamp", "stock": 3, "price": 900}"#,
        409,
    ),
    ("GET", "/product/lamp", "", 200),
    (
        "PUT",
        "/product/lamp",
        r#"{"stock": 7, "price": 1999, "version": 1}"#,
        200,
    ),
    ("DELETE", "/product/vase", "", 204),
    (
        "POST",
        "/order",
        r#"{"userName": "ann", "orderDate": "2026-01-01T09:00:00Z", "productId": "lamp", "quantity": 1, "cardToken": "tok_1"}"#,
        202,
    ),
    ("GET", "/order", "", 200),
    ("GET", "/order/ann", "", 200),
    ("GET", "/order/ann?orderId=18", "", 404),
    (
        "DELETE",
        "/order/ann?orderDate=2026-01-01T09:00:17Z",
        "",
        202,
    ),
    (
        "POST",
        "/payment",
        r#"{"userName": "ann", "orderId": "19", "orderDate": "2026-01-01T09:00:19Z", "amount": 5}"#,
        201,
    ),
    ("GET", "/payment", "", 200),
    ("GET", "/payment/ann", "", 200),
    ("DELETE", "/payment/ann?orderId=19", "", 202),
    ("DELETE", "/payment/ann?orderId=20", "", 404),
    ("GET", "/product/nothing", "", 404),
];

/// Sends them to the functions that the template's routes lead to, where it has routes.
pub async fn call(
    example: &Example,
    handlers: &Arc<Functions>,
    account: &Account,
    services: &Embedded,
) {
    if example.manifest.apis.is_empty() {
        return;
    }
    account.with(|noted| {
        let key = (KEY_NAME.to_owned(), KEY.to_owned());
        noted.cloud.parameters.extend([key]);
    });
    let order = json!({
        "userName": "ann", "orderDate": "2026-01-01T09:00:17Z", "orderId": "17", "productId": "lamp",
        "quantity": 2, "status": "placed", "placedBy": "saga",
    });
    services.put("Orders", order.as_object().unwrap()).unwrap();
    let gateway = Gateway::of(&example.yaml);
    for (method, target, body, status) in REQUESTS {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let Way::Asked {
            authorizer,
            question,
            function,
            mut event,
        } = gateway.way(method, target, &token(), &body)
        else {
            panic!("{method} {target} leads nowhere");
        };
        let policy = handlers.invoke(&authorizer, &question, Answer::Returned);
        let policy = policy.await.unwrap();
        let mut caller = policy["context"].as_object().unwrap().clone();
        caller.insert("principalId".into(), policy["principalId"].clone());
        event["requestContext"] = json!({ "authorizer": caller });
        let answer = handlers.invoke(&function, &event, Answer::Returned);
        let answer = answer.await.unwrap();
        assert_eq!(answer["statusCode"], status, "{method} {target}: {answer}");
    }
}

/// A token of staff, for an hour from now on.
fn token() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let expires = now.unwrap().as_secs() + 3_600;
    let claims = json!({ "sub": "ann", "aud": "shop", "scope": "staff", "exp": expires });
    Tokens::new(KEY.as_bytes(), "shop").unwrap().sign(&claims)
}
