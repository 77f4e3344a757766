//! Amazon EMR Serverless.

use serde_json::json;

use super::Call;
use crate::bundle::{ACCOUNT_ID, PARTITION};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

const GET_APPLICATION: [&str; 1] = ["emr-serverless:GetApplication"];

impl Call<'_> {
    pub(super) fn emr_serverless(&mut self, api: &str, arguments: &Arguments<'_>, job: bool) -> bool {
        match api {
            "createApplication" => self.serverless_create(arguments, job),
            // Only what starts is stopped with the execution.
            "startApplication" => {
                let waiting = ["emr-serverless:GetApplication", "emr-serverless:StopApplication"];
                let start = ("EmrServerlessStart", "emr-serverless:StartApplication");
                self.serverless_application(arguments, start, job, ("EmrServerlessAwaitStart", &waiting));
            }
            "stopApplication" => {
                let stop = ("EmrServerlessStop", "emr-serverless:StopApplication");
                self.serverless_application(arguments, stop, job, ("EmrServerlessAwait", &GET_APPLICATION));
            }
            "deleteApplication" => {
                let delete = ("EmrServerlessDelete", "emr-serverless:DeleteApplication");
                self.serverless_application(arguments, delete, job, ("EmrServerlessAwait", &GET_APPLICATION));
            }
            "startJobRun" => self.serverless_start_job(arguments, job),
            "cancelJobRun" => self.serverless_cancel_job(arguments, job),
            _ => return false,
        }
        true
    }

    fn serverless_create(&mut self, arguments: &Arguments<'_>, job: bool) {
        let create = ["emr-serverless:CreateApplication"];
        self.need("EmrServerlessCreate", &create, vec!["*".to_owned()], None);
        let role = format!(
            "arn:{PARTITION}:iam::{ACCOUNT_ID}:role/aws-service-role/ops.emr-serverless.amazonaws.com/AWSServiceRoleForAmazonEMRServerless*"
        );
        let condition = json!({ "StringLike": { "iam:AWSServiceName": "ops.emr-serverless.amazonaws.com" } });
        self.need("EmrServerlessLinkedRole", &["iam:CreateServiceLinkedRole"], vec![role], Some(condition));
        let applications = vec![arn("emr-serverless", "/applications/", "*")];
        if arguments.get("Tags") != Argument::Absent {
            self.need("EmrServerlessTag", &["emr-serverless:TagResource"], applications.clone(), None);
        }
        if job {
            let actions = ["emr-serverless:DeleteApplication", "emr-serverless:GetApplication"];
            self.need("EmrServerlessApplication", &actions, applications, None);
            self.managed_rule("StepFunctionsGetEventsForEMRServerlessApplicationRule");
        }
    }

    fn serverless_application(
        &mut self,
        arguments: &Arguments<'_>,
        (sid, action): (&'static str, &'static str),
        job: bool,
        (waiting_sid, waiting): (&'static str, &[&'static str]),
    ) {
        let applications = self.applications(arguments);
        self.need(sid, &[action], applications.clone(), None);
        if job {
            self.need(waiting_sid, waiting, applications, None);
            self.managed_rule("StepFunctionsGetEventsForEMRServerlessApplicationRule");
        }
    }

    fn serverless_start_job(&mut self, arguments: &Arguments<'_>, job: bool) {
        let applications = self.applications(arguments);
        let jobs: Vec<String> = applications.iter().map(|application| format!("{application}/jobruns/*")).collect();
        self.need("EmrServerlessStartJob", &["emr-serverless:StartJobRun"], applications, None);
        let role = arguments.get("ExecutionRoleArn");
        self.pass_role("EmrServerlessPassRole", &["emr-serverless.amazonaws.com"], "ExecutionRoleArn", &role);
        if arguments.get("Tags") != Argument::Absent {
            self.need("EmrServerlessTagJob", &["emr-serverless:TagResource"], jobs.clone(), None);
        }
        if job {
            let actions = ["emr-serverless:CancelJobRun", "emr-serverless:GetJobRun"];
            self.need("EmrServerlessJob", &actions, jobs, None);
            self.managed_rule("StepFunctionsGetEventsForEMRServerlessJobRule");
        }
    }

    fn serverless_cancel_job(&mut self, arguments: &Arguments<'_>, job: bool) {
        // The id of a job is hardly ever known before: then it is any of the application's.
        let run = match arguments.get("JobRunId") {
            Argument::Text(id) => id,
            _ => "*",
        };
        let runs: Vec<String> =
            self.applications(arguments).iter().map(|application| format!("{application}/jobruns/{run}")).collect();
        self.need("EmrServerlessCancelJob", &["emr-serverless:CancelJobRun"], runs.clone(), None);
        if job {
            self.need("EmrServerlessGetJob", &["emr-serverless:GetJobRun"], runs, None);
            self.managed_rule("StepFunctionsGetEventsForEMRServerlessJobRule");
        }
    }

    fn applications(&mut self, arguments: &Arguments<'_>) -> Vec<String> {
        let id = arguments.get("ApplicationId");
        self.named("ApplicationId", &id, |id| vec![arn("emr-serverless", "/applications/", id)])
    }
}
