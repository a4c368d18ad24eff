//! How long a saga takes at most: forward, and then all the way back. Waits for people count: their
//! timeouts are what bounds them.

use saga_manifest::error::RetryPolicy;
use saga_manifest::flow::{Block, Node};
use saga_manifest::saga::Saga;
use saga_manifest::step::{Call, Kind};

/// Seconds beside a call's own time: what a function needs to start, and the way there and back.
const AROUND: u64 = 15;

/// Seconds of a saga in the worst case, without those that an operator takes.
pub(super) fn of_saga(saga: &Saga) -> u64 {
    let told = saga.notifications.iter();
    let told = told.map(|notification| of_call(&notification.call));
    let (forward, backward) = of_block(&saga.body);
    sum(told.chain([forward, backward]))
}

/// The seconds of a block forward, and those of its undo.
fn of_block(block: &Block) -> (u64, u64) {
    let nodes = block.nodes.iter().map(of_node);
    nodes.fold((0, 0), |(forward, backward), (more, undo)| {
        (forward.saturating_add(more), backward.saturating_add(undo))
    })
}

fn of_node(node: &Node) -> (u64, u64) {
    let inner = node.blocks();
    let inner: Vec<_> = inner.into_iter().map(of_block).collect();
    let longest = inner.iter().map(|(forward, _)| *forward).max().unwrap_or(0);
    // What was done in branches at the same time is undone one after the other.
    let undo = sum(inner.iter().map(|(_, backward)| *backward));
    match node {
        Node::Step(step) => {
            let undo = match &step.kind {
                Kind::Compensatable { compensation } => of_call(compensation),
                _ => 0,
            };
            (of_call(&step.call), undo)
        }
        Node::Parallel(_) => (longest, undo),
        Node::Choice(_) => {
            let undo = inner.iter().map(|(_, backward)| *backward).max();
            (longest, undo.unwrap_or(0))
        }
        Node::Map(map) => {
            let rounds = map.at_most.div_ceil(map.max_concurrency.max(1));
            let times = |seconds: u64, times: u32| seconds.saturating_mul(times.into());
            (times(longest, rounds), times(undo, map.at_most))
        }
        Node::Wait(wait) => (wait.at_most_seconds.into(), 0),
        Node::Savepoint(savepoint) => {
            let once = sum([longest, undo, savepoint.interval_seconds.into()]);
            (once.saturating_mul(savepoint.tries.into()), undo)
        }
    }
}

/// Seconds of a call with all of its retries.
fn of_call(call: &Call) -> u64 {
    let once = u64::from(call.timeout_seconds).saturating_add(AROUND);
    let own = call.errors.iter().filter_map(|error| error.retry.as_ref());
    let policies: Vec<_> = own.chain(&call.retry_others).collect();
    let attempts = sum(policies.iter().map(|policy| policy.max_attempts.into()));
    let pauses = sum(policies.into_iter().map(pauses));
    once.saturating_mul(attempts.saturating_add(1))
        .saturating_add(pauses)
}

/// Seconds between the attempts of a policy.
fn pauses(policy: &RetryPolicy) -> u64 {
    let longest = policy.max_delay_seconds.map_or(f64::INFINITY, f64::from);
    let mut interval = f64::from(policy.interval_seconds);
    let mut all = 0.0;
    // Past some hundred attempts the sum is beyond every timeout.
    for _ in 0..policy.max_attempts.min(1_000) {
        all += interval.min(longest);
        interval *= policy.backoff_rate.max(1.0);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a conversion of floats saturates, and the sum is not negative"
    )]
    let all = all.ceil() as u64;
    all
}

fn sum(seconds: impl IntoIterator<Item = u64>) -> u64 {
    seconds.into_iter().fold(0, u64::saturating_add)
}
