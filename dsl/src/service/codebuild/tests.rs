//! What the steps ask for, and the rights that they need.

use serde_json::json;

use super::*;
use crate::service::Step;
use crate::service::testing::ran;

const SITE: &str = "codebuild:project/site";

#[test]
fn a_build_is_run_to_its_end_and_stopped_with_the_execution() {
    let step = StartBuild::new("site")
        .source_version("main")
        .environment("STAGE", "live")
        .parameter("KEY", "/site/key")
        .secret("TOKEN", "site-token")
        .compute_type(ComputeType::XLarge2)
        .privileged(true)
        .service_role("site-build")
        .timeout_minutes(30);
    let found = ran(step);
    assert_eq!(found.resource, "codebuild:startBuild.sync");
    let expected = json!({
        "ProjectName": "site",
        "SourceVersion": "main",
        "EnvironmentVariablesOverride": [
            { "Name": "STAGE", "Type": "PLAINTEXT", "Value": "live" },
            { "Name": "KEY", "Type": "PARAMETER_STORE", "Value": "/site/key" },
            { "Name": "TOKEN", "Type": "SECRETS_MANAGER", "Value": "site-token" },
        ],
        "ComputeTypeOverride": "BUILD_GENERAL1_2XLARGE",
        "PrivilegedModeOverride": true,
        "ServiceRoleOverride": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/site-build",
        "TimeoutInMinutesOverride": 30,
    });
    assert_eq!(found.arguments, expected);
    assert_eq!(
        found.rights(),
        [
            ("codebuild:StartBuild", SITE),
            ("codebuild:BatchGetBuilds codebuild:StopBuild", SITE),
            ("iam:PassRole", "iam::${AWS::AccountId}:role/site-build"),
            (
                "events:DescribeRule events:PutRule events:PutTargets",
                "events:rule/StepFunctionsGetEventForCodeBuildStartBuildRule"
            ),
        ]
    );
}

#[test]
fn a_batch_is_run_to_its_end_and_stopped_with_the_execution() {
    let found = ran(StartBuildBatch::new("site").buildspec("ci.yml").image("rust:1").timeout_minutes(60));
    assert_eq!(found.resource, "codebuild:startBuildBatch.sync");
    assert_eq!(found.arguments["BuildTimeoutInMinutesOverride"], json!(60));
    let rule = "events:rule/StepFunctionsGetEventForCodeBuildStartBuildBatchRule";
    assert_eq!(
        found.rights(),
        [
            ("codebuild:StartBuildBatch", SITE),
            ("codebuild:BatchGetBuildBatches codebuild:StopBuildBatch", SITE),
            ("events:DescribeRule events:PutRule events:PutTargets", rule),
        ]
    );
}

#[test]
fn a_batch_that_runs_again_is_polled() {
    let found = ran(RetryBuildBatch::new("site:1", RetryType::AllBuilds));
    assert_eq!(found.resource, "codebuild:retryBuildBatch.sync");
    assert_eq!(found.arguments, json!({ "Id": "site:1", "RetryType": "RETRY_ALL_BUILDS" }));
    let again = ("codebuild:RetryBuildBatch", SITE);
    let end = ("codebuild:BatchGetBuildBatches codebuild:StopBuildBatch", SITE);
    assert_eq!(found.rights(), [again, end]);
    let found = ran(RetryBuildBatch::new("site:1", RetryType::AllBuilds).request_response());
    assert_eq!((found.resource.as_str(), found.rights()), ("codebuild:retryBuildBatch", vec![again]));
}

#[test]
fn what_is_not_waited_for_needs_no_more_than_the_call() {
    let found = ran(StartBuild::new("site").request_response());
    assert_eq!(
        (found.resource.as_str(), found.rights()),
        ("codebuild:startBuild", vec![("codebuild:StartBuild", SITE)])
    );
    assert_eq!(ran(StopBuild::new("site:1")).rights(), [("codebuild:StopBuild", SITE)]);
    assert_eq!(ran(StopBuildBatch::new("site:1")).rights(), [("codebuild:StopBuildBatch", SITE)]);
    assert_eq!(ran(DeleteBuildBatch::new("site:1")).rights(), [("codebuild:DeleteBuildBatch", SITE)]);
}

#[test]
fn each_id_of_a_list_has_its_project() {
    let found = ran(BatchDeleteBuilds::new(["site:1", "site:2", "shop:1"]));
    assert_eq!(found.arguments, json!({ "Ids": ["site:1", "site:2", "shop:1"] }));
    let projects = "codebuild:project/shop codebuild:project/site";
    assert_eq!(found.rights(), [("codebuild:BatchDeleteBuilds", projects)]);
    let report = "arn:aws:codebuild:eu-west-1:123456789012:report/tests:1";
    let group = "arn:aws:codebuild:eu-west-1:123456789012:report-group/tests";
    assert_eq!(ran(BatchGetReports::new([report])).rights(), [("codebuild:BatchGetReports", group)]);
}

#[test]
fn a_computed_id_is_of_the_project_that_is_allowed() {
    let id = crate::value::execution::name();
    let project = "arn:aws:codebuild:eu-west-1:123456789012:project/site";
    let found = ran(StopBuild::new(id).allow([project]));
    assert_eq!(found.rights(), [("codebuild:StopBuild", project)]);
}
