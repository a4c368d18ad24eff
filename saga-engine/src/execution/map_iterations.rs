//! Map states: their iterations.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::intrinsic::uuid;

use super::flow::{Flow, FlowId, Item, Phase};
use super::step::{Extra, Step};
use crate::fault::Fault;
use crate::history::Detail;
use crate::program::{GraphId, Kind, Map, State};

impl Step<'_> {
    /// Starts iterations until as many run as may, or ends the Map.
    pub(super) fn fill(&mut self, id: FlowId) -> Result<(), Fault> {
        let (Some(state), Some(flow)) = (self.state_of(id), self.memory.flow(id)) else {
            return Ok(());
        };
        let (Kind::Map(map), Phase::Map(items)) = (&state.kind, &flow.phase) else {
            return Ok(());
        };
        if items.running.is_empty() && items.next == items.outputs.len() {
            return self.all_ended(id, map);
        }
        let room = items.concurrency.saturating_sub(items.running.len());
        let room = room.min(items.outputs.len() - items.next);
        for _ in 0..room {
            self.start_iteration(id, state, map)?;
        }
        Ok(())
    }

    fn start_iteration(&mut self, id: FlowId, state: &State, map: &Map) -> Result<(), Fault> {
        let next = self.with_items(id, |items| {
            let index = items.next;
            items.next += 1;
            let value = items
                .items
                .as_array()
                .and_then(|all| all.get(index))
                .cloned();
            (
                index,
                value.unwrap_or_default(),
                items.batched,
                items.input.clone(),
                items.started,
            )
        });
        let Some((index, value, batched, input, started)) = next else {
            return Ok(());
        };
        let item = self.item(id, state, index, value);
        let input = match batched {
            true => item.value.clone(),
            false => self.select_item(id, map, &input, &item)?,
        };
        let child = match map.distributed {
            true => self.start_child(id, state, map, index, input),
            false => self.start_inline(id, state, map.processor, index, (item, input, started)),
        };
        self.with_items(id, |items| items.running.push((index, child)));
        Ok(())
    }

    pub(super) fn item(&self, id: FlowId, state: &State, index: usize, value: Data) -> Item {
        let outer = self.memory.flow(id).and_then(|flow| flow.item.as_ref());
        let mut path = outer.map(|item| item.path.clone()).unwrap_or_default();
        path.push((Arc::clone(&state.name), index));
        Item { index, value, path }
    }

    pub(super) fn select_item(
        &mut self,
        id: FlowId,
        map: &Map,
        input: &Data,
        item: &Item,
    ) -> Result<Data, Fault> {
        let Some(selector) = &map.selector else {
            return Ok(item.value.clone());
        };
        let extra = Extra {
            item: Some(item),
            token: None,
        };
        self.compute(id, input, extra, |scope, random| {
            selector.evaluate(scope, random)
        })
    }

    fn start_inline(
        &mut self,
        id: FlowId,
        state: &State,
        processor: GraphId,
        index: usize,
        (item, input, started): (Item, Data, u64),
    ) -> FlowId {
        let name = Arc::clone(&state.name);
        let run = self.memory.flow(id).map(|flow| flow.run);
        let Some((run, parent)) = run.zip(self.memory.flow(id)) else {
            return id;
        };
        let start = self.program.graph(processor).start;
        let flow = Flow {
            item: Some(Arc::new(item)),
            ..parent.child((id, index), start, input)
        };
        let last = self.record_in(run, started, Detail::MapIterationStarted { name, index });
        self.add_flow(Flow { last, ..flow })
    }

    /// An iteration of a distributed Map is an execution of its own.
    fn start_child(
        &mut self,
        id: FlowId,
        state: &State,
        map: &Map,
        index: usize,
        input: Data,
    ) -> FlowId {
        let name: Arc<str> = uuid(&mut self.memory.random).into();
        let identity = &self.memory.settings.identity;
        let label = map.label.as_deref().unwrap_or("Map");
        let kind = if map.express { "express" } else { "execution" };
        let arn = identity.arn(&format!("{kind}:{}/{label}:{name}", identity.machine));
        let run = self.open_run(arn, name, input.clone(), !map.express, Some((id, index)));
        let item = self.item(id, state, index, input.clone());
        self.open_flow(run, input, Data::empty_object(), Some(Arc::new(item)))
    }

    /// The graph that a Map's iterations run.
    pub(super) fn processor_of(&self, id: FlowId) -> Option<GraphId> {
        match &self.state_of(id)?.kind {
            Kind::Map(map) => Some(map.processor),
            _ => None,
        }
    }
}
