//! The fences of handlers: the protocol itself, on records in memory.

use saga_fence::{
    Delivery, Ended, Failure, Key, Memory, Next, Order, Passage, Phase, Reply, Swapped,
};

/// Milliseconds between two deliveries: the lease of one is over when the next one comes. What comes while
/// a handler is at work is told in `saga-fence`'s own stories.
const APART: u64 = 10_000;

/// Milliseconds for which a handler may run.
const LEASE: u64 = 1_000;

/// The records, and how often something was delivered.
#[derive(Debug, Default)]
pub struct Fences {
    memory: Memory,
    deliveries: u64,
}

impl Fences {
    /// Takes a delivery through the fence of its key. `act` is the handler's work, if it is let through: none
    /// where it dies in it. So is the reply.
    pub fn pass(
        &mut self,
        key: &Key,
        phase: Phase,
        order: Order,
        act: impl FnOnce() -> Option<Ended>,
    ) -> Option<Reply> {
        self.deliveries += 1;
        let now = self.deliveries * APART;
        let (mut passage, mut next) = Passage::begin(Delivery {
            phase,
            order,
            id: self.deliveries.to_string(),
            now,
            until: now + LEASE,
        });
        let mut act = Some(act);
        loop {
            next = match next {
                Next::Write(write) => {
                    let swapped: Swapped = self.memory.swap(key, &write);
                    passage.wrote(swapped)
                }
                Next::Act => {
                    let act = act.take()?;
                    passage.acted(act()?)
                }
                Next::Reply(Reply::Wait(_)) => return Some(Reply::Failed(Failure::in_progress())),
                Next::Reply(reply) => return Some(reply),
            };
        }
    }
}
