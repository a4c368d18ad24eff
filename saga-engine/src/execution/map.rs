//! Map states: from their input to their iterations.

use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::intrinsic::uuid;
use saga_asl::model::QueryLanguage;

use super::event::{Content, Effect, Read, TaskId};
use super::flow::{FlowId, Items, MapRun, Phase};
use super::step::{Extra, Step};
use crate::fault::{Failure, Fault};
use crate::history::Detail;
use crate::items::{self, Limits};
use crate::limits::{DISTRIBUTED_CONCURRENCY, INLINE_CONCURRENCY};
use crate::program::{ItemSource, Kind, Map, Reader, State};

impl<'a> Step<'a> {
    pub(super) fn run_map(
        &mut self,
        id: FlowId,
        state: &State,
        map: &'a Map,
        effective: &Data,
    ) -> Result<(), Fault> {
        let found = match &map.items {
            ItemSource::Reader(_) => None,
            source => Some(self.find_items(id, state, source, effective)?),
        };
        let length = found
            .as_ref()
            .and_then(Data::as_array)
            .map_or(0, <[Data]>::len);
        let started = self.record(id, Detail::MapStateStarted { length });
        let items = Items {
            input: effective.clone(),
            started,
            ..self.limits(id, map, effective)?
        };
        if let Some(run) = &items.map_run {
            let arn = Arc::clone(&run.arn);
            self.record(id, Detail::MapRunStarted { arn });
        }
        self.set_phase(id, Phase::Map(Box::new(items)));
        match (found, &map.items) {
            (Some(found), _) => self.begin(id, state, map, found),
            (None, ItemSource::Reader(reader)) => self.ask_for_items(id, state, reader, effective),
            (None, _) => Ok(()),
        }
    }

    fn find_items(
        &mut self,
        id: FlowId,
        state: &State,
        source: &ItemSource,
        effective: &Data,
    ) -> Result<Data, Fault> {
        let found = self.compute(
            id,
            effective,
            Extra::default(),
            |scope, random| match source {
                ItemSource::Value(template) => template.evaluate(scope, random),
                ItemSource::Path(path) => path.select(scope).map_err(|not_found| {
                    Fault::Runtime(format!("Invalid path '{}' : {not_found}", path.as_str()))
                }),
                ItemSource::Input | ItemSource::Reader(_) => Ok(effective.clone()),
            },
        )?;
        match (&found, state.language) {
            (Data::Array(_), _) => Ok(found),
            (_, QueryLanguage::JsonAta) => Err(Fault::Query {
                location: "Items".to_owned(),
                message: format!("Map state input must be an array but was: {found}"),
            }),
            (_, QueryLanguage::JsonPath) => {
                let path = match source {
                    ItemSource::Path(path) => path.as_str(),
                    _ => "$",
                };
                Err(Fault::Runtime(format!(
                    "Reference path \"{path}\" must point to array."
                )))
            }
        }
    }

    /// Concurrency and tolerance, which AWS looks at in this order.
    fn limits(&mut self, id: FlowId, map: &Map, effective: &Data) -> Result<Items, Fault> {
        let (count, percentage, concurrency) =
            self.compute(id, effective, Extra::default(), |scope, random| {
                let count = map.tolerated_count.as_ref();
                let count = count
                    .map(|setting| setting.integer(scope, random))
                    .transpose()?;
                let percentage = map.tolerated_percentage.as_ref();
                let percentage = percentage
                    .map(|setting| setting.number(scope, random))
                    .transpose()?;
                let concurrency = map.concurrency.as_ref();
                let concurrency = concurrency
                    .map(|setting| setting.integer(scope, random))
                    .transpose()?;
                Ok((count, percentage, concurrency))
            })?;
        check_tolerance(count, percentage)?;
        let most = if map.distributed {
            DISTRIBUTED_CONCURRENCY
        } else {
            INLINE_CONCURRENCY
        };
        let concurrency = concurrency
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n > 0);
        Ok(Items {
            concurrency: concurrency.unwrap_or(most).min(most),
            map_run: map
                .distributed
                .then(|| self.map_run(map, count, percentage)),
            ..Items::default()
        })
    }

    fn map_run(&mut self, map: &Map, count: Option<i64>, percentage: Option<f64>) -> MapRun {
        let name: Arc<str> = uuid(&mut self.memory.random).into();
        let identity = &self.memory.settings.identity;
        let label = map.label.as_deref().unwrap_or("Map");
        MapRun {
            arn: identity.arn(&format!("mapRun:{}/{label}:{name}", identity.machine)),
            name,
            tolerated_count: count,
            tolerated_percentage: percentage,
        }
    }

    fn ask_for_items(
        &mut self,
        id: FlowId,
        state: &State,
        reader: &Reader,
        effective: &Data,
    ) -> Result<(), Fault> {
        let arguments = self.compute(id, effective, Extra::default(), |scope, random| {
            let arguments = reader.arguments.as_ref();
            arguments
                .map(|template| template.evaluate(scope, random))
                .transpose()
        })?;
        let task = self.next_task(id);
        self.with_items(id, |items| items.transfer = Some(task));
        self.memory.effects.push(Effect::Read(Box::new(Read {
            task,
            state: Arc::clone(&state.name),
            resource: Arc::clone(&reader.resource),
            arguments: arguments.unwrap_or_default(),
        })));
        Ok(())
    }

    /// The items of a distributed Map have come, or not.
    pub(super) fn items_read(&mut self, task: TaskId, content: Result<Content, String>) {
        let Some(id) = self.transferred(task) else {
            return;
        };
        let Some(state) = self.state_of(id) else {
            return;
        };
        let Kind::Map(map) = &state.kind else {
            return;
        };
        let input = self
            .with_items(id, |items| items.input.clone())
            .unwrap_or_default();
        match self.decode(id, map, &input, content) {
            Ok(Ok(found)) => {
                if let Err(fault) = self.begin(id, state, map, Data::array(found)) {
                    self.fault(id, fault);
                }
            }
            Ok(Err(cause)) => {
                self.map_run_failed(id, Failure::new("States.ItemReaderFailed", cause))
            }
            Err(fault) => self.fault(id, fault),
        }
    }

    fn decode(
        &mut self,
        id: FlowId,
        map: &Map,
        input: &Data,
        content: Result<Content, String>,
    ) -> Result<Result<Vec<Data>, String>, Fault> {
        let ItemSource::Reader(reader) = &map.items else {
            return Ok(Err("the state has no reader".to_owned()));
        };
        let (config, most) = self.compute(id, input, Extra::default(), |scope, random| {
            let config = reader.config.as_ref();
            let config = config
                .map(|template| template.evaluate(scope, random))
                .transpose()?;
            let most = reader.max_items.as_ref();
            let most = most
                .map(|setting| setting.integer(scope, random))
                .transpose()?;
            Ok((config.unwrap_or_default(), most.unwrap_or(0)))
        })?;
        let Ok(most) = usize::try_from(most) else {
            return Ok(Err("field MaxItems must be positive".to_owned()));
        };
        let found = content.and_then(|content| match content {
            Content::Bytes(bytes) => items::read(&bytes, &config),
            Content::Items(Data::Array(items)) => Ok(items.to_vec()),
            Content::Items(_) => Err("Attempting to map over non-iterable node.".to_owned()),
        });
        Ok(found.map(|mut found| {
            // 0 means all: recorded on AWS.
            found.truncate(if most == 0 { usize::MAX } else { most });
            found
        }))
    }

    /// The items are there: groups them if there is a batcher, and starts iterations.
    fn begin(&mut self, id: FlowId, state: &State, map: &'a Map, found: Data) -> Result<(), Fault> {
        let input = self
            .with_items(id, |items| items.input.clone())
            .unwrap_or_default();
        let total = found.as_array().map_or(0, <[Data]>::len);
        let (items, batched) = match &map.batcher {
            None => (found, false),
            Some(_) => (self.batched(id, state, map, &input, &found)?, true),
        };
        let length = items.as_array().map_or(0, <[Data]>::len);
        self.with_items(id, |state| {
            state.items = items;
            state.batched = batched;
            state.total = total;
            state.outputs = vec![None; length];
        });
        self.fill(id)
    }

    fn batched(
        &mut self,
        id: FlowId,
        state: &State,
        map: &Map,
        input: &Data,
        found: &Data,
    ) -> Result<Data, Fault> {
        let mut selected = Vec::new();
        for (index, value) in found.as_array().unwrap_or_default().iter().enumerate() {
            let item = self.item(id, state, index, value.clone());
            selected.push(self.select_item(id, map, input, &item)?);
        }
        let Some(batcher) = &map.batcher else {
            return Ok(Data::array(selected));
        };
        let (limits, extra) = self.compute(id, input, Extra::default(), |scope, random| {
            let most_items = batcher.max_items.as_ref();
            let most_items = most_items
                .map(|setting| setting.integer(scope, random))
                .transpose()?;
            let most_bytes = batcher.max_bytes.as_ref();
            let most_bytes = most_bytes
                .map(|setting| setting.integer(scope, random))
                .transpose()?;
            let extra = batcher.input.as_ref();
            let extra = extra
                .map(|template| template.evaluate(scope, random))
                .transpose()?;
            let size = |most: i64| usize::try_from(most).ok();
            let limits = Limits {
                items: most_items.and_then(size),
                bytes: most_bytes.and_then(size),
            };
            Ok((limits, extra))
        })?;
        Ok(Data::array(items::batches(
            selected,
            extra.as_ref(),
            limits,
        )))
    }

    pub(super) fn with_items<T>(
        &mut self,
        id: FlowId,
        change: impl FnOnce(&mut Items) -> T,
    ) -> Option<T> {
        match &mut self.memory.flow_mut(id)?.phase {
            Phase::Map(items) => Some(change(items)),
            _ => None,
        }
    }

    /// The flow whose read or write is over.
    pub(super) fn transferred(&mut self, task: TaskId) -> Option<FlowId> {
        let id = self.memory.tasks.remove(&task)?;
        let was = self.with_items(id, |items| items.transfer.take());
        (was == Some(Some(task))).then_some(id)
    }
}

fn check_tolerance(count: Option<i64>, percentage: Option<f64>) -> Result<(), Fault> {
    if count.is_some_and(|count| count < 0) {
        return Err(Fault::Runtime(
            "ToleratedFailureCount cannot be negative.".to_owned(),
        ));
    }
    match percentage {
        Some(percentage) if !(0.0..=100.0).contains(&percentage) => Err(Fault::Runtime(
            "ToleratedFailurePercentage must be between 0 and 100.".to_owned(),
        )),
        _ => Ok(()),
    }
}
