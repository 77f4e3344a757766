//! What a cluster is made of, and what it runs.

use crate::ir::expr::{Expr, Kind};
use crate::value::Arg;

/// The roles of a cluster, by their names or ARNs. The execution role is allowed to pass exactly them on.
///
/// ```
/// use statewright::prelude::*;
///
/// const ROLES: emr::Roles = emr::Roles::new("EMR_DefaultRole", "EMR_EC2_DefaultRole");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    pub(super) service: &'static str,
    pub(super) instance_profile: &'static str,
    pub(super) instance: &'static str,
    pub(super) auto_scaling: Option<&'static str>,
}

impl Roles {
    /// The role of EMR itself, and the instance profile of the instances. Its role has the profile's name.
    #[must_use]
    pub const fn new(service: &'static str, instance_profile: &'static str) -> Self {
        Self { service, instance_profile, instance: instance_profile, auto_scaling: None }
    }

    /// The role within the instance profile, if it has another name. A profile that is given by its ARN needs it.
    #[must_use]
    pub const fn instance_role(mut self, role: &'static str) -> Self {
        self.instance = role;
        self
    }

    /// The role that scales instance groups by rules.
    #[must_use]
    pub const fn auto_scaling(mut self, role: &'static str) -> Self {
        self.auto_scaling = Some(role);
        self
    }
}

/// What the nodes of a group or fleet are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// The primary node.
    Master,
    /// Nodes that compute and hold data.
    Core,
    /// Nodes that compute only.
    Task,
}

impl Node {
    const fn name(self) -> &'static str {
        match self {
            Self::Master => "MASTER",
            Self::Core => "CORE",
            Self::Task => "TASK",
        }
    }
}

pub(super) fn field(name: &str, value: Expr) -> (String, Expr) {
    (name.to_owned(), value)
}

pub(super) fn list<A: Arg<String>>(items: impl IntoIterator<Item = A>) -> Expr {
    Kind::Array(items.into_iter().map(|item| item.into_value().expr()).collect()).into()
}

/// Nodes of one type.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr::Instances::groups`"]
pub struct InstanceGroup(Vec<(String, Expr)>);

impl InstanceGroup {
    /// So many nodes of a type such as `m6g.xlarge`.
    pub fn new(node: Node, instance_type: impl Arg<String>, count: impl Arg<i64>) -> Self {
        Self(vec![
            field("InstanceRole", Expr::literal(node.name())),
            field("InstanceType", instance_type.into_value().expr()),
            field("InstanceCount", count.into_value().expr()),
        ])
    }

    /// A name.
    pub fn name(mut self, name: impl Arg<String>) -> Self {
        self.0.push(field("Name", name.into_value().expr()));
        self
    }

    /// Spot instances, for no more than the price on demand.
    pub fn spot(mut self) -> Self {
        self.0.push(field("Market", Expr::literal("SPOT")));
        self
    }
}

/// Nodes of several types, of which EMR takes what there is.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr::Instances::fleets`"]
pub struct InstanceFleet {
    fields: Vec<(String, Expr)>,
    types: Vec<Expr>,
}

impl InstanceFleet {
    /// A fleet with a target in units: on demand and spot.
    pub fn new(node: Node, on_demand: impl Arg<i64>, spot: impl Arg<i64>) -> Self {
        let fields = vec![
            field("InstanceFleetType", Expr::literal(node.name())),
            field("TargetOnDemandCapacity", on_demand.into_value().expr()),
            field("TargetSpotCapacity", spot.into_value().expr()),
        ];
        Self { fields, types: Vec::new() }
    }

    /// A name.
    pub fn name(mut self, name: impl Arg<String>) -> Self {
        self.fields.push(field("Name", name.into_value().expr()));
        self
    }

    /// A type that it may take, and the units that an instance counts for.
    pub fn instance_type(mut self, instance_type: impl Arg<String>, weight: impl Arg<i64>) -> Self {
        self.types.push(Expr::object(vec![
            field("InstanceType", instance_type.into_value().expr()),
            field("WeightedCapacity", weight.into_value().expr()),
        ]));
        self
    }

    fn build(mut self) -> Expr {
        self.fields.push(field("InstanceTypeConfigs", Kind::Array(self.types).into()));
        Expr::object(self.fields)
    }
}

/// The instances of a cluster. The cluster stays when no step is left, as Step Functions demands.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr::CreateCluster::new`"]
pub struct Instances(pub(super) Vec<(String, Expr)>);

impl Instances {
    fn of(name: &str, parts: Vec<Expr>) -> Self {
        Self(vec![field("KeepJobFlowAliveWhenNoSteps", Expr::literal(true)), field(name, Kind::Array(parts).into())])
    }

    /// In groups, each of one type.
    pub fn groups(groups: impl IntoIterator<Item = InstanceGroup>) -> Self {
        Self::of("InstanceGroups", groups.into_iter().map(|group| Expr::object(group.0)).collect())
    }

    /// In fleets, each of several types.
    pub fn fleets(fleets: impl IntoIterator<Item = InstanceFleet>) -> Self {
        Self::of("InstanceFleets", fleets.into_iter().map(InstanceFleet::build).collect())
    }

    /// The subnets; EMR takes one of them.
    pub fn subnets<A: Arg<String>>(mut self, ids: impl IntoIterator<Item = A>) -> Self {
        self.0.push(field("Ec2SubnetIds", list(ids)));
        self
    }

    /// Refuses to be terminated, until [`SetClusterTerminationProtection`](super::SetClusterTerminationProtection) allows it.
    pub fn termination_protected(mut self) -> Self {
        self.0.push(field("TerminationProtected", Expr::literal(true)));
        self
    }
}

/// What happens to the cluster when a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionOnFailure {
    /// It goes on with the next step.
    Continue,
    /// It cancels the steps that wait.
    CancelAndWait,
    /// It is terminated.
    TerminateCluster,
}

/// A step of a cluster: a JAR with arguments.
#[derive(Clone, Debug)]
#[must_use = "give it to `emr::AddStep::new`"]
pub struct JarStep {
    fields: Vec<(String, Expr)>,
    jar: Vec<(String, Expr)>,
    args: Vec<Expr>,
    properties: Vec<Expr>,
}

impl JarStep {
    /// A JAR, in S3 or on the cluster.
    pub fn new(name: impl Arg<String>, jar: impl Arg<String>) -> Self {
        let fields = vec![field("Name", name.into_value().expr())];
        let jar = vec![field("Jar", jar.into_value().expr())];
        Self { fields, jar, args: Vec::new(), properties: Vec::new() }
    }

    /// A command such as `spark-submit`, by `command-runner.jar`.
    pub fn command<A: Arg<String>>(name: impl Arg<String>, words: impl IntoIterator<Item = A>) -> Self {
        words.into_iter().fold(Self::new(name, "command-runner.jar"), Self::arg)
    }

    /// One more argument.
    pub fn arg(mut self, word: impl Arg<String>) -> Self {
        self.args.push(word.into_value().expr());
        self
    }

    /// The class whose `main` is run, if the JAR doesn't say.
    pub fn main_class(mut self, class: impl Arg<String>) -> Self {
        self.jar.push(field("MainClass", class.into_value().expr()));
        self
    }

    /// A property of Java.
    pub fn property(mut self, key: &str, value: impl Arg<String>) -> Self {
        let pair = vec![field("Key", Expr::literal(key)), field("Value", value.into_value().expr())];
        self.properties.push(Expr::object(pair));
        self
    }

    /// What happens to the cluster when it fails.
    pub fn action_on_failure(mut self, action: ActionOnFailure) -> Self {
        let action = match action {
            ActionOnFailure::Continue => "CONTINUE",
            ActionOnFailure::CancelAndWait => "CANCEL_AND_WAIT",
            ActionOnFailure::TerminateCluster => "TERMINATE_CLUSTER",
        };
        self.fields.push(field("ActionOnFailure", Expr::literal(action)));
        self
    }

    pub(super) fn build(mut self) -> Expr {
        if !self.args.is_empty() {
            self.jar.push(field("Args", Kind::Array(self.args).into()));
        }
        if !self.properties.is_empty() {
            self.jar.push(field("Properties", Kind::Array(self.properties).into()));
        }
        self.fields.push(field("HadoopJarStep", Expr::object(self.jar)));
        Expr::object(self.fields)
    }
}
