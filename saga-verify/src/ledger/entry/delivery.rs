//! What a delivery to a step's handler does to it, and what its fence or its mark keeps from acting twice.

use std::sync::Arc;

use saga_fence::Phase;

use super::{Entry, Guard, Mark};
use crate::fences::{Answered, Arrival, Ended, When, Work};
use crate::rows::Request;

impl Entry {
    /// The next delivery's place among those of the step instance.
    pub(in crate::ledger) fn next_delivery(&mut self) -> u64 {
        self.deliveries += 1;
        self.deliveries
    }

    /// A delivery to its handler, which does its work so; what is answered.
    pub(in crate::ledger) fn deliver(&mut self, arrival: Arrival, work: &Work) -> Answered {
        self.note(arrival);
        self.end_lease(&arrival);
        // What is at work gets on only after this one has come.
        let at_work = self.at_work.take();
        let answered = match self.guard {
            Guard::Fence if self.beside && arrival.phase == Phase::Undo => {
                // It is idempotent, or its own item tells: it finds nothing left to undo.
                if self.effects > 0 || !self.answered.1 {
                    self.act(arrival.phase, work);
                }
                ended(work)
            }
            Guard::Fence => {
                let mut fence = std::mem::take(&mut self.fence);
                let answered = fence.pass(arrival, &mut || {
                    self.act(arrival.phase, work);
                    work.ended.clone()
                });
                self.fence = fence;
                answered
            }
            Guard::Mark | Guard::Row | Guard::None => self.pass_mark(arrival, work),
        };
        self.at_work = at_work;
        self.end_work();
        answered
    }

    /// A delivery to its handler, which is at work until after the next one; what is answered where it is not let
    /// through.
    pub(in crate::ledger) fn begin(&mut self, arrival: Arrival) -> Option<Answered> {
        self.note(arrival);
        self.end_lease(&arrival);
        match self.fence.begin(arrival) {
            Ok(at_work) => {
                self.at_work = Some(at_work);
                None
            }
            Err(answered) => Some(answered),
        }
    }

    /// The work of a handler that is at it has its effect, and comes to its answer.
    pub(in crate::ledger) fn end_work(&mut self) {
        if let Some(at_work) = self.at_work.take() {
            self.act(at_work.phase, &Work::done());
            self.fence.finish(at_work, Ended::Answered);
        }
    }

    /// Who is at work has come to an end when its lease is over.
    fn end_lease(&mut self, arrival: &Arrival) {
        let at_work = self.at_work.as_ref();
        if at_work.is_some_and(|it| it.is_over_before(arrival)) {
            self.end_work();
        }
    }

    fn pass_mark(&mut self, arrival: Arrival, work: &Work) -> Answered {
        let acts = match (arrival.phase, self.mark) {
            _ if self.guard == Guard::None => true,
            (Phase::Do, None) | (Phase::Undo, Some(Mark::Done)) => true,
            _ => false,
        };
        if acts {
            self.act(arrival.phase, work);
        }
        if work.effect {
            self.mark = Some(match arrival.phase {
                Phase::Do if self.mark != Some(Mark::Undone) => Mark::Done,
                _ => Mark::Undone,
            });
        }
        ended(work)
    }

    /// Its handler works.
    fn act(&mut self, phase: Phase, work: &Work) {
        let done = phase == Phase::Do;
        let answered = if done {
            &mut self.answered.0
        } else {
            &mut self.answered.1
        };
        self.again |= *answered;
        *answered |= matches!(work.ended, Ended::Answered);
        if !work.effect {
            return;
        }
        self.effects = match (done, self.guard) {
            (true, Guard::None) => self.effects.saturating_add(1),
            // Whoever is called knows the key again.
            (true, _) => 1,
            (false, _) => self.effects.saturating_sub(1),
        };
    }

    /// Notes the place of a do that is delivered as it is made.
    fn note(&mut self, arrival: Arrival) {
        if let (Phase::Do, When::InTime) = (arrival.phase, arrival.when) {
            let first = self.dos.map_or(arrival.order, |(first, _)| first);
            self.dos = Some((first, arrival.order));
        }
    }

    /// Whether a handler of it is at work although nobody waits for it.
    pub(in crate::ledger) fn is_at_work(&self) -> bool {
        self.at_work.is_some()
    }

    /// A do that does not come to its handler yet, or to the item that it writes.
    pub(in crate::ledger) fn postpone(&mut self, order: u64, request: Option<Arc<Request>>) {
        self.late = Some(order);
        self.late_request = request;
    }

    /// Whether a do of it is on its way.
    pub(in crate::ledger) fn is_late(&self) -> bool {
        self.late.is_some()
    }

    /// What the do that is on its way writes, where that is an item whose isolation is stated.
    pub(in crate::ledger) fn late_request(&self) -> Option<&Arc<Request>> {
        self.late.and(self.late_request.as_ref())
    }

    /// That do has come to the item.
    pub(in crate::ledger) fn arrived_late(&mut self) {
        self.late = None;
        self.late_request = None;
    }

    /// That do comes to its handler, after the delivery of this place.
    pub(in crate::ledger) fn arrive_late(&mut self, after: u64) {
        if let Some(order) = self.late.take() {
            let arrival = Arrival {
                phase: Phase::Do,
                order,
                when: When::Late(after),
            };
            self.deliver(arrival, &Work::done());
        }
    }

    /// The deliveries of which it may matter that they come once more, after the last one: itself, the first do,
    /// the last.
    pub(in crate::ledger) fn repeatable(&self, last: (Phase, u64)) -> Vec<(Phase, u64)> {
        let dos = self
            .dos
            .map(|(first, last)| [(Phase::Do, last), (Phase::Do, first)]);
        let mut found = vec![last];
        for delivery in dos.into_iter().flatten() {
            if !found.contains(&delivery) {
                found.push(delivery);
            }
        }
        found
    }

    /// Lets nothing of it be done any more.
    pub(in crate::ledger) fn seal(&mut self) {
        let arrival = Arrival {
            phase: Phase::Seal,
            order: self.next_delivery(),
            when: When::InTime,
        };
        self.fence.pass(arrival, &mut || Ended::Died);
    }
}

/// What is answered by whoever has done that work.
fn ended(work: &Work) -> Answered {
    match &work.ended {
        Ended::Answered => Answered::Success,
        Ended::Failed(failure) => Answered::Error(failure.name.clone(), failure.outcome),
        Ended::Died => Answered::Nothing,
    }
}
