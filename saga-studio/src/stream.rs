//! Lines that are sent as they come.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::matrix::Told;
use crate::record::{Record, Seen};
use crate::reply::Outlet;
use crate::shop::State;

/// Between two sendings: what comes meanwhile goes together, and a page draws no oftener.
const PAUSE: Duration = Duration::from_millis(25);

/// Lines of one sending, at most.
const MOST: usize = 500;

/// Sends a run from one of its lines on, until it has ended or nobody reads any more.
pub(crate) async fn run(record: Arc<Record>, from: usize, seen: Seen, mut outlet: Outlet) {
    let mut grown = record.watch();
    let mut next = from;
    loop {
        grown.borrow_and_update();
        let (text, count, ended) = record.since(next, MOST, seen);
        if count > 0 {
            next += count;
            if outlet.send_data(Bytes::from(text)).await.is_err() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        } else if ended || grown.changed().await.is_err() {
            return;
        }
    }
}

/// Sends what there is of a package, now and whenever it changes.
pub(crate) async fn news(
    package: String,
    opened: u64,
    mut state: watch::Receiver<State>,
    mut outlet: Outlet,
) {
    loop {
        let told = state.borrow_and_update().told(&package, opened);
        let line = Bytes::from(format!("{told}\n"));
        if outlet.send_data(line).await.is_err() || state.changed().await.is_err() {
            return;
        }
    }
}

/// Sends what somebody works out on another thread, as it comes.
pub(crate) async fn work(first: Value, mut made: mpsc::Receiver<Told>, mut outlet: Outlet) {
    let mut next = Some(first);
    while let Some(line) = next {
        let mut lines = format!("{line}\n");
        // What is there already goes with it.
        while let Ok(told) = made.try_recv() {
            lines += &format!("{}\n", told.line());
        }
        // Whoever has gone away wants no more: the other thread finds the channel closed.
        if outlet.send_data(Bytes::from(lines)).await.is_err() {
            return;
        }
        next = made.recv().await.map(Told::line);
    }
}
