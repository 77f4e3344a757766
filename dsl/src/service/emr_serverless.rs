//! Amazon EMR Serverless. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html>

use super::{Suffix, Task, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Json;
use crate::value::{Arg, Typed};

#[cfg(test)]
mod tests;

/// What an application runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationType {
    /// Apache Spark.
    Spark,
    /// Apache Hive.
    Hive,
}

/// The processors of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Graviton.
    Arm64,
    /// Intel or AMD.
    X86_64,
}

/// What a job runs.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr_serverless::StartJobRun::new`"]
pub struct JobDriver {
    kind: &'static str,
    fields: Vec<(String, Expr)>,
    args: Vec<Expr>,
}

impl JobDriver {
    /// A script or JAR in S3, for an application of Spark.
    pub fn spark(entry_point: impl Arg<String>) -> Self {
        let fields = vec![("EntryPoint".to_owned(), entry_point.into_value().expr())];
        Self { kind: "SparkSubmit", fields, args: Vec::new() }
    }

    /// A file of queries in S3, for an application of Hive.
    pub fn hive(query: impl Arg<String>) -> Self {
        let fields = vec![("Query".to_owned(), query.into_value().expr())];
        Self { kind: "Hive", fields, args: Vec::new() }
    }

    /// One more argument of the script: of Spark only.
    pub fn arg(mut self, word: impl Arg<String>) -> Self {
        self.args.push(word.into_value().expr());
        self
    }

    /// Options, such as `--conf spark.executor.cores=2` or `--hiveconf hive.exec.scratchdir=s3://…`.
    pub fn parameters(mut self, options: impl Arg<String>) -> Self {
        let name = if self.kind == "Hive" { "Parameters" } else { "SparkSubmitParameters" };
        self.fields.push((name.to_owned(), options.into_value().expr()));
        self
    }

    fn build(mut self) -> Expr {
        if !self.args.is_empty() {
            self.fields.push(("EntryPointArguments".to_owned(), Kind::Array(self.args).into()));
        }
        Expr::object(self.fields)
    }
}

step! {
    /// Makes an application and waits until it is there: `emr-serverless:createApplication.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("prepare", |w, _: Value<()>| {
    ///     let create = emr_serverless::CreateApplication::new("emr-7.5.0", emr_serverless::ApplicationType::Spark);
    ///     w.run("Create", create.name("totals").auto_stop_minutes(5)).application_id
    /// });
    /// ```
    CreateApplication = "emr-serverless:createApplication", RunJob {
        RunJob(Sync) -> Application;
        RequestResponse -> Application;
    }
}

step! {
    /// Starts an application and waits until it is ready: `emr-serverless:startApplication.sync`. A job does this itself,
    /// unless the application says otherwise.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("warm-up", |w, _: Value<()>| {
    ///     w.run("Start", emr_serverless::StartApplication::new("00abcdef")).application_id
    /// });
    /// ```
    StartApplication = "emr-serverless:startApplication", RunJob {
        RunJob(Sync) -> Application;
        RequestResponse -> Application;
    }
}

step! {
    /// Stops an application and waits until it has stopped: `emr-serverless:stopApplication.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("stop", |w, _: Value<()>| {
    ///     w.run("Stop", emr_serverless::StopApplication::new("00abcdef")).application_id
    /// });
    /// ```
    StopApplication = "emr-serverless:stopApplication", RunJob {
        RunJob(Sync) -> Application;
        RequestResponse -> Application;
    }
}

step! {
    /// Deletes an application that has stopped and waits until it is gone: `emr-serverless:deleteApplication.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("clean", |w, _: Value<()>| {
    ///     w.run("Delete", emr_serverless::DeleteApplication::new("00abcdef")).application_id
    /// });
    /// ```
    DeleteApplication = "emr-serverless:deleteApplication", RunJob {
        RunJob(Sync) -> Application;
        RequestResponse -> Application;
    }
}

step! {
    /// Runs a job and waits for its end: `emr-serverless:startJobRun.sync`. Stopping the execution cancels the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("totals", |w, date: Value<String>| {
    ///     let driver = emr_serverless::JobDriver::spark("s3://shop/totals.py").arg(date);
    ///     let job = emr_serverless::StartJobRun::new("00abcdef", "arn:aws:iam::123456789012:role/totals", driver);
    ///     w.run("Totals", job.timeout_minutes(60));
    /// });
    /// ```
    StartJobRun = "emr-serverless:startJobRun", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Started;
    }
}

step! {
    /// Cancels a job and waits until it has ended: `emr-serverless:cancelJobRun.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("cancel", |w, job: Value<String>| {
    ///     w.run("Cancel", emr_serverless::CancelJobRun::new("00abcdef", job));
    /// });
    /// ```
    CancelJobRun = "emr-serverless:cancelJobRun", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Cancelled;
    }
}

response! {
    /// An application.
    Application => ApplicationFields {
        /// Its id.
        application_id: String = "ApplicationId",
    }
}

response! {
    /// A job that has just been started.
    Started => StartedFields {
        /// The application.
        application_id: String = "ApplicationId",
        /// The job's id.
        job_run_id: String = "JobRunId",
        /// The job's ARN.
        arn: String = "Arn",
    }
}

response! {
    /// A job that is being cancelled.
    Cancelled => CancelledFields {
        /// The application.
        application_id: String = "ApplicationId",
        /// The job's id.
        job_run_id: String = "JobRunId",
    }
}

impl CreateApplication {
    /// An application with a release such as `emr-7.5.0`.
    pub fn new(release_label: impl Arg<String>, of: ApplicationType) -> Self {
        let mut task = Task::new("emr-serverless:createApplication", Suffix::Sync);
        task.set_client_token();
        task.set("ReleaseLabel", release_label.into_value().expr());
        let of = match of {
            ApplicationType::Spark => "SPARK",
            ApplicationType::Hive => "HIVE",
        };
        task.set("Type", Expr::literal(of));
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> CreateApplication<P> {
    /// The application's name.
    pub fn name(mut self, name: impl Arg<String>) -> Self {
        self.task.set("Name", name.into_value().expr());
        self
    }

    /// Its processors, in place of those of Intel or AMD.
    pub fn architecture(mut self, architecture: Architecture) -> Self {
        let name = match architecture {
            Architecture::Arm64 => "ARM64",
            Architecture::X86_64 => "X86_64",
        };
        self.task.set("Architecture", Expr::literal(name));
        self
    }

    /// The most that all its workers have together, such as `16 vCPU` and `64 GB`.
    pub fn maximum_capacity(mut self, cpu: impl Arg<String>, memory: impl Arg<String>) -> Self {
        self.task.insert("MaximumCapacity", "Cpu", cpu.into_value().expr());
        self.task.insert("MaximumCapacity", "Memory", memory.into_value().expr());
        self
    }

    /// Stops it when it has been idle for so many minutes, 1 to 10,080.
    pub fn auto_stop_minutes(mut self, minutes: impl Arg<i64>) -> Self {
        self.task.insert("AutoStopConfiguration", "Enabled", Expr::literal(true));
        self.task.insert("AutoStopConfiguration", "IdleTimeoutMinutes", minutes.into_value().expr());
        self
    }

    /// A tag of the application.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }
}

fn of_application(api: &'static str, application_id: impl Arg<String>) -> Task {
    let mut task = Task::new(api, Suffix::Sync);
    task.set("ApplicationId", application_id.into_value().expr());
    task
}

impl StartApplication {
    /// The application of that id.
    pub fn new(application_id: impl Arg<String>) -> Self {
        let task = of_application("emr-serverless:startApplication", application_id);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl StopApplication {
    /// The application of that id.
    pub fn new(application_id: impl Arg<String>) -> Self {
        let task = of_application("emr-serverless:stopApplication", application_id);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl DeleteApplication {
    /// The application of that id.
    pub fn new(application_id: impl Arg<String>) -> Self {
        let task = of_application("emr-serverless:deleteApplication", application_id);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl CancelJobRun {
    /// The job of that id, of the application of that id.
    pub fn new(application_id: impl Arg<String>, job_run_id: impl Arg<String>) -> Self {
        let mut task = of_application("emr-serverless:cancelJobRun", application_id);
        task.set("JobRunId", job_run_id.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl StartJobRun {
    /// A job of the application of that id, with the rights of a role, by its ARN.
    pub fn new(application_id: impl Arg<String>, execution_role_arn: impl Arg<String>, driver: JobDriver) -> Self {
        let mut task = of_application("emr-serverless:startJobRun", application_id);
        task.set_client_token();
        task.set("ExecutionRoleArn", execution_role_arn.into_value().expr());
        task.insert("JobDriver", driver.kind, driver.build());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> StartJobRun<P> {
    /// The job's name.
    pub fn name(mut self, name: impl Arg<String>) -> Self {
        self.task.set("Name", name.into_value().expr());
        self
    }

    /// The longest time that it may run, in minutes: EMR's own limit, beside that of the state. 0 is no limit.
    pub fn timeout_minutes(mut self, minutes: impl Arg<i64>) -> Self {
        self.task.set("ExecutionTimeoutMinutes", minutes.into_value().expr());
        self
    }

    /// How often EMR itself runs the job.
    pub fn job_attempts(mut self, attempts: impl Arg<i64>) -> Self {
        self.task.insert("RetryPolicy", "MaxAttempts", attempts.into_value().expr());
        self
    }

    /// Properties of an application, such as those of `spark-defaults`, in place of earlier ones.
    pub fn configuration(mut self, classification: &str, properties: impl Typed) -> Self {
        let configuration = Expr::object(vec![
            ("Classification".to_owned(), Expr::literal(classification)),
            ("Properties".to_owned(), properties.typed().expr()),
        ]);
        let list = Kind::Array(vec![configuration]).into();
        self.task.insert("ConfigurationOverrides", "ApplicationConfiguration", list);
        self
    }

    /// A tag of the job.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }
}
