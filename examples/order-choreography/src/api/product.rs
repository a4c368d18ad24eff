//! The routes of the inventory service.

use saga_dsl::api::{Answer, Api, Refusal, Request, SagaApi};
use saga_lambda::Page;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Shop, address, staff, text};
use crate::resources::{Inventory, Product};
use crate::tokens::ShopTokens;

/// Products: listed, added, set right, withdrawn.
#[derive(SagaApi)]
#[api(
    app = Shop, authorizer = ShopTokens, rate = 50, burst = 100,
    uses(Inventory(get, put, update, scan))
)]
pub enum ProductApi {
    /// All products, a page of them.
    #[get("/product")]
    List,
    /// Adds a product.
    #[post("/product")]
    Add,
    /// A product.
    #[get("/product/{id}")]
    Read {
        /// Which.
        id: String,
    },
    /// Sets a product's stock and price.
    #[put("/product/{id}")]
    Set {
        /// Which.
        id: String,
    },
    /// Sells a product no more.
    #[delete("/product/{id}")]
    Withdraw {
        /// Which.
        id: String,
    },
}

/// A product that is added.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct New {
    id: String,
    stock: u32,
    price: u32,
}

/// What is set of one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Setting {
    stock: u32,
    price: u32,
    /// The version that was seen: goods may have been sold since.
    version: u32,
}

/// A product as clients are told it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    stock: u32,
    price: u32,
    version: u32,
}

impl From<Product> for Shown {
    fn from(product: Product) -> Self {
        Self {
            id: product.id,
            stock: product.stock,
            price: product.price,
            version: product.version,
        }
    }
}

impl Api for ProductApi {
    async fn answer(self, request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
        match self {
            Self::List => {
                let page = Page::of(request)?;
                let sold = [("no", Value::Bool(false))];
                let sold = Some(("isWithdrawn = :no", &sold[..]));
                let listed = shop.database.scan::<Inventory>(sold, &page).await?;
                let items: Vec<Shown> = listed.items.into_iter().map(Shown::from).collect();
                let listed = crate::database::Listed {
                    items,
                    next: listed.next,
                };
                Ok(Answer::ok(&listed))
            }
            Self::Add => add(request, shop).await,
            Self::Read { id } => Ok(Answer::ok(&Shown::from(read(&id, shop).await?))),
            Self::Set { id } => set(id, request, shop).await,
            Self::Withdraw { id } => withdraw(id, request, shop).await,
        }
    }
}

async fn read(id: &str, shop: &Shop) -> Result<Product, Refusal> {
    let found = shop.database.get::<Inventory>(&key(id)).await?;
    let found = found.filter(|product| !product.is_withdrawn);
    found.ok_or_else(|| Refusal::not_found("there is no such product"))
}

/// Adds a product, or sells one again that was withdrawn.
async fn add(request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
    staff(request)?;
    let new: New = request.json()?;
    text("id", &new.id)?;
    let at = address::of_product(&new.id);
    let product = Product {
        id: new.id,
        stock: new.stock,
        price: new.price,
        version: 1,
        is_withdrawn: false,
    };
    let condition = "attribute_not_exists(id)";
    if shop
        .database
        .put::<Inventory>(&product, condition, &[])
        .await?
    {
        return Ok(Answer::created(at, &Shown::from(product)));
    }
    let again = shop
        .database
        .update::<Inventory>(
            &key(&product.id),
            "SET stock = :stock, price = :price, version = version + :one, isWithdrawn = :no",
            "isWithdrawn = :yes",
            &[
                ("stock", product.stock.into()),
                ("price", product.price.into()),
                ("one", 1.into()),
                ("no", Value::Bool(false)),
                ("yes", Value::Bool(true)),
            ],
        )
        .await?;
    match again {
        true => Ok(Answer::created(
            at,
            &Shown::from(read(&product.id, shop).await?),
        )),
        false => Err(Refusal::conflict("there is such a product")),
    }
}

async fn set(id: String, request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
    staff(request)?;
    let Setting {
        stock,
        price,
        version,
    } = request.json()?;
    read(&id, shop).await?;
    let done = shop
        .database
        .update::<Inventory>(
            &key(&id),
            "SET stock = :stock, price = :price, version = version + :one",
            "version = :seen AND isWithdrawn = :no",
            &[
                ("stock", stock.into()),
                ("price", price.into()),
                ("one", 1.into()),
                ("seen", version.into()),
                ("no", Value::Bool(false)),
            ],
        )
        .await?;
    match done {
        true => Ok(Answer::ok(&Shown::from(read(&id, shop).await?))),
        false => Err(Refusal::conflict(
            "the product has changed since that version: read it again",
        )),
    }
}

async fn withdraw(id: String, request: &Request, shop: &Shop) -> Result<Answer, Refusal> {
    staff(request)?;
    let done = shop
        .database
        .update::<Inventory>(
            &key(&id),
            "SET isWithdrawn = :yes, version = version + :one",
            "isWithdrawn = :no",
            &[
                ("yes", Value::Bool(true)),
                ("one", 1.into()),
                ("no", Value::Bool(false)),
            ],
        )
        .await?;
    match done {
        true => Ok(Answer::no_content()),
        false => Err(Refusal::not_found("there is no such product")),
    }
}

fn key(id: &str) -> [(&'static str, Value); 1] {
    [("id", id.into())]
}
