//! Reading items from S3. <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

use serde_json::Value as Json;

use crate::context::Item;
use crate::execution::{Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::items::{Delimiter, HeaderLocation, InputType, ManifestType, Reader, Source, Transformation, read_items};
use crate::program::{MapCode, ReaderCode};
use crate::scope::Payload;

impl Runner {
    /// The items of a distributed Map: those that a reader reads, or else those that were found in the input.
    pub(crate) fn read(
        &self,
        visit: &Visit<'_>,
        map: &MapCode,
        input: &Payload,
        found: Vec<Item>,
    ) -> Result<Vec<Item>, Fault> {
        let Some(code) = &map.reader else { return Ok(found) };
        let scope = self.scope(visit);
        let scope = scope.with_input(input);
        let arguments = code.arguments.resolve(&scope)?;
        let max_items = code.max_items.as_ref().map(|quantity| quantity.resolve(&scope, false)).transpose()?;
        if max_items.is_some_and(|most| most < 0.0) {
            return Err(failed("field MaxItems must be positive"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it saturates, and is not negative"
        )]
        let reader = reader(code, &arguments, max_items.map(|most| most as u64));
        let Some(buckets) = self.world.buckets() else {
            return Err(failed("there are no buckets here: give the simulation some, or a folder for one"));
        };
        let items = read_items(&reader, &buckets.0.borrow());
        let items = items.map_err(|failure| Fault::new(failure.error, failure.cause, Origin::Task))?;
        let item = |(index, item): (usize, crate::items::Item)| Item {
            index,
            value: item.value.into(),
            key: None,
            source: Some(item.source.to_string()),
        };
        Ok(items.into_iter().enumerate().map(item).collect())
    }
}

fn failed(cause: &str) -> Fault {
    Fault::new("States.ItemReaderFailed", cause, Origin::Task)
}

fn reader(code: &ReaderCode, arguments: &Json, max_items: Option<u64>) -> Reader {
    let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    let config = |name: &str| text(&code.config, name);
    let headers = code.config.get("CSVHeaders").and_then(Json::as_array).into_iter().flatten();
    Reader {
        resource: if code.resource.ends_with("listObjectsV2") { Source::ListObjects } else { Source::GetObject },
        bucket: text(arguments, "Bucket").unwrap_or_default(),
        key: text(arguments, "Key"),
        prefix: text(arguments, "Prefix"),
        version_id: text(arguments, "VersionId"),
        input_type: config("InputType").and_then(|name| InputType::named(&name)),
        transformation: config("Transformation").and_then(|name| Transformation::named(&name)),
        manifest_type: config("ManifestType").and_then(|name| ManifestType::named(&name)),
        csv_delimiter: config("CSVDelimiter").and_then(|name| Delimiter::named(&name)),
        csv_header_location: config("CSVHeaderLocation").and_then(|name| HeaderLocation::named(&name)),
        csv_headers: headers.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        items_pointer: config("ItemsPointer"),
        max_items,
    }
}
