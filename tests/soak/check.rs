//! The books against the endings.

use std::collections::HashMap;

use saga_local::saga::Ending;
use saga_local::services::Contents;
use serde_json::Value;

use crate::books::Balance;
use crate::orders::Order;

/// An order whose saga has ended, for now.
pub struct Outcome {
    pub order: Order,
    /// The saga's id.
    pub saga_id: String,
    pub ending: Ending,
    /// The states it went through.
    pub story: String,
}

/// Every order whose effects do not fit its ending, told apart.
pub fn differences(outcomes: &[Outcome], balance: &Balance, tables: &Contents) -> Vec<String> {
    let rows = tables.tables.get("Orders").map_or(&[][..], Vec::as_slice);
    let statuses: HashMap<_, _> = rows
        .iter()
        .map(|row| (row["orderId"].as_str(), row["status"].as_str()))
        .collect();
    let mut found = Vec::new();
    for outcome in outcomes {
        let Order { cents, pieces, .. } = outcome.order;
        let (kept, statuses_of_ending): (_, &[_]) = match outcome.ending {
            Ending::Completed => (1, &["shipped"]),
            Ending::Compensated => (0, &["cancelled"]),
            // Where it is parked, an operator looks at it first.
            Ending::Parked => continue,
            Ending::Failed => {
                found.push(format!("{} failed: {}", outcome.saga_id, outcome.story));
                continue;
            }
        };
        let id = outcome.order.id();
        let status = statuses.get(&Some(id.as_str()));
        let status = status.copied().flatten();
        let mut differs = |what: &str, is: Value, should: Value| {
            if is != should {
                found.push(format!(
                    "{} is {}: {what} {is}, not {should}; {}",
                    outcome.saga_id,
                    outcome.ending.name(),
                    outcome.story
                ));
            }
        };
        for (book, step, amount) in [
            ("reservations", "ReserveStock", pieces),
            ("charges", "ChargeCard", cents),
            ("shipments", "ShipOrder", pieces),
        ] {
            let entered = balance.of(book, &format!("{}/{step}", outcome.saga_id));
            differs(book, entered.into(), (amount * kept).into());
        }
        if !status.is_some_and(|status| statuses_of_ending.contains(&status)) {
            differs("status", status.into(), statuses_of_ending.into());
        }
    }
    found
}

/// Those that are still parked.
pub fn parked(outcomes: &[Outcome]) -> impl Iterator<Item = String> {
    let parked = outcomes
        .iter()
        .filter(|outcome| outcome.ending == Ending::Parked);
    parked.map(|outcome| format!("{} is still parked: {}", outcome.saga_id, outcome.story))
}

/// What the completed sagas come to, in cents.
pub fn completed_total(outcomes: &[Outcome]) -> i64 {
    let completed = outcomes
        .iter()
        .filter(|outcome| outcome.ending == Ending::Completed);
    completed.map(|outcome| outcome.order.cents).sum()
}
