//! Amazon EMR on EKS.

use serde_json::json;

use super::{Call, role_arn};
use crate::bundle::{ACCOUNT_ID, PARTITION};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn emr_containers_create(&mut self, arguments: &Arguments<'_>) {
        let create = ["emr-containers:CreateVirtualCluster"];
        self.need("EmrContainersCreateCluster", &create, vec!["*".to_owned()], None);
        let role = format!(
            "arn:{PARTITION}:iam::{ACCOUNT_ID}:role/aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers"
        );
        let condition = json!({ "StringLike": { "iam:AWSServiceName": "emr-containers.amazonaws.com" } });
        self.need("EmrContainersLinkedRole", &["iam:CreateServiceLinkedRole"], vec![role], Some(condition));
        if arguments.get("Tags") != Argument::Absent {
            let clusters = vec![arn("emr-containers", "/virtualclusters/", "*")];
            self.need("EmrContainersTagCluster", &["emr-containers:TagResource"], clusters, None);
        }
    }

    pub(super) fn emr_containers_delete(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.virtual_clusters("Id", arguments);
        let delete = ["emr-containers:DeleteVirtualCluster"];
        self.need("EmrContainersDeleteCluster", &delete, clusters.clone(), None);
        if job {
            let describe = ["emr-containers:DescribeVirtualCluster"];
            self.need("EmrContainersDescribeCluster", &describe, clusters, None);
        }
    }

    pub(super) fn emr_containers_start(&mut self, arguments: &Arguments<'_>, job: bool) {
        let clusters = self.virtual_clusters("VirtualClusterId", arguments);
        let jobs: Vec<String> = clusters.iter().map(|cluster| format!("{cluster}/jobruns/*")).collect();
        // A job template or a computed role says which role it is only when the job is started.
        let condition = match arguments.get("ExecutionRoleArn") {
            Argument::Text(role) => {
                Some(json!({ "StringEquals": { "emr-containers:ExecutionRoleArn": role_arn(role) } }))
            }
            Argument::Prefix(role) => {
                Some(json!({ "ArnLike": { "emr-containers:ExecutionRoleArn": role_arn(&format!("{role}*")) } }))
            }
            _ => None,
        };
        self.need("EmrContainersStartJob", &["emr-containers:StartJobRun"], clusters, condition);
        if arguments.get("Tags") != Argument::Absent {
            self.need("EmrContainersTagJob", &["emr-containers:TagResource"], jobs.clone(), None);
        }
        if job {
            let actions = ["emr-containers:CancelJobRun", "emr-containers:DescribeJobRun"];
            self.need("EmrContainersJob", &actions, jobs, None);
        }
    }

    fn virtual_clusters(&mut self, argument: &str, arguments: &Arguments<'_>) -> Vec<String> {
        self.named(argument, &arguments.get(argument), |id| vec![arn("emr-containers", "/virtualclusters/", id)])
    }
}
