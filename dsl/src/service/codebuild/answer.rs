//! What CodeBuild answers.

use crate::service::response;
use crate::shape::Json;

response! {
    /// A build.
    Build => BuildFields {
        /// Its id, such as `site:0a1b2c3d-…`.
        id: String = "Id",
        /// Its ARN.
        arn: String = "Arn",
        /// Its number in the project, from 1.
        build_number: i64 = "BuildNumber",
        /// `SUCCEEDED` at the end: any other end fails the state.
        build_status: String = "BuildStatus",
        /// The name of its project.
        project_name: String = "ProjectName",
        /// The version of the source that was asked for.
        source_version: Option<String> = "SourceVersion",
        /// The commit or version that it was.
        resolved_source_version: Option<String> = "ResolvedSourceVersion",
        /// The ARNs of its reports.
        report_arns: Option<Vec<String>> = "ReportArns",
    }
}

response! {
    /// A batch of builds.
    BuildBatch => BuildBatchFields {
        /// Its id, such as `site:0a1b2c3d-…`.
        id: String = "Id",
        /// Its ARN.
        arn: String = "Arn",
        /// Its number in the project, from 1.
        build_batch_number: i64 = "BuildBatchNumber",
        /// `SUCCEEDED` at the end: any other end fails the state.
        build_batch_status: String = "BuildBatchStatus",
        /// The name of its project.
        project_name: String = "ProjectName",
        /// The commit or version of the source.
        resolved_source_version: Option<String> = "ResolvedSourceVersion",
        /// Its builds, each with `Identifier` and `CurrentBuildSummary`.
        build_groups: Option<Vec<Json>> = "BuildGroups",
    }
}

response! {
    /// What has become of builds that were to be deleted.
    DeletedBuilds => DeletedBuildsFields {
        /// The ids of those that are deleted.
        builds_deleted: Vec<String> = "BuildsDeleted",
        /// Those that are not, each with `Id` and `StatusCode`.
        builds_not_deleted: Vec<Json> = "BuildsNotDeleted",
    }
}

response! {
    /// What has become of a batch that was to be deleted.
    DeletedBatch => DeletedBatchFields {
        /// How it went.
        status_code: String = "StatusCode",
        /// The ids of its builds that are deleted.
        builds_deleted: Vec<String> = "BuildsDeleted",
        /// Those that are not, each with `Id` and `StatusCode`.
        builds_not_deleted: Vec<Json> = "BuildsNotDeleted",
    }
}

response! {
    /// Reports.
    Reports => ReportsFields {
        /// Those that were found, each with `Arn`, `Name`, `Status` and a summary.
        reports: Vec<Json> = "Reports",
        /// The ARNs of those that were not.
        reports_not_found: Vec<String> = "ReportsNotFound",
    }
}
