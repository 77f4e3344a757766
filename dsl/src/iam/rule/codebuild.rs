//! AWS CodeBuild.

use serde_json::Value as Json;

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// False if there is no such API. Builds have no rights of their own: they are those of their project.
    pub(super) fn codebuild(&mut self, api: &str, arguments: &Arguments<'_>, job: bool) -> bool {
        match api {
            "startBuild" => {
                self.build("codebuild:StartBuild", arguments);
                if job {
                    let projects = self.projects(arguments);
                    self.need("CodeBuildBuilds", &["codebuild:BatchGetBuilds", "codebuild:StopBuild"], projects, None);
                    self.managed_rule("StepFunctionsGetEventForCodeBuildStartBuildRule");
                }
            }
            "startBuildBatch" => {
                self.build("codebuild:StartBuildBatch", arguments);
                if job {
                    self.batches(arguments);
                    self.managed_rule("StepFunctionsGetEventForCodeBuildStartBuildBatchRule");
                }
            }
            "retryBuildBatch" => {
                self.build("codebuild:RetryBuildBatch", arguments);
                if job {
                    self.batches(arguments);
                }
            }
            "stopBuild" => self.build("codebuild:StopBuild", arguments),
            "stopBuildBatch" => self.build("codebuild:StopBuildBatch", arguments),
            "deleteBuildBatch" => self.build("codebuild:DeleteBuildBatch", arguments),
            "batchDeleteBuilds" => {
                let projects = self.each("Ids", arguments, "project/");
                self.need("CodeBuildBatchDeleteBuilds", &["codebuild:BatchDeleteBuilds"], projects, None);
            }
            "batchGetReports" => {
                let groups = self.each("ReportArns", arguments, "report-group/");
                self.need("CodeBuildBatchGetReports", &["codebuild:BatchGetReports"], groups, None);
            }
            _ => return false,
        }
        true
    }

    fn build(&mut self, action: &'static str, arguments: &Arguments<'_>) {
        let projects = self.projects(arguments);
        self.need("CodeBuild", &[action], projects, None);
        let role = arguments.get("ServiceRoleOverride");
        self.pass_role("CodeBuildPassRole", &["codebuild.amazonaws.com"], "ServiceRoleOverride", &role);
    }

    fn batches(&mut self, arguments: &Arguments<'_>) {
        let projects = self.projects(arguments);
        let actions = ["codebuild:BatchGetBuildBatches", "codebuild:StopBuildBatch"];
        self.need("CodeBuildBatches", &actions, projects, None);
    }

    /// The project that is named, or whose build is.
    fn projects(&mut self, arguments: &Arguments<'_>) -> Vec<String> {
        match arguments.get("ProjectName") {
            Argument::Absent => self.named_kind(":project/", "Id", &arguments.get("Id"), |id| vec![of(id, "project/")]),
            name => self.named_kind(":project/", "ProjectName", &name, |name| vec![arn("codebuild", "project/", name)]),
        }
    }

    /// What each id of a list belongs to.
    fn each(&mut self, argument: &str, arguments: &Arguments<'_>, kind: &str) -> Vec<String> {
        match arguments.get(argument) {
            Argument::Other(Json::Array(ids)) if !ids.is_empty() => {
                let mut found = Vec::new();
                for id in ids {
                    let id = id.as_str().map_or(Argument::Other(id), Argument::of);
                    found.extend(self.named(argument, &id, |id| vec![of(id, kind)]));
                }
                found
            }
            other => self.named(argument, &other, |id| vec![of(id, kind)]),
        }
    }
}

/// The ARN of the project or report group of `name:id`, which may be the end of an ARN.
fn of(id: &str, kind: &str) -> String {
    let (start, tail) = match id.rsplit_once('/') {
        Some((start, tail)) if start.starts_with("arn:") => (start.rsplit_once(':').map(|(start, _)| start), tail),
        _ => (None, id),
    };
    let name = tail.split_once(':').map_or(tail, |(name, _)| name);
    match start {
        Some(start) => format!("{start}:{kind}{name}"),
        None => arn("codebuild", kind, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_belongs_to_a_project() {
        let site = arn("codebuild", "project/", "site");
        assert_eq!(of("site:0a1b", "project/"), site);
        assert_eq!(of("site:*", "project/"), site);
        assert_eq!(of("si*", "project/"), arn("codebuild", "project/", "si*"));
        let there = "arn:aws:codebuild:eu-west-1:123456789012";
        assert_eq!(of(&format!("{there}:build-batch/site:0a1b"), "project/"), format!("{there}:project/site"));
        assert_eq!(of(&format!("{there}:report/tests:0a1b"), "report-group/"), format!("{there}:report-group/tests"));
    }
}
