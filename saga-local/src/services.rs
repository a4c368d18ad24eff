//! The embedded services of one account: what sagas and handlers write to.
//!
//! [`Embedded::of`] creates what a manifest declares. The direct integrations of Step Functions come in
//! through [`Embedded::integrate`], the SDKs of handlers through [`crate::http`].

mod contents;
mod declared;
mod failure;
mod integration;
mod rows;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saga_manifest::Manifest;
use serde_json::Value;

#[cfg(feature = "aws")]
pub(crate) use contents::plain_item;
pub use contents::{Contents, QueuedMessage};
pub use failure::{CallError, ServiceFailure};
pub(crate) use integration::put_event;
pub use rows::{Rows, RowsError};

use crate::dynamodb::Dynamodb;
use crate::messaging::Messaging;

/// The queue that parking messages go to, beside those of the manifest.
pub const PARKED_QUEUE: &str = "ParkedQueue";

/// The services. A clone is another handle to the same ones.
#[derive(Clone, Debug, Default)]
pub struct Embedded {
    state: Arc<Mutex<State>>,
}

/// What they hold.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) dynamodb: Dynamodb,
    pub(crate) messaging: Messaging,
}

impl Embedded {
    /// The tables, topics and queues that a manifest declares, empty; those it says exist, too.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            state: Arc::new(Mutex::new(declared::state(manifest))),
        }
    }

    /// Calls a service as a direct integration of Step Functions does (`dynamodb`, `putItem`), at an
    /// instant in milliseconds since 1970.
    ///
    /// # Errors
    /// With the name that the integration reports, such as `DynamoDB.ConditionalCheckFailedException`;
    /// [`CallError::NotEmbedded`] for what is not.
    pub fn integrate(
        &self,
        service: &str,
        action: &str,
        arguments: &Value,
        now: i64,
    ) -> Result<Value, CallError> {
        integration::call(&mut self.lock(), service, action, arguments, now)
    }

    /// Puts an item of plain JSON into a table. A field that is null is left out.
    ///
    /// # Errors
    /// When there is no such table, or the item lacks its key.
    pub fn put(&self, table: &str, item: &serde_json::Map<String, Value>) -> Result<(), CallError> {
        let arguments = serde_json::json!({ "TableName": table, "Item": contents::item(item) });
        self.integrate("dynamodb", "putItem", &arguments, 0)
            .map(drop)
    }

    /// What the tables and queues hold.
    #[must_use]
    pub fn contents(&self) -> Contents {
        contents::of(&self.lock())
    }

    /// The rows of the fences' table, attributes as plain JSON.
    #[must_use]
    pub fn fences(&self) -> Vec<Value> {
        contents::rows(&self.lock(), saga_fence::table::NAME)
    }

    /// The state. A holder that panicked leaves it as its last complete request did.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
