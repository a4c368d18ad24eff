//! The routes of the payment service.

use saga_dsl::api::{Answer, Api, Refusal, Request, SagaApi};
use saga_lambda::Page;
use serde::Deserialize;
use serde_json::Value;

use super::{Shop, acts_for, address, needed, staff, text};
use crate::cancellation::{Cancellation, OrderCancellation};
use crate::placement::OrderPlacement;
use crate::resources::{Payment, Payments};
use crate::tokens::ShopTokens;

/// Payments: listed, noted by hand, given back.
#[derive(SagaApi)]
#[api(
    app = Shop, authorizer = ShopTokens, rate = 50, burst = 100,
    uses(Payments(get, put, query, scan), OrderPlacement(view), OrderCancellation(start))
)]
pub enum PaymentApi {
    /// All payments, a page of them.
    #[get("/payment")]
    List,
    /// Notes a payment that was made otherwise, in the shop.
    #[post("/payment")]
    Note,
    /// A user's payments, a page of them.
    #[get("/payment/{userName}")]
    Of {
        /// Whose.
        user_name: String,
    },
    /// Gives a payment back, and takes the order back that it is for.
    #[delete("/payment/{userName}")]
    Cancel {
        /// Whose.
        user_name: String,
    },
}

/// A payment that staff notes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Noted {
    user_name: String,
    order_id: String,
    order_date: String,
    amount: u32,
}

impl Api for PaymentApi {
    async fn answer(self, request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
        match self {
            Self::List => {
                staff(request)?;
                let page = Page::of(request)?;
                let listed = shop.database.scan::<Payments>(None, &page).await?;
                Ok(Answer::ok(&listed))
            }
            Self::Note => note(request, shop).await,
            Self::Of { user_name } => {
                acts_for(&request.caller, &user_name)?;
                let page = Page::of(request)?;
                let of = ("userName", user_name.as_str());
                let listed = shop.database.query::<Payments>(of, &page).await?;
                Ok(Answer::ok(&listed))
            }
            Self::Cancel { user_name } => {
                acts_for(&request.caller, &user_name)?;
                let order_id = needed(request, "orderId")?;
                let key: [(_, Value); 2] =
                    [("userName", user_name.into()), ("orderId", order_id.into())];
                let found = shop.database.get::<Payments>(&key).await?;
                let payment =
                    found.ok_or_else(|| Refusal::not_found("there is no such payment"))?;
                let order = Cancellation {
                    order_id: payment.order_id,
                    user_name: payment.user_name,
                    order_date: payment.order_date,
                };
                shop.cancel(order).await
            }
        }
    }
}

/// Notes a payment: the same one again is the same, another one for the order is refused.
async fn note(request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
    staff(request)?;
    let noted: Noted = request.json()?;
    text("userName", &noted.user_name)?;
    text("orderId", &noted.order_id)?;
    text("orderDate", &noted.order_date)?;
    let payment = Payment {
        user_name: noted.user_name,
        order_id: noted.order_id,
        order_date: noted.order_date,
        amount: noted.amount,
        made_by: format!("hand/{}", request.caller.subject),
    };
    let condition = "attribute_not_exists(orderId) OR (madeBy = :by AND amount = :amount)";
    let same = [
        ("by", payment.made_by.clone().into()),
        ("amount", payment.amount.into()),
    ];
    match shop
        .database
        .put::<Payments>(&payment, condition, &same)
        .await?
    {
        true => {
            let at = address::of_payment(&payment.user_name, &payment.order_id);
            Ok(Answer::created(at, &payment))
        }
        false => Err(Refusal::conflict("the order has a payment")),
    }
}
