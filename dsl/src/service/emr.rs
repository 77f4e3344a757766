//! Amazon EMR. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html>
//!
//! The calls wrap the API of EMR, and differ from it in places: a cluster has a `ClusterId`, and one step is added at a
//! time.

use super::{Suffix, Task, response, step};
use crate::ir::expr::Expr;
use crate::shape::Json;
use crate::value::{Arg, Typed};

mod cluster;
#[cfg(test)]
mod tests;

pub use cluster::{ActionOnFailure, InstanceFleet, InstanceGroup, Instances, JarStep, Node, Roles};
use cluster::{field, list};

step! {
    /// Makes a cluster and waits until it is ready: `elasticmapreduce:createCluster.sync`. Stopping the execution does not
    /// terminate the cluster; [`TerminateCluster`] does, on every way out of the workflow.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const ROLES: emr::Roles = emr::Roles::new("EMR_DefaultRole", "EMR_EC2_DefaultRole");
    /// const OWN: &str = "the cluster is made by the execution";
    ///
    /// Workflow::new("totals", |w, date: Value<String>| {
    ///     let instances = emr::Instances::groups([
    ///         emr::InstanceGroup::new(emr::Node::Master, "m6g.xlarge", 1),
    ///         emr::InstanceGroup::new(emr::Node::Core, "m6g.xlarge", 2),
    ///     ]);
    ///     let create = emr::CreateCluster::new("totals", "emr-7.5.0", instances, ROLES).application("Spark");
    ///     let cluster = w.run("Create", create).cluster_id;
    ///     let job = emr::JarStep::command("totals", ["spark-submit", "s3://shop/totals.py"]).arg(date);
    ///     w.run("Totals", emr::AddStep::new(cluster, job).allow_any(OWN));
    ///     w.run("Terminate", emr::TerminateCluster::new(cluster).allow_any(OWN));
    /// });
    /// ```
    CreateCluster = "elasticmapreduce:createCluster", RunJob {
        RunJob(Sync) -> Cluster;
        RequestResponse -> Cluster;
    }
}

step! {
    /// Terminates a cluster and waits until it is gone: `elasticmapreduce:terminateCluster.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("w", |w, _: Value<()>| {
    ///     w.run("Terminate", emr::TerminateCluster::new("j-3KVTBU52M7UG0"));
    /// });
    /// ```
    TerminateCluster = "elasticmapreduce:terminateCluster", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Json;
    }
}

step! {
    /// Allows a cluster to be terminated, or not: `elasticmapreduce:setClusterTerminationProtection`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("w", |w, _: Value<()>| {
    ///     w.run("Unprotect", emr::SetClusterTerminationProtection::new("j-3KVTBU52M7UG0", false));
    /// });
    /// ```
    SetClusterTerminationProtection = "elasticmapreduce:setClusterTerminationProtection", RequestResponse {
        RequestResponse -> Json;
    }
}

step! {
    /// Adds a step to a cluster and waits for its end: `elasticmapreduce:addStep.sync`. Stopping the execution cancels the
    /// step.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("w", |w, _: Value<()>| {
    ///     w.run("Totals", emr::AddStep::new("j-3KVTBU52M7UG0", emr::JarStep::command("totals", ["spark-submit", "totals.py"])));
    /// });
    /// ```
    AddStep = "elasticmapreduce:addStep", RunJob {
        RunJob(Sync) -> Added;
        RequestResponse -> Added;
    }
}

step! {
    /// Cancels a step of a cluster: `elasticmapreduce:cancelStep`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("w", |w, _: Value<()>| {
    ///     w.run("Cancel", emr::CancelStep::new("j-3KVTBU52M7UG0", "s-3KVTBU52M7UG0"));
    /// });
    /// ```
    CancelStep = "elasticmapreduce:cancelStep", RequestResponse {
        RequestResponse -> Cancelled;
    }
}

response! {
    /// A cluster that was made.
    Cluster => ClusterFields {
        /// Its id, such as `j-3KVTBU52M7UG0`.
        cluster_id: String = "ClusterId",
    }
}

response! {
    /// A step that was added.
    Added => AddedFields {
        /// Its id, such as `s-3KVTBU52M7UG0`.
        step_id: String = "StepId",
    }
}

response! {
    /// What became of the wish to cancel a step.
    Cancelled => CancelledFields {
        /// With its `StepId`, its `Status` (`SUBMITTED` or `FAILED`), and a `Reason`.
        cancel_steps_info: Json = "CancelStepsInfo",
    }
}

impl CreateCluster {
    /// A cluster with a release such as `emr-7.5.0`.
    pub fn new(name: impl Arg<String>, release_label: impl Arg<String>, instances: Instances, roles: Roles) -> Self {
        let mut task = Task::new("elasticmapreduce:createCluster", Suffix::Sync);
        task.set("Name", name.into_value().expr());
        task.set("ReleaseLabel", release_label.into_value().expr());
        task.set("Instances", Expr::object(instances.0));
        task.set("ServiceRole", Expr::literal(roles.service));
        task.set("JobFlowRole", Expr::literal(roles.instance_profile));
        if let Some(role) = roles.auto_scaling {
            task.set("AutoScalingRole", Expr::literal(role));
        }
        task.access.passed_roles = Some(vec![roles.instance.to_owned()]);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> CreateCluster<P> {
    /// An application that it has, such as `Spark`.
    pub fn application(mut self, name: impl Arg<String>) -> Self {
        self.task.push("Applications", Expr::object(vec![field("Name", name.into_value().expr())]));
        self
    }

    /// Where it writes its logs, as `s3://…`: with the rights of its instances.
    pub fn log_uri(mut self, uri: impl Arg<String>) -> Self {
        self.task.set("LogUri", uri.into_value().expr());
        self
    }

    /// Properties of an application, such as those of `spark-defaults`.
    pub fn configuration(mut self, classification: &str, properties: impl Typed) -> Self {
        let configuration = vec![
            field("Classification", Expr::literal(classification)),
            field("Properties", properties.typed().expr()),
        ];
        self.task.push("Configurations", Expr::object(configuration));
        self
    }

    /// A script that each instance runs when it starts.
    pub fn bootstrap<A: Arg<String>>(
        mut self,
        name: impl Arg<String>,
        path: impl Arg<String>,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        let script = vec![field("Path", path.into_value().expr()), field("Args", list(args))];
        let action =
            vec![field("Name", name.into_value().expr()), field("ScriptBootstrapAction", Expr::object(script))];
        self.task.push("BootstrapActions", Expr::object(action));
        self
    }

    /// How many steps may run at once, 1 to 256.
    pub fn step_concurrency(mut self, steps: impl Arg<i64>) -> Self {
        self.task.set("StepConcurrencyLevel", steps.into_value().expr());
        self
    }

    /// Terminates it when it has been idle for so many seconds: what stays if the execution is stopped does not stay for
    /// long.
    pub fn idle_timeout_seconds(mut self, seconds: impl Arg<i64>) -> Self {
        self.task.insert("AutoTerminationPolicy", "IdleTimeout", seconds.into_value().expr());
        self
    }

    /// The name of a security configuration.
    pub fn security_configuration(mut self, name: impl Arg<String>) -> Self {
        self.task.set("SecurityConfiguration", name.into_value().expr());
        self
    }

    /// A tag of the cluster.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        let pair = vec![field("Key", Expr::literal(key)), field("Value", value.into_value().expr())];
        self.task.push("Tags", Expr::object(pair));
        self
    }
}

fn of_cluster(api: &'static str, suffix: Suffix, cluster_id: impl Arg<String>) -> Task {
    let mut task = Task::new(api, suffix);
    task.set("ClusterId", cluster_id.into_value().expr());
    task
}

impl TerminateCluster {
    /// The cluster of that id.
    pub fn new(cluster_id: impl Arg<String>) -> Self {
        let task = of_cluster("elasticmapreduce:terminateCluster", Suffix::Sync, cluster_id);
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl SetClusterTerminationProtection {
    /// Whether the cluster of that id is protected.
    pub fn new(cluster_id: impl Arg<String>, protected: impl Arg<bool>) -> Self {
        let mut task = of_cluster("elasticmapreduce:setClusterTerminationProtection", Suffix::None, cluster_id);
        task.set("TerminationProtected", protected.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl AddStep {
    /// A step of the cluster of that id.
    pub fn new(cluster_id: impl Arg<String>, step: JarStep) -> Self {
        let mut task = of_cluster("elasticmapreduce:addStep", Suffix::Sync, cluster_id);
        task.set("Step", step.build());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> AddStep<P> {
    /// The ARN of the role with which the step runs, in place of that of the instances.
    pub fn execution_role(mut self, arn: impl Arg<String>) -> Self {
        self.task.set("ExecutionRoleArn", arn.into_value().expr());
        self
    }
}

impl CancelStep {
    /// The step of that id, of the cluster of that id.
    pub fn new(cluster_id: impl Arg<String>, step_id: impl Arg<String>) -> Self {
        let mut task = of_cluster("elasticmapreduce:cancelStep", Suffix::None, cluster_id);
        task.set("StepId", step_id.into_value().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}
