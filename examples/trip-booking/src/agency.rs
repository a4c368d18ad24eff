//! The systems of airlines, hotels and banks, as a sandbox: they give the same number for the same key, and
//! refuse what the customer's name asks them to (`…-no-flight`, `…-no-hotel`, `…-no-seat`, `…-no-credit`,
//! `…-no-ticket`, `…-no-refund`). Real clients take their place here.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use saga_dsl::prelude::*;

/// Their clients, and what this process knows to be held for customers.
#[derive(Default)]
pub struct Agency {
    held: Mutex<BTreeSet<String>>,
}

impl App for Agency {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self::default())
    }
}

/// They said no: nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal;

impl Agency {
    /// What one traveller's flight costs, in cents.
    pub const FLIGHT: u32 = 25_000;
    /// What a night costs, in cents.
    pub const NIGHT: u32 = 12_000;

    /// Holds something for a customer, and gives its number: the same for the same key.
    pub fn hold(&self, what: &str, customer: &str, key: &str) -> Result<String, Refusal> {
        may(what, customer)?;
        let number = number(what, key);
        self.books(|held| held.insert(number.clone()));
        Ok(number)
    }

    /// Gives free what has this number, or was held under this key: nothing, where nothing was.
    pub fn release(&self, what: &str, known: Option<&str>, key: &str) {
        let number = known.map_or_else(|| number(what, key), str::to_owned);
        self.books(|held| held.remove(&number));
    }

    /// Takes a reserved amount, and gives the payment's number: the same for the same key.
    pub fn capture(&self, authorization: &str, key: &str) -> String {
        let payment = number("payment", key);
        self.books(|held| {
            held.remove(authorization);
            held.insert(payment.clone());
        });
        payment
    }

    /// Gives a payment back.
    pub fn refund(&self, payment: Option<&str>, customer: &str, key: &str) -> Result<(), Refusal> {
        may("refund", customer)?;
        self.release("payment", payment, key);
        Ok(())
    }

    /// What is held now.
    #[cfg(test)]
    pub fn held(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.books(|held| all.extend(held.iter().cloned()));
        all
    }

    fn books<T>(&self, change: impl FnOnce(&mut BTreeSet<String>) -> T) {
        change(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn may(what: &str, customer: &str) -> Result<(), Refusal> {
    if customer.contains(&format!("-no-{what}")) {
        Err(Refusal)
    } else {
        Ok(())
    }
}

/// A number, the same for the same key (FNV-1a, 64 bits).
fn number(what: &str, key: &str) -> String {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{what}-{hash:016x}")
}
