//! AWS CodeBuild. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html>
//!
//! Builds and batches of builds have the rights of their project, which an id that is computed doesn't tell: say which
//! one with [`allow`](super::Step::allow).

use std::marker::PhantomData;

use super::{Suffix, Task, choice, role_arn, step};
use crate::ir::expr::Expr;
use crate::value::Arg;

mod answer;

pub use answer::*;

step! {
    /// Runs a build and waits for its end: `codebuild:startBuild.sync`. A build that fails, fails the state; stopping the
    /// execution stops the build.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Release { commit: String }
    ///
    /// Workflow::new("release", |w, input: Value<Release>| {
    ///     let build = codebuild::StartBuild::new("site")
    ///         .source_version(input.commit)
    ///         .environment("STAGE", "live")
    ///         .compute_type(codebuild::ComputeType::Medium);
    ///     w.run("BuildSite", build).id
    /// });
    /// ```
    StartBuild = "codebuild:startBuild", RunJob {
        RunJob(Sync) -> Build;
        RequestResponse -> Build;
    }
}

step! {
    /// Runs a batch of builds and waits for its end: `codebuild:startBuildBatch.sync`. A batch that fails, fails the state;
    /// stopping the execution stops the batch.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("matrix", |w, _: Value<()>| {
    ///     let batch = codebuild::StartBuildBatch::new("matrix").buildspec("ci/batch.yml").timeout_minutes(60);
    ///     w.run("BuildAll", batch).build_batch_status
    /// });
    /// ```
    StartBuildBatch = "codebuild:startBuildBatch", RunJob {
        RunJob(Sync) -> BuildBatch;
        RequestResponse -> BuildBatch;
    }
}

step! {
    /// Runs a batch of builds again and waits for its end: `codebuild:retryBuildBatch.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("again", |w, batch: Value<String>| {
    ///     let again = codebuild::RetryBuildBatch::new(batch, codebuild::RetryType::FailedBuilds)
    ///         .allow(["arn:aws:codebuild:eu-west-1:123456789012:project/matrix"]);
    ///     w.run("BuildFailedAgain", again).build_batch_status
    /// });
    /// ```
    RetryBuildBatch = "codebuild:retryBuildBatch", RunJob {
        RunJob(Sync) -> BuildBatch;
        RequestResponse -> BuildBatch;
    }
}

step! {
    /// Stops a build: `codebuild:stopBuild`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("stop", |w, build: Value<String>| {
    ///     let site = "arn:aws:codebuild:eu-west-1:123456789012:project/site";
    ///     w.run("StopBuild", codebuild::StopBuild::new(build).allow([site])).build_status
    /// });
    /// ```
    StopBuild = "codebuild:stopBuild", RequestResponse {
        RequestResponse -> Build;
    }
}

step! {
    /// Stops a batch of builds: `codebuild:stopBuildBatch`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("stop", |w, batch: Value<String>| {
    ///     let matrix = "arn:aws:codebuild:eu-west-1:123456789012:project/matrix";
    ///     w.run("StopBatch", codebuild::StopBuildBatch::new(batch).allow([matrix])).build_batch_status
    /// });
    /// ```
    StopBuildBatch = "codebuild:stopBuildBatch", RequestResponse {
        RequestResponse -> BuildBatch;
    }
}

step! {
    /// Deletes builds: `codebuild:batchDeleteBuilds`. Up to 100. Step Functions tries again by itself on builds that have
    /// just been stopped.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("forget", |w, build: Value<String>| {
    ///     let site = "arn:aws:codebuild:eu-west-1:123456789012:project/site";
    ///     w.run("Delete", codebuild::BatchDeleteBuilds::new([build]).allow([site])).builds_deleted
    /// });
    /// ```
    BatchDeleteBuilds = "codebuild:batchDeleteBuilds", RequestResponse {
        RequestResponse -> DeletedBuilds;
    }
}

step! {
    /// Deletes a batch of builds: `codebuild:deleteBuildBatch`. Step Functions tries again by itself on one that has just
    /// been stopped.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("forget", |w, batch: Value<String>| {
    ///     let matrix = "arn:aws:codebuild:eu-west-1:123456789012:project/matrix";
    ///     w.run("Delete", codebuild::DeleteBuildBatch::new(batch).allow([matrix])).status_code
    /// });
    /// ```
    DeleteBuildBatch = "codebuild:deleteBuildBatch", RequestResponse {
        RequestResponse -> DeletedBatch;
    }
}

step! {
    /// Gives reports of tests and of code coverage: `codebuild:batchGetReports`. Up to 100.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("report", |w, report: Value<String>| {
    ///     let tests = "arn:aws:codebuild:eu-west-1:123456789012:report-group/site-tests";
    ///     w.run("Report", codebuild::BatchGetReports::new([report]).allow([tests])).reports
    /// });
    /// ```
    BatchGetReports = "codebuild:batchGetReports", RequestResponse {
        RequestResponse -> Reports;
    }
}

choice! {
    /// How large the machine of a build is.
    ComputeType {
        /// `BUILD_GENERAL1_SMALL`.
        Small = "BUILD_GENERAL1_SMALL",
        /// `BUILD_GENERAL1_MEDIUM`.
        Medium = "BUILD_GENERAL1_MEDIUM",
        /// `BUILD_GENERAL1_LARGE`.
        Large = "BUILD_GENERAL1_LARGE",
        /// `BUILD_GENERAL1_XLARGE`.
        XLarge = "BUILD_GENERAL1_XLARGE",
        /// `BUILD_GENERAL1_2XLARGE`.
        XLarge2 = "BUILD_GENERAL1_2XLARGE",
        /// `BUILD_LAMBDA_1GB`.
        Lambda1Gb = "BUILD_LAMBDA_1GB",
        /// `BUILD_LAMBDA_2GB`.
        Lambda2Gb = "BUILD_LAMBDA_2GB",
        /// `BUILD_LAMBDA_4GB`.
        Lambda4Gb = "BUILD_LAMBDA_4GB",
        /// `BUILD_LAMBDA_8GB`.
        Lambda8Gb = "BUILD_LAMBDA_8GB",
        /// `BUILD_LAMBDA_10GB`.
        Lambda10Gb = "BUILD_LAMBDA_10GB",
    }
}

choice! {
    /// Which builds of a batch run again.
    RetryType {
        /// All of them.
        AllBuilds = "RETRY_ALL_BUILDS",
        /// Those that failed.
        FailedBuilds = "RETRY_FAILED_BUILDS",
    }
}

/// A step whose first argument is what it is about, and whose result is in a field.
macro_rules! about {
    ($(#[$doc:meta])* $name:ident, $pattern:ident, $api:literal, $argument:literal: $type:ty, $envelope:expr) => {
        impl $name {
            $(#[$doc])*
            pub fn new(of: impl Arg<$type>) -> Self {
                let mut task = Task::new($api, Suffix::$pattern);
                task.set($argument, of.into_value().expr());
                task.envelope = $envelope;
                Self { task, pattern: PhantomData }
            }
        }
    };
}

about! {
    /// A build of the project of that name.
    StartBuild, Sync, "codebuild:startBuild", "ProjectName": String, &["Build"]
}
about! {
    /// A batch of builds of the project of that name.
    StartBuildBatch, Sync, "codebuild:startBuildBatch", "ProjectName": String, &["BuildBatch"]
}
about! {
    /// The build of that id.
    StopBuild, None, "codebuild:stopBuild", "Id": String, &["Build"]
}
about! {
    /// The batch of that id.
    StopBuildBatch, None, "codebuild:stopBuildBatch", "Id": String, &["BuildBatch"]
}
about! {
    /// The builds of these ids.
    BatchDeleteBuilds, None, "codebuild:batchDeleteBuilds", "Ids": Vec<String>, &[]
}
about! {
    /// The batch of that id.
    DeleteBuildBatch, None, "codebuild:deleteBuildBatch", "Id": String, &[]
}
about! {
    /// The reports of these ARNs.
    BatchGetReports, None, "codebuild:batchGetReports", "ReportArns": Vec<String>, &[]
}

impl RetryBuildBatch {
    /// All or some builds of the batch of that id.
    pub fn new(id: impl Arg<String>, builds: RetryType) -> Self {
        let mut task = Task::new("codebuild:retryBuildBatch", Suffix::Sync);
        task.set("Id", id.into_value().expr());
        task.set("RetryType", builds.expr());
        task.envelope = &["BuildBatch"];
        Self { task, pattern: PhantomData }
    }
}

/// What a build or a batch of builds does otherwise than its project says.
macro_rules! overrides {
    ($name:ident, $timeout:literal) => {
        impl<P> $name<P> {
            /// The commit, branch, tag or version of the source.
            pub fn source_version(mut self, version: impl Arg<String>) -> Self {
                self.task.set("SourceVersion", version.into_value().expr());
                self
            }

            /// The build specification, or where it is in the source.
            pub fn buildspec(mut self, buildspec: impl Arg<String>) -> Self {
                self.task.set("BuildspecOverride", buildspec.into_value().expr());
                self
            }

            /// An environment variable.
            pub fn environment(self, name: &str, value: impl Arg<String>) -> Self {
                self.variable("PLAINTEXT", name, value.into_value().expr())
            }

            /// An environment variable with the value of a parameter of the Systems Manager Parameter Store, by its name.
            pub fn parameter(self, name: &str, parameter: impl Arg<String>) -> Self {
                self.variable("PARAMETER_STORE", name, parameter.into_value().expr())
            }

            /// An environment variable with a secret of the Secrets Manager: `name-or-ARN:json-key:stage:version`, of which
            /// all but the first may be left out.
            pub fn secret(self, name: &str, secret: impl Arg<String>) -> Self {
                self.variable("SECRETS_MANAGER", name, secret.into_value().expr())
            }

            fn variable(mut self, kind: &str, name: &str, value: Expr) -> Self {
                let variable = vec![
                    ("Name".to_owned(), Expr::literal(name)),
                    ("Type".to_owned(), Expr::literal(kind)),
                    ("Value".to_owned(), value),
                ];
                self.task.push("EnvironmentVariablesOverride", Expr::object(variable));
                self
            }

            /// The image of the container.
            pub fn image(mut self, image: impl Arg<String>) -> Self {
                self.task.set("ImageOverride", image.into_value().expr());
                self
            }

            /// How large the machine is.
            pub fn compute_type(mut self, compute: ComputeType) -> Self {
                self.task.set("ComputeTypeOverride", compute.expr());
                self
            }

            /// Whether Docker can be run in the container.
            pub fn privileged(mut self, privileged: impl Arg<bool>) -> Self {
                self.task.set("PrivilegedModeOverride", privileged.into_value().expr());
                self
            }

            /// The role of the build, by its name or ARN. The execution role is allowed to pass it on to CodeBuild.
            pub fn service_role(mut self, role: &str) -> Self {
                self.task.set("ServiceRoleOverride", Expr::literal(role_arn(role)));
                self
            }

            /// The longest time that it may run, 5 to 2,160 minutes: CodeBuild's own limit, beside that of the state.
            pub fn timeout_minutes(mut self, minutes: impl Arg<i64>) -> Self {
                self.task.set($timeout, minutes.into_value().expr());
                self
            }

            /// The longest time that it may wait for a machine, 5 to 480 minutes.
            pub fn queued_timeout_minutes(mut self, minutes: impl Arg<i64>) -> Self {
                self.task.set("QueuedTimeoutInMinutesOverride", minutes.into_value().expr());
                self
            }

            /// What makes a call that is sent twice start one: kept for five minutes.
            pub fn idempotency_token(mut self, token: impl Arg<String>) -> Self {
                self.task.set("IdempotencyToken", token.into_value().expr());
                self
            }
        }
    };
}
overrides!(StartBuild, "TimeoutInMinutesOverride");
overrides!(StartBuildBatch, "BuildTimeoutInMinutesOverride");

#[cfg(test)]
mod tests;
