//! `Map`: runs the same states for every item of a list.

use indexmap::IndexMap;

use super::codec::{FromJson, Named, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{
    Catcher, DataPath, Dynamic, ItemBatcher, ItemReader, Layout, QueryLanguage, ResultWriter,
    Retrier, State, Transition,
};
use crate::json::{Number, Object, Value};

/// A Map state, inline or distributed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map {
    /// What it is, for people.
    pub comment: Option<String>,
    /// The language of its expressions, where it is not the machine's.
    pub query_language: Option<QueryLanguage>,
    /// JSONPath: the part of the input the state sees.
    pub input_path: Option<DataPath>,
    /// JSONPath: where the items are in the input.
    pub items_path: Option<String>,
    /// JSONata: the items.
    pub items: Option<Value>,
    /// Distributed: where the items are read from.
    pub item_reader: Option<ItemReader>,
    /// What each iteration gets instead of the bare item.
    pub item_selector: Option<Value>,
    /// The same under its old name.
    pub parameters: Option<Value>,
    /// Distributed: how items are grouped.
    pub item_batcher: Option<ItemBatcher>,
    /// The states that run for every item.
    pub item_processor: Option<ItemProcessor>,
    /// The same under its old name.
    pub iterator: Option<ItemProcessor>,
    /// How many iterations run at once; 0 or absent is as many as there are.
    pub max_concurrency: Option<Dynamic<u64>>,
    /// JSONPath: where that number is in the input.
    pub max_concurrency_path: Option<String>,
    /// Distributed: the share of items, 0 to 100, that may fail.
    pub tolerated_failure_percentage: Option<Dynamic<Number>>,
    /// JSONPath: where that share is in the input.
    pub tolerated_failure_percentage_path: Option<String>,
    /// Distributed: the number of items that may fail.
    pub tolerated_failure_count: Option<Dynamic<u64>>,
    /// JSONPath: where that number is in the input.
    pub tolerated_failure_count_path: Option<String>,
    /// Distributed: a part of the map run's ARN.
    pub label: Option<String>,
    /// Distributed: where results are written.
    pub result_writer: Option<ResultWriter>,
    /// JSONPath: what is kept of the result.
    pub result_selector: Option<Value>,
    /// JSONPath: where the result goes in the input.
    pub result_path: Option<DataPath>,
    /// JSONPath: the part of that which is the output.
    pub output_path: Option<DataPath>,
    /// Variables to set.
    pub assign: Object,
    /// JSONata: the output.
    pub output: Option<Value>,
    /// When the whole map is tried again.
    pub retry: Vec<Retrier>,
    /// Where it goes when it failed for good.
    pub catch: Vec<Catcher>,
    /// Where it goes when it succeeded.
    pub transition: Transition,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for Map {
    fn to_json(&self) -> Value {
        let mut fields = Fields::new(&self.layout);
        fields
            .required("Type", &Value::from("Map"))
            .optional("Comment", self.comment.as_ref())
            .optional("QueryLanguage", self.query_language.as_ref())
            .optional("InputPath", self.input_path.as_ref());
        self.write_items(&mut fields);
        self.write_limits(&mut fields);
        fields
            .optional("ItemProcessor", self.item_processor.as_ref())
            .optional("Iterator", self.iterator.as_ref())
            .optional("ResultWriter", self.result_writer.as_ref())
            .optional("ResultSelector", self.result_selector.as_ref())
            .optional("ResultPath", self.result_path.as_ref())
            .optional("OutputPath", self.output_path.as_ref())
            .collection("Assign", &self.assign)
            .optional("Output", self.output.as_ref())
            .collection("Retry", &self.retry)
            .collection("Catch", &self.catch);
        self.transition.write(&mut fields);
        fields.finish()
    }
}

impl Map {
    fn write_items(&self, fields: &mut Fields<'_>) {
        fields
            .optional("ItemsPath", self.items_path.as_ref())
            .optional("Items", self.items.as_ref())
            .optional("ItemReader", self.item_reader.as_ref())
            .optional("ItemSelector", self.item_selector.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("ItemBatcher", self.item_batcher.as_ref())
            .optional("Label", self.label.as_ref());
    }

    fn write_limits(&self, fields: &mut Fields<'_>) {
        let percentage = self.tolerated_failure_percentage.as_ref();
        let percentage_path = self.tolerated_failure_percentage_path.as_ref();
        fields
            .optional("MaxConcurrency", self.max_concurrency.as_ref())
            .optional("MaxConcurrencyPath", self.max_concurrency_path.as_ref())
            .optional("ToleratedFailurePercentage", percentage)
            .optional("ToleratedFailurePercentagePath", percentage_path)
            .optional(
                "ToleratedFailureCount",
                self.tolerated_failure_count.as_ref(),
            )
            .optional(
                "ToleratedFailureCountPath",
                self.tolerated_failure_count_path.as_ref(),
            );
    }
}

impl FromJson for Map {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        reader.take("Type");
        let map = Self {
            comment: reader.optional("Comment"),
            query_language: reader.optional("QueryLanguage"),
            input_path: reader.optional("InputPath"),
            items_path: reader.optional("ItemsPath"),
            items: reader.optional("Items"),
            item_reader: reader.optional("ItemReader"),
            item_selector: reader.optional("ItemSelector"),
            parameters: reader.optional("Parameters"),
            item_batcher: reader.optional("ItemBatcher"),
            item_processor: reader.optional("ItemProcessor"),
            iterator: reader.optional("Iterator"),
            max_concurrency: reader.optional("MaxConcurrency"),
            max_concurrency_path: reader.optional("MaxConcurrencyPath"),
            tolerated_failure_percentage: reader.optional("ToleratedFailurePercentage"),
            tolerated_failure_percentage_path: reader.optional("ToleratedFailurePercentagePath"),
            tolerated_failure_count: reader.optional("ToleratedFailureCount"),
            tolerated_failure_count_path: reader.optional("ToleratedFailureCountPath"),
            label: reader.optional("Label"),
            result_writer: reader.optional("ResultWriter"),
            result_selector: reader.optional("ResultSelector"),
            result_path: reader.optional("ResultPath"),
            output_path: reader.optional("OutputPath"),
            assign: reader.collection("Assign"),
            output: reader.optional("Output"),
            retry: reader.collection("Retry"),
            catch: reader.collection("Catch"),
            transition: Transition::read(&mut reader),
            layout: Layout::default(),
        };
        if map.item_processor.is_none() && map.iterator.is_none() {
            reader.error("the field `ItemProcessor` is missing");
        }
        Some(Self {
            layout: reader.layout(),
            ..map
        })
    }
}

/// The machine that runs for every item of a Map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemProcessor {
    /// Inline or distributed; absent is inline.
    pub processor_config: Option<ProcessorConfig>,
    /// What it is, for people.
    pub comment: Option<String>,
    /// The name of the first state.
    pub start_at: String,
    /// The states by name, in the author's order.
    pub states: IndexMap<String, State>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ItemProcessor {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("ProcessorConfig", self.processor_config.as_ref())
            .optional("Comment", self.comment.as_ref())
            .required("StartAt", &self.start_at)
            .required("States", &self.states)
            .finish()
    }
}

impl FromJson for ItemProcessor {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let processor = Self {
            processor_config: reader.optional("ProcessorConfig"),
            comment: reader.optional("Comment"),
            start_at: reader.required("StartAt"),
            states: reader.required::<Named<State>>("States").0,
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..processor
        })
    }
}

/// How the items of a Map are processed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProcessorConfig {
    /// Inside the execution or each in a child execution.
    pub mode: Option<ProcessorMode>,
    /// Distributed: the type of the child executions.
    pub execution_type: Option<ExecutionType>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ProcessorConfig {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Mode", self.mode.as_ref())
            .optional("ExecutionType", self.execution_type.as_ref())
            .finish()
    }
}

impl FromJson for ProcessorConfig {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let mode = reader.optional("Mode");
        let execution_type = reader.optional("ExecutionType");
        Some(Self {
            mode,
            execution_type,
            layout: reader.layout(),
        })
    }
}

/// Where the items of a Map are processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProcessorMode {
    /// In the execution itself.
    #[default]
    Inline,
    /// In child executions.
    Distributed,
}

impl ToJson for ProcessorMode {
    fn to_json(&self) -> Value {
        match self {
            Self::Inline => "INLINE".into(),
            Self::Distributed => "DISTRIBUTED".into(),
        }
    }
}

impl FromJson for ProcessorMode {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value.as_str() {
            Some("INLINE") => Some(Self::Inline),
            Some("DISTRIBUTED") => Some(Self::Distributed),
            _ => place.expected("`INLINE` or `DISTRIBUTED`", value),
        }
    }
}

/// The type of a state machine's executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExecutionType {
    /// Exactly once, up to a year, with a history.
    #[default]
    Standard,
    /// At least once, up to five minutes.
    Express,
}

impl ToJson for ExecutionType {
    fn to_json(&self) -> Value {
        match self {
            Self::Standard => "STANDARD".into(),
            Self::Express => "EXPRESS".into(),
        }
    }
}

impl FromJson for ExecutionType {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        match value.as_str() {
            Some("STANDARD") => Some(Self::Standard),
            Some("EXPRESS") => Some(Self::Express),
            _ => place.expected("`STANDARD` or `EXPRESS`", value),
        }
    }
}
