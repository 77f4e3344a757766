//! What AWS's developer guide shows, and what no recording has.

use serde_json::{Value as Json, json};

use super::{InspectionLevel, Mock, Outcome, Status, TestState, test_state};

fn run(definition: &Json, change: impl FnOnce(&mut TestState)) -> Outcome {
    let mut request = TestState::new(definition.to_string()).level(InspectionLevel::Debug);
    change(&mut request);
    test_state(&request).unwrap()
}

#[test]
fn the_filters_of_a_pass_state_are_shown_one_by_one() {
    let pass = json!({ "Type": "Pass", "InputPath": "$.payload", "Parameters": { "data": 1 }, "ResultPath": "$.result",
        "OutputPath": "$.result.data", "Next": "Another State" });
    let outcome = run(&pass, |request| request.input = Some(r#"{"payload": {"foo": "bar"}}"#.into()));
    let expected = json!({
        "output": "1",
        "inspectionData": {
            "input": "{\"payload\": {\"foo\": \"bar\"}}",
            "afterInputPath": "{\"foo\":\"bar\"}",
            "afterParameters": "{\"data\":1}",
            "afterResultSelector": "{\"data\":1}",
            "afterResultPath": "{\"payload\":{\"foo\":\"bar\"},\"result\":{\"data\":1}}"
        },
        "nextState": "Another State",
        "status": "SUCCEEDED"
    });
    assert_eq!(outcome.to_json(), expected);
}

#[test]
fn a_choice_leads_to_the_state_of_its_rule() {
    let choice = json!({ "Type": "Choice", "Choices": [
        { "Variable": "$.number", "NumericEquals": 1, "Next": "Equals 1" },
        { "Variable": "$.number", "NumericEquals": 2, "Next": "Equals 2" }
    ], "Default": "No Match" });
    let outcome = run(&choice, |request| {
        request.input = Some("{\"number\": 2}".into());
        request.inspection_level = InspectionLevel::Info;
    });
    let expected = json!({ "output": "{\"number\": 2}", "nextState": "Equals 2", "status": "SUCCEEDED" });
    assert_eq!(outcome.to_json(), expected);
}

fn task() -> Json {
    json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": "f" },
        "Retry": [
            { "ErrorEquals": ["Other"] },
            { "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 3, "MaxDelaySeconds": 10 }
        ],
        "Catch": [{ "ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Handle" }],
        "Next": "Success"
    })
}

#[test]
fn an_error_is_tried_again_until_the_retrier_gives_up_and_then_caught() {
    let busy = |count: u64| {
        run(&task(), |request| {
            request.mock = Some(Mock::error("Busy", "later"));
            request.configuration.retrier_retry_count = Some(count);
            request.input = Some("{\"a\":1}".into());
        })
    };
    for (count, delay) in [(0, 2), (1, 6), (2, 10)] {
        let outcome = busy(count);
        assert_eq!(outcome.status, Status::Retriable);
        let details = json!({ "retryIndex": 1, "retryBackoffIntervalSeconds": delay });
        assert_eq!(outcome.inspection.unwrap()["errorDetails"], details);
    }
    let outcome = busy(3);
    assert_eq!((outcome.status, outcome.next_state.as_deref()), (Status::CaughtError, Some("Handle")));
    assert_eq!(outcome.output.as_deref(), Some(r#"{"a":1,"error":{"Error":"Busy","Cause":"later"}}"#));
    assert_eq!(outcome.inspection.unwrap()["errorDetails"]["catchIndex"], 0);
}

#[test]
fn an_error_inside_a_parallel_is_that_of_a_task_if_a_task_caused_it() {
    let parallel = json!({ "Type": "Parallel", "Branches": [
        { "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true } } }
    ], "Catch": [{ "ErrorEquals": ["States.TaskFailed"], "Next": "Handle" }], "End": true });
    let status = |caused_by: Option<&str>| {
        run(&parallel, |request| {
            request.mock = Some(Mock::error("Broken", "why"));
            request.configuration.error_caused_by_state = caused_by.map(str::to_owned);
        })
        .status
    };
    assert_eq!((status(None), status(Some("T"))), (Status::Failed, Status::CaughtError));
}

fn map() -> Json {
    json!({
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": { "value.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index" },
        "ItemBatcher": { "MaxItemsPerBatch": 2 },
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Inner",
            "States": { "Inner": { "Type": "Pass", "Parameters": { "at.$": "$$.Map.Item.Index" }, "End": true } }
        },
        "ToleratedFailurePercentage": 50,
        "End": true
    })
}

#[test]
fn the_items_of_a_map_are_shown_as_its_iterations_get_them() {
    let run = |failures| {
        run(&map(), |request| {
            request.mock = Some(Mock::result("[1,2]"));
            request.input = Some("{\"items\":[7,8,9]}".into());
            request.configuration.map_iteration_failure_count = Some(failures);
        })
    };
    let outcome = run(1);
    assert_eq!((outcome.status, outcome.output.as_deref()), (Status::Succeeded, Some("[1,2]")));
    let shown = outcome.inspection.unwrap();
    assert_eq!(shown["afterItemsPath"], "[7,8,9]");
    assert_eq!(shown["afterItemSelector"], r#"[{"value":7,"at":0},{"value":8,"at":1},{"value":9,"at":2}]"#);
    assert_eq!(
        shown["afterItemBatcher"],
        r#"[{"Items":[{"value":7,"at":0},{"value":8,"at":1}]},{"Items":[{"value":9,"at":2}]}]"#
    );
    assert_eq!(shown["toleratedFailurePercentage"], 50.0);
    assert_eq!(run(2).failure.error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
}

#[test]
fn what_a_reader_reads_can_be_given() {
    let mut map = map();
    map["ItemsPath"].take();
    map.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    map["ItemReader"] = json!({ "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig":
        { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }, "Parameters": { "Bucket": "b", "Key": "k.csv" } });
    map["ItemSelector"] = json!({ "id.$": "$$.Map.Item.Value.id" });
    let outcome = run(&map, |request| {
        request.mock = Some(Mock::result("[]"));
        request.configuration.map_item_reader_data = Some("id\n1\n2\n".into());
    });
    assert_eq!(outcome.inspection.unwrap()["afterItemSelector"], r#"[{"id":"1"},{"id":"2"}]"#);
}

#[test]
fn a_state_in_a_map_has_an_item() {
    let machine = json!({ "StartAt": "M", "States": { "M": map() } });
    let outcome = run(&machine, |request| request.state_name = Some("Inner".into()));
    assert_eq!(outcome.output.as_deref(), Some(r#"{"at":0}"#));
}

#[test]
fn variables_are_read_and_assigned() {
    let pass = json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "b": "{% $a + 1 %}" },
        "Output": "{% $a %}", "End": true });
    let outcome = run(&pass, |request| request.variables = Some("{\"a\":1}".into()));
    assert_eq!(outcome.output.as_deref(), Some("1"));
    assert_eq!(outcome.inspection.unwrap()["variables"], r#"{"a":1,"b":2}"#);
}
