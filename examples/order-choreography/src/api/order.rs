//! The routes of the order service.

use saga_dsl::api::{Answer, Api, Refusal, Request, SagaApi};
use saga_lambda::Page;
use saga_lambda::sagas::Begun;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Shop, acts_for, address, busy, needed, staff, text};
use crate::cancellation::{Cancellation, OrderCancellation};
use crate::placement::{OrderPlacement, OrderRequest};
use crate::resources::Orders;
use crate::tokens::ShopTokens;

/// Orders: placed, listed, taken back.
#[derive(SagaApi)]
#[api(
    app = Shop, authorizer = ShopTokens, rate = 50, burst = 100,
    uses(Orders(get, query, scan), OrderPlacement(start, view), OrderCancellation(start, view))
)]
pub enum OrderApi {
    /// All orders, a page of them.
    #[get("/order")]
    List,
    /// Places an order.
    #[post("/order")]
    Place,
    /// A user's orders, a page of them; with `orderId` what became of one.
    #[get("/order/{userName}")]
    Of {
        /// Whose.
        user_name: String,
    },
    /// Takes the order of a date back.
    #[delete("/order/{userName}")]
    Cancel {
        /// Whose.
        user_name: String,
    },
}

/// An order, as a client asks for it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wish {
    user_name: String,
    order_date: String,
    product_id: String,
    quantity: u32,
    card_token: String,
}

impl Api for OrderApi {
    async fn answer(self, request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
        match self {
            Self::List => {
                staff(request)?;
                let page = Page::of(request)?;
                Ok(Answer::ok(
                    &shop.database.scan::<Orders>(None, &page).await?,
                ))
            }
            Self::Place => place(request, shop).await,
            Self::Of { user_name } => {
                acts_for(&request.caller, &user_name)?;
                if let Some(id) = request.query.get("orderId") {
                    return told(&user_name, id, shop).await;
                }
                let page = Page::of(request)?;
                let of = ("userName", user_name.as_str());
                Ok(Answer::ok(&shop.database.query::<Orders>(of, &page).await?))
            }
            Self::Cancel { user_name } => {
                acts_for(&request.caller, &user_name)?;
                let order_date = needed(request, "orderDate")?.to_owned();
                let key: [(_, Value); 2] = [
                    ("userName", user_name.clone().into()),
                    ("orderDate", order_date.clone().into()),
                ];
                let found = shop.database.get::<Orders>(&key).await?;
                let order = found.ok_or_else(|| Refusal::not_found("there is no such order"))?;
                let order = Cancellation {
                    order_id: order.order_id,
                    user_name,
                    order_date,
                };
                shop.cancel(order).await
            }
        }
    }
}

/// Begins to place an order. The same request twice, by its `Idempotency-Key` or else the order's date, begins once.
async fn place(request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
    let wish: Wish = request.json()?;
    acts_for(&request.caller, &wish.user_name)?;
    text("userName", &wish.user_name)?;
    text("productId", &wish.product_id)?;
    text("cardToken", &wish.card_token)?;
    if !is_instant(&wish.order_date) {
        let message = "a time as RFC 3339 has it, in UTC: `2026-01-01T09:00:00Z`";
        return Err(Refusal::bad("orderDate", message));
    }
    if wish.quantity == 0 {
        return Err(Refusal::bad("quantity", "one at least"));
    }
    let key = request.header("idempotency-key");
    let id = order_id(&wish.user_name, key.unwrap_or(&wish.order_date));
    let at = address::of_order(&wish.user_name, &id);
    let order = OrderRequest {
        order_id: id.clone(),
        user_name: wish.user_name,
        order_date: wish.order_date,
        product_id: wish.product_id,
        quantity: wish.quantity,
        card_token: wish.card_token,
    };
    let begun = shop.sagas.begin::<OrderPlacement>(&id, &order).await;
    match begun.map_err(busy)? {
        Begun::Now | Begun::Before => Ok(Answer::accepted(at, &json!({ "orderId": id }))),
        Begun::Another => {
            let message = "another order was asked for with this key";
            Err(Refusal::conflict(message))
        }
    }
}

/// What became of an order, and of its cancellation.
async fn told(user_name: &str, id: &str, shop: &Shop) -> Result<Answer, Refusal> {
    let unknown = || Refusal::not_found("there is no such order");
    if !id.starts_with(&hashed(user_name)) {
        return Err(unknown());
    }
    let placement = shop.sagas.status::<OrderPlacement>(id).await;
    let placement = placement.map_err(busy)?.ok_or_else(unknown)?;
    let cancellation = shop.sagas.status::<OrderCancellation>(id).await;
    let cancellation = cancellation.map_err(busy)?;
    Ok(Answer::ok(&json!({
        "orderId": id,
        "placement": placement.name(),
        "cancellation": cancellation.map(|status| status.name()),
    })))
}

/// The name of a user's order: whose it is can be seen from it, and who that is cannot.
pub fn order_id(user: &str, key: &str) -> String {
    format!("{}-{}", hashed(user), hashed(key))
}

/// 80 bits of a hash.
fn hashed(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let bytes = hash.iter().take(10);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// Whether it is a time in UTC: `2026-01-01T09:00:00Z`, with or without a fraction.
fn is_instant(text: &str) -> bool {
    let fits = |text: &str, form: &str| {
        let mut pairs = text.chars().zip(form.chars());
        text.len() == form.len()
            && pairs.all(|(letter, form)| match form {
                '0' => letter.is_ascii_digit(),
                sign => letter == sign,
            })
    };
    let Some(text) = text.strip_suffix('Z') else {
        return false;
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = fraction.bytes().all(|digit| digit.is_ascii_digit());
    fits(whole, "0000-00-00T00:00:00") && digits && (1..=9).contains(&fraction.len())
}
