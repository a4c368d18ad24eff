//! The payment provider's sandbox: it knows a request again by its idempotency key, and refuses what the
//! customer's name asks it to (`…fail_auth`, `…fail_charge`, `…fail_credit`, `…fail_refund`).
//! A real provider's client takes its place here.

use saga_dsl::prelude::*;
use uuid::Uuid;

/// The provider's client.
pub struct Provider;

impl App for Provider {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self)
    }
}

/// A card, as the vault's tokens.
#[derive(Clone, Copy)]
pub struct Card<'a> {
    /// Its number.
    pub number: &'a str,
    /// Its expiry date.
    pub expiry_date: &'a str,
    /// Its verification value.
    pub cvv: &'a str,
}

/// The provider said no: nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal;

impl Provider {
    /// Reserves an amount on a card, and gives the token of the reservation.
    pub fn authorise(
        &self,
        key: &str,
        customer: &str,
        card: Card<'_>,
        amount: &str,
    ) -> Result<String, Refusal> {
        refused(
            card.number.is_empty()
                || card.expiry_date.is_empty()
                || card.cvv.is_empty()
                || amount.is_empty(),
        )?;
        refused(customer.ends_with("fail_auth"))?;
        Ok(format!("tok_{}", id(key, "authorise")))
    }

    /// Charges a reserved amount, and gives the charge's id.
    pub fn charge(
        &self,
        key: &str,
        customer: &str,
        token: &str,
        amount: &str,
    ) -> Result<String, Refusal> {
        refused(token.is_empty() || amount.is_empty())?;
        refused(customer.ends_with("fail_charge"))?;
        Ok(format!("ch_{}", id(key, "charge")))
    }

    /// Gives back what was charged under a key: nothing, where nothing was.
    pub fn refund(
        &self,
        key: &str,
        customer: &str,
        charge: Option<&str>,
        amount: &str,
    ) -> Result<(), Refusal> {
        refused(key.is_empty() || charge.is_some_and(str::is_empty) || amount.is_empty())?;
        refused(customer.ends_with("fail_refund"))
    }

    /// Credits an amount to the customer's account, once per key.
    pub fn credit(
        &self,
        key: &str,
        customer: &str,
        charge: &str,
        amount: &str,
    ) -> Result<(), Refusal> {
        refused(key.is_empty() || charge.is_empty() || amount.is_empty())?;
        refused(customer.contains("fail_credit"))
    }
}

fn refused(refused: bool) -> Result<(), Refusal> {
    if refused { Err(Refusal) } else { Ok(()) }
}

/// 25 characters, the same for the same request.
fn id(key: &str, request: &str) -> String {
    let name = format!("{request}/{key}");
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
        .simple()
        .to_string();
    id.chars().take(25).collect()
}
