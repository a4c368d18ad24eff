//! What a distributed Map reads, groups and writes.

use super::codec::{FromJson, ToJson};
use super::read::{Place, Reader};
use super::write::Fields;
use super::{Dynamic, Layout};
use crate::json::Value;

/// Where the items of a distributed Map come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemReader {
    /// ARN of the integration that reads, `arn:aws:states:::s3:getObject`.
    pub resource: String,
    /// How the items are encoded: an object with `InputType` and what that type needs.
    pub reader_config: Option<Value>,
    /// JSONPath: what to read.
    pub parameters: Option<Value>,
    /// JSONata: what to read.
    pub arguments: Option<Value>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ItemReader {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .required("Resource", &self.resource)
            .optional("ReaderConfig", self.reader_config.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("Arguments", self.arguments.as_ref())
            .finish()
    }
}

impl FromJson for ItemReader {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let item_reader = Self {
            resource: reader.required("Resource"),
            reader_config: reader.optional("ReaderConfig"),
            parameters: reader.optional("Parameters"),
            arguments: reader.optional("Arguments"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..item_reader
        })
    }
}

/// How the items of a distributed Map are grouped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemBatcher {
    /// What every batch gets beside its items.
    pub batch_input: Option<Value>,
    /// The largest number of items in a batch.
    pub max_items_per_batch: Option<Dynamic<u64>>,
    /// JSONPath: where that number is in the input.
    pub max_items_per_batch_path: Option<String>,
    /// The largest batch in bytes, at most 262,144.
    pub max_input_bytes_per_batch: Option<Dynamic<u64>>,
    /// JSONPath: where that number is in the input.
    pub max_input_bytes_per_batch_path: Option<String>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ItemBatcher {
    fn to_json(&self) -> Value {
        let bytes_path = self.max_input_bytes_per_batch_path.as_ref();
        Fields::new(&self.layout)
            .optional("BatchInput", self.batch_input.as_ref())
            .optional("MaxItemsPerBatch", self.max_items_per_batch.as_ref())
            .optional(
                "MaxItemsPerBatchPath",
                self.max_items_per_batch_path.as_ref(),
            )
            .optional(
                "MaxInputBytesPerBatch",
                self.max_input_bytes_per_batch.as_ref(),
            )
            .optional("MaxInputBytesPerBatchPath", bytes_path)
            .finish()
    }
}

impl FromJson for ItemBatcher {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let batcher = Self {
            batch_input: reader.optional("BatchInput"),
            max_items_per_batch: reader.optional("MaxItemsPerBatch"),
            max_items_per_batch_path: reader.optional("MaxItemsPerBatchPath"),
            max_input_bytes_per_batch: reader.optional("MaxInputBytesPerBatch"),
            max_input_bytes_per_batch_path: reader.optional("MaxInputBytesPerBatchPath"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..batcher
        })
    }
}

/// Where the results of a distributed Map go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultWriter {
    /// ARN of the integration that writes, `arn:aws:states:::s3:putObject`; absent where results are only shaped.
    pub resource: Option<String>,
    /// How results are shaped: an object with `Transformation` and `OutputType`.
    pub writer_config: Option<Value>,
    /// JSONPath: where to write.
    pub parameters: Option<Value>,
    /// JSONata: where to write.
    pub arguments: Option<Value>,
    /// The author's layout.
    pub layout: Layout,
}

impl ToJson for ResultWriter {
    fn to_json(&self) -> Value {
        Fields::new(&self.layout)
            .optional("Resource", self.resource.as_ref())
            .optional("WriterConfig", self.writer_config.as_ref())
            .optional("Parameters", self.parameters.as_ref())
            .optional("Arguments", self.arguments.as_ref())
            .finish()
    }
}

impl FromJson for ResultWriter {
    fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
        let mut reader = Reader::new(value, place)?;
        let writer = Self {
            resource: reader.optional("Resource"),
            writer_config: reader.optional("WriterConfig"),
            parameters: reader.optional("Parameters"),
            arguments: reader.optional("Arguments"),
            layout: Layout::default(),
        };
        Some(Self {
            layout: reader.layout(),
            ..writer
        })
    }
}
