//! Distributed Maps: the same states for very many items, each in an execution of its own.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::marker::PhantomData;
use std::panic::Location;

use serde_json::{Value as Json, json};

use super::map::Collected;
use super::{Outcome, Scope};
use crate::ir::expr::{Expr, Kind};
use crate::ir::{Distributed as Settings, Origin, Reader, StepKind};
use crate::shape::Shape;
use crate::value::{Arg, Value};

/// Items in S3, each of the shape `T`.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Row { id: String, price: String }
/// const LOAD: lambda::Function<Row, ()> = lambda::Function::named("load-row");
///
/// Workflow::new("load", |w, key: Value<String>| {
///     w.distributed("EachRow", S3Items::<Row>::csv("incoming", key))
///         .max_concurrency(500)
///         .tolerated_failure_percentage(5)
///         .results_to("results", "load")
///         .each(|w, row| w.run("Load", LOAD.invoke(row)))
/// });
/// ```
#[derive(Debug)]
pub struct S3Items<T> {
    reader: Reader,
    shape: PhantomData<fn() -> T>,
}

impl<T: Shape> S3Items<T> {
    fn file(bucket: impl Arg<String>, key: impl Arg<String>, config: Json) -> Self {
        let request = vec![("Bucket".into(), bucket.into_value().expr()), ("Key".into(), key.into_value().expr())];
        let reader = Reader { api: "s3:getObject", config, arguments: Expr::object(request) };
        Self { reader, shape: PhantomData }
    }

    /// A file that holds a JSON array.
    pub fn json(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "JSON" }))
    }

    /// A file with an item in JSON on each line.
    pub fn json_lines(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "JSONL" }))
    }

    /// A CSV file, whose first row names the columns. Every field is text.
    pub fn csv(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }))
    }

    /// A Parquet file.
    pub fn parquet(bucket: impl Arg<String>, key: impl Arg<String>) -> Self {
        Self::file(bucket, key, json!({ "InputType": "PARQUET" }))
    }

    /// Reads so many items at most: 1 to 100,000,000.
    pub fn max_items(mut self, items: u32) -> Self {
        self.reader.config["MaxItems"] = items.into();
        self
    }
}

/// An object of a bucket, as S3 lists it.
#[derive(Clone, Copy, Debug)]
pub struct Listed;

/// The fields of a [`Listed`].
#[derive(Clone, Copy, Debug)]
pub struct ListedFields {
    /// Its key.
    pub key: Value<String>,
    /// Its size in bytes.
    pub size: Value<i64>,
    /// When it was written, in seconds since 1970.
    pub last_modified: Value<i64>,
}

impl Shape for Listed {
    type Fields = ListedFields;

    fn fields(of: &Expr) -> ListedFields {
        ListedFields {
            key: Value::of(of.field("Key")),
            size: Value::of(of.field("Size")),
            last_modified: Value::of(of.field("LastModified")),
        }
    }
}

impl S3Items<Listed> {
    /// The objects of a bucket whose keys begin so.
    pub fn objects(bucket: impl Arg<String>, prefix: impl Arg<String>) -> Self {
        let prefix = ("Prefix".into(), prefix.into_value().expr());
        let request = vec![("Bucket".into(), bucket.into_value().expr()), prefix];
        let reader = Reader { api: "s3:listObjectsV2", config: Json::Null, arguments: Expr::object(request) };
        Self { reader, shape: PhantomData }
    }
}

/// Where the items of a distributed Map are: a list, or [S3](S3Items).
pub trait Items {
    /// The shape of an item.
    type Item: Shape;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "implemented here only")]
    fn into_source(self) -> (Option<Expr>, Option<Reader>);
}

#[expect(private_interfaces, reason = "implemented here only")]
impl<T: Shape> Items for S3Items<T> {
    type Item = T;

    fn into_source(self) -> (Option<Expr>, Option<Reader>) {
        (None, Some(self.reader))
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl<T: Shape> Items for Value<Vec<T>> {
    type Item = T;

    fn into_source(self) -> (Option<Expr>, Option<Reader>) {
        (Some(self.expr()), None)
    }
}

/// A distributed Map that still needs its body; see [`Scope::distributed`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.each(…)`"]
pub struct Distributed<'a, T: Shape, O = InOutput> {
    scope: &'a mut Scope,
    name: String,
    at: &'static Location<'static>,
    items: Option<Expr>,
    max_concurrency: Option<Expr>,
    settings: Settings,
    shapes: PhantomData<fn() -> (T, O)>,
}

/// The results are the output.
#[derive(Debug)]
pub struct InOutput;

/// The results are in S3.
#[derive(Debug)]
pub struct InS3;

/// Where the results of a distributed Map are.
#[derive(Clone, Copy, Debug)]
pub struct MapRun;

/// The fields of a [`MapRun`].
#[derive(Clone, Copy, Debug)]
pub struct MapRunFields {
    /// The ARN of the run.
    pub map_run_arn: Value<String>,
    /// The bucket with the results.
    pub bucket: Value<String>,
    /// The key of the manifest, which names the files with the results.
    pub key: Value<String>,
}

impl Shape for MapRun {
    type Fields = MapRunFields;

    fn fields(of: &Expr) -> MapRunFields {
        let details = of.field("ResultWriterDetails");
        MapRunFields {
            map_run_arn: Value::of(of.field("MapRunArn")),
            bucket: Value::of(details.field("Bucket")),
            key: Value::of(details.field("Key")),
        }
    }
}

impl Scope {
    /// Runs states for each item in an execution of its own: up to 10,000 at the same time, over lists or files of millions.
    /// What the block reads of the workflow around it goes into the input of each of these executions; what it reads of
    /// [`execution`](crate::value::execution) is that of its own.
    #[track_caller]
    pub fn distributed<I: Items>(&mut self, name: impl Into<String>, items: I) -> Distributed<'_, I::Item> {
        let name = self.full_name(name);
        let (items, reader) = items.into_source();
        let settings = Settings { reader, ..Settings::default() };
        let at = Location::caller();
        Distributed { scope: self, name, at, items, max_concurrency: None, settings, shapes: PhantomData }
    }
}

impl<'a, T: Shape, O> Distributed<'a, T, O> {
    /// How many items run at the same time; 10,000 at most, and if nothing is said.
    pub fn max_concurrency(mut self, items: impl Arg<i64>) -> Self {
        self.max_concurrency = Some(items.into_value().expr());
        self
    }

    /// Runs the items as Express executions: up to five minutes, at least once, cheaper if they are short.
    pub const fn express(mut self) -> Self {
        self.settings.express = true;
        self
    }

    /// Its part in the ARNs of its executions, up to 40 letters, digits, `-` and `_`.
    pub fn label(mut self, label: &str) -> Self {
        self.settings.label = Some(label.to_owned());
        self
    }

    /// Writes the results to S3, below a prefix, in place of giving them: an output has 256 KiB at most.
    pub fn results_to(mut self, bucket: impl Arg<String>, prefix: impl Arg<String>) -> Distributed<'a, T, InS3> {
        let prefix = ("Prefix".into(), prefix.into_value().expr());
        self.settings.writer = Some(Expr::object(vec![("Bucket".into(), bucket.into_value().expr()), prefix]));
        let Self { scope, name, at, items, max_concurrency, settings, .. } = self;
        Distributed { scope, name, at, items, max_concurrency, settings, shapes: PhantomData }
    }

    /// Goes on while no more than so many items fail; none may if nothing is said. What failed is among the results as its
    /// error, so [write them to S3](Self::results_to), or return nothing.
    pub fn tolerated_failures(mut self, items: impl Arg<i64>) -> Self {
        self.settings.tolerated_count = Some(items.into_value().expr());
        self
    }

    /// Goes on while no more than so many of a hundred items fail.
    pub fn tolerated_failure_percentage(mut self, percentage: impl Arg<i64>) -> Self {
        self.settings.tolerated_percentage = Some(percentage.into_value().expr());
        self
    }

    fn record<R: Outcome>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> Expr {
        let Self { scope, name, at, items, max_concurrency, settings, .. } = self;
        let (body, item) = scope.item(&name, at, body);
        let result = scope.new_value(&name, at, Origin::Result, &[]);
        let distributed = Some(Box::new(settings));
        let kind = StepKind::Map { items, item, max_concurrency, body, retry: Vec::new(), distributed, result };
        scope.push(name, at, kind);
        Kind::Value(result).into()
    }
}

impl<T: Shape> Distributed<'_, T, InOutput> {
    /// The states for an item. What they return is collected in the order of the items.
    pub fn each<R: Collected>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> R::List {
        R::List::from_expr(self.record(body))
    }
}

impl<T: Shape> Distributed<'_, T, InS3> {
    /// The states for an item. What they return is written to S3.
    pub fn each<R: Outcome>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> Value<MapRun> {
        Value::of(self.record(body))
    }
}
