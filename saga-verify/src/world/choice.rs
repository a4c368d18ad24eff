//! What can happen next in a state.

use saga_fence::Phase;

use super::{Call, Delivered, Ending, Moment, World};
use crate::fault::{Fault, FaultKind};
use crate::ledger::Guard;
use crate::names::Names;
use crate::scene::Scene;

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// An open call is answered, by its position.
    Answer(usize),
    /// It is hit by a fault of its task, on this attempt or on every one.
    Fault {
        call: usize,
        fault: usize,
        lasting: bool,
    },
    /// A do of a step that was on its way arrives.
    Late(usize),
    /// A delivery of a step that was made before comes once more.
    Stray {
        entry: usize,
        phase: Phase,
        order: u64,
    },
    /// Another saga comes to an item whose isolation is stated, by its position.
    Interfere(usize),
    /// The execution is stopped, and recovered.
    Stop(Moment),
    /// Time passes.
    Wake,
    /// An operator has repaired the cause and redrives.
    Redrive,
}

impl World {
    /// The fault that hits a call whatever else is chosen.
    fn lasting_fault(&self, call: &Call, scene: &Scene<'_>) -> Option<usize> {
        let hit = self
            .lasting
            .iter()
            .find(|(target, _)| *target == call.target);
        let fault = hit.map(|(_, fault)| *fault)?;
        let class = scene.tasks.get(call.task)?.classes.get(fault)?;
        self.possible(&class.fault, call).then_some(fault)
    }

    /// Whether a fault can happen to a call: a condition that says that another saga's item is there cannot
    /// fail where this one's is.
    pub(crate) fn possible(&self, fault: &Fault, call: &Call) -> bool {
        let entry = call.entry.and_then(|index| self.ledger.entries.get(index));
        let happened = fault.only_if_not_done && entry.is_some_and(|entry| entry.effects > 0);
        // Without a lease nothing tells one that is at work from one that is late.
        let leased = fault.kind != FaultKind::Slow || call.guard == Guard::Fence;
        !happened && leased
    }

    /// The deliveries that may come once more: after those of other steps it would come to the same, and what
    /// is not fenced is taken to be idempotent, or not.
    fn strays(&self) -> Vec<Choice> {
        let fenced = self.delivered.filter(|delivered| {
            let entry = self.ledger.entries.get(delivered.entry);
            entry.is_some_and(|entry| entry.guard == Guard::Fence)
        });
        let Some(Delivered {
            entry,
            phase,
            order,
        }) = fenced
        else {
            return Vec::new();
        };
        let repeatable = self.ledger.repeatable(entry, (phase, order));
        let strays = repeatable.into_iter().map(|(phase, order)| Choice::Stray {
            entry,
            phase,
            order,
        });
        strays.collect()
    }

    /// Whether a fault can hit a saga that has ended.
    pub(crate) fn may_be_hit(&self) -> bool {
        self.ending.is_none() || !self.strays().is_empty()
    }

    /// The calls whose answers are to be looked at in this state: of those that commute only the first.
    pub(crate) fn explored(&self, scene: &Scene<'_>, names: &Names) -> Vec<usize> {
        let location = |call: &Call| names.location_of_target(call.target);
        let Some(first) = self.open.first() else {
            return Vec::new();
        };
        let contested = location(first)
            .iter()
            .find(|(state, _)| scene.contested.contains(state));
        let Some((around, _)) = contested else {
            return vec![0];
        };
        let calls = self.open.iter().enumerate();
        calls
            .filter(|(_, call)| location(call).iter().any(|(state, _)| state == around))
            .map(|(index, _)| index)
            .collect()
    }

    /// What can happen without a fault.
    pub(crate) fn choices(&self, scene: &Scene<'_>, names: &Names) -> Vec<Choice> {
        // After the deliveries of other steps it would come to the same.
        let delivered = self.delivered.map(|delivered| delivered.entry);
        let late = delivered.filter(|entry| self.ledger.is_late(*entry));
        let late = late.map(Choice::Late);
        match self.ending {
            Some(Ending::Parked) if !self.clean => {
                return [Choice::Redrive].into_iter().chain(late).collect();
            }
            Some(_) => return late.into_iter().collect(),
            None => {}
        }
        let explored = self.explored(scene, names);
        let contested = explored.len() > 1;
        let mut choices: Vec<Choice> = explored
            .into_iter()
            .filter_map(|index| {
                let call = self.open.get(index)?;
                Some(match self.lasting_fault(call, scene) {
                    Some(fault) => Choice::Fault {
                        call: index,
                        fault,
                        lasting: true,
                    },
                    None => Choice::Answer(index),
                })
            })
            .collect();
        choices.extend(late);
        if self.open.is_empty() || (contested && self.wakes_before_timeouts()) {
            choices.push(Choice::Wake);
        }
        choices
    }

    /// Whether the next instant that something waits for is a wait's end and no task's timeout.
    fn wakes_before_timeouts(&self) -> bool {
        let Some(wake) = self.execution.next_wake() else {
            return false;
        };
        let seconds = self
            .open
            .iter()
            .map(|call| call.timeout)
            .min()
            .unwrap_or(i64::MAX);
        wake.since(self.execution.now()) < seconds.saturating_mul(1000)
    }

    /// The faults that can hit in this state.
    pub(crate) fn faults(&self, scene: &Scene<'_>, names: &Names) -> Vec<Choice> {
        let mut found = self.strays();
        if self.ending.is_some() {
            return found;
        }
        found.extend(self.stops());
        let explored = self.explored(scene, names);
        found.extend(self.interferences(&explored, scene));
        for index in explored {
            let Some(call) = self.open.get(index) else {
                continue;
            };
            if self.lasting_fault(call, scene).is_some() {
                continue;
            }
            let Some(task) = scene.tasks.get(call.task) else {
                continue;
            };
            for (fault, class) in task.classes.iter().enumerate() {
                if !self.possible(&class.fault, call) {
                    continue;
                }
                found.push(Choice::Fault {
                    call: index,
                    fault,
                    lasting: false,
                });
                if (class.retried && !task.model.looks)
                    || (task.parks && class.fault.error.is_some())
                {
                    found.push(Choice::Fault {
                        call: index,
                        fault,
                        lasting: true,
                    });
                }
            }
        }
        found
    }
}
