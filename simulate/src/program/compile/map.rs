//! Map states.

use std::rc::Rc;

use serde_json::Value as Json;
use statewright::asl::{self, Part};

use super::{At, Compiler};
use crate::program::{Batcher, Items, MapCode, ReaderCode, WriterCode};

impl Compiler<'_> {
    pub(super) fn map(&mut self, at: At<'_>, map: &asl::Map) -> Option<MapCode> {
        let Some(processor) = map.processor() else {
            self.missing(at, "ItemProcessor");
            return None;
        };
        let field = if map.item_processor.is_some() { "ItemProcessor" } else { "Iterator" };
        let express = processor.processor_config.as_ref().and_then(|config| config.execution_type.as_deref());
        let selector = map.item_selector.as_ref().map(|json| ("ItemSelector", json));
        let selector = selector.or(map.parameters.as_ref().map(|json| ("Parameters", json)));
        Some(MapCode {
            items: self.items(at, map)?,
            selector: selector.and_then(|(field, json)| self.template(at, field, Some(json))),
            processor: Rc::new(self.machine(processor, &format!("{}/{field}", at.pointer))),
            distributed: map.is_distributed(),
            express: express == Some("EXPRESS"),
            label: map.label.clone(),
            reader: map.item_reader.as_ref().and_then(|reader| self.reader(at, reader)),
            batcher: map.item_batcher.as_ref().map(|batcher| self.batcher(at, batcher)),
            writer: map.result_writer.as_ref().map(|writer| self.writer(at, writer)),
            max_concurrency: self.amount(
                at,
                ("MaxConcurrency", map.max_concurrency.as_ref()),
                ("MaxConcurrencyPath", map.max_concurrency_path.as_deref()),
            ),
            tolerated_count: self.amount(
                at,
                ("ToleratedFailureCount", map.tolerated_failure_count.as_ref()),
                ("ToleratedFailureCountPath", map.tolerated_failure_count_path.as_deref()),
            ),
            tolerated_percentage: self.quantity(
                at,
                ("ToleratedFailurePercentage", map.tolerated_failure_percentage.as_ref()),
                ("ToleratedFailurePercentagePath", map.tolerated_failure_percentage_path.as_deref()),
            ),
        })
    }

    fn items(&mut self, at: At<'_>, map: &asl::Map) -> Option<Items> {
        if let Some(path) = &map.items_path {
            return self.path(at, "ItemsPath", path).map(Items::Path);
        }
        match &map.items {
            None => Some(Items::Input),
            Some(Json::String(text)) => self.jsonata(at, "Items", text).map(Items::Expression),
            Some(json) => self.template(at, "Items", Some(json)).map(Items::Template),
        }
    }

    fn reader(&mut self, at: At<'_>, reader: &asl::ItemReader) -> Option<ReaderCode> {
        let arguments = reader.arguments.as_ref().or(reader.parameters.as_ref());
        let field = if reader.arguments.is_some() { "Arguments" } else { "Parameters" };
        let config = reader.reader_config.as_ref();
        let max_items = config.and_then(|config| {
            let amount = ("ItemReader/ReaderConfig/MaxItems", config.max_items.as_ref());
            self.amount(at, amount, ("MaxItemsPath", config.max_items_path.as_deref()))
        });
        Some(ReaderCode {
            resource: reader.resource.clone().unwrap_or_default(),
            arguments: self.template(at, &format!("ItemReader/{field}"), arguments)?,
            config: config.map_or(Json::Null, Part::write),
            max_items,
        })
    }

    fn batcher(&mut self, at: At<'_>, batcher: &asl::ItemBatcher) -> Batcher {
        Batcher {
            input: self.template(at, "ItemBatcher/BatchInput", batcher.batch_input.as_ref()),
            max_items: self.amount(
                at,
                ("ItemBatcher/MaxItemsPerBatch", batcher.max_items_per_batch.as_ref()),
                ("MaxItemsPerBatchPath", batcher.max_items_per_batch_path.as_deref()),
            ),
            max_bytes: self.amount(
                at,
                ("ItemBatcher/MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.as_ref()),
                ("MaxInputBytesPerBatchPath", batcher.max_input_bytes_per_batch_path.as_deref()),
            ),
        }
    }

    fn writer(&mut self, at: At<'_>, writer: &asl::ResultWriter) -> WriterCode {
        let arguments = writer.arguments.as_ref().or(writer.parameters.as_ref());
        let config = writer.writer_config.as_ref();
        let transformation = config.and_then(|config| config.transformation.as_deref());
        let output_type = config.and_then(|config| config.output_type.as_deref());
        WriterCode {
            arguments: self.template(at, "ResultWriter/Arguments", arguments),
            transformation: self.text(at, "ResultWriter/WriterConfig/Transformation", transformation, None),
            output_type: self.text(at, "ResultWriter/WriterConfig/OutputType", output_type, None),
        }
    }
}
