//! Requests and rights.

use serde_json::json;

use super::*;
use crate::service::testing::ran;

const ROLE: &str = "arn:aws:iam::123456789012:role/totals";
const APPLICATION: &str = "emr-serverless:/applications/a1";
const RULE: &str = "events:DescribeRule events:PutRule events:PutTargets";
const APPLICATION_RULE: &str = "events:rule/StepFunctionsGetEventsForEMRServerlessApplicationRule";
const JOB_RULE: &str = "events:rule/StepFunctionsGetEventsForEMRServerlessJobRule";

#[test]
fn a_job_is_run_to_its_end_and_cancelled_with_the_execution() {
    let driver = JobDriver::spark("s3://shop/totals.py").arg("--all").parameters("--conf a=b");
    let job = StartJobRun::new("a1", ROLE, driver).name("totals").timeout_minutes(60).job_attempts(2);
    let found = ran(job.configuration("spark-defaults", json!({ "a": "b" })).tag("team", "shop"));
    assert_eq!(found.resource, "emr-serverless:startJobRun.sync");
    let expected = json!({
        "ClientToken": "{% $uuid() %}",
        "ApplicationId": "a1",
        "ExecutionRoleArn": ROLE,
        "JobDriver": { "SparkSubmit": {
            "EntryPoint": "s3://shop/totals.py",
            "SparkSubmitParameters": "--conf a=b",
            "EntryPointArguments": ["--all"],
        } },
        "Name": "totals",
        "ExecutionTimeoutMinutes": 60,
        "RetryPolicy": { "MaxAttempts": 2 },
        "ConfigurationOverrides": {
            "ApplicationConfiguration": [{ "Classification": "spark-defaults", "Properties": { "a": "b" } }],
        },
        "Tags": { "team": "shop" },
    });
    assert_eq!(found.arguments, expected);
    let jobs = "emr-serverless:/applications/a1/jobruns/*";
    assert_eq!(
        found.rights(),
        [
            ("emr-serverless:CancelJobRun emr-serverless:GetJobRun", jobs),
            ("iam:PassRole", ROLE),
            ("emr-serverless:StartJobRun", APPLICATION),
            ("emr-serverless:TagResource", jobs),
            (RULE, JOB_RULE),
        ]
    );
}

#[test]
fn what_is_not_waited_for_needs_no_more_than_to_be_started() {
    let driver = JobDriver::hive("s3://shop/totals.sql").parameters("--hiveconf a=b");
    let found = ran(StartJobRun::new("a1", ROLE, driver).request_response());
    assert_eq!(found.resource, "emr-serverless:startJobRun");
    let hive = json!({ "Hive": { "Query": "s3://shop/totals.sql", "Parameters": "--hiveconf a=b" } });
    assert_eq!(found.arguments["JobDriver"], hive);
    assert_eq!(found.rights(), [("iam:PassRole", ROLE), ("emr-serverless:StartJobRun", APPLICATION)]);
}

#[test]
fn a_job_is_cancelled() {
    let found = ran(CancelJobRun::new("a1", "r1"));
    assert_eq!(found.resource, "emr-serverless:cancelJobRun.sync");
    assert_eq!(found.arguments, json!({ "ApplicationId": "a1", "JobRunId": "r1" }));
    let job = "emr-serverless:/applications/a1/jobruns/r1";
    assert_eq!(
        found.rights(),
        [("emr-serverless:CancelJobRun", job), ("emr-serverless:GetJobRun", job), (RULE, JOB_RULE)]
    );
    let found = ran(CancelJobRun::new("a1", "r1").request_response());
    assert_eq!(found.rights(), [("emr-serverless:CancelJobRun", job)]);
}

#[test]
fn an_application_is_made() {
    let create = CreateApplication::new("emr-7.5.0", ApplicationType::Spark)
        .name("totals")
        .architecture(Architecture::Arm64)
        .maximum_capacity("16 vCPU", "64 GB")
        .auto_stop_minutes(5)
        .tag("team", "shop");
    let found = ran(create);
    assert_eq!(found.resource, "emr-serverless:createApplication.sync");
    let expected = json!({
        "ClientToken": "{% $uuid() %}",
        "ReleaseLabel": "emr-7.5.0",
        "Type": "SPARK",
        "Name": "totals",
        "Architecture": "ARM64",
        "MaximumCapacity": { "Cpu": "16 vCPU", "Memory": "64 GB" },
        "AutoStopConfiguration": { "Enabled": true, "IdleTimeoutMinutes": 5 },
        "Tags": { "team": "shop" },
    });
    assert_eq!(found.arguments, expected);
    let linked = "iam::${AWS::AccountId}:role/aws-service-role/ops.emr-serverless.amazonaws.com/AWSServiceRoleForAmazonEMRServerless*";
    let any = "emr-serverless:/applications/*";
    assert_eq!(
        found.rights(),
        [
            ("emr-serverless:DeleteApplication emr-serverless:GetApplication", any),
            ("emr-serverless:CreateApplication", "*"),
            ("iam:CreateServiceLinkedRole", linked),
            ("emr-serverless:TagResource", any),
            (RULE, APPLICATION_RULE),
        ]
    );
}

#[test]
fn an_application_is_started_stopped_and_deleted() {
    let found = ran(StartApplication::new("a1"));
    assert_eq!(found.resource, "emr-serverless:startApplication.sync");
    assert_eq!(found.arguments, json!({ "ApplicationId": "a1" }));
    assert_eq!(
        found.rights(),
        [
            ("emr-serverless:GetApplication emr-serverless:StopApplication", APPLICATION),
            ("emr-serverless:StartApplication", APPLICATION),
            (RULE, APPLICATION_RULE),
        ]
    );
    let found = ran(StopApplication::new("a1"));
    assert_eq!(
        found.rights(),
        [
            ("emr-serverless:GetApplication", APPLICATION),
            ("emr-serverless:StopApplication", APPLICATION),
            (RULE, APPLICATION_RULE),
        ]
    );
    let found = ran(DeleteApplication::new("a1").request_response());
    assert_eq!(found.resource, "emr-serverless:deleteApplication");
    assert_eq!(found.rights(), [("emr-serverless:DeleteApplication", APPLICATION)]);
}
