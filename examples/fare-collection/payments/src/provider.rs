//! The payment provider and the accounting system, as a sandbox: they know a request again by its idempotency
//! key, and fail as the customer's name asks them to (`…fail_auth`, `…fail_charge`, `…fail_credit`,
//! `…lost_credit`, `…fail_reverse`, `…fail_refund`, `…fail_void`). Real clients take their place here.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use saga_dsl::prelude::*;
use uuid::Uuid;

/// Their clients, and what this process knows to be in their books.
#[derive(Default)]
pub struct Provider {
    books: Mutex<BTreeSet<String>>,
}

impl App for Provider {
    async fn start() -> Result<Self, BoxError> {
        Ok(Self::default())
    }
}

/// They said no: nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal;

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

/// What stands in their books, as its number begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An amount that is reserved on a card.
    Authorisation,
    /// A payment.
    Payment,
    /// An entry in a customer's account.
    Account,
}

impl Entry {
    fn prefix(self) -> &'static str {
        match self {
            Self::Authorisation => "tok",
            Self::Payment => "ch",
            Self::Account => "acc",
        }
    }

    /// Its number, the same for the same key: 25 characters behind what it is.
    fn number(self, key: &str) -> String {
        let name = format!("{}/{key}", self.prefix());
        let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
        let id: String = id.simple().to_string().chars().take(25).collect();
        format!("{}_{id}", self.prefix())
    }
}

impl Provider {
    /// Reserves an amount on a card, and gives the reservation's token.
    ///
    /// # Errors
    /// When it is refused: nothing was entered.
    pub fn authorise(
        &self,
        key: &str,
        customer: &str,
        card: Card<'_>,
        amount: &str,
    ) -> Result<String, Refusal> {
        let stated = [card.number, card.expiry_date, card.cvv, amount];
        refused(stated.iter().any(|value| value.is_empty()))?;
        refused(customer.ends_with("fail_auth"))?;
        Ok(self.enter(Entry::Authorisation, key))
    }

    /// Takes an amount that was reserved, and gives the payment's number.
    ///
    /// # Errors
    /// When it is refused: nothing was entered.
    pub fn pay(&self, key: &str, customer: &str, authorisation: &str) -> Result<String, Refusal> {
        refused(authorisation.is_empty() || customer.ends_with("fail_charge"))?;
        Ok(self.enter(Entry::Payment, key))
    }

    /// Enters a payment into the customer's account, and gives the entry's number.
    ///
    /// # Errors
    /// When it is refused: nothing was entered.
    pub fn account(&self, key: &str, customer: &str, payment: &str) -> Result<String, Refusal> {
        refused(payment.is_empty() || customer.contains("fail_credit"))?;
        Ok(self.enter(Entry::Account, key))
    }

    /// Takes out what has this number, or was entered under this key: nothing, where nothing was.
    ///
    /// # Errors
    /// When it is refused: nothing was taken out.
    pub fn take_out(
        &self,
        entry: Entry,
        key: &str,
        number: Option<&str>,
        customer: &str,
    ) -> Result<(), Refusal> {
        let asked = match entry {
            Entry::Authorisation => "fail_void",
            Entry::Payment => "fail_refund",
            Entry::Account => "fail_reverse",
        };
        refused(customer.contains(asked))?;
        let number = number.map_or_else(|| entry.number(key), str::to_owned);
        self.books(|books| books.remove(&number));
        Ok(())
    }

    /// The kinds of what stands in the books now: `tok`, `ch`, `acc`.
    #[must_use]
    pub fn standing(&self) -> Vec<String> {
        let mut standing = Vec::new();
        self.books(|books| standing.extend(books.iter().cloned()));
        let kind = |number: &String| number.split('_').next().unwrap_or_default().to_owned();
        standing.iter().map(kind).collect()
    }

    fn enter(&self, entry: Entry, key: &str) -> String {
        let number = entry.number(key);
        self.books(|books| books.insert(number.clone()));
        number
    }

    fn books<T>(&self, change: impl FnOnce(&mut BTreeSet<String>) -> T) {
        change(&mut self.books.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn refused(refused: bool) -> Result<(), Refusal> {
    if refused { Err(Refusal) } else { Ok(()) }
}
