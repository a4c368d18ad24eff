//! DynamoDB, here: tables in memory, with the expression language as AWS evaluates it.
//!
//! From the bottom up: [`value`] and [`number`] are the attribute values, [`expression`] is parsed with its
//! placeholders resolved and then evaluated on an item, a [`table`] keeps items by key, and [`operation`]
//! is the API: one file an action, JSON in and JSON out as in protocol `DynamoDB_20120810`.

mod error;
pub mod expression;
pub mod number;
mod operation;
mod request;
pub mod table;
pub mod value;

use std::collections::BTreeMap;

use serde_json::Value;

pub use error::Error;
pub use table::{Index, KeyAttribute, KeySchema, KeyType, Table};
pub use value::{AttributeValue, Item};

/// The region that everything here says it is in.
pub const REGION: &str = "us-east-1";

/// The account that everything here says it belongs to.
pub const ACCOUNT: &str = "123456789012";

/// The tables of an account.
#[derive(Clone, Debug, Default)]
pub struct Dynamodb {
    tables: BTreeMap<String, Table>,
}

impl Dynamodb {
    /// Creates a table; one of the same name is replaced.
    pub fn create(&mut self, name: &str, table: Table) {
        self.tables.insert(name.into(), table);
    }

    /// The tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.tables
            .iter()
            .map(|(name, table)| (name.as_str(), table))
    }

    /// The table of a name or an ARN.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(named(name))
    }

    /// Performs an action (`PutItem`) with its request in DynamoDB's JSON.
    ///
    /// # Errors
    /// Those of the service, by its names and in its wording; [`Error::Unsupported`] for an action that is
    /// not embedded.
    pub fn perform(&mut self, action: &str, request: &Value) -> Result<Value, Error> {
        operation::perform(self, action, request)
    }

    fn existing(&self, name: &str) -> Result<&Table, Error> {
        self.tables
            .get(named(name))
            .ok_or_else(|| Error::no_table(name))
    }

    fn existing_mut(&mut self, name: &str) -> Result<&mut Table, Error> {
        self.tables
            .get_mut(named(name))
            .ok_or_else(|| Error::no_table(name))
    }
}

/// The name in an ARN (`arn:aws:dynamodb:…:table/NAME`), or the name itself.
fn named(name: &str) -> &str {
    name.rsplit_once(":table/").map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests;
