//! Lines that are sent as they come.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::watch;

use crate::record::Record;
use crate::reply::Outlet;
use crate::shop::State;

/// Between two sendings: what comes meanwhile goes together, and a page draws no oftener.
const PAUSE: Duration = Duration::from_millis(25);

/// Lines of one sending, at most.
const MOST: usize = 500;

/// Sends a run from one of its lines on, until it has ended or nobody reads any more.
pub(crate) async fn run(record: Arc<Record>, from: usize, mut outlet: Outlet) {
    let mut grown = record.watch();
    let mut next = from;
    loop {
        grown.borrow_and_update();
        let (text, count, ended) = record.since(next, MOST);
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
pub(crate) async fn news(package: String, mut state: watch::Receiver<State>, mut outlet: Outlet) {
    loop {
        let told = state.borrow_and_update().told(&package);
        let line = Bytes::from(format!("{told}\n"));
        if outlet.send_data(line).await.is_err() || state.changed().await.is_err() {
            return;
        }
    }
}
