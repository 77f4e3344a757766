//! AWS Glue `DataBrew`.

use super::Call;
use crate::iam::argument::Arguments;
use crate::service::arn;

impl Call<'_> {
    pub(super) fn databrew(&mut self, arguments: &Arguments<'_>, job: bool) {
        let jobs = self.named("Name", &arguments.get("Name"), |name| vec![arn("databrew", "job/", name)]);
        self.need("DataBrewStartJobRun", &["databrew:StartJobRun"], jobs.clone(), None);
        if job {
            self.need("DataBrewJobRuns", &["databrew:ListJobRuns", "databrew:StopJobRun"], jobs, None);
        }
    }
}
