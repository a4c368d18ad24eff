//! Map states: from their iterations to their output.

use std::sync::Arc;

use saga_asl::data::Data;

use super::event::{Effect, TaskId, Write};
use super::flow::{FlowId, Items, MapRun, Phase, RunId};
use super::step::{Extra, Step};
use crate::fault::{Failure, Fault};
use crate::history::Detail;
use crate::program::{Kind, Map, Writer};

impl Step<'_> {
    /// An iteration of an inline Map has ended.
    pub(super) fn iteration_ended(
        &mut self,
        parent: FlowId,
        child: FlowId,
        index: usize,
        result: Result<Data, Failure>,
    ) {
        let Some(name) = self.state_of(parent).map(|state| Arc::clone(&state.name)) else {
            return;
        };
        match result {
            Ok(output) => {
                self.record(child, Detail::MapIterationSucceeded { name, index });
                self.forget_iteration(parent, child, index, Some(output));
                if let Err(fault) = self.fill(parent) {
                    self.stop_iterations(parent);
                    self.fault(parent, fault);
                }
            }
            Err(failure) => {
                self.record(child, Detail::MapIterationFailed { name, index });
                self.follow(parent, child);
                self.stop_others(parent, child);
                self.failed(parent, failure);
            }
        }
    }

    /// The parent goes on from the child's last event.
    fn follow(&mut self, parent: FlowId, child: FlowId) {
        let last = self.memory.flow(child).map_or(0, |flow| flow.last);
        if let Some(flow) = self.memory.flow_mut(parent) {
            flow.last = last;
        }
    }

    fn forget_iteration(
        &mut self,
        parent: FlowId,
        child: FlowId,
        index: usize,
        output: Option<Data>,
    ) {
        if self
            .memory
            .flow(child)
            .is_some_and(|flow| flow.parent.is_some())
        {
            self.follow(parent, child);
        }
        self.memory.flows.remove(child.0);
        self.with_items(parent, |items| {
            items.running.retain(|(_, flow)| *flow != child);
            if let Some(slot) = items.outputs.get_mut(index) {
                *slot = output;
            }
        });
    }

    fn stop_iterations(&mut self, parent: FlowId) {
        self.stop_others(parent, parent);
    }

    /// Stops all iterations but one, which has failed by itself.
    fn stop_others(&mut self, parent: FlowId, failed: FlowId) {
        let name = self.state_of(parent).map(|state| Arc::clone(&state.name));
        let running = self.with_items(parent, |items| items.running.clone());
        for (index, flow) in running.unwrap_or_default() {
            if flow == failed {
                continue;
            }
            self.stop(flow);
            if let Some(name) = name.clone() {
                self.record(flow, Detail::MapIterationAborted { name, index });
            }
        }
    }

    /// A child execution of a distributed Map has ended.
    pub(super) fn child_ended(
        &mut self,
        map: FlowId,
        root: FlowId,
        run: RunId,
        index: usize,
        result: Result<Data, Failure>,
    ) {
        let output = match &result {
            Ok(output) => output.clone(),
            Err(failure) => failure.output(),
        };
        if result.is_err() {
            self.stop(root);
            self.drop_children(root);
            self.with_items(map, |items| items.failures += weight(items, index));
        }
        self.forget_iteration(map, root, index, Some(output));
        self.memory.runs.remove(run.0);
        let exceeded = self
            .with_items(map, |items| exceeded(items))
            .unwrap_or(false);
        if exceeded {
            self.stop_children(map);
            return self.map_run_failed(
                map,
                Failure::new(
                    "States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded",
                ),
            );
        }
        if let Err(fault) = self.fill(map) {
            self.fault(map, fault);
        }
    }

    pub(super) fn map_run_failed(&mut self, id: FlowId, failure: Failure) {
        self.record(id, Detail::MapRunFailed(failure.clone()));
        self.failed(id, failure);
    }

    /// Every iteration has ended well enough.
    pub(super) fn all_ended(&mut self, id: FlowId, map: &Map) -> Result<(), Fault> {
        let outputs = self.with_items(id, |items| {
            let outputs = std::mem::take(&mut items.outputs);
            (outputs, items.map_run.clone(), items.input.clone())
        });
        let Some((outputs, map_run, input)) = outputs else {
            return Ok(());
        };
        let outputs = outputs.into_iter().map(Option::unwrap_or_default);
        let results = Data::array(outputs.collect());
        match (&map.writer, map_run) {
            (Some(writer), Some(run)) if writer.arguments.is_some() => {
                self.write_results(id, writer, &run, &input, results)
            }
            _ => self.map_succeeded(id, results),
        }
    }

    fn map_succeeded(&mut self, id: FlowId, result: Data) -> Result<(), Fault> {
        let distributed = self.with_items(id, |items| items.map_run.is_some());
        if distributed == Some(true) {
            self.record(id, Detail::MapRunSucceeded);
        }
        self.record(id, Detail::MapStateSucceeded);
        self.set_phase(id, Phase::Stopped);
        self.complete(id, result)
    }

    fn write_results(
        &mut self,
        id: FlowId,
        writer: &Writer,
        run: &MapRun,
        input: &Data,
        results: Data,
    ) -> Result<(), Fault> {
        let arguments = self.compute(id, input, Extra::default(), |scope, random| {
            let arguments = writer.arguments.as_ref();
            arguments
                .map(|template| template.evaluate(scope, random))
                .transpose()
        })?;
        let arguments = arguments.unwrap_or_default();
        let Some(state) = self.state_of(id).map(|state| Arc::clone(&state.name)) else {
            return Ok(());
        };
        let task = self.next_task(id);
        let manifest = manifest(&arguments, run);
        self.with_items(id, |items| {
            items.transfer = Some(task);
            items.items = written(&arguments, &manifest, run);
        });
        self.memory.effects.push(Effect::Write(Box::new(Write {
            task,
            state,
            resource: writer.resource.clone().unwrap_or_else(|| "".into()),
            arguments,
            manifest,
            results,
        })));
        Ok(())
    }

    /// The results of a distributed Map have been written, or not.
    pub(super) fn results_written(&mut self, task: TaskId, result: Result<(), String>) {
        let Some(id) = self.transferred(task) else {
            return;
        };
        if !self
            .state_of(id)
            .is_some_and(|state| matches!(state.kind, Kind::Map(_)))
        {
            return;
        }
        if let Err(cause) = result {
            return self.map_run_failed(id, Failure::new("States.ResultWriterFailed", cause));
        }
        let details = self.with_items(id, |items| items.items.clone());
        if let Err(fault) = self.map_succeeded(id, details.unwrap_or_default()) {
            self.fault(id, fault);
        }
    }
}

/// How many items an iteration stands for.
fn weight(items: &Items, index: usize) -> usize {
    let unit = items.items.as_array().and_then(|all| all.get(index));
    let batch = unit
        .filter(|_| items.batched)
        .and_then(|unit| unit.get("Items"));
    batch.and_then(Data::as_array).map_or(1, <[Data]>::len)
}

/// Whether more items have failed than may. Without either bound none may.
fn exceeded(items: &Items) -> bool {
    let Some(run) = &items.map_run else {
        return false;
    };
    let by_count = match (run.tolerated_count, run.tolerated_percentage) {
        (Some(count), _) => i64::try_from(items.failures).is_ok_and(|failures| failures > count),
        (None, Some(_)) => false,
        (None, None) => items.failures > 0,
    };
    by_count
        || run
            .tolerated_percentage
            .is_some_and(|most| share(items) > most)
}

#[expect(clippy::cast_precision_loss, reason = "items are far fewer than 2^53")]
fn share(items: &Items) -> f64 {
    100.0 * items.failures as f64 / items.total.max(1) as f64
}

/// The key of the manifest: the prefix, the map run's name.
fn manifest(arguments: &Data, run: &MapRun) -> Arc<str> {
    let prefix = arguments.get("Prefix").and_then(Data::as_str).unwrap_or("");
    let separator = if prefix.is_empty() { "" } else { "/" };
    format!("{prefix}{separator}{}/manifest.json", run.name).into()
}

/// The Map's result when its results are written elsewhere.
fn written(arguments: &Data, manifest: &Arc<str>, run: &MapRun) -> Data {
    let bucket = arguments.get("Bucket").cloned().unwrap_or_default();
    let details = Data::object([
        ("Bucket", bucket),
        ("Key", Data::String(Arc::clone(manifest))),
    ]);
    Data::object([
        ("MapRunArn", Data::String(Arc::clone(&run.arn))),
        ("ResultWriterDetails", details),
    ])
}
