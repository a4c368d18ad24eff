//! Where in a state machine each event of a history happened.

use std::collections::HashMap;
use std::sync::Arc;

use saga_engine::history::{Detail, HistoryEvent, StateType};

/// A place: a state, and what is around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// The state; none before the first one is entered.
    pub(crate) state: Option<Arc<str>>,
    /// The item of the innermost Map around it, from 0.
    pub(crate) item: Option<usize>,
    /// Whether the last event began the branches or items of this state.
    opens: bool,
    /// The place of the Parallel or Map around it.
    around: Option<Arc<Place>>,
}

/// The places of the events of executions, which are told apart by a number.
#[derive(Debug, Default)]
pub(crate) struct Places(HashMap<(usize, u64), Arc<Place>>);

impl Places {
    /// Takes in the next event of an execution, and gives its place.
    pub(crate) fn push(&mut self, execution: usize, event: &HistoryEvent) -> Arc<Place> {
        let before = self.0.get(&(execution, event.previous));
        let before = before.cloned().unwrap_or_default();
        let place = place(&before, event);
        self.0.insert((execution, event.id), Arc::clone(&place));
        place
    }
}

fn place(before: &Arc<Place>, event: &HistoryEvent) -> Arc<Place> {
    match &event.detail {
        Detail::StateEntered { name, .. } => Arc::new(Place {
            state: Some(Arc::clone(name)),
            item: before.item,
            opens: false,
            around: match before.opens {
                true => Some(Arc::clone(before)),
                false => before.around.clone(),
            },
        }),
        Detail::ParallelStateStarted => Arc::new(Place {
            opens: true,
            ..Place::clone(before)
        }),
        // The Map's own place, with an item: what is entered next is in there.
        Detail::MapIterationStarted { index, .. } => Arc::new(Place {
            item: Some(*index),
            opens: true,
            ..Place::clone(before)
        }),
        // What was inside of a Parallel or a Map comes before its end.
        Detail::StateExited {
            kind: StateType::Parallel | StateType::Map,
            name,
            ..
        } => {
            let mut place = before;
            while let (true, Some(around)) = (place.state.as_ref() != Some(name), &place.around) {
                place = around;
            }
            Arc::new(Place {
                state: Some(Arc::clone(name)),
                item: place.around.as_ref().and_then(|around| around.item),
                opens: false,
                around: place.around.clone(),
            })
        }
        _ => Arc::clone(before),
    }
}
