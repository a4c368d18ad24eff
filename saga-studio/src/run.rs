//! Runs, each on a thread of its own: real handlers, embedded services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::describe::prepared;
use crate::mask::Mask;
use crate::order::Order;
use crate::perform::Run;
use crate::picture;
use crate::record::Record;
use crate::workshop::{Built, Problem};

/// Runs at one time. Each has processes of its own.
const AT_ONCE: usize = 4;

/// Runs that are remembered. An execution has 25,000 events at most.
const REMEMBERED: usize = 20;

/// The runs since the studio was opened.
#[derive(Default)]
pub(crate) struct Runs(Mutex<Known>);

#[derive(Default)]
struct Known {
    records: BTreeMap<u64, Arc<Record>>,
    threads: Vec<JoinHandle<()>>,
    last: u64,
}

impl Runs {
    /// Begins a run, and gives its number.
    ///
    /// # Errors
    /// When the order cannot be carried out, or too many runs go on.
    pub(crate) fn begin(&self, built: Arc<Built>, order: &Order) -> Result<u64, Problem> {
        let saga = prepared(&built, &order.saga)?;
        let checked = order.check(&saga, &built)?;
        let graph = picture::graph(&built.manifest, &built.definitions, &order.saga);
        let graph = graph.ok_or_else(|| Problem::new("the saga was not compiled", ""))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let going_on = known.records.values().filter(|record| !record.has_ended());
        if going_on.count() >= AT_ONCE {
            let message = format!("{AT_ONCE} runs go on");
            return Err(Problem::new(
                message,
                "wait until one has ended, or stop it",
            ));
        }
        let mut mask = Mask::of(&built.manifest);
        mask.learn(&order.input);
        let record = Arc::new(Record::new(mask));
        let run = Run {
            built,
            saga,
            graph,
            record: Arc::clone(&record),
            faults: checked.faults,
            answers: checked.answers,
            rows: checked.rows,
            choreography: checked.choreography,
            aborts: checked.aborts,
            redrives: order.redrive,
        };
        known.last += 1;
        let number = known.last;
        known.records.insert(number, record);
        if known.records.len() > REMEMBERED {
            let ended = known.records.iter().find(|(_, record)| record.has_ended());
            if let Some(oldest) = ended.map(|(number, _)| *number) {
                known.records.remove(&oldest);
            }
        }
        known.threads.retain(|thread| !thread.is_finished());
        known
            .threads
            .push(thread::spawn(move || run.perform(checked.input)));
        Ok(number)
    }

    pub(crate) fn record(&self, number: u64) -> Option<Arc<Record>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.records.get(&number).cloned()
    }

    /// Stops all runs, and waits for their processes to end.
    pub(crate) fn close(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.records.values().for_each(|record| record.stop());
        for thread in known.threads.drain(..) {
            // INVARIANT: a thread that panicked has dropped its processes.
            let _ = thread.join();
        }
    }
}
