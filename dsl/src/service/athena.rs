//! Amazon Athena. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html>
//!
//! Athena reads and writes with the rights of who starts the query, and the text of a query tells the compiler nothing.
//! So the databases and buckets are named beside it: the execution role is allowed these, and no others. What is
//! encrypted with a key of KMS also needs rights on the key, which its key policy can give.

use super::{Suffix, Task, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Json;
use crate::value::Arg;

mod answer;
#[cfg(test)]
mod tests;

pub use answer::*;

/// Where the results of a query are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Results {
    place: Option<(&'static str, &'static str)>,
    in_request: bool,
}

impl Results {
    /// Under a prefix of a bucket, which each query names.
    #[must_use]
    pub const fn in_bucket(bucket: &'static str, prefix: &'static str) -> Self {
        Self { place: Some((bucket, prefix)), in_request: true }
    }

    /// Where the workgroup says: under that prefix of that bucket.
    #[must_use]
    pub const fn of_work_group(bucket: &'static str, prefix: &'static str) -> Self {
        Self { place: Some((bucket, prefix)), in_request: false }
    }

    /// In Athena itself: the workgroup has managed query results.
    #[must_use]
    pub const fn managed() -> Self {
        Self { place: None, in_request: false }
    }

    fn location(self) -> Option<Location> {
        self.place.map(|(bucket, prefix)| Location::new(bucket, prefix))
    }
}

/// The objects under a prefix of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The bucket's name.
    pub bucket: String,
    /// Either nothing, or a path that ends in `/`.
    pub prefix: String,
}

impl Location {
    pub(crate) fn new(bucket: &str, prefix: &str) -> Self {
        let path = prefix.trim_matches('/');
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        Self { bucket: bucket.to_owned(), prefix }
    }
}

/// What a query uses besides what its request names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// Where its results are, unless Athena keeps them.
    pub results: Option<Location>,
    /// The workgroup, for a request that doesn't name it.
    pub work_group: Option<String>,
    /// Databases that it reads.
    pub reads: Vec<String>,
    /// Databases whose tables and partitions it also makes, changes or drops.
    pub writes: Vec<String>,
    /// Databases that it makes, changes or drops themselves.
    pub defines: Vec<String>,
    /// Buckets that it reads.
    pub sources: Vec<String>,
    /// Where it writes the data of tables.
    pub targets: Vec<Location>,
    /// Whether Lake Formation guards the tables.
    pub lake_formation: bool,
}

step! {
    /// Runs a query and waits for its end: `athena:startQueryExecution.sync`. A query that fails or is cancelled fails the
    /// state; stopping the execution stops the query.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const RESULTS: athena::Results = athena::Results::in_bucket("shop-queries", "daily");
    ///
    /// Workflow::new("revenue", |w, date: Value<String>| {
    ///     let query = athena::StartQueryExecution::new("SELECT sum(total) FROM orders WHERE day = ?", RESULTS)
    ///         .execution_parameters([date])
    ///         .database("shop")
    ///         .source_bucket("shop-orders");
    ///     let done = w.run("Query", query).query_execution.query_execution_id;
    ///     w.run("Results", athena::GetQueryResults::new(done, RESULTS)).result_set.rows
    /// });
    /// ```
    StartQueryExecution = "athena:startQueryExecution", RunJob {
        RunJob(Sync) -> Execution;
        RequestResponse -> Started;
    }
}

step! {
    /// Stops a query: `athena:stopQueryExecution`. One that has ended stays as it is.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("stop", |w, query: Value<String>| {
    ///     w.run("Stop", athena::StopQueryExecution::new(query).work_group("reports"));
    /// });
    /// ```
    StopQueryExecution = "athena:stopQueryExecution", RequestResponse {
        RequestResponse -> Json;
    }
}

step! {
    /// What is known of a query: `athena:getQueryExecution`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("state", |w, query: Value<String>| {
    ///     w.run("Look", athena::GetQueryExecution::new(query)).query_execution.status.state
    /// });
    /// ```
    GetQueryExecution = "athena:getQueryExecution", RequestResponse {
        RequestResponse -> Execution;
    }
}

step! {
    /// The rows that a query gave, up to 1,000 at a time: `athena:getQueryResults`. A state's result has at most 256
    /// KiB; of more than that, let a distributed Map read the file in the bucket.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const RESULTS: athena::Results = athena::Results::of_work_group("shop-queries", "");
    ///
    /// Workflow::new("rows", |w, query: Value<String>| {
    ///     w.run("Rows", athena::GetQueryResults::new(query, RESULTS).max_results(100)).result_set.rows
    /// });
    /// ```
    GetQueryResults = "athena:getQueryResults", RequestResponse {
        RequestResponse -> QueryResults;
    }
}

impl StartQueryExecution {
    /// A query of up to 256 KiB, in the workgroup `primary`.
    pub fn new(query: impl Arg<String>, results: Results) -> Self {
        let mut task = Task::new("athena:startQueryExecution", Suffix::Sync);
        task.set("QueryString", query.into_value().expr());
        let location = results.location();
        if let Some(Location { bucket, prefix }) = location.as_ref().filter(|_| results.in_request) {
            let place = Expr::literal(format!("s3://{bucket}/{prefix}"));
            task.insert("ResultConfiguration", "OutputLocation", place);
        }
        task.access.query = Some(Data { results: location, ..Data::default() });
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> StartQueryExecution<P> {
    /// The workgroup.
    pub fn work_group(mut self, name: impl Arg<String>) -> Self {
        self.task.set("WorkGroup", name.into_value().expr());
        self
    }

    /// The database in which tables without one are, which the query may read.
    pub fn database(mut self, name: &str) -> Self {
        self.task.insert("QueryExecutionContext", "Database", Expr::literal(name));
        self.reads(name)
    }

    /// The data catalog, in place of `AwsDataCatalog`.
    pub fn catalog(mut self, name: &str) -> Self {
        self.task.insert("QueryExecutionContext", "Catalog", Expr::literal(name));
        self
    }

    /// The values for the query's `?`, in order. Text has to be within quotes of SQL.
    pub fn execution_parameters<A: Arg<String>>(mut self, values: impl IntoIterator<Item = A>) -> Self {
        let values = values.into_iter().map(|value| value.into_value().expr()).collect();
        self.task.set("ExecutionParameters", Kind::Array(values).into());
        self
    }

    /// Takes the results of the same query if they are not older than so many minutes, up to 10,080.
    pub fn reuse_results(mut self, max_age_minutes: impl Arg<i64>) -> Self {
        let age = vec![
            ("Enabled".to_owned(), Expr::literal(true)),
            ("MaxAgeInMinutes".to_owned(), max_age_minutes.into_value().expr()),
        ];
        self.task.insert("ResultReuseConfiguration", "ResultReuseByAgeConfiguration", Expr::object(age));
        self
    }

    /// The query reads tables of that database of Glue.
    pub fn reads(self, database: &str) -> Self {
        self.data(|data| data.reads.push(database.to_owned()))
    }

    /// The query also makes, changes or drops tables and partitions of that database: `CREATE TABLE`, `INSERT`, `ALTER
    /// TABLE`, `MSCK REPAIR`, ….
    pub fn writes(self, database: &str) -> Self {
        self.data(|data| data.writes.push(database.to_owned()))
    }

    /// The query makes, changes or drops that database itself.
    pub fn defines(self, database: &str) -> Self {
        self.data(|data| data.defines.push(database.to_owned()))
    }

    /// The data of tables that the query reads is in that bucket.
    pub fn source_bucket(self, name: &str) -> Self {
        self.data(|data| data.sources.push(name.to_owned()))
    }

    /// The data of tables that the query writes is under that prefix of that bucket.
    pub fn target_in(self, bucket: &str, prefix: &str) -> Self {
        self.data(|data| data.targets.push(Location::new(bucket, prefix)))
    }

    /// Lake Formation guards the tables: the buckets are read with rights that it gives.
    pub fn lake_formation(self) -> Self {
        self.data(|data| data.lake_formation = true)
    }

    fn data(mut self, change: impl FnOnce(&mut Data)) -> Self {
        change(self.task.access.query.get_or_insert_default());
        self
    }
}

/// Writes what the calls about a query that was started have in common.
macro_rules! of_query {
    ($name:ident) => {
        impl<P> $name<P> {
            /// The workgroup in which the query was started, in place of `primary`: the execution role may touch no
            /// queries of others.
            pub fn work_group(mut self, name: &str) -> Self {
                self.task.access.query.get_or_insert_default().work_group = Some(name.to_owned());
                self
            }
        }
    };
}

of_query!(StopQueryExecution);
of_query!(GetQueryExecution);
of_query!(GetQueryResults);

fn of_query(api: &'static str, query_execution_id: impl Arg<String>, results: Option<Location>) -> Task {
    let mut task = Task::new(api, Suffix::None);
    task.set("QueryExecutionId", query_execution_id.into_value().expr());
    task.access.query = Some(Data { results, ..Data::default() });
    task
}

impl StopQueryExecution {
    /// The query of that id.
    pub fn new(query_execution_id: impl Arg<String>) -> Self {
        let task = of_query("athena:stopQueryExecution", query_execution_id, None);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl GetQueryExecution {
    /// The query of that id.
    pub fn new(query_execution_id: impl Arg<String>) -> Self {
        let task = of_query("athena:getQueryExecution", query_execution_id, None);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl GetQueryResults {
    /// The rows of the query of that id, whose results are there.
    pub fn new(query_execution_id: impl Arg<String>, results: Results) -> Self {
        let task = of_query("athena:getQueryResults", query_execution_id, results.location());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> GetQueryResults<P> {
    /// The most rows to give, 1 to 1,000.
    pub fn max_results(mut self, rows: impl Arg<i64>) -> Self {
        self.task.set("MaxResults", rows.into_value().expr());
        self
    }

    /// Goes on where an earlier call ended.
    pub fn next_token(mut self, token: impl Arg<String>) -> Self {
        self.task.set("NextToken", token.into_value().expr());
        self
    }
}
