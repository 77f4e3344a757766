//! Distributed Maps: the same states for very many items, each in an execution of its own.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::marker::PhantomData;
use std::panic::Location;

use super::items::Items;
use super::map::Collected;
use super::{Outcome, Scope};
use crate::ir::expr::{Expr, Kind};
use crate::ir::{Batches as Batcher, Distributed as Settings, Origin, StepKind};
use crate::retry::Retry;
use crate::shape::Shape;
use crate::value::{Arg, Value};

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
    retry: Vec<Retry>,
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
        let retry = Vec::new();
        Distributed { scope: self, name, at, items, max_concurrency: None, settings, retry, shapes: PhantomData }
    }
}

/// How many items one execution gets; see [`Distributed::batches`].
#[derive(Debug)]
#[must_use = "give it to a distributed Map: `.batches(…)`"]
pub struct Batches(Batcher);

impl Batches {
    /// So many items at most.
    pub fn of(items: impl Arg<i64>) -> Self {
        Self(Batcher { items: Some(items.into_value().expr()), bytes: None })
    }

    /// As many items as fit into so many bytes of JSON, 262,144 at most.
    pub fn up_to_bytes(bytes: impl Arg<i64>) -> Self {
        Self(Batcher { items: None, bytes: Some(bytes.into_value().expr()) })
    }

    /// And no more than fit into so many bytes of JSON.
    pub fn bytes(mut self, bytes: impl Arg<i64>) -> Self {
        self.0.bytes = Some(bytes.into_value().expr());
        self
    }
}

/// What is written of each execution; see [`Distributed::transformation`].
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// All that is known of it: its output as text, its input, its times.
    None,
    /// What it returned.
    Compact,
    /// What it returned; of a list, the items.
    Flatten,
}

/// The format of the files with the results; see [`Distributed::output_type`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// A JSON array.
    Json,
    /// A JSON text on each line.
    JsonLines,
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
        self.turn()
    }

    /// Gives each execution several items: the block gets a list. What the block reads of the workflow around it goes into the
    /// `BatchInput`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Row { id: String }
    /// #[derive(Shape)]
    /// struct Load { table: String, rows: Vec<Row> }
    /// const LOAD: lambda::Function<Load, i64> = lambda::Function::named("load-rows");
    ///
    /// Workflow::new("load", |w, table: Value<String>| {
    ///     let counts = w
    ///         .distributed("Each", S3Items::<Row>::csv("incoming", "rows.csv"))
    ///         .batches(Batches::of(500).bytes(200_000))
    ///         .each(|w, rows| w.run("Load", LOAD.invoke(LoadFields { table, rows })));
    ///     w.value(counts.sum())
    /// });
    /// ```
    pub fn batches(mut self, batches: Batches) -> Distributed<'a, Vec<T>, O> {
        self.settings.batches = Some(batches.0);
        self.turn()
    }

    /// Starts all items again on some errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry.push(retry);
        self
    }

    fn turn<U: Shape, P>(self) -> Distributed<'a, U, P> {
        let Self { scope, name, at, items, max_concurrency, settings, retry, .. } = self;
        Distributed { scope, name, at, items, max_concurrency, settings, retry, shapes: PhantomData }
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
        let Self { scope, name, at, items, max_concurrency, settings, retry, .. } = self;
        let (body, item) = scope.item(&name, at, body);
        let result = scope.new_value(&name, at, Origin::Result, &[]);
        let distributed = Some(Box::new(settings));
        let kind = StepKind::Map { items, item, max_concurrency, body, retry, distributed, result };
        scope.push(name, at, kind);
        Kind::Value(result).into()
    }
}

impl<T: Shape> Distributed<'_, T, InOutput> {
    /// The states for an item. What they return is collected in the order of the items.
    pub fn each<R: Collected>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> R::List {
        R::List::from_expr(self.record(body))
    }

    /// The states for an item, which return a list: all these lists become one.
    pub fn each_flattened<U: Shape>(
        mut self,
        body: impl FnOnce(&mut Scope, Value<T>) -> Value<Vec<U>>,
    ) -> Value<Vec<U>> {
        self.settings.transformation = Some("FLATTEN");
        Value::of(self.record(body))
    }
}

impl<T: Shape> Distributed<'_, T, InS3> {
    /// What is written of each execution, in place of [`Transformation::None`].
    pub const fn transformation(mut self, transformation: Transformation) -> Self {
        self.settings.transformation = Some(match transformation {
            Transformation::None => "NONE",
            Transformation::Compact => "COMPACT",
            Transformation::Flatten => "FLATTEN",
        });
        self
    }

    /// The format of the files, in place of [`OutputType::Json`].
    pub const fn output_type(mut self, output_type: OutputType) -> Self {
        self.settings.output_type = Some(match output_type {
            OutputType::Json => "JSON",
            OutputType::JsonLines => "JSONL",
        });
        self
    }

    /// The states for an item. What they return is written to S3.
    pub fn each<R: Outcome>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> Value<MapRun> {
        Value::of(self.record(body))
    }
}
