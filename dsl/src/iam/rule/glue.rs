//! AWS Glue.

use super::Call;
use crate::iam::argument::Arguments;
use crate::service::arn;

impl Call<'_> {
    pub(super) fn glue(&mut self, arguments: &Arguments<'_>, job: bool) {
        let jobs = self.named("JobName", &arguments.get("JobName"), |name| vec![arn("glue", "job/", name)]);
        self.need("GlueStartJobRun", &["glue:StartJobRun"], jobs.clone(), None);
        if job {
            self.need("GlueJobRuns", &["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns"], jobs, None);
        }
    }
}
