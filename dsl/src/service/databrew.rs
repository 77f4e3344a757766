//! AWS Glue `DataBrew`. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html>

use super::{Suffix, Task, response, step};
use crate::value::Arg;

step! {
    /// Runs a job and waits for its end: `databrew:startJobRun.sync`. Stopping the execution stops the run.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("clean", |w, _: Value<()>| {
    ///     w.run("CleanOrders", databrew::StartJobRun::new("clean-orders")).run_id
    /// });
    /// ```
    StartJobRun = "databrew:startJobRun", RunJob {
        RunJob(Sync) -> JobRun;
        RequestResponse -> Started;
    }
}

response! {
    /// A run that has ended.
    JobRun => JobRunFields {
        /// The run's id.
        run_id: String = "RunId",
        /// The job's name.
        job_name: String = "JobName",
        /// `SUCCEEDED`: any other end fails the state.
        state: String = "State",
    }
}

response! {
    /// A run that has just been started.
    Started => StartedFields {
        /// The run's id.
        run_id: String = "RunId",
    }
}

impl StartJobRun {
    /// A run of the job of that name.
    pub fn new(job_name: impl Arg<String>) -> Self {
        let mut task = Task::new("databrew:startJobRun", Suffix::Sync);
        task.set("Name", job_name.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    #[test]
    fn a_job_is_run_to_its_end_and_stopped_with_the_execution() {
        let found = ran(StartJobRun::new("clean"));
        assert_eq!(
            (found.resource.as_str(), &found.arguments),
            ("databrew:startJobRun.sync", &json!({ "Name": "clean" }))
        );
        let end = ("databrew:ListJobRuns databrew:StopJobRun", "databrew:job/clean");
        assert_eq!(found.rights(), [end, ("databrew:StartJobRun", "databrew:job/clean")]);
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_started() {
        let found = ran(StartJobRun::new("clean").request_response());
        assert_eq!(found.resource, "databrew:startJobRun");
        assert_eq!(found.rights(), [("databrew:StartJobRun", "databrew:job/clean")]);
    }
}
