//! AWS Batch.

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn batch(&mut self, arguments: &Arguments<'_>, job: bool) {
        let mut resources =
            self.named("JobQueue", &arguments.get("JobQueue"), |name| vec![arn("batch", "job-queue/", name)]);
        resources.extend(self.named("JobDefinition", &arguments.get("JobDefinition"), |name| {
            let definition = arn("batch", "job-definition/", name);
            let revision = definition.rsplit_once('/').is_some_and(|(_, name)| name.contains(':'));
            // Without a revision, it is the newest one that is used.
            if revision || definition.ends_with('*') {
                vec![definition]
            } else {
                vec![format!("{definition}:*"), definition]
            }
        }));
        let jobs = arn("batch", "job/", "*");
        resources.push(jobs.clone());
        self.need("BatchSubmitJob", &["batch:SubmitJob"], resources, None);
        if arguments.get("Tags") != Argument::Absent {
            self.need("BatchTagJob", &["batch:TagResource"], vec![jobs.clone()], None);
        }
        if job {
            self.need("BatchDescribeJobs", &["batch:DescribeJobs"], vec!["*".to_owned()], None);
            self.need("BatchTerminateJob", &["batch:TerminateJob"], vec![jobs], None);
            self.managed_rule("StepFunctionsGetEventsForBatchJobsRule");
        }
    }
}
