//! Map states: their items are made, and their result is the mocked one.

use std::rc::Rc;

use serde_json::Value as Json;

use super::Refusal;
use super::stage::{Halt, Stage};
use crate::context::Item;
use crate::execution::distributed::tolerance;
use crate::execution::map::whole;
use crate::fault::{Fault, Origin};
use crate::program::{MapCode, ReaderCode};
use crate::s3::S3;
use crate::scope::Payload;
use crate::service::Buckets;

impl Stage<'_> {
    pub(super) fn map(&mut self, map: &MapCode) -> Result<Payload, Halt> {
        let input = self.input()?;
        let items = match &map.reader {
            Some(reader) => self.read(map, reader, &input)?,
            None => Some(self.found(map, &input)?),
        };
        let scope = self.scope();
        let scope = scope.with_input(&input);
        let at_once = whole(map.max_concurrency.as_ref(), "MaxConcurrency", &scope)?;
        let tolerance = tolerance(map, &scope)?;
        self.inspection.note("maxConcurrency", at_once.unwrap_or(0));
        if let Some(count) = tolerance.count {
            self.inspection.note("toleratedFailureCount", count);
        }
        if let Some(percentage) = tolerance.percentage {
            self.inspection.note("toleratedFailurePercentage", percentage);
        }
        let iterations = items.map(|items| self.iterations(map, &input, items)).transpose()?;
        let result = self.mocked(Origin::State)?;
        let Some(failed) = self.request.configuration.map_iteration_failure_count else { return Ok(result) };
        let failed = usize::try_from(failed).unwrap_or(usize::MAX);
        // A result that is no list is that of a writer.
        let total = iterations.or_else(|| result.as_array().map(Vec::len));
        if total.is_some_and(|total| failed > total) {
            return Err(Refusal::validation(
                "Map iteration failure count must be less than or equal to the number of Map iterations",
            )
            .into());
        }
        // Where nothing is said of tolerance, the mocked result stands.
        let is_limited = tolerance.count.is_some() || tolerance.percentage.is_some();
        if is_limited && tolerance.is_exceeded(failed, total.unwrap_or(failed)) {
            return Err(Fault::threshold().into());
        }
        Ok(result)
    }

    /// The items that are in the input.
    fn found(&mut self, map: &MapCode, input: &Payload) -> Result<Vec<Item>, Fault> {
        let items = self.runner.items(&self.visit, map, input)?;
        self.note_path("afterItemsPath", &values(&items));
        Ok(items)
    }

    /// The items that a reader reads, or those in the input where it is not said what it reads.
    fn read(&mut self, map: &MapCode, reader: &ReaderCode, input: &Payload) -> Result<Option<Vec<Item>>, Halt> {
        let Some(data) = &self.request.configuration.map_item_reader_data else {
            return Ok(self.found(map, input).ok());
        };
        let arguments = reader.arguments.resolve(&self.scope().with_input(input))?;
        let items = if reader.resource.ends_with("listObjectsV2") {
            let listed: Json = serde_json::from_str(data)
                .map_err(|error| Fault::new("States.ItemReaderFailed", error.to_string(), Origin::Task))?;
            let listed = listed.get("Contents").cloned().unwrap_or(listed);
            let item = |(index, value): (usize, Json)| Item { index, value: value.into(), key: None, source: None };
            match listed {
                Json::Array(objects) => objects.into_iter().enumerate().map(item).collect(),
                _ => Vec::new(),
            }
        } else {
            let text = |name: &str| arguments.get(name).and_then(Json::as_str).unwrap_or_default();
            let s3 = S3::new().with_object(text("Bucket"), text("Key"), data.as_bytes());
            self.runner.world.set_buckets(Buckets(Rc::new(s3.into())));
            self.runner.read(&self.visit, map, input, Vec::new())?
        };
        if reader.config.get("ItemsPointer").is_some() {
            self.note("afterItemsPointer", &values(&items));
        }
        Ok(Some(items))
    }

    /// How many iterations there are, each of which gets an item or a batch of them.
    fn iterations(&mut self, map: &MapCode, input: &Payload, items: Vec<Item>) -> Result<usize, Fault> {
        let mut count = items.len();
        if map.selector.is_some() {
            let selected = items.iter().map(|Item { index, value, key, source }| {
                let (value, key, source) = (value.clone(), key.clone(), source.clone());
                let item = Rc::new(Item { index: *index, value, key, source });
                self.runner.selected(&self.visit, map, input, &item).map(Payload::into_json)
            });
            let selected = Payload::from(selected.collect::<Result<Json, Fault>>()?);
            self.note("afterItemSelector", &selected);
        }
        if map.batcher.is_some() {
            let inputs = self.runner.inputs(&self.visit, map, input, items)?;
            count = inputs.len();
            self.note("afterItemBatcher", &inputs.into_iter().map(Payload::into_json).collect::<Json>().into());
        }
        Ok(count)
    }
}

fn values(items: &[Item]) -> Payload {
    items.iter().map(|item| (*item.value).clone()).collect::<Json>().into()
}
