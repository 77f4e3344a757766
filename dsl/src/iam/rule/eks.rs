//! Amazon EKS.

use super::{Call, role_arn};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// False if there is no such API. Who may talk to Kubernetes is said in the cluster, not in IAM.
    pub(super) fn eks(&mut self, api: &str, arguments: &Arguments<'_>, job: bool) -> bool {
        match api {
            "call" | "runJob" => {}
            "createCluster" => self.create_cluster(arguments, job),
            "deleteCluster" => {
                let clusters = self.clusters("Name", arguments);
                self.need("EksDeleteCluster", &["eks:DeleteCluster"], clusters.clone(), None);
                if job {
                    self.need("EksDescribeCluster", &["eks:DescribeCluster"], clusters, None);
                }
            }
            "createNodegroup" => self.create_nodegroup(arguments, job),
            "deleteNodegroup" => {
                let groups = self.inside("nodegroup", "NodegroupName", arguments);
                self.need("EksDeleteNodegroup", &["eks:DeleteNodegroup"], groups.clone(), None);
                if job {
                    self.need("EksDescribeNodegroup", &["eks:DescribeNodegroup"], groups, None);
                }
            }
            "createFargateProfile" => self.create_fargate_profile(arguments, job),
            "deleteFargateProfile" => {
                let profiles = self.inside("fargateprofile", "FargateProfileName", arguments);
                self.need("EksDeleteFargateProfile", &["eks:DeleteFargateProfile"], profiles.clone(), None);
                if job {
                    self.need("EksDescribeFargateProfile", &["eks:DescribeFargateProfile"], profiles, None);
                }
            }
            _ => return false,
        }
        true
    }

    fn create_cluster(&mut self, arguments: &Arguments<'_>, job: bool) {
        // There is no resource to name yet.
        self.need("EksCreateCluster", &["eks:CreateCluster"], vec!["*".to_owned()], None);
        self.pass_role("EksPassRole", &["eks.amazonaws.com"], "RoleArn", &arguments.get("RoleArn"));
        let is_tagged = arguments.get("Tags") != Argument::Absent;
        if job || is_tagged {
            let clusters = self.clusters("Name", arguments);
            self.tag(is_tagged, &clusters);
            if job {
                self.need("EksDescribeCluster", &["eks:DescribeCluster"], clusters, None);
            }
        }
    }

    fn create_nodegroup(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.clusters("ClusterName", arguments);
        self.need("EksCreateNodegroup", &["eks:CreateNodegroup"], clusters, None);
        let role = arguments.get("NodeRole");
        // EKS gives it to the instances, and is asked for both.
        self.pass_role("EksPassRole", &["ec2.amazonaws.com", "eks.amazonaws.com"], "NodeRole", &role);
        // It looks at the subnets and the role with the rights of the caller.
        let roles = self.named_kind(":role/", "NodeRole", &role, |name| vec![role_arn(name)]);
        self.need("EksNodeRole", &["iam:GetRole", "iam:ListAttachedRolePolicies"], roles, None);
        self.need("EksSubnets", &["ec2:DescribeSubnets"], vec!["*".to_owned()], None);
        let is_tagged = arguments.get("Tags") != Argument::Absent;
        if job || is_tagged {
            let groups = self.inside("nodegroup", "NodegroupName", arguments);
            self.tag(is_tagged, &groups);
            if job {
                self.need("EksDescribeNodegroup", &["eks:DescribeNodegroup"], groups, None);
            }
        }
    }

    fn create_fargate_profile(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.clusters("ClusterName", arguments);
        self.need("EksCreateFargateProfile", &["eks:CreateFargateProfile"], clusters, None);
        let role = arguments.get("PodExecutionRoleArn");
        self.pass_role("EksPassRole", &["eks-fargate-pods.amazonaws.com"], "PodExecutionRoleArn", &role);
        let is_tagged = arguments.get("Tags") != Argument::Absent;
        if job || is_tagged {
            let profiles = self.inside("fargateprofile", "FargateProfileName", arguments);
            self.tag(is_tagged, &profiles);
            if job {
                self.need("EksDescribeFargateProfile", &["eks:DescribeFargateProfile"], profiles, None);
            }
        }
    }

    fn tag(&mut self, is_tagged: bool, resources: &[String]) {
        if is_tagged {
            self.need("EksTag", &["eks:TagResource"], resources.to_vec(), None);
        }
    }

    fn clusters(&mut self, argument: &str, arguments: &Arguments<'_>) -> Vec<String> {
        self.named_kind(":cluster/", argument, &arguments.get(argument), |name| vec![arn("eks", "cluster/", name)])
    }

    /// What is in a cluster: its ARN ends in an id that EKS makes.
    fn inside(&mut self, kind: &str, argument: &str, arguments: &Arguments<'_>) -> Vec<String> {
        let (cluster, name) = (arguments.get("ClusterName"), arguments.get(argument));
        let marker = format!(":{kind}/");
        let path = |cluster: &str, name: &str| vec![arn("eks", "", &format!("{kind}/{cluster}/{name}/*"))];
        match (&cluster, &name) {
            (Argument::Text(cluster), _) => self.named_kind(&marker, argument, &name, |name| path(cluster, name)),
            (_, Argument::Text(name)) => {
                self.named_kind(&marker, "ClusterName", &cluster, |cluster| path(cluster, name))
            }
            _ => self.named_kind(&marker, "ClusterName", &cluster, |cluster| path(cluster, "*")),
        }
    }
}
