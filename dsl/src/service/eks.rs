//! Amazon EKS. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html>
//!
//! [`Call`] and [`RunJob`] talk to Kubernetes. Only clusters whose endpoint is public can be reached, and it is the cluster
//! that says who may do what there: an access entry of the execution role, not its policy.
//!
//! Stopping the execution stops nothing of all this: what has been created stays.

use std::marker::PhantomData;

use super::{Suffix, Task, apigateway, choice, role_arn, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::{Json, Shape};
use crate::value::{Arg, Typed};

mod answer;

pub use answer::*;

/// How a cluster is reached.
#[derive(Clone, Debug)]
pub struct Endpoint {
    name: Expr,
    endpoint: Expr,
    certificate_authority: Expr,
}

impl Endpoint {
    /// The cluster of that name, at the address of its API server, with the certificate of its authority in Base64: what
    /// [`CreateCluster`] gives as `endpoint` and `certificate_authority.data`.
    pub fn new(name: impl Arg<String>, endpoint: impl Arg<String>, certificate_authority: impl Arg<String>) -> Self {
        Self {
            name: name.into_value().expr(),
            endpoint: endpoint.into_value().expr(),
            certificate_authority: certificate_authority.into_value().expr(),
        }
    }

    fn reach(self, api: &'static str, suffix: Suffix) -> Task {
        let mut task = Task::new(api, suffix);
        task.set("ClusterName", self.name);
        task.set("Endpoint", self.endpoint);
        task.set("CertificateAuthority", self.certificate_authority);
        task
    }
}

choice! {
    /// A method of HTTP.
    Method {
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
        /// Replaces.
        Put = "PUT",
        /// Deletes.
        Delete = "DELETE",
        /// Reads the headers only.
        Head = "HEAD",
        /// Changes.
        Patch = "PATCH",
    }
}

choice! {
    /// How instances are paid.
    CapacityType {
        /// By the second.
        OnDemand = "ON_DEMAND",
        /// For less, until they are needed elsewhere.
        Spot = "SPOT",
        /// As they were reserved.
        CapacityBlock = "CAPACITY_BLOCK",
    }
}

step! {
    /// Calls the API of Kubernetes and gives its response, whose body has the shape `T`: `eks:call`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("pods", |w, _: Value<()>| {
    ///     let shop = eks::Endpoint::new("shop", "https://0A1B.gr7.eu-west-1.eks.amazonaws.com", "LS0tLS1CRUdJTi…");
    ///     let call = eks::Call::<Json>::new(shop, eks::Method::Get, "/api/v1/namespaces/default/pods");
    ///     w.run("ListPods", call.query("labelSelector", "app=web")).body
    /// });
    /// ```
    Call<T> = "eks:call", RequestResponse {
        RequestResponse -> apigateway::Response<T>;
    }
}

step! {
    /// Runs a job of Kubernetes and waits for its end: `eks:runJob.sync`. It is looked at about once a minute, later once in
    /// five.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("report", |w, job: Value<Json>| {
    ///     let shop = eks::Endpoint::new("shop", "https://0A1B.gr7.eu-west-1.eks.amazonaws.com", "LS0tLS1CRUdJTi…");
    ///     w.run("Report", eks::RunJob::new(shop, job).namespace("batch").retrieve_logs()).status
    /// });
    /// ```
    RunJob = "eks:runJob", RunJob {
        RunJob(Sync) -> EndedJob;
        RequestResponse -> Json;
    }
}

step! {
    /// Creates a cluster and waits until it is there: `eks:createCluster.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("cluster", |w, _: Value<()>| {
    ///     let create = eks::CreateCluster::new("shop", "eks-cluster", ["subnet-0a", "subnet-0b"]);
    ///     let shop = w.run("CreateCluster", create);
    ///     let reach = eks::Endpoint::new("shop", shop.endpoint, shop.certificate_authority.data);
    ///     w.run("ListNodes", eks::Call::<Json>::new(reach, eks::Method::Get, "/api/v1/nodes")).body
    /// });
    /// ```
    CreateCluster = "eks:createCluster", RunJob {
        RunJob(Sync) -> Cluster;
        RequestResponse -> Cluster;
    }
}

step! {
    /// Deletes a cluster and waits until it is gone: `eks:deleteCluster.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("cluster", |w, _: Value<()>| {
    ///     w.run("DeleteCluster", eks::DeleteCluster::new("shop"));
    /// });
    /// ```
    DeleteCluster = "eks:deleteCluster", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Json;
    }
}

step! {
    /// Creates a group of nodes and waits until it is there: `eks:createNodegroup.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("nodes", |w, _: Value<()>| {
    ///     let nodes = eks::CreateNodegroup::new("shop", "web", "eks-node", ["subnet-0a"]).scaling(1, 3, 5);
    ///     w.run("CreateNodes", nodes.capacity_type(eks::CapacityType::Spot)).nodegroup_arn
    /// });
    /// ```
    CreateNodegroup = "eks:createNodegroup", RunJob {
        RunJob(Sync) -> Nodegroup;
        RequestResponse -> Nodegroup;
    }
}

step! {
    /// Deletes a group of nodes and waits until it is gone: `eks:deleteNodegroup.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("nodes", |w, _: Value<()>| {
    ///     w.run("DeleteNodes", eks::DeleteNodegroup::new("shop", "web"));
    /// });
    /// ```
    DeleteNodegroup = "eks:deleteNodegroup", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Json;
    }
}

step! {
    /// Creates a Fargate profile and waits until it is there: `eks:createFargateProfile.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("profile", |w, _: Value<()>| {
    ///     let batch = eks::CreateFargateProfile::new("shop", "batch", "eks-pods").namespace("batch");
    ///     w.run("CreateProfile", batch.subnets(["subnet-0a"])).fargate_profile_arn
    /// });
    /// ```
    CreateFargateProfile = "eks:createFargateProfile", RunJob {
        RunJob(Sync) -> FargateProfile;
        RequestResponse -> FargateProfile;
    }
}

step! {
    /// Deletes a Fargate profile and waits until it is gone: `eks:deleteFargateProfile.sync`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("profile", |w, _: Value<()>| {
    ///     w.run("DeleteProfile", eks::DeleteFargateProfile::new("shop", "batch"));
    /// });
    /// ```
    DeleteFargateProfile = "eks:deleteFargateProfile", RunJob {
        RunJob(Sync) -> Json;
        RequestResponse -> Json;
    }
}

impl<T: Shape> Call<T> {
    /// A call of a path such as `/api/v1/nodes`.
    pub fn new(cluster: Endpoint, method: Method, path: impl Arg<String>) -> Self {
        let mut task = cluster.reach("eks:call", Suffix::None);
        task.set("Method", method.expr());
        task.set("Path", path.into_value().expr());
        Self { task, pattern: PhantomData }
    }
}

impl<T: Shape, P> Call<T, P> {
    /// A parameter behind the `?`.
    pub fn query(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("QueryParameters", name, list([value]));
        self
    }

    /// The body.
    pub fn body(mut self, body: impl Typed) -> Self {
        self.task.set("RequestBody", body.typed().expr());
        self
    }
}

impl RunJob {
    /// A job of `batch/v1`: an object with `apiVersion`, `kind`, `metadata` and `spec`.
    pub fn new(cluster: Endpoint, job: impl Typed) -> Self {
        let mut task = cluster.reach("eks:runJob", Suffix::Sync);
        task.set("Job", job.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl<P> RunJob<P> {
    /// The namespace; `default` if nothing is said.
    pub fn namespace(mut self, namespace: impl Arg<String>) -> Self {
        self.task.set("Namespace", namespace.into_value().expr());
        self
    }

    /// Gives the logs of its pods, too: what is JSON in them is parsed.
    pub fn retrieve_logs(mut self) -> Self {
        self.task.insert("LogOptions", "RetrieveLogs", Expr::literal(true));
        self
    }

    /// Gives the logs of its pods as the text that they are.
    pub fn raw_logs(mut self) -> Self {
        self.task.insert("LogOptions", "RawLogs", Expr::literal(true));
        self.retrieve_logs()
    }
}

impl CreateCluster {
    /// A cluster of that name in these subnets. The role, by its name or ARN, is that of its control plane; the execution
    /// role is allowed to pass it on.
    pub fn new<A: Arg<String>>(name: impl Arg<String>, role: &str, subnets: impl IntoIterator<Item = A>) -> Self {
        let mut task = Task::new("eks:createCluster", Suffix::Sync);
        task.set("Name", name.into_value().expr());
        task.set("RoleArn", Expr::literal(role_arn(role)));
        task.insert("ResourcesVpcConfig", "SubnetIds", list(subnets));
        task.envelope = &["Cluster"];
        Self { task, pattern: PhantomData }
    }
}

impl<P> CreateCluster<P> {
    /// The version of Kubernetes, such as `1.33`; the newest one if nothing is said.
    pub fn version(mut self, version: impl Arg<String>) -> Self {
        self.task.set("Version", version.into_value().expr());
        self
    }

    /// The security groups of its control plane.
    pub fn security_groups<A: Arg<String>>(mut self, groups: impl IntoIterator<Item = A>) -> Self {
        self.task.insert("ResourcesVpcConfig", "SecurityGroupIds", list(groups));
        self
    }
}

impl CreateNodegroup {
    /// A group of that name in these subnets. The role, by its name or ARN, is that of the nodes; the execution role is
    /// allowed to pass it on.
    pub fn new<A: Arg<String>>(
        cluster: impl Arg<String>,
        name: impl Arg<String>,
        node_role: &str,
        subnets: impl IntoIterator<Item = A>,
    ) -> Self {
        let mut task = member("eks:createNodegroup", cluster, "NodegroupName", name);
        task.set("NodeRole", Expr::literal(role_arn(node_role)));
        task.set("Subnets", list(subnets));
        task.envelope = &["Nodegroup"];
        Self { task, pattern: PhantomData }
    }
}

impl<P> CreateNodegroup<P> {
    /// How many nodes there are: at least, at first and at most.
    pub fn scaling(mut self, min: impl Arg<i64>, desired: impl Arg<i64>, max: impl Arg<i64>) -> Self {
        let sizes =
            [("MinSize", min.into_value()), ("DesiredSize", desired.into_value()), ("MaxSize", max.into_value())];
        for (name, size) in sizes {
            self.task.insert("ScalingConfig", name, size.expr());
        }
        self
    }

    /// The types of instances, such as `m7g.large`.
    pub fn instance_types<A: Arg<String>>(mut self, types: impl IntoIterator<Item = A>) -> Self {
        self.task.set("InstanceTypes", list(types));
        self
    }

    /// How they are paid; [`CapacityType::OnDemand`] if nothing is said.
    pub fn capacity_type(mut self, capacity: CapacityType) -> Self {
        self.task.set("CapacityType", capacity.expr());
        self
    }

    /// The size of a node's disk, in GiB.
    pub fn disk_size(mut self, gib: impl Arg<i64>) -> Self {
        self.task.set("DiskSize", gib.into_value().expr());
        self
    }

    /// A label of the nodes.
    pub fn label(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Labels", key, value.into_value().expr());
        self
    }
}

impl CreateFargateProfile {
    /// A profile of that name. The role, by its name or ARN, is that with which Fargate starts pods; the execution role is
    /// allowed to pass it on.
    pub fn new(cluster: impl Arg<String>, name: impl Arg<String>, pod_execution_role: &str) -> Self {
        let mut task = member("eks:createFargateProfile", cluster, "FargateProfileName", name);
        task.set("PodExecutionRoleArn", Expr::literal(role_arn(pod_execution_role)));
        task.envelope = &["FargateProfile"];
        Self { task, pattern: PhantomData }
    }
}

impl<P> CreateFargateProfile<P> {
    /// Takes the pods of a namespace. Up to five.
    pub fn namespace(mut self, namespace: impl Arg<String>) -> Self {
        let selector = vec![("Namespace".to_owned(), namespace.into_value().expr())];
        self.task.push("Selectors", Expr::object(selector));
        self
    }

    /// The private subnets of the pods.
    pub fn subnets<A: Arg<String>>(mut self, subnets: impl IntoIterator<Item = A>) -> Self {
        self.task.set("Subnets", list(subnets));
        self
    }
}

macro_rules! tags {
    ($($name:ident)+) => {
        $(impl<P> $name<P> {
            /// A tag.
            pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
                self.task.insert("Tags", key, value.into_value().expr());
                self
            }
        })+
    };
}
tags!(CreateCluster CreateNodegroup CreateFargateProfile);

impl DeleteCluster {
    /// The cluster of that name. It must have no nodes and no Fargate profiles any more.
    pub fn new(name: impl Arg<String>) -> Self {
        let mut task = Task::new("eks:deleteCluster", Suffix::Sync);
        task.set("Name", name.into_value().expr());
        Self { task, pattern: PhantomData }
    }
}

impl DeleteNodegroup {
    /// The group of that name in a cluster.
    pub fn new(cluster: impl Arg<String>, name: impl Arg<String>) -> Self {
        Self { task: member("eks:deleteNodegroup", cluster, "NodegroupName", name), pattern: PhantomData }
    }
}

impl DeleteFargateProfile {
    /// The profile of that name in a cluster.
    pub fn new(cluster: impl Arg<String>, name: impl Arg<String>) -> Self {
        Self { task: member("eks:deleteFargateProfile", cluster, "FargateProfileName", name), pattern: PhantomData }
    }
}

/// A call about something in a cluster.
fn member(api: &'static str, cluster: impl Arg<String>, argument: &str, name: impl Arg<String>) -> Task {
    let mut task = Task::new(api, Suffix::Sync);
    task.set("ClusterName", cluster.into_value().expr());
    task.set(argument, name.into_value().expr());
    task
}

fn list<A: Arg<String>>(items: impl IntoIterator<Item = A>) -> Expr {
    Kind::Array(items.into_iter().map(|item| item.into_value().expr()).collect()).into()
}

#[cfg(test)]
mod tests;
