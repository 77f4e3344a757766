//! AWS Batch. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html>

use super::{Suffix, Task, arn, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Shape;
use crate::value::{Arg, Value};

step! {
    /// Submits a job and waits for its end: `batch:submitJob.sync`. Stopping the execution terminates the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("thumbnails", |w, input: Value<Vec<String>>| {
    ///     let job = batch::SubmitJob::new("resize-images", "images", "image-resizer:7")
    ///         .command(["resize", "--count"])
    ///         .arg(input.len().to_text());
    ///     w.run("ResizeImages", job).status
    /// });
    /// ```
    SubmitJob = "batch:submitJob", RunJob {
        RunJob(Sync) -> JobDetail;
        RequestResponse -> Submitted;
    }
}

/// A job that has ended.
#[derive(Clone, Copy, Debug)]
pub struct JobDetail;

/// The fields of [`JobDetail`].
#[derive(Clone, Copy, Debug)]
pub struct JobDetailFields {
    /// The job's id.
    pub job_id: Value<String>,
    /// The job's name.
    pub job_name: Value<String>,
    /// `SUCCEEDED`: any other end fails the state.
    pub status: Value<String>,
    /// When it started, in milliseconds since 1970.
    pub started_at: Value<i64>,
    /// When it ended, in milliseconds since 1970.
    pub stopped_at: Value<i64>,
}

impl Shape for JobDetail {
    type Fields = JobDetailFields;

    fn fields(of: &Expr) -> JobDetailFields {
        JobDetailFields {
            job_id: Value::of(of.field("JobId")),
            job_name: Value::of(of.field("JobName")),
            status: Value::of(of.field("Status")),
            started_at: Value::of(of.field("StartedAt")),
            stopped_at: Value::of(of.field("StoppedAt")),
        }
    }
}

/// A job that has just been submitted.
#[derive(Clone, Copy, Debug)]
pub struct Submitted;

/// The fields of [`Submitted`].
#[derive(Clone, Copy, Debug)]
pub struct SubmittedFields {
    /// The job's ARN.
    pub job_arn: Value<String>,
    /// The job's id.
    pub job_id: Value<String>,
    /// The job's name.
    pub job_name: Value<String>,
}

impl Shape for Submitted {
    type Fields = SubmittedFields;

    fn fields(of: &Expr) -> SubmittedFields {
        SubmittedFields {
            job_arn: Value::of(of.field("JobArn")),
            job_id: Value::of(of.field("JobId")),
            job_name: Value::of(of.field("JobName")),
        }
    }
}

impl SubmitJob {
    /// A job of that name: 1 to 128 letters, digits, `-` and `_`. Queue and definition are names (a definition's may
    /// end in `:revision`) or ARNs.
    pub fn new(job_name: impl Arg<String>, job_queue: &str, job_definition: &str) -> Self {
        let mut task = Task::new("batch:submitJob", Suffix::Sync);
        task.set("JobName", job_name.into_value().expr());
        task.set("JobQueue", Expr::literal(arn("batch", "job-queue/", job_queue)));
        task.set("JobDefinition", Expr::literal(arn("batch", "job-definition/", job_definition)));
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> SubmitJob<P> {
    /// A parameter of the job definition, which its command names as `Ref::name`.
    pub fn parameter(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Parameters", name, value.into_value().expr());
        self
    }

    /// The container's command, in place of the definition's.
    pub fn command<A: Arg<String>>(mut self, words: impl IntoIterator<Item = A>) -> Self {
        let words = words.into_iter().map(|word| word.into_value().expr()).collect();
        self.task.insert("ContainerOverrides", "Command", Kind::Array(words).into());
        self
    }

    /// One more word of the container's command.
    pub fn arg(mut self, word: impl Arg<String>) -> Self {
        self.append("Command", word.into_value().expr());
        self
    }

    /// An environment variable of the container.
    pub fn environment(mut self, name: &str, value: impl Arg<String>) -> Self {
        let pair = vec![("Name".to_owned(), Expr::literal(name)), ("Value".to_owned(), value.into_value().expr())];
        self.append("Environment", Expr::object(pair));
        self
    }

    /// What the container gets: virtual CPUs and MiB of memory.
    pub fn resources(mut self, vcpus: &str, memory_mib: u32) -> Self {
        for (kind, value) in [("VCPU", vcpus.to_owned()), ("MEMORY", memory_mib.to_string())] {
            let pair = vec![("Type".to_owned(), Expr::literal(kind)), ("Value".to_owned(), Expr::literal(value))];
            self.append("ResourceRequirements", Expr::object(pair));
        }
        self
    }

    /// Makes it an array job of so many children, 2 to 10,000.
    pub fn array_size(mut self, children: impl Arg<i64>) -> Self {
        self.task.insert("ArrayProperties", "Size", children.into_value().expr());
        self
    }

    /// Starts it when another job has succeeded.
    pub fn depends_on(mut self, job_id: impl Arg<String>) -> Self {
        self.task.push("DependsOn", Expr::object(vec![("JobId".to_owned(), job_id.into_value().expr())]));
        self
    }

    /// How often Batch itself runs the job, 1 to 10.
    pub fn job_attempts(mut self, attempts: impl Arg<i64>) -> Self {
        self.task.insert("RetryStrategy", "Attempts", attempts.into_value().expr());
        self
    }

    /// The longest time of an attempt, in seconds: Batch's own limit, beside that of the state.
    pub fn attempt_seconds(mut self, seconds: impl Arg<i64>) -> Self {
        self.task.insert("Timeout", "AttemptDurationSeconds", seconds.into_value().expr());
        self
    }

    /// A tag of the job.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }

    fn append(&mut self, member: &str, item: Expr) {
        let mut items = match self.task.get("ContainerOverrides").map(|o| o.field(member)) {
            Some(list) => match list.kind() {
                Kind::Array(items) => items.clone(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        items.push(item);
        self.task.insert("ContainerOverrides", member, Kind::Array(items).into());
    }
}
