//! Who kills handlers: at any moment, and between effect and answer.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use saga_local::lambda::Functions;
use tokio::io::{BufReader, Lines};
use tokio::process::ChildStdout;

/// How many were killed.
#[derive(Default)]
pub struct Killed {
    pub at_random: Cell<usize>,
    pub after_effect: Cell<usize>,
    /// How many may be killed at random by now.
    pub due: Cell<usize>,
}

/// Kills a process at work, any of them, whenever one is due.
pub async fn kill_at_random(functions: Arc<Functions>, killed: Rc<Killed>) {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    loop {
        // Xorshift: all that is asked of it is to be no pattern.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        tokio::time::sleep(Duration::from_millis(1 + random % 7)).await;
        if killed.at_random.get() >= killed.due.get() {
            continue;
        }
        let at_work = functions.at_work();
        if let Some(request) = at_work.get(random as usize % at_work.len().max(1))
            && functions.kill(request)
        {
            killed.at_random.set(killed.at_random.get() + 1);
        }
    }
}

/// Kills whom the provider names: it has done what it was asked to, and has not answered yet.
pub async fn kill_named(
    mut named: Lines<BufReader<ChildStdout>>,
    functions: Arc<Functions>,
    killed: Rc<Killed>,
) {
    while let Ok(Some(request)) = named.next_line().await {
        if functions.kill(&request) {
            killed.after_effect.set(killed.after_effect.get() + 1);
        }
    }
}
