//! What the services answer when an example runs here: `cargo run simulate`.

use std::time::Duration;

use serde_json::{Value as Json, json};
use statewright_simulate::dynamodb::Dynamodb;
use statewright_simulate::mock::{Mock, mock_api, mock_state};
use statewright_simulate::service::function::Functions;
use statewright_simulate::{Command, Simulation};

const MINUTE: Duration = Duration::from_secs(60);

/// The command `simulate` for all examples.
#[must_use]
pub fn command() -> Command {
    Command::default()
        .rehearse("catalogue-feed", catalogue_feed)
        .rehearse("query-report", report)
        .rehearse("query-report-by-configuration", report)
        .rehearse("query-report-with-failure-notice", report)
        .rehearse("retail-nightly", retail_nightly)
        .rehearse("sales-etl", sales_etl)
        .rehearse("sales-quality-check", |run| {
            run.input(json!({ "table": "warehouse.sales", "run": "run-1" })).mock(sales_functions())
        })
}

fn message() -> Mock {
    mock_api("sns:publish").returns_json(json!({ "MessageId": "0a1b2c3d-0000-4000-8000-000000000001" }))
}

fn glue() -> Mock {
    mock_api("glue:startJobRun").returns_json(json!({ "JobRunState": "SUCCEEDED", "Id": "jr_1" })).after(20 * MINUTE)
}

/// The article jobs, the feed, the images, and the messages.
pub fn catalogue_feed(run: Simulation) -> Simulation {
    let job = json!({ "JobId": "7d0b2f6e-0000-4000-8000-000000000001", "JobName": "job", "Status": "SUCCEEDED" });
    run.mock(mock_api("batch:submitJob").returns_json(job).after(15 * MINUTE)).mock(message())
}

/// The job, the query, and the messages of the reports.
pub fn report(run: Simulation) -> Simulation {
    let functions = Functions::default()
        .with("report-fetch-configuration", |_| Ok(json!({ "job": "increment" })))
        .with("report-fetch-data", |_| Ok(json!({ "table": "| day | rows |\n| Mon | 7 |" })));
    run.mock(glue()).mock(functions).mock(message())
}

/// The night of three shops.
pub fn retail_nightly(run: Simulation) -> Simulation {
    let shop = |id: &str, loyalty: bool| json!({ "id": id, "till_prefix": format!("s3://retail-tills/{id}"), "loyalty": loyalty });
    let shops = [shop("shibuya", true), shop("umeda", true), shop("hakata", false)];
    let task = json!({ "LastStatus": "STOPPED", "TaskArn": "arn:aws:ecs:us-east-1:123456789012:task/retail-batch/1" });
    run.input(json!({ "bucket": "retail-lake", "shops": shops }))
        .mock(mock_state("RefreshPrices").returns_json(task.clone()).after(12 * MINUTE))
        .mock(mock_api("ecs:runTask").returns_json(task).after(9 * MINUTE))
        .mock(message())
}

fn sales_functions() -> Functions {
    Functions::default()
        .with("sales-extract", |request| {
            let source = request["source"].as_str().unwrap_or_default().to_owned();
            Ok(json!({ "uri": format!("s3://sales-landing/{source}"), "rows": 12_345 }))
        })
        .with("sales-count-broken", |_| Ok(json!({ "broken_rows": 7 })))
}

/// The functions, the jobs, the table of runs, the queues, and a person who agrees after two hours.
pub fn sales_etl(run: Simulation) -> Simulation {
    let sent: Json = json!({ "MessageId": "0a1b2c3d-0000-4000-8000-000000000002" });
    run.mock(sales_functions())
        .mock(glue())
        .mock(mock_state("AskAPerson").returns_json(json!({ "load": true })).after(120 * MINUTE))
        .mock(mock_api("sqs:sendMessage").returns_json(sent))
        .tables(Dynamodb::new().with_table("sales-etl-runs", "pipeline", None))
}
