//! AWS Batch. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html>

use super::{Suffix, Task, arn, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::value::Arg;

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

response! {
    /// A job that has ended.
    JobDetail => JobDetailFields {
        /// The job's id.
        job_id: String = "JobId",
        /// The job's name.
        job_name: String = "JobName",
        /// `SUCCEEDED`: any other end fails the state.
        status: String = "Status",
        /// When it started, in milliseconds since 1970.
        started_at: i64 = "StartedAt",
        /// When it ended, in milliseconds since 1970.
        stopped_at: i64 = "StoppedAt",
    }
}

response! {
    /// A job that has just been submitted.
    Submitted => SubmittedFields {
        /// The job's ARN.
        job_arn: String = "JobArn",
        /// The job's id.
        job_id: String = "JobId",
        /// The job's name.
        job_name: String = "JobName",
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    #[test]
    fn a_job_is_run_to_its_end_and_terminated_with_the_execution() {
        let step = SubmitJob::new("resize", "images", "resizer")
            .parameter("date", "2026-03-01")
            .command(["resize", "--all"])
            .arg("--fast")
            .environment("LEVEL", "info")
            .resources("2", 4096)
            .array_size(10)
            .depends_on("job-1")
            .job_attempts(3)
            .attempt_seconds(600)
            .tag("team", "shop");
        let found = ran(step);
        assert_eq!(found.resource, "batch:submitJob.sync");
        let overrides = json!({
            "Command": ["resize", "--all", "--fast"],
            "Environment": [{ "Name": "LEVEL", "Value": "info" }],
            "ResourceRequirements": [{ "Type": "VCPU", "Value": "2" }, { "Type": "MEMORY", "Value": "4096" }],
        });
        assert_eq!(found.arguments["ContainerOverrides"], overrides);
        assert_eq!(found.arguments["ArrayProperties"], json!({ "Size": 10 }));
        assert_eq!(found.arguments["DependsOn"], json!([{ "JobId": "job-1" }]));
        assert_eq!(found.arguments["Timeout"], json!({ "AttemptDurationSeconds": 600 }));
        let submit = "batch:job-definition/resizer batch:job-definition/resizer:* batch:job-queue/images batch:job/*";
        assert_eq!(
            found.rights(),
            [
                ("batch:DescribeJobs", "*"),
                ("batch:SubmitJob", submit),
                ("batch:TagResource", "batch:job/*"),
                ("batch:TerminateJob", "batch:job/*"),
                (
                    "events:DescribeRule events:PutRule events:PutTargets",
                    "events:rule/StepFunctionsGetEventsForBatchJobsRule"
                ),
            ]
        );
    }

    #[test]
    fn a_revision_is_exact() {
        let found = ran(SubmitJob::new("resize", "images", "resizer:7").request_response());
        assert_eq!(found.resource, "batch:submitJob");
        let submit = "batch:job-definition/resizer:7 batch:job-queue/images batch:job/*";
        assert_eq!(found.rights(), [("batch:SubmitJob", submit)]);
    }
}
