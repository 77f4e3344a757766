//! The examples, and what somebody who knows the language would write by hand for each: `hand/`.

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_examples::{catalogue_feed, query_report, retail_nightly, sales_etl};

use super::case::{Case, Way, way};

pub(crate) fn cases() -> Vec<Case> {
    // Nobody writes a guard by hand.
    let unguarded = |workflow: Workflow| workflow.concurrency(Concurrency::unlimited());
    vec![
        Case { file: "query-report.asl.json", workflow: query_report::plain(), ways: report(false) },
        Case {
            file: "query-report-with-failure-notice.asl.json",
            workflow: unguarded(query_report::with_failure_notice()),
            ways: report(false),
        },
        Case {
            file: "query-report-by-configuration.asl.json",
            workflow: query_report::by_configuration(),
            ways: report(true),
        },
        Case { file: "catalogue-feed.asl.json", workflow: unguarded(catalogue_feed::workflow()), ways: feed() },
        Case { file: "retail-nightly.asl.json", workflow: unguarded(retail_nightly::workflow()), ways: night() },
        Case { file: "sales-etl.asl.json", workflow: unguarded(sales_etl::workflow()), ways: sales() },
        Case {
            file: "sales-quality-check.asl.json",
            workflow: sales_etl::quality_check(),
            ways: [7, 700]
                .map(|rows| {
                    way(json!({ "table": "t", "run": "r" })).answer("CountBroken", json!({ "broken_rows": rows }))
                })
                .to_vec(),
        },
    ]
}

/// A way on which everything goes well, and one for each of these states on which it fails.
fn with_failures(well: &Way, failing: &[&'static str]) -> Vec<Way> {
    let failed = failing.iter().map(|state| well.clone().without(state).fails(state, "States.TaskFailed"));
    std::iter::once(well.clone()).chain(failed).collect()
}

fn report(is_chosen: bool) -> Vec<Way> {
    let job = json!({ "JobRunState": "SUCCEEDED", "Id": "jr" });
    let well = |job_name: &str| {
        way(json!({}))
            .answer("Fetch Config", json!({ "job": job_name }))
            .answer("Run Glue Job", job.clone())
            .answer("Glue Job A", job.clone())
            .answer("Glue Job B", job.clone())
            .answer("Fetch Data", json!({ "table": "| a |" }))
            .answer("SNS Notify", json!({ "MessageId": "m" }))
            .answer("Notify Error Message", json!({ "MessageId": "e" }))
    };
    if is_chosen {
        let states = ["Fetch Config", "Glue Job B", "Fetch Data", "SNS Notify", "Notify Error Message"];
        [with_failures(&well("increment"), &states), with_failures(&well("full"), &["Glue Job A"])].concat()
    } else {
        with_failures(&well("full"), &["Run Glue Job", "Fetch Data", "SNS Notify"])
    }
}

fn feed() -> Vec<Way> {
    let jobs = ["CollectArticles", "GenerateFeed", "ResizeImages", "PublishFeed"];
    let job = |name: &str| json!({ "JobId": name, "Status": "SUCCEEDED" });
    let well = jobs.into_iter().fold(way(json!({})), |way, name| way.answer(name, job(name)));
    let well =
        well.answer("WarnImages", json!({ "MessageId": "w" })).answer("TellFailure", json!({ "MessageId": "f" }));
    with_failures(&well, &jobs)
}

fn night() -> Vec<Way> {
    let shop = |id: &str| json!({ "id": id, "till_prefix": format!("s3://tills/{id}"), "loyalty": id == "a" });
    let input = |date: Json| json!({ "bucket": "lake", "shops": [shop("a"), shop("b")], "business_date": date });
    let states = ["ImportTill", "CloseShop", "RefreshPrices", "Summarize"];
    let well = |date: Json| {
        let well = states.into_iter().fold(way(input(date)), |way, name| way.answer(name, json!({ "TaskArn": name })));
        well.answer("TellOperations", json!({ "MessageId": "m" })).answer("TellFailure", json!({ "MessageId": "f" }))
    };
    // A shop that fails cuts what runs beside it, so how many are entered is up to the time; alone, it is not.
    let failing = ["Summarize", "TellOperations"];
    [with_failures(&well(json!("2026-03-01")), &failing), vec![well(Json::Null)]].concat()
}

fn sales() -> Vec<Way> {
    let way = |last: Json, rows: i64, load: bool| {
        way(json!({}))
            .answer("ReadLastRun", last)
            .answer("Extract orders", json!({ "uri": "o", "rows": rows }))
            .answer("Extract customers", json!({ "uri": "c", "rows": 5 }))
            .answer("Extract rates", json!({ "uri": "r", "rows": 5 }))
            .answer("Transform", json!({}))
            .answer("AskAPerson", json!({ "load": load }))
            .answer("Load", json!({}))
            .answer("CheckQuality", json!({ "Output": { "broken_rows": 7 } }))
            .answer("NoteRun", json!({}))
            .answer("TellOthers", json!({ "MessageId": "m" }))
    };
    let before = json!({ "Item": { "until": { "S": "2026-03-01T00:00:00.000Z" } } });
    let many = way(before.clone(), 5_000, true);
    let first = way(json!({}), 5_000, true);
    let asked = [true, false].map(|load| way(before.clone(), 10, load));
    [with_failures(&many, &["Transform", "CheckQuality"]), vec![first], asked.to_vec()].concat()
}
