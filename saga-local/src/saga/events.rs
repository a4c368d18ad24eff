//! A saga by events, run here: its record in this process, its handlers and their fences as they are. Events come in the order of
//! their times; what the bus does besides is `saga_random`'s to try.

mod fences;
mod task;

use std::collections::BTreeMap;

use saga_choreography::{Action, Choreography, Event, Happened, Message, Outcome, Record, Task};
use saga_engine::time::Timestamp;
use saga_fence::Reply;
use serde_json::Value;

use super::{Backend, Clock, Faults, Stop};
use task::Told;

/// How long Lambda waits before it invokes a function again that died on an event, in milliseconds (developer guide, "Asynchronous
/// invocation").
const AGAIN: [u64; 2] = [60_000, 120_000];

/// Runs sagas by events.
pub struct EventDriver {
    /// What invokes handlers, and holds their fences.
    pub backend: Backend,
    /// What goes wrong, by step; of an undo by `Undo` and the step.
    pub faults: Faults,
    /// How time passes.
    pub clock: Clock,
}

/// Why a run could not come to an end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// A fence could not be read or sealed.
    #[error("the fence of `{step}` could not be used: {problem}")]
    Fence {
        /// The step.
        step: String,
        /// What is wrong.
        problem: String,
    },
    /// The user stopped it.
    #[error("stopped by the user")]
    Stopped,
}

/// A run that came to its end: its saga's record, and all that was published.
#[derive(Clone, Debug)]
pub struct Run {
    /// The record.
    pub record: Record,
    /// The events, in order of publication; looks at what is overdue are left out.
    pub events: Vec<Event>,
}

/// What whoever watches a run by events hears.
#[derive(Clone, Copy, Debug)]
pub enum Heard<'h> {
    /// An event is delivered.
    Delivered(&'h Event),
    /// The record was written: something was answered, given up, or asked for.
    Written(&'h Record),
}

/// What is on its way.
struct Bus {
    record: Record,
    waiting: BTreeMap<(u64, u64), Delivery>,
    number: u64,
    events: Vec<Event>,
}

/// An event on its way to its handler, for the which time.
struct Delivery {
    event: Event,
    tries: usize,
}

impl EventDriver {
    /// Runs a saga until it has ended, or waits for an operator. `heard` is handed its events as they are delivered, and its
    /// record as it is written, each with its time.
    ///
    /// # Errors
    /// A fence cannot be used, or the user stops it.
    pub async fn run(
        mut self,
        choreography: &Choreography,
        id: &str,
        input: Value,
        mut stop: Stop,
        heard: &mut dyn FnMut(Timestamp, Heard<'_>),
    ) -> Result<Run, EventError> {
        let record = choreography.begin(id, input, id, millis(self.clock.now()));
        let mut bus = Bus {
            waiting: BTreeMap::new(),
            number: 0,
            events: Vec::new(),
            record,
        };
        heard(self.clock.now(), Heard::Written(&bus.record));
        bus.publish(millis(self.clock.now()));
        while !bus.is_over() {
            let Some(((at, _), delivery)) = bus.waiting.pop_first() else {
                break;
            };
            let step = async {
                self.clock.idle_until(instant(at)).await;
                if shows(delivery.event.action) {
                    heard(self.clock.now(), Heard::Delivered(&delivery.event));
                }
                self.deliver(choreography, &mut bus, delivery, heard).await
            };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return Err(EventError::Stopped),
                delivered = step => delivered?,
            }
        }
        // What is left are endings, and looks at what is answered.
        for delivery in bus.waiting.into_values() {
            if delivery.event.action >= Action::Completed {
                heard(self.clock.now(), Heard::Delivered(&delivery.event));
            }
        }
        Ok(Run {
            record: bus.record,
            events: bus.events,
        })
    }

    async fn deliver(
        &self,
        choreography: &Choreography,
        bus: &mut Bus,
        delivery: Delivery,
        heard: &mut dyn FnMut(Timestamp, Heard<'_>),
    ) -> Result<(), EventError> {
        let event = &delivery.event;
        let now = millis(self.clock.now());
        let happened = match event.action {
            Action::Do | Action::Undo => match self.act(choreography, event, now).await {
                Told::Reply(reply) => Some(answered(event, reply)),
                Told::Lost => None,
                Told::Died => {
                    bus.again(delivery, millis(self.clock.now()));
                    return Ok(());
                }
            },
            _ => {
                let found = fences::read(&self.backend, event).await?;
                Happened::of(event, found.as_ref())
            }
        };
        let Some(mut happened) = happened else {
            return Ok(());
        };
        let now = millis(self.clock.now());
        if choreography.gives_up(&bus.record, &happened, now) {
            let sealed = fences::seal(&self.backend, event, now).await?;
            happened = Happened::of_sealed(event, &sealed, now).unwrap_or(happened);
        }
        if let Some(next) = choreography.advance(&bus.record, &happened, &event.id, now) {
            bus.record = next;
            heard(self.clock.now(), Heard::Written(&bus.record));
            bus.publish(now);
        }
        Ok(())
    }
}

impl Bus {
    /// What the record holds goes on its way.
    fn publish(&mut self, now: u64) {
        for Message { event, not_before } in self.record.outbox.clone() {
            if shows(event.action) {
                self.events.push(event.clone());
            }
            let at = not_before.unwrap_or(now).max(now);
            self.send(at, Delivery { event, tries: 0 });
        }
    }

    fn send(&mut self, at: u64, delivery: Delivery) {
        self.number += 1;
        self.waiting.insert((at, self.number), delivery);
    }

    /// A function died on an event: it is invoked again, but not for ever.
    fn again(&mut self, delivery: Delivery, now: u64) {
        if let Some(pause) = AGAIN.get(delivery.tries) {
            let tries = delivery.tries + 1;
            self.send(now + pause, Delivery { tries, ..delivery });
        }
    }

    /// Whether nothing follows any more: it has ended, or waits for an operator and for nobody else.
    fn is_over(&self) -> bool {
        let at_work = self.record.tasks().any(Task::is_open);
        self.record.ended.is_some() || (self.record.is_parked() && !at_work)
    }
}

/// Whether an event tells something: a look at what is overdue mostly finds that nothing is.
fn shows(action: Action) -> bool {
    !matches!(action, Action::CheckDo | Action::CheckUndo)
}

fn answered(event: &Event, reply: Reply) -> Happened {
    Happened::Answered(Outcome {
        step: event.step.clone().unwrap_or_default(),
        undo: event.action.is_undo(),
        order: event.order(),
        reply,
    })
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or_default()
}

fn instant(at: u64) -> Timestamp {
    Timestamp(i64::try_from(at).unwrap_or(i64::MAX))
}
