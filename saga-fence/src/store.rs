//! Where records are kept, and a delivery's way through.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use crate::delivery::Delivery;
use crate::key::Key;
use crate::memory::Memory;
use crate::passage::{Next, Passage, Swapped, Write};
use crate::reply::{Ended, Reply};

/// A store of records.
pub trait Store: Sync {
    /// Compares and swaps the record of a key.
    fn swap(&self, key: &Key, write: &Write) -> impl Future<Output = Swapped> + Send;
}

impl Store for Mutex<Memory> {
    async fn swap(&self, key: &Key, write: &Write) -> Swapped {
        let mut memory = self.lock().unwrap_or_else(PoisonError::into_inner);
        memory.swap(key, write)
    }
}

/// Takes a delivery through its fence. `act` is the handler's work: it is not touched, and can be handed in
/// again, where the reply is [`Reply::Wait`].
pub async fn pass<S, F>(store: &S, key: &Key, delivery: Delivery, mut act: Pin<&mut F>) -> Reply
where
    S: Store,
    F: Future<Output = Ended>,
{
    let (mut passage, mut next) = Passage::begin(delivery);
    loop {
        next = match next {
            Next::Write(write) => passage.wrote(store.swap(key, &write).await),
            Next::Act => passage.acted(act.as_mut().await),
            Next::Reply(reply) => return reply,
        };
    }
}
