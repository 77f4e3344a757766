//! Branches, iterations and child executions.

use crate::{SNS, error, kinds, of, run, seconds};
use serde_json::{Value as Json, json};
use statewright_simulate::execution::Status;
use statewright_simulate::history::EventType;
use statewright_simulate::mock::mock_state;
use statewright_simulate::s3::S3;

#[test]
fn the_first_branch_that_fails_cuts_the_others() {
    let definition = json!({ "StartAt": "Both", "States": {
        "Both": { "Type": "Parallel", "Next": "Never", "Catch": [{ "ErrorEquals": ["Broken"], "ResultPath": "$.why", "Next": "Caught" }], "Branches": [
            { "StartAt": "Long", "States": { "Long": { "Type": "Wait", "Seconds": 3_600, "End": true } } },
            { "StartAt": "Short", "States": {
                "Short": { "Type": "Wait", "Seconds": 5, "Next": "Break" },
                "Break": { "Type": "Fail", "Error": "Broken", "Cause": "on purpose" } } } ] },
        "Never": { "Type": "Succeed" }, "Caught": { "Type": "Succeed" } } });
    let run = run(of(&definition).input(json!({ "id": 7 })));
    assert_eq!(run.elapsed(), seconds(5));
    assert_eq!(run.output(), Some(json!({ "id": 7, "why": { "Error": "Broken", "Cause": "on purpose" } })));
    assert!(kinds(&run).contains(&EventType::WaitStateAborted));
    assert!(!run.path().contains(&"Never".to_owned()));
}

#[test]
fn iterations_run_as_many_at_once_as_they_may() {
    let definition = |most: usize| {
        json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "MaxConcurrency": most, "End": true,
        "ItemProcessor": { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 10, "End": true } } } } } })
    };
    let elapsed = |most, items: usize| run(of(&definition(most)).input(vec![0; items])).elapsed();
    assert_eq!(elapsed(1, 6), seconds(60));
    assert_eq!(elapsed(4, 6), seconds(20));
    assert_eq!(elapsed(0, 40), seconds(10));
    assert_eq!(elapsed(0, 41), seconds(20), "40 at once are the most");
}

#[test]
fn variables_are_read_inside_and_die_there() {
    let definition = json!({ "StartAt": "Set", "QueryLanguage": "JSONata", "States": {
        "Set": { "Type": "Pass", "Assign": { "a": 1, "b": 2 }, "Next": "Swap" },
        "Swap": { "Type": "Pass", "Assign": { "a": "{% $b %}", "b": "{% $a %}" }, "Next": "Each" },
        "Each": { "Type": "Map", "Items": [10, 20], "Next": "After", "ItemProcessor": { "StartAt": "In", "States": {
            "In": { "Type": "Pass", "Assign": { "own": "{% $states.input + $a %}" }, "Next": "Out" },
            "Out": { "Type": "Pass", "Output": "{% $own * $b %}", "End": true } } } },
        "After": { "Type": "Pass", "Output": { "of": "{% $states.input %}", "seen": "{% $exists($own) %}" }, "End": true } } });
    assert_eq!(run(of(&definition)).output(), Some(json!({ "of": [12, 22], "seen": false })));
}

#[test]
fn a_distributed_map_tolerates_failures_batches_and_writes() {
    let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true, "ToleratedFailureCount": 2,
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
            "Parameters": { "Bucket": "in", "Key.$": "$.key" } },
        "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "run.$": "$$.Execution.Name" } },
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out", "Prefix": "runs" } },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "T",
            "States": { "T": { "Type": "Task", "Resource": SNS, "Parameters": { "Message.$": "$" }, "End": true } } } } } });
    let buckets = || S3::new().with_object("in", "a.csv", "id\n1\n2\n3\n4\n5\n").with_bucket("out");
    let start = |mock| of(&definition).input(json!({ "key": "a.csv" })).buckets(buckets()).mock(mock);
    let done = run(start(mock_state("T").fails("Broken", "").returns(json!("ok"))));
    assert_eq!(done.status(), Status::Succeeded, "{}", done.failure());
    let batch = json!({ "BatchInput": { "run": "run-1" }, "Items": [{ "id": "3" }, { "id": "4" }] });
    assert_eq!(done.calls()[1].parameters["Message"], batch);
    let details = &done.output().unwrap()["ResultWriterDetails"];
    let manifest = done.object("out", details["Key"].as_str().unwrap()).unwrap();
    let manifest: Json = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["ResultFiles"]["SUCCEEDED"].as_array().map(Vec::len), Some(1), "{manifest}");
    let failed = run(start(mock_state("T").fails("Broken", "")));
    assert_eq!(error(&failed), "States.ExceedToleratedFailureThreshold");
    assert!(kinds(&failed).contains(&EventType::MapRunFailed));
    let missing = run(of(&definition).input(json!({ "key": "b.csv" })).buckets(buckets()));
    assert_eq!(error(&missing), "States.ItemReaderFailed");
}

#[test]
fn a_batch_that_fails_counts_with_all_its_items() {
    let definition = |tolerated: u64| {
        json!({ "StartAt": "M", "States": { "M": { "Type": "Map", "End": true,
        "ItemBatcher": { "MaxItemsPerBatch": 10 }, "ToleratedFailureCount": tolerated,
        "ItemSelector": { "from.$": "$$.Map.Item.Source" },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "T",
            "States": { "T": { "Type": "Task", "Resource": SNS, "Parameters": { "Message.$": "$.Items[0].from" }, "End": true } } } } } })
    };
    let start = |tolerated| {
        let mock = mock_state("T").fails("Busy", "").returns(json!(1));
        run(of(&definition(tolerated)).input((0..30).collect::<Vec<_>>()).mock(mock))
    };
    assert_eq!(error(&start(9)), "States.ExceedToleratedFailureThreshold");
    let done = start(10);
    assert_eq!((done.status(), &done.calls()[0].parameters["Message"]), (Status::Succeeded, &json!("STATE_DATA")));
}

#[test]
fn an_express_child_of_a_map_has_five_minutes_too() {
    let definition = |kind: &str| {
        json!({ "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": kind }, "StartAt": "W",
        "States": { "W": { "Type": "Wait", "Seconds": 900, "End": true } } } } } })
    };
    let status = |kind| run(of(&definition(kind)).input(json!([1]))).status();
    assert_eq!((status("STANDARD"), status("EXPRESS")), (Status::Succeeded, Status::Failed));
}
