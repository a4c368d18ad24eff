//! The Map state from its model.

use saga_asl::json::Value;
use saga_asl::model::{self, ExecutionType, ProcessorMode, QueryLanguage};

use super::compile_state::Fields;
use super::template::constant;
use super::{Batcher, ItemSource, Map, Reader, Setting, Source, Writer};

impl Fields<'_, '_> {
    pub(super) fn map(&mut self, map: &model::Map) -> Map {
        let processor = map.item_processor.as_ref().or(map.iterator.as_ref());
        let config = processor.and_then(|processor| processor.processor_config.as_ref());
        let graph = match processor {
            Some(processor) => self.builder.graph(&processor.start_at, &processor.states),
            None => {
                self.builder
                    .errors
                    .add("ItemProcessor", "a Map needs an item processor");
                super::GraphId::default()
            }
        };
        let selector = map
            .item_selector
            .as_ref()
            .map(|value| (value, "ItemSelector"));
        let selector = selector.or(map.parameters.as_ref().map(|value| (value, "Parameters")));
        Map {
            items: self.items(map),
            selector: selector.map(|(value, field)| self.template(value, field)),
            batcher: map
                .item_batcher
                .as_ref()
                .map(|batcher| self.batcher(batcher)),
            processor: graph,
            distributed: config.and_then(|config| config.mode) == Some(ProcessorMode::Distributed),
            express: config.and_then(|config| config.execution_type)
                == Some(ExecutionType::Express),
            concurrency: self.setting(
                ("MaxConcurrency", map.max_concurrency.as_ref()),
                ("MaxConcurrencyPath", map.max_concurrency_path.as_deref()),
            ),
            tolerated_count: self.setting(
                (
                    "ToleratedFailureCount",
                    map.tolerated_failure_count.as_ref(),
                ),
                (
                    "ToleratedFailureCountPath",
                    map.tolerated_failure_count_path.as_deref(),
                ),
            ),
            tolerated_percentage: self.setting(
                (
                    "ToleratedFailurePercentage",
                    map.tolerated_failure_percentage.as_ref(),
                ),
                (
                    "ToleratedFailurePercentagePath",
                    map.tolerated_failure_percentage_path.as_deref(),
                ),
            ),
            label: map.label.as_deref().map(Into::into),
            writer: map.result_writer.as_ref().map(|writer| self.writer(writer)),
        }
    }

    /// With a reader, `ItemsPath` is ignored: recorded on AWS.
    fn items(&mut self, map: &model::Map) -> ItemSource {
        if let Some(reader) = &map.item_reader {
            return ItemSource::Reader(Box::new(self.reader(reader)));
        }
        match (&map.items, &map.items_path) {
            (Some(items), _) if self.language == QueryLanguage::JsonAta => {
                ItemSource::Value(self.template(items, "Items"))
            }
            (_, Some(path)) => ItemSource::Path(self.path(path, "ItemsPath")),
            _ => ItemSource::Input,
        }
    }

    fn reader(&mut self, reader: &model::ItemReader) -> Reader {
        let (arguments, field) = match &reader.arguments {
            Some(arguments) => (Some(arguments), "ItemReader/Arguments"),
            None => (reader.parameters.as_ref(), "ItemReader/Parameters"),
        };
        let config = reader.reader_config.as_ref();
        Reader {
            resource: reader.resource.as_str().into(),
            arguments: self.optional(arguments, field),
            config: self.optional(config, "ItemReader/ReaderConfig"),
            max_items: config.and_then(|config| self.max_items(config)),
        }
    }

    fn max_items(&mut self, config: &Value) -> Option<Setting> {
        let (given, path) = (config.get("MaxItems"), config.get("MaxItemsPath"));
        if let Some(path) = path.and_then(Value::as_str) {
            let source = Source::Path(self.path(path, "ItemReader/ReaderConfig/MaxItemsPath"));
            return Some(Setting {
                field: "MaxItemsPath",
                source,
            });
        }
        let source = match given? {
            Value::String(text) => self.source(text, "ItemReader/ReaderConfig/MaxItems"),
            value => Source::Given(constant(value)),
        };
        Some(Setting {
            field: "MaxItems",
            source,
        })
    }

    fn batcher(&mut self, batcher: &model::ItemBatcher) -> Batcher {
        Batcher {
            max_items: self.setting::<u64>(
                ("MaxItemsPerBatch", batcher.max_items_per_batch.as_ref()),
                (
                    "MaxItemsPerBatchPath",
                    batcher.max_items_per_batch_path.as_deref(),
                ),
            ),
            max_bytes: self.setting::<u64>(
                (
                    "MaxInputBytesPerBatch",
                    batcher.max_input_bytes_per_batch.as_ref(),
                ),
                (
                    "MaxInputBytesPerBatchPath",
                    batcher.max_input_bytes_per_batch_path.as_deref(),
                ),
            ),
            input: self.optional(batcher.batch_input.as_ref(), "ItemBatcher/BatchInput"),
        }
    }

    fn writer(&mut self, writer: &model::ResultWriter) -> Writer {
        let (arguments, field) = match &writer.arguments {
            Some(arguments) => (Some(arguments), "ResultWriter/Arguments"),
            None => (writer.parameters.as_ref(), "ResultWriter/Parameters"),
        };
        Writer {
            resource: writer.resource.as_deref().map(Into::into),
            arguments: self.optional(arguments, field),
            config: writer.writer_config.as_ref().map(constant),
        }
    }
}
