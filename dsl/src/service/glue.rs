//! AWS Glue. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html>

use super::{Suffix, Task, step};
use crate::ir::expr::Expr;
use crate::shape::Shape;
use crate::value::{Arg, Value};

step! {
    /// Runs a Glue job and waits for its end: `glue:startJobRun.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Request { date: String }
    ///
    /// Workflow::new("load", |w, input: Value<Request>| {
    ///     let run = w.run("LoadOrders", glue::StartJobRun::new("load-orders").argument_value("--date", input.date));
    ///     run.id
    /// });
    /// ```
    StartJobRun = "glue:startJobRun", RunJob {
        RunJob(Sync) -> JobRun;
        RequestResponse -> Started;
    }
}

/// A run that has ended.
#[derive(Clone, Copy, Debug)]
pub struct JobRun;

/// The fields of [`JobRun`].
#[derive(Clone, Copy, Debug)]
pub struct JobRunFields {
    /// The run's id.
    pub id: Value<String>,
    /// The job's name.
    pub job_name: Value<String>,
    /// `SUCCEEDED`: any other end fails the state.
    pub job_run_state: Value<String>,
    /// How long it ran, in seconds.
    pub execution_time: Value<i64>,
}

impl Shape for JobRun {
    type Fields = JobRunFields;

    fn fields(of: &Expr) -> JobRunFields {
        JobRunFields {
            id: Value::of(of.field("Id")),
            job_name: Value::of(of.field("JobName")),
            job_run_state: Value::of(of.field("JobRunState")),
            execution_time: Value::of(of.field("ExecutionTime")),
        }
    }
}

/// A run that has just been started.
#[derive(Clone, Copy, Debug)]
pub struct Started;

/// The fields of [`Started`].
#[derive(Clone, Copy, Debug)]
pub struct StartedFields {
    /// The run's id.
    pub job_run_id: Value<String>,
}

impl Shape for Started {
    type Fields = StartedFields;

    fn fields(of: &Expr) -> StartedFields {
        StartedFields { job_run_id: Value::of(of.field("JobRunId")) }
    }
}

impl StartJobRun {
    /// A run of the job of that name.
    pub fn new(job_name: impl Arg<String>) -> Self {
        let mut task = Task::new("glue:startJobRun", Suffix::Sync);
        task.set("JobName", job_name.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> StartJobRun<P> {
    /// An argument of the job's script, such as `--date`. Glue takes text only.
    pub fn argument_value(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Arguments", name, value.into_value().expr());
        self
    }

    /// The kind of worker, such as `G.1X`, and how many of them.
    pub fn workers(mut self, worker_type: impl Arg<String>, number: impl Arg<i64>) -> Self {
        self.task.set("WorkerType", worker_type.into_value().expr());
        self.task.set("NumberOfWorkers", number.into_value().expr());
        self
    }

    /// The longest time that the run may take, in minutes: Glue's own limit, beside that of the state.
    pub fn timeout_minutes(mut self, minutes: impl Arg<i64>) -> Self {
        self.task.set("Timeout", minutes.into_value().expr());
        self
    }

    /// `STANDARD` or `FLEX`, which is cheaper and may wait.
    pub fn execution_class(mut self, class: impl Arg<String>) -> Self {
        self.task.set("ExecutionClass", class.into_value().expr());
        self
    }
}
