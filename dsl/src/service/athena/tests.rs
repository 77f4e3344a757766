//! Requests and rights.

use serde_json::json;

use super::*;
use crate::service::testing::ran;
use crate::{Value, Workflow, scope::RawState};

const RESULTS: Results = Results::in_bucket("queries", "daily");
const READ: &str = "glue:BatchGetPartition glue:GetDatabase glue:GetDatabases glue:GetPartition glue:GetPartitions \
                    glue:GetTable glue:GetTables";

#[test]
fn a_query_is_run_to_its_end_and_stopped_with_the_execution() {
    let query = StartQueryExecution::new("SELECT 1 FROM orders WHERE day = ?", RESULTS)
        .database("shop")
        .execution_parameters(["'2026-03-01'"])
        .reuse_results(60)
        .source_bucket("orders");
    let found = ran(query);
    assert_eq!(found.resource, "athena:startQueryExecution.sync");
    let expected = json!({
        "QueryString": "SELECT 1 FROM orders WHERE day = ?",
        "ResultConfiguration": { "OutputLocation": "s3://queries/daily/" },
        "QueryExecutionContext": { "Database": "shop" },
        "ExecutionParameters": ["'2026-03-01'"],
        "ResultReuseConfiguration": { "ResultReuseByAgeConfiguration": { "Enabled": true, "MaxAgeInMinutes": 60 } },
    });
    assert_eq!(found.arguments, expected);
    assert_eq!(
        found.rights(),
        [
            ("athena:GetDataCatalog", "athena:datacatalog/AwsDataCatalog"),
            ("glue:GetDatabase", "glue:catalog glue:database/default"),
            ("athena:GetQueryExecution athena:StopQueryExecution", "athena:workgroup/primary"),
            (READ, "glue:catalog glue:database/shop glue:table/shop/*"),
            ("s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject", "s3:::queries/daily/*"),
            ("s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads", "s3:::queries"),
            ("s3:GetObject", "s3:::orders/*"),
            ("s3:GetBucketLocation s3:ListBucket", "s3:::orders"),
            ("athena:StartQueryExecution", "athena:workgroup/primary"),
        ]
    );
}

#[test]
fn what_is_not_waited_for_is_neither_asked_for_nor_stopped() {
    let found = ran(StartQueryExecution::new("SELECT 1", Results::managed()).work_group("reports").request_response());
    assert_eq!(found.resource, "athena:startQueryExecution");
    assert_eq!(found.arguments, json!({ "QueryString": "SELECT 1", "WorkGroup": "reports" }));
    assert_eq!(
        found.rights(),
        [
            ("athena:GetDataCatalog", "athena:datacatalog/AwsDataCatalog"),
            ("athena:StartQueryExecution", "athena:workgroup/reports"),
        ]
    );
}

#[test]
fn a_write_is_allowed_where_it_is_said() {
    let results = Results::of_work_group("queries", "");
    let query = StartQueryExecution::new("INSERT INTO totals SELECT * FROM orders", results)
        .reads("shop")
        .writes("reports")
        .target_in("lake", "/totals")
        .lake_formation();
    let found = ran(query);
    assert_eq!(found.arguments, json!({ "QueryString": "INSERT INTO totals SELECT * FROM orders" }));
    let rights = found.rights();
    let with = |action: &str| -> Vec<&str> {
        rights.iter().filter(|(actions, _)| actions.split(' ').any(|a| a == action)).map(|(_, on)| *on).collect()
    };
    assert_eq!(with("glue:CreateTable"), ["glue:catalog glue:database/reports glue:table/reports/*"]);
    assert_eq!(with("glue:CreateDatabase"), [""; 0]);
    assert_eq!(
        with("glue:GetTable"),
        ["glue:catalog glue:database/reports glue:database/shop glue:table/reports/* glue:table/shop/*"]
    );
    assert_eq!(with("s3:PutObject"), ["s3:::queries/*", "s3:::lake/totals/*"]);
    assert_eq!(with("lakeformation:GetDataAccess"), ["*"]);
}

#[test]
fn a_database_is_made() {
    let found = ran(StartQueryExecution::new("CREATE DATABASE shop", RESULTS).defines("shop"));
    let define = "glue:CreateDatabase glue:DeleteDatabase glue:UpdateDatabase";
    assert!(found.rights().iter().any(|(actions, on)| *actions == define && on.contains("glue:database/shop")));
}

#[test]
fn a_query_that_was_started_belongs_to_its_workgroup() {
    let found = ran(StopQueryExecution::new("q-1").work_group("reports"));
    assert_eq!(found.resource, "athena:stopQueryExecution");
    assert_eq!(found.arguments, json!({ "QueryExecutionId": "q-1" }));
    assert_eq!(found.rights(), [("athena:StopQueryExecution", "athena:workgroup/reports")]);
    let found = ran(GetQueryExecution::new("q-1"));
    assert_eq!(found.rights(), [("athena:GetQueryExecution", "athena:workgroup/primary")]);
}

#[test]
fn results_are_read_where_they_are() {
    let found = ran(GetQueryResults::new("q-1", RESULTS).max_results(100).next_token("more"));
    assert_eq!(found.arguments, json!({ "QueryExecutionId": "q-1", "MaxResults": 100, "NextToken": "more" }));
    assert_eq!(
        found.rights(),
        [("athena:GetQueryResults", "athena:workgroup/primary"), ("s3:GetObject", "s3:::queries/daily/*")]
    );
}

/// The codes of a state that was written by hand, and its policy.
fn raw(request: &serde_json::Value) -> (Vec<&'static str>, String) {
    let resource = "arn:aws:states:::athena:startQueryExecution";
    let state = json!({ "Type": "Task", "Resource": resource, "Arguments": request });
    let workflow = Workflow::new("w", move |w, _: Value<Json>| {
        let _: Value<Json> = w.state("A", RawState::from(state));
    });
    let compiled = workflow.no_log().compile("app");
    let codes = compiled.diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect();
    (codes, format!("{:?}", compiled.bundle.execution_role))
}

#[test]
fn a_state_written_by_hand_says_where_its_results_are() {
    assert_eq!(raw(&json!({ "QueryString": "SELECT 1" })).0, ["SW0502"]);
    let (codes, role) = raw(&json!({
        "QueryString": "SELECT 1",
        "QueryExecutionContext": { "Database": "shop" },
        "ResultConfiguration": { "OutputLocation": "s3://queries/daily/" },
    }));
    assert_eq!(codes, [""; 0]);
    assert!(role.contains("s3:::queries/daily/*") && role.contains("database/shop"), "{role}");
}
