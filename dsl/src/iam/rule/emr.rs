//! Amazon EMR.

use serde_json::json;

use super::{Call, role_arn};
use crate::bundle::{ACCOUNT_ID, PARTITION};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn emr(&mut self, api: &str, arguments: &Arguments<'_>, job: bool) -> bool {
        let (sid, actions): (_, &[_]) = match api {
            "createCluster" => {
                self.emr_create(arguments, job);
                return true;
            }
            "terminateCluster" => {
                self.emr_terminate(arguments, job);
                return true;
            }
            "addStep" => {
                self.emr_add_step(arguments, job);
                return true;
            }
            "cancelStep" => ("EmrCancelStep", &["elasticmapreduce:CancelSteps"]),
            "setClusterTerminationProtection" => ("EmrProtect", &["elasticmapreduce:SetTerminationProtection"]),
            "modifyInstanceFleetByName" => {
                ("EmrModifyFleet", &["elasticmapreduce:ListInstanceFleets", "elasticmapreduce:ModifyInstanceFleet"])
            }
            "modifyInstanceGroupByName" => {
                ("EmrModifyGroup", &["elasticmapreduce:ListInstanceGroups", "elasticmapreduce:ModifyInstanceGroups"])
            }
            _ => return false,
        };
        let clusters = self.emr_clusters(arguments);
        self.need(sid, actions, clusters, None);
        true
    }

    fn emr_create(&mut self, arguments: &Arguments<'_>, job: bool) {
        self.need("EmrRunJobFlow", &["elasticmapreduce:RunJobFlow"], vec!["*".to_owned()], None);
        let clusters = vec![arn("elasticmapreduce", "cluster/", "*")];
        if arguments.get("Tags") != Argument::Absent {
            self.need("EmrTagCluster", &["elasticmapreduce:AddTags"], clusters.clone(), None);
        }
        let cleanup = format!(
            "arn:{PARTITION}:iam::{ACCOUNT_ID}:role/aws-service-role/elasticmapreduce.amazonaws.com*/AWSServiceRoleForEMRCleanup*"
        );
        let names = ["elasticmapreduce.amazonaws.com", "elasticmapreduce.amazonaws.com.cn"];
        let condition = json!({ "StringEquals": { "iam:AWSServiceName": names } });
        self.need("EmrLinkedRole", &["iam:CreateServiceLinkedRole"], vec![cleanup], Some(condition));
        self.pass_role(
            "EmrPassServiceRole",
            &["elasticmapreduce.amazonaws.com"],
            "ServiceRole",
            &arguments.get("ServiceRole"),
        );
        // The argument names an instance profile; its role may have another name.
        let passed = self.access.passed_roles.as_ref().and_then(|roles| roles.first()).cloned();
        let instance = passed.as_deref().map_or_else(|| arguments.get("JobFlowRole"), Argument::Text);
        self.pass_role("EmrPassInstanceRole", &["ec2.amazonaws.com"], "JobFlowRole", &instance);
        let scaling = arguments.get("AutoScalingRole");
        self.pass_role("EmrPassScalingRole", &["application-autoscaling.amazonaws.com"], "AutoScalingRole", &scaling);
        if job {
            let actions = ["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"];
            self.need("EmrCluster", &actions, clusters, None);
            self.managed_rule("StepFunctionsGetEventForEMRRunJobFlowRule");
        }
    }

    fn emr_terminate(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.emr_clusters(arguments);
        self.need("EmrTerminateCluster", &["elasticmapreduce:TerminateJobFlows"], clusters.clone(), None);
        if job {
            self.need("EmrDescribeCluster", &["elasticmapreduce:DescribeCluster"], clusters, None);
            self.managed_rule("StepFunctionsGetEventForEMRTerminateJobFlowsRule");
        }
    }

    fn emr_add_step(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.emr_clusters(arguments);
        self.need("EmrAddStep", &["elasticmapreduce:AddJobFlowSteps"], clusters.clone(), None);
        if job {
            let actions = ["elasticmapreduce:CancelSteps", "elasticmapreduce:DescribeStep"];
            self.need("EmrStep", &actions, clusters, None);
            self.managed_rule("StepFunctionsGetEventForEMRAddJobFlowStepsRule");
        }
        let role = arguments.get("ExecutionRoleArn");
        if role != Argument::Absent {
            // EMR gives the role to the cluster's instances itself, so there is no service to name.
            let roles = self.named("ExecutionRoleArn", &role, |name| vec![role_arn(name)]);
            self.need("EmrStepRole", &["iam:PassRole"], roles, None);
        }
    }

    fn emr_clusters(&mut self, arguments: &Arguments<'_>) -> Vec<String> {
        self.named("ClusterId", &arguments.get("ClusterId"), |id| vec![arn("elasticmapreduce", "cluster/", id)])
    }
}
