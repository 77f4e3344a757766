//! The examples run, each with just the rights of its role.
//!
//! SNS, SQS, DynamoDB and Glue are real calls to an endpoint that enforces the policies. Lambda functions, ECS tasks and
//! Batch jobs would need containers: their results are given by the mock configuration.

use std::fs;

use serde_json::{Value as Json, json};
use statewright_tests::{Options, Server, need, scratch};

fn mocks() -> String {
    let ok = |payload: Json| json!({ "0": { "Return": { "StatusCode": 200, "Payload": payload } } });
    let returns = |result: Json| json!({ "0-99": { "Return": result } });
    let extracted = |source: &str, rows: u32| ok(json!({ "uri": format!("s3://lake/{source}"), "rows": rows }));
    let task = returns(
        json!({ "LastStatus": "STOPPED", "TaskArn": "arn:aws:ecs:x:1:task/a/b", "Containers": [{ "ExitCode": 0 }] }),
    );
    let job = returns(json!({ "JobId": "job-1", "JobName": "j", "Status": "SUCCEEDED" }));
    let failed = json!({ "0-99": { "Throw": { "Error": "Batch.JobFailed", "Cause": "no memory" } } });
    let nightly = json!({ "ImportTill": "Task", "CloseShop": "Task", "RefreshPrices": "Task", "Summarize": "Task" });
    let etl = |orders: &str| {
        json!({
            "Extract orders": orders, "Extract customers": "Customers", "Extract rates": "Rates",
            "CheckQuality": "Quality", "AskAPerson": "Refuse",
        })
    };
    let jobs = |images: &str| json!({ "CollectArticles": "Job", "GenerateFeed": "Job", "ResizeImages": images, "PublishFeed": "Job" });
    let cases = |cases: Json| json!({ "TestCases": cases });
    json!({
        "StateMachines": {
            "query-report": cases(json!({ "Good": { "Fetch Data": "Report" } })),
            "query-report-with-failure-notice": cases(json!({ "Good": { "Fetch Data": "Report" }, "Bad": { "Fetch Data": "NoReport" } })),
            "query-report-by-configuration": cases(json!({
                "Increment": { "Fetch Config": "Increment", "Fetch Data": "Report" },
                "Full": { "Fetch Config": "Full", "Fetch Data": "Report" },
            })),
            "retail-nightly": cases(json!({ "Good": nightly })),
            "catalogue-feed": cases(json!({ "Good": jobs("Job"), "NoImages": jobs("JobFails") })),
            "sales-etl": cases(json!({ "Good": etl("Orders"), "Refused": etl("FewOrders") })),
            "sales-quality-check": cases(json!({ "Good": { "CountBroken": "FewBroken" }, "Bad": { "CountBroken": "ManyBroken" } })),
        },
        "MockedResponses": {
            "Report": ok(json!({ "table": "a | b" })),
            "NoReport": { "0-99": { "Throw": { "Error": "Report.NoTable", "Cause": "there is no table" } } },
            "Increment": ok(json!({ "job": "increment" })),
            "Full": ok(json!({ "job": "full" })),
            "Task": task,
            "Job": job,
            "JobFails": failed,
            "Orders": extracted("orders", 5_000),
            "FewOrders": extracted("orders", 3),
            "Customers": extracted("customers", 70),
            "Rates": extracted("rates", 2),
            "Quality": returns(json!({ "Output": { "broken_rows": 4 } })),
            "Refuse": returns(json!({ "load": false })),
            "FewBroken": ok(json!({ "broken_rows": 4 })),
            "ManyBroken": ok(json!({ "broken_rows": 4_000 })),
        },
    })
    .to_string()
}

fn entered(execution: &Json) -> Vec<&str> {
    execution["entered"].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

#[test]
fn every_example_runs_with_the_rights_of_its_role() {
    let mocks = mocks();
    let Some(server) = need(Server::localstack("examples", Options { mocks: Some(&mocks) })) else { return };
    let account = server.account();
    account.prepare();
    let manifest = scratch("examples-manifest").join("manifest.json");
    fs::write(&manifest, serde_json::to_string(&statewright_examples::app().compile().0).unwrap()).unwrap();
    let _ = server.statewright(&manifest, &["deploy"]).ends(0);
    let succeeds = |machine: &str, input: &Json, states: &[&str]| {
        let execution = account.run(machine, input);
        assert_eq!(execution["status"], "SUCCEEDED", "{machine}: {execution}");
        assert_eq!(entered(&execution), states, "{machine}");
        execution["output"].as_str().map(|text| serde_json::from_str::<Json>(text).unwrap()).unwrap()
    };
    let fails = |machine: &str, input: &Json, error: &str, states: &[&str]| {
        let execution = account.run(machine, input);
        assert_eq!(
            (&execution["status"], &execution["error"]),
            (&json!("FAILED"), &json!(error)),
            "{machine}: {execution}"
        );
        assert_eq!(entered(&execution), states, "{machine}");
    };
    let none = json!({});

    succeeds("query-report#Good", &none, &["Run Glue Job", "Fetch Data", "SNS Notify"]);
    succeeds("query-report-with-failure-notice#Good", &none, &["Run Glue Job", "Fetch Data", "SNS Notify"]);
    // A failed query is told too, which the definition written by hand forgot, and the error is the query's own.
    let told = ["Run Glue Job", "Fetch Data", "Notify Error Message", "Workflow failed"];
    fails("query-report-with-failure-notice#Bad", &none, "Report.NoTable", &told);
    let config = |job| ["Fetch Config", "Choice Glue", job, "Fetch Data", "SNS Notify"];
    succeeds("query-report-by-configuration#Increment", &none, &config("Glue Job B"));
    succeeds("query-report-by-configuration#Full", &none, &config("Glue Job A"));

    let shop = |id: &str| json!({ "id": id, "till_prefix": format!("s3://tills/{id}"), "loyalty": true });
    let night = json!({ "bucket": "lake", "shops": [shop("a")] });
    let order = ["CloseDay", "EachShop", "RefreshPrices", "ImportTill", "CloseShop", "Summarize", "TellOperations"];
    let execution = account.run("retail-nightly#Good", &night);
    assert_eq!(execution["status"], "SUCCEEDED", "{execution}");
    let (mut states, mut expected) = (entered(&execution), order.to_vec());
    states.sort_unstable();
    expected.sort_unstable();
    assert_eq!(states, expected);

    let feed = account.run("catalogue-feed#NoImages", &none);
    assert_eq!(feed["status"], "SUCCEEDED", "{feed}");
    assert!(entered(&feed).contains(&"WarnImages"), "{feed}");
    let feed = account.run("catalogue-feed#Good", &none);
    assert_eq!(feed["status"], "SUCCEEDED", "{feed}");
    assert!(!entered(&feed).contains(&"WarnImages"), "{feed}");

    // The first run finds no item in the table, the second one finds that of the first.
    for _ in 0..2 {
        let output = account.run("sales-etl#Good", &none);
        assert_eq!(output["status"], "SUCCEEDED", "{output}");
        assert_eq!(output["output"], "{\"broken_rows\": 4}".replace(' ', ""), "{output}");
        assert!(!entered(&output).contains(&"AskAPerson"));
    }
    let refused = account.run("sales-etl#Refused", &none);
    assert_eq!(refused["error"], "Sales.Refused", "{refused}");
    let batch = json!({ "table": "t", "run": "r" });
    let quality = succeeds("sales-quality-check#Good", &batch, &["CountBroken", "TooMany", "Done"]);
    assert_eq!(quality, json!({ "broken_rows": 4 }));
    fails("sales-quality-check#Bad", &batch, "Sales.Quality", &["CountBroken", "TooMany", "Refuse"]);

    // A schedule that is fired by hand, with its role.
    let fired = account.fire("examples", "retail-nightly");
    assert_eq!(fired["input"]["shops"][0]["id"], "shibuya");

    // The policies are not wider than that: without its statement, a state fails.
    for (role, sid, machine) in [
        ("query-report-execution-eu-central-1", "SnsPublish", "query-report#Good"),
        (
            "query-report-by-configuration-execution-eu-central-1",
            "GlueStartJobRun",
            "query-report-by-configuration#Full",
        ),
        ("sales-etl-execution-eu-central-1", "SqsSendMessage", "sales-etl#Good"),
        ("sales-etl-execution-eu-central-1", "DynamoDbGetItem", "sales-etl#Good"),
    ] {
        account.drop_statement(role, sid);
        let execution = account.run(machine, &none);
        assert_eq!(execution["status"], "FAILED", "{machine} without {sid}: {execution}");
        assert!(execution["cause"].as_str().unwrap().contains("not authorized to perform"), "{execution}");
    }
}
