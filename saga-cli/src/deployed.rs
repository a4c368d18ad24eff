//! A deployed stack, and the executions of its sagas: what Step Functions knows of them, read with
//! [`Account`](crate::aws::Account).
//!
//! ```text
//! stack ─list-stack-resources→ machines ─list-executions→ executions ─describe, history→ how each stands
//! ```

mod execution;
mod history;
mod recovery;
mod stack;

pub use execution::{Execution, Stands};
pub use history::{History, Told};
pub use recovery::{Recovery, recovery_of};
pub use stack::{Machine, Stack};

use std::thread;

/// How many requests are at work at a time: each is a process.
const AT_A_TIME: usize = 8;

/// Does something for each of a list, several at a time; gives what came of each, in the list's order.
pub fn each<T: Sync, R: Send>(list: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut done = Vec::with_capacity(list.len());
    for part in list.chunks(AT_A_TIME) {
        thread::scope(|scope| {
            let at_work: Vec<_> = part.iter().map(|one| scope.spawn(|| work(one))).collect();
            // INVARIANT: nothing here panics, and what did has said so.
            done.extend(at_work.into_iter().filter_map(|one| one.join().ok()));
        });
    }
    done
}
