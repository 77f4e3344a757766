//! What a Map has whose items are executions of their own.

use serde_json::Value as Json;

use super::Emitter;
use crate::asl::{self, Part as _};
use crate::bundle::PARTITION;
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind};
use crate::ir::{Batches, Distributed, Reader};
use crate::lower::graph::Node;
use crate::lower::vars::Site;

/// The most items that are read.
const MOST_ITEMS: u64 = 100_000_000;

/// The most bytes of a batch.
const MOST_BYTES: u64 = 262_144;

impl<'g, 'r> Emitter<'_, 'g, 'r> {
    pub(super) fn distributed(
        &mut self,
        distributed: &Distributed,
        batch_input: Option<Json>,
        node: &Node<'_>,
        site: Site<'g, 'r>,
    ) -> asl::Map {
        self.check_distributed(distributed, node);
        let s3 = |api: &str| Some(format!("arn:{PARTITION}:states:::{api}"));
        let reader = distributed.reader.as_ref().map(|reader| {
            let mut config = asl::ReaderConfig::read(reader.config.clone()).ok();
            if reader.max_items.is_some() {
                let config = config.get_or_insert_default();
                (config.max_items, config.max_items_path) = self.whole(reader.max_items.as_ref(), node, site);
            }
            let (arguments, parameters) =
                self.either(Some(self.template(&Expr::object(reader.arguments.clone()), site)));
            asl::ItemReader {
                resource: s3(reader.api),
                reader_config: config,
                arguments,
                parameters,
                ..asl::ItemReader::default()
            }
        });
        let batcher = distributed.batches.as_ref().map(|Batches { items, bytes }| {
            let (items, items_path) = self.whole(items.as_ref(), node, site);
            let (bytes, bytes_path) = self.whole(bytes.as_ref(), node, site);
            asl::ItemBatcher {
                batch_input,
                max_items_per_batch: items,
                max_items_per_batch_path: items_path,
                max_input_bytes_per_batch: bytes,
                max_input_bytes_per_batch_path: bytes_path,
                ..asl::ItemBatcher::default()
            }
        });
        let config = (distributed.transformation.is_some() || distributed.output_type.is_some()).then(|| {
            // What the one is if only the other is said, AWS does not tell: both are said.
            let transformation = distributed.transformation.unwrap_or("NONE");
            asl::WriterConfig {
                transformation: Some(transformation.to_owned()),
                output_type: Some(distributed.output_type.unwrap_or("JSON").to_owned()),
                ..asl::WriterConfig::default()
            }
        });
        let place = distributed.writer.as_ref();
        let writer = (place.is_some() || config.is_some()).then(|| {
            let (arguments, parameters) = self.either(place.map(|place| self.template(place, site)));
            asl::ResultWriter {
                resource: place.and_then(|_| s3("s3:putObject")),
                writer_config: config,
                arguments,
                parameters,
                ..asl::ResultWriter::default()
            }
        });
        let (count, count_path) = self.whole(distributed.tolerated_count.as_ref(), node, site);
        let (percentage, percentage_path) = match distributed.tolerated_percentage.as_ref() {
            Some(expr) if self.recording.in_paths => self.constant_or_path(expr, site),
            percentage => (percentage.map(|expr| self.writer(site).template(expr)), None),
        };
        asl::Map {
            item_reader: reader,
            item_batcher: batcher,
            tolerated_failure_count: count,
            tolerated_failure_count_path: count_path,
            tolerated_failure_percentage: percentage,
            tolerated_failure_percentage_path: percentage_path,
            label: distributed.label.clone(),
            result_writer: writer,
            ..asl::Map::default()
        }
    }

    fn check_distributed(&mut self, distributed: &Distributed, node: &Node<'_>) {
        let reader = distributed.reader.as_ref();
        let batches = distributed.batches.as_ref();
        let problems = [
            distributed.label.as_deref().and_then(label),
            distributed.tolerated_percentage.as_ref().and_then(|expr| {
                known(expr)
                    .filter(|percentage| !(0..=100).contains(percentage))
                    .map(|percentage| format!("expected 0 to 100 of a hundred items that may fail, found {percentage}"))
            }),
            reader.and_then(|reader| out_of("items to be read", reader.max_items.as_ref(), MOST_ITEMS)),
            reader.and_then(format),
            batches.and_then(|batches| out_of("items in a batch", batches.items.as_ref(), MOST_ITEMS)),
            batches.and_then(|batches| out_of("bytes in a batch", batches.bytes.as_ref(), MOST_BYTES)),
        ];
        for problem in problems.into_iter().flatten() {
            let message = format!("`{}`: {problem}", node.name);
            self.diagnostics.push(
                Diagnostic::error(codes::DISTRIBUTED_OUT_OF_RANGE, message, node.at.clone()).help(
                    "write `.label(\"orders\")`, `.tolerated_failure_percentage(5)`, `.max_items(1_000)`, `.batches(Batches::of(100))`, say",
                ),
            );
        }
    }
}

fn known(expr: &Expr) -> Option<i64> {
    match expr.kind() {
        Kind::Literal(number) => number.as_i64(),
        _ => None,
    }
}

fn label(label: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let wrong = label.is_empty() || label.len() > 40 || !label.chars().all(allowed);
    wrong.then(|| format!("expected a label of 1 to 40 letters, digits, `-` and `_`, found `{label}`"))
}

fn out_of(what: &str, expr: Option<&Expr>, most: u64) -> Option<String> {
    let number = known(expr?)?;
    let fits = u64::try_from(number).is_ok_and(|number| (1..=most).contains(&number));
    (!fits).then(|| format!("expected 1 to {most} {what}, found {number}"))
}

/// What goes with one format of a file and not with another.
fn format(reader: &Reader) -> Option<String> {
    let config = &reader.config;
    let of = |name: &str| config.get(name).is_some();
    let input_type = config.get("InputType").and_then(Json::as_str).unwrap_or_default();
    let headers = config.get("CSVHeaders").and_then(Json::as_array);
    let distinct = |names: &Vec<Json>| names.iter().collect::<std::collections::HashSet<_>>().len() == names.len();
    if (of("CSVHeaders") || of("CSVDelimiter")) && input_type != "CSV" {
        Some("only a CSV file has columns and what stands between them".to_owned())
    } else if headers.is_some_and(|names| names.is_empty() || !distinct(names)) {
        Some("expected the names of the columns, each once".to_owned())
    } else if of("ItemsPointer") && (input_type != "JSON" || of("ManifestType")) {
        Some("only a JSON file has a place where its array is".to_owned())
    } else if of("ManifestType") && !matches!(input_type, "CSV" | "JSONL" | "PARQUET") {
        Some("Athena writes CSV, JSON lines or Parquet".to_owned())
    } else if of("Transformation") && (of("ManifestType") || input_type == "MANIFEST" || input_type.is_empty()) {
        Some("what is in every object is read of `csv`, `json`, `json_lines` or `parquet`".to_owned())
    } else {
        None
    }
}
