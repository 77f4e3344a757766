//! Map states, inline and distributed.

use super::object::object;
use super::{Amount, Catcher, Json, Nullable, Retrier, StateMachine};

object! {
    /// Runs states for each item.
    pub group Map {
        /// JSONPath: where the items are; `$` if absent.
        items_path: Option<String> = "ItemsPath",
        /// JSONata: the items.
        items: Option<Json> = "Items",
        /// Distributed: reads the items from S3.
        item_reader: Option<ItemReader> = "ItemReader",
        /// JSONPath, legacy: what is `ItemSelector` now.
        parameters: Option<Json> = "Parameters",
        /// The input of each item's states.
        item_selector: Option<Json> = "ItemSelector",
        /// Distributed: gives each child execution several items.
        item_batcher: Option<ItemBatcher> = "ItemBatcher",
        /// How many items run at the same time; 0 for no limit.
        max_concurrency: Option<Amount> = "MaxConcurrency",
        /// JSONPath: where the number is.
        max_concurrency_path: Option<String> = "MaxConcurrencyPath",
        /// Distributed: how many items may fail.
        tolerated_failure_count: Option<Amount> = "ToleratedFailureCount",
        /// JSONPath: where the number is.
        tolerated_failure_count_path: Option<String> = "ToleratedFailureCountPath",
        /// Distributed: how many items of a hundred may fail.
        tolerated_failure_percentage: Option<Json> = "ToleratedFailurePercentage",
        /// JSONPath: where the number is.
        tolerated_failure_percentage_path: Option<String> = "ToleratedFailurePercentagePath",
        /// Distributed: part of the map run's ARN.
        label: Option<String> = "Label",
        /// The states for an item.
        item_processor: Option<StateMachine> = "ItemProcessor",
        /// Legacy: what is `ItemProcessor` now.
        iterator: Option<StateMachine> = "Iterator",
        /// Distributed: writes the results to S3.
        result_writer: Option<ResultWriter> = "ResultWriter",
        /// JSONPath: what is made of the results.
        result_selector: Option<Json> = "ResultSelector",
        /// JSONPath: where the results go in the input; `null` to discard them.
        result_path: Option<Nullable<String>> = "ResultPath",
        /// When all items are run again.
        retry: Option<Vec<Retrier>> = "Retry",
        /// What comes next after an error.
        catch: Option<Vec<Catcher>> = "Catch",
    }
}

impl Map {
    /// The states for an item, by their present or their legacy name.
    #[must_use]
    pub const fn processor(&self) -> Option<&StateMachine> {
        match &self.item_processor {
            Some(processor) => Some(processor),
            None => self.iterator.as_ref(),
        }
    }

    /// Whether items are child executions.
    #[must_use]
    pub fn is_distributed(&self) -> bool {
        let config = self.processor().and_then(|machine| machine.processor_config.as_ref());
        config.and_then(|config| config.mode.as_deref()) == Some("DISTRIBUTED")
    }
}

object! {
    /// How an item processor runs its items.
    pub struct ProcessorConfig {
        /// `INLINE` or `DISTRIBUTED`.
        mode: Option<String> = "Mode",
        /// Distributed: `STANDARD` or `EXPRESS`.
        execution_type: Option<String> = "ExecutionType",
    }
}

object! {
    /// Reads the items of a distributed Map from S3.
    pub struct ItemReader {
        /// `s3:getObject` or `s3:listObjectsV2`.
        resource: Option<String> = "Resource",
        /// What the file holds.
        reader_config: Option<ReaderConfig> = "ReaderConfig",
        /// JSONPath: the request.
        parameters: Option<Json> = "Parameters",
        /// JSONata: the request.
        arguments: Option<Json> = "Arguments",
    }
}

object! {
    /// What the file of an [`ItemReader`] holds.
    pub struct ReaderConfig {
        /// `CSV`, `JSON`, `JSONL`, `PARQUET` or `MANIFEST`.
        input_type: Option<String> = "InputType",
        /// `NONE` or `LOAD_AND_FLATTEN`, of listed objects.
        transformation: Option<String> = "Transformation",
        /// `ATHENA_DATA` or `S3_INVENTORY`.
        manifest_type: Option<String> = "ManifestType",
        /// `COMMA`, `PIPE`, `SEMICOLON`, `SPACE` or `TAB`.
        csv_delimiter: Option<String> = "CSVDelimiter",
        /// `FIRST_ROW` or `GIVEN`.
        csv_header_location: Option<String> = "CSVHeaderLocation",
        /// The columns' names.
        csv_headers: Option<Vec<String>> = "CSVHeaders",
        /// A JSON pointer to the array in a JSON file.
        items_pointer: Option<String> = "ItemsPointer",
        /// How many items are read at most.
        max_items: Option<Amount> = "MaxItems",
        /// JSONPath: where the number is.
        max_items_path: Option<String> = "MaxItemsPath",
    }
}

object! {
    /// Gives each child execution of a distributed Map several items.
    pub struct ItemBatcher {
        /// What every batch gets.
        batch_input: Option<Json> = "BatchInput",
        /// How many items a batch has at most.
        max_items_per_batch: Option<Amount> = "MaxItemsPerBatch",
        /// JSONPath: where the number is.
        max_items_per_batch_path: Option<String> = "MaxItemsPerBatchPath",
        /// How many bytes a batch has at most, up to 262,144.
        max_input_bytes_per_batch: Option<Amount> = "MaxInputBytesPerBatch",
        /// JSONPath: where the number is.
        max_input_bytes_per_batch_path: Option<String> = "MaxInputBytesPerBatchPath",
    }
}

object! {
    /// Writes the results of a distributed Map to S3.
    pub struct ResultWriter {
        /// `s3:putObject`.
        resource: Option<String> = "Resource",
        /// How they are written.
        writer_config: Option<WriterConfig> = "WriterConfig",
        /// JSONPath: the request.
        parameters: Option<Json> = "Parameters",
        /// JSONata: the request.
        arguments: Option<Json> = "Arguments",
    }
}

object! {
    /// How the results of a distributed Map are written.
    pub struct WriterConfig {
        /// `NONE`, `COMPACT` or `FLATTEN`.
        transformation: Option<String> = "Transformation",
        /// `JSON` or `JSONL`.
        output_type: Option<String> = "OutputType",
    }
}
