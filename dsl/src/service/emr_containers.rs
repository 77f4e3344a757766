//! Amazon EMR on EKS. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html>

use super::{Suffix, Task, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Json;
use crate::value::{Arg, Typed};

step! {
    /// Makes a virtual cluster on a namespace of an EKS cluster: `emr-containers:createVirtualCluster`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("prepare", |w, _: Value<()>| {
    ///     w.run("Create", emr_containers::CreateVirtualCluster::new("totals", "shop-eks", "spark")).id
    /// });
    /// ```
    CreateVirtualCluster = "emr-containers:createVirtualCluster", RequestResponse {
        RequestResponse -> VirtualCluster;
    }
}

step! {
    /// Deletes a virtual cluster and waits until it is gone: `emr-containers:deleteVirtualCluster.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("clean", |w, _: Value<()>| {
    ///     w.run("Delete", emr_containers::DeleteVirtualCluster::new("abcdef0123"));
    /// });
    /// ```
    DeleteVirtualCluster = "emr-containers:deleteVirtualCluster", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Deleted;
    }
}

step! {
    /// Runs a job and waits for its end: `emr-containers:startJobRun.sync`. Stopping the execution cancels the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("totals", |w, date: Value<String>| {
    ///     let driver = emr_containers::SparkSubmit::new("s3://shop/totals.py").arg(date);
    ///     let job = emr_containers::StartJobRun::new("abcdef0123", "arn:aws:iam::123456789012:role/totals", "emr-7.5.0-latest", driver);
    ///     w.run("Totals", job);
    /// });
    /// ```
    StartJobRun = "emr-containers:startJobRun", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Started;
    }
}

response! {
    /// A virtual cluster that was made.
    VirtualCluster => VirtualClusterFields {
        /// Its id.
        id: String = "Id",
        /// Its name.
        name: String = "Name",
        /// Its ARN.
        arn: String = "Arn",
    }
}

response! {
    /// A virtual cluster that is being deleted.
    Deleted => DeletedFields {
        /// Its id.
        id: String = "Id",
    }
}

response! {
    /// A job that has just been started.
    Started => StartedFields {
        /// Its id.
        id: String = "Id",
        /// Its name.
        name: Option<String> = "Name",
        /// Its ARN.
        arn: String = "Arn",
        /// The virtual cluster on which it runs.
        virtual_cluster_id: String = "VirtualClusterId",
    }
}

/// A script or JAR that `spark-submit` runs.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr_containers::StartJobRun::new`"]
pub struct SparkSubmit {
    entry_point: Expr,
    args: Vec<Expr>,
    parameters: Option<Expr>,
}

impl SparkSubmit {
    /// The script or JAR, as `s3://…` or `local://…`.
    pub fn new(entry_point: impl Arg<String>) -> Self {
        Self { entry_point: entry_point.into_value().expr(), args: Vec::new(), parameters: None }
    }

    /// One more argument of the script.
    pub fn arg(mut self, word: impl Arg<String>) -> Self {
        self.args.push(word.into_value().expr());
        self
    }

    /// The options of `spark-submit`, such as `--conf spark.executor.instances=2`.
    pub fn parameters(mut self, options: impl Arg<String>) -> Self {
        self.parameters = Some(options.into_value().expr());
        self
    }

    fn build(self) -> Expr {
        let mut fields = vec![("EntryPoint".to_owned(), self.entry_point)];
        if !self.args.is_empty() {
            fields.push(("EntryPointArguments".to_owned(), Kind::Array(self.args).into()));
        }
        fields.extend(self.parameters.map(|options| ("SparkSubmitParameters".to_owned(), options)));
        Expr::object(fields)
    }
}

impl CreateVirtualCluster {
    /// A virtual cluster of that name, on a namespace of the EKS cluster of that name.
    pub fn new(name: impl Arg<String>, eks_cluster: impl Arg<String>, namespace: impl Arg<String>) -> Self {
        let mut task = Task::new("emr-containers:createVirtualCluster", Suffix::None);
        task.set_client_token();
        task.set("Name", name.into_value().expr());
        task.insert("ContainerProvider", "Id", eks_cluster.into_value().expr());
        task.insert("ContainerProvider", "Type", Expr::literal("EKS"));
        let info = vec![("Namespace".to_owned(), namespace.into_value().expr())];
        let info = Expr::object(vec![("EksInfo".to_owned(), Expr::object(info))]);
        task.insert("ContainerProvider", "Info", info);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> CreateVirtualCluster<P> {
    /// A tag of the virtual cluster.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }
}

impl DeleteVirtualCluster {
    /// The virtual cluster of that id.
    pub fn new(id: impl Arg<String>) -> Self {
        let mut task = Task::new("emr-containers:deleteVirtualCluster", Suffix::Sync);
        task.set("Id", id.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl StartJobRun {
    /// A job on the virtual cluster of that id, with the rights of a role (by its ARN), on a release such as
    /// `emr-7.5.0-latest`.
    pub fn new(
        virtual_cluster_id: impl Arg<String>,
        execution_role_arn: impl Arg<String>,
        release_label: impl Arg<String>,
        driver: SparkSubmit,
    ) -> Self {
        let mut task = Task::new("emr-containers:startJobRun", Suffix::Sync);
        task.set_client_token();
        task.set("VirtualClusterId", virtual_cluster_id.into_value().expr());
        task.set("ExecutionRoleArn", execution_role_arn.into_value().expr());
        task.set("ReleaseLabel", release_label.into_value().expr());
        task.insert("JobDriver", "SparkSubmitJobDriver", driver.build());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> StartJobRun<P> {
    /// The job's name.
    pub fn name(mut self, name: impl Arg<String>) -> Self {
        self.task.set("Name", name.into_value().expr());
        self
    }

    /// Properties of an application, such as those of `spark-defaults`.
    pub fn configuration(mut self, classification: &str, properties: impl Typed) -> Self {
        let configuration = Expr::object(vec![
            ("Classification".to_owned(), Expr::literal(classification)),
            ("Properties".to_owned(), properties.typed().expr()),
        ]);
        let member = "ApplicationConfiguration";
        let mut items = match self.task.get("ConfigurationOverrides").map(|o| o.field(member)).as_ref().map(Expr::kind)
        {
            Some(Kind::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        items.push(configuration);
        self.task.insert("ConfigurationOverrides", member, Kind::Array(items).into());
        self
    }

    /// How often EMR itself runs the job, 1 to 100.
    pub fn job_attempts(mut self, attempts: impl Arg<i64>) -> Self {
        self.task.insert("RetryPolicyConfiguration", "MaxAttempts", attempts.into_value().expr());
        self
    }

    /// A tag of the job.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    const ROLE: &str = "arn:aws:iam::123456789012:role/totals";

    #[test]
    fn a_job_is_run_to_its_end_and_cancelled_with_the_execution() {
        let driver = SparkSubmit::new("s3://shop/totals.py").arg("--all").parameters("--conf a=b");
        let job = StartJobRun::new("vc1", ROLE, "emr-7.5.0-latest", driver)
            .name("totals")
            .configuration("spark-defaults", json!({ "a": "b" }))
            .configuration("spark-log4j", json!({ "c": "d" }))
            .job_attempts(2)
            .tag("team", "shop");
        let found = ran(job);
        assert_eq!(found.resource, "emr-containers:startJobRun.sync");
        let expected = json!({
            "ClientToken": "{% $uuid() %}",
            "VirtualClusterId": "vc1",
            "ExecutionRoleArn": ROLE,
            "ReleaseLabel": "emr-7.5.0-latest",
            "JobDriver": { "SparkSubmitJobDriver": {
                "EntryPoint": "s3://shop/totals.py",
                "EntryPointArguments": ["--all"],
                "SparkSubmitParameters": "--conf a=b",
            } },
            "Name": "totals",
            "ConfigurationOverrides": { "ApplicationConfiguration": [
                { "Classification": "spark-defaults", "Properties": { "a": "b" } },
                { "Classification": "spark-log4j", "Properties": { "c": "d" } },
            ] },
            "RetryPolicyConfiguration": { "MaxAttempts": 2 },
            "Tags": { "team": "shop" },
        });
        assert_eq!(found.arguments, expected);
        let jobs = "emr-containers:/virtualclusters/vc1/jobruns/*";
        assert_eq!(
            found.rights(),
            [
                ("emr-containers:CancelJobRun emr-containers:DescribeJobRun", jobs),
                ("emr-containers:StartJobRun", "emr-containers:/virtualclusters/vc1"),
                ("emr-containers:TagResource", jobs),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_started() {
        let job = StartJobRun::new("vc1", ROLE, "emr-7.5.0-latest", SparkSubmit::new("local:///totals.py"));
        let found = ran(job.request_response());
        assert_eq!(found.resource, "emr-containers:startJobRun");
        assert_eq!(found.rights(), [("emr-containers:StartJobRun", "emr-containers:/virtualclusters/vc1")]);
    }

    #[test]
    fn a_virtual_cluster_is_made_and_deleted() {
        let found = ran(CreateVirtualCluster::new("totals", "shop-eks", "spark").tag("team", "shop"));
        assert_eq!(found.resource, "emr-containers:createVirtualCluster");
        let provider = json!({ "Id": "shop-eks", "Type": "EKS", "Info": { "EksInfo": { "Namespace": "spark" } } });
        assert_eq!(
            found.arguments,
            json!({ "ClientToken": "{% $uuid() %}", "Name": "totals", "ContainerProvider": provider, "Tags": { "team": "shop" } })
        );
        let linked = "iam::${AWS::AccountId}:role/aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers";
        assert_eq!(
            found.rights(),
            [
                ("emr-containers:CreateVirtualCluster", "*"),
                ("iam:CreateServiceLinkedRole", linked),
                ("emr-containers:TagResource", "emr-containers:/virtualclusters/*"),
            ]
        );
        let cluster = "emr-containers:/virtualclusters/vc1";
        let found = ran(DeleteVirtualCluster::new("vc1"));
        assert_eq!(found.resource, "emr-containers:deleteVirtualCluster.sync");
        assert_eq!(
            found.rights(),
            [("emr-containers:DeleteVirtualCluster", cluster), ("emr-containers:DescribeVirtualCluster", cluster)]
        );
        let found = ran(DeleteVirtualCluster::new("vc1").request_response());
        assert_eq!(found.rights(), [("emr-containers:DeleteVirtualCluster", cluster)]);
    }
}
