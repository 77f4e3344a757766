//! AWS Glue. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html>

use super::{Suffix, Task, response, step};
use crate::value::Arg;

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

response! {
    /// A run that has ended.
    JobRun => JobRunFields {
        /// The run's id.
        id: String = "Id",
        /// The job's name.
        job_name: String = "JobName",
        /// `SUCCEEDED`: any other end fails the state.
        job_run_state: String = "JobRunState",
        /// How long it ran, in seconds.
        execution_time: i64 = "ExecutionTime",
    }
}

response! {
    /// A run that has just been started.
    Started => StartedFields {
        /// The run's id.
        job_run_id: String = "JobRunId",
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    #[test]
    fn a_job_is_run_to_its_end_and_stopped_with_the_execution() {
        let step = StartJobRun::new("load").argument_value("--date", "2026-03-01").workers("G.1X", 5);
        let found = ran(step.timeout_minutes(30).execution_class("FLEX"));
        assert_eq!(found.resource, "glue:startJobRun.sync");
        let expected = json!({
            "JobName": "load",
            "Arguments": { "--date": "2026-03-01" },
            "WorkerType": "G.1X",
            "NumberOfWorkers": 5,
            "Timeout": 30,
            "ExecutionClass": "FLEX",
        });
        assert_eq!(found.arguments, expected);
        assert_eq!(
            found.rights(),
            [
                ("glue:BatchStopJobRun glue:GetJobRun glue:GetJobRuns", "glue:job/load"),
                ("glue:StartJobRun", "glue:job/load"),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_started() {
        let found = ran(StartJobRun::new("load").request_response());
        assert_eq!(found.resource, "glue:startJobRun");
        assert_eq!(found.rights(), [("glue:StartJobRun", "glue:job/load")]);
    }
}
