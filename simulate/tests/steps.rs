//! Steps that have no service of their own here: endpoints, the AWS SDK, nested workflows, raw states.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_simulate::mock::{mock_api, mock_state};
use statewright_simulate::simulate;

const API: http::Connection = http::Connection::named("shop/81210c42");

#[derive(Shape)]
struct Charge {
    id: String,
    paid: bool,
}

#[test]
fn an_endpoint_is_called_and_its_answer_has_a_type() {
    let charge = Workflow::new("charge", |w, amount: Value<i64>| {
        let call = http::Call::<Charge>::post("https://api.example.com/charges", API).body_field("amount", amount);
        let answer = w.attempt("Charge", |w| {
            let answer = w.run("Call", call);
            w.when("Accepted", answer.status_code.eq(201), |w| w.value(answer.body.id))
                .otherwise(|w| w.fail("Odd", "Odd", "another status"))
        });
        answer.recover_on("States.Http.StatusCode.402", |w, _| w.value("unpaid")).join()
    });
    assert!(charge.compile("app").diagnostics.is_empty(), "{}", charge.compile("app").diagnostics);
    let answer = json!({ "ResponseBody": { "id": "c-1", "paid": true }, "StatusCode": 201, "StatusText": "Created" });
    let run = simulate(&charge).input(5).mock(mock_api("http:invoke").returns_json(answer)).run().unwrap();
    assert_eq!(run.output(), Some(json!("c-1")), "{}", run.failure());
    assert_eq!(run.calls()[0].parameters["RequestBody"], json!({ "amount": 5 }));
    let refused = mock_state("Call").fails("States.Http.StatusCode.402", "Payment Required");
    assert_eq!(simulate(&charge).input(5).mock(refused).run().unwrap().output(), Some(json!("unpaid")));
}

#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct Query {
    count: i64,
}

#[test]
fn any_api_of_the_sdk_is_called() {
    let count = Workflow::new("count", |w, table: Value<String>| {
        let query = sdk::Call::<Query>::new("dynamodb:query").actions(["dynamodb:Query"]).allow_any("test");
        w.run("Count", query.argument("TableName", table)).count + 1
    });
    let answer = mock_state("Count").returns_json(json!({ "Count": 7 }));
    let run = simulate(&count).input("orders").mock(answer).run().unwrap();
    assert_eq!(run.output(), Some(json!(8)), "{}", run.failure());
    assert_eq!(run.calls()[0].parameters, json!({ "TableName": "orders" }));
}

#[test]
fn a_workflow_starts_another_one_of_its_types() {
    let child = Workflow::new("double", |w, number: Value<i64>| {
        w.wait("Wait", Duration::from_secs(5));
        w.value(number * 2)
    });
    let double = states::StateMachine::<i64, i64>::of(&child);
    let parent = Workflow::new("parent", |w, number: Value<i64>| {
        let twice = w.run("Double", double.start(number)).output;
        w.run("Again", double.start(twice + 1)).output
    });
    let run = simulate(&parent).workflow(&child).input(3).run().unwrap();
    assert_eq!(run.output(), Some(json!(14)), "{}", run.failure());
}

/// Runs it; gives the output and the states on its way.
fn run(workflow: &Workflow, input: Json) -> (Json, Vec<String>) {
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let run = simulate(workflow).input(input).mock(mock_state("Fails").fails("Odd", "why")).run().unwrap();
    (run.output().unwrap_or_else(|| json!(run.failure().to_string())), run.path())
}

#[test]
fn a_raw_state_reads_its_input_and_gives_its_output() {
    let split =
        json!({ "Type": "Pass", "Comment": "pairs", "Output": { "pairs": "{% $partition($states.input, 2) %}" } });
    let pairs = Workflow::new("pairs", |w, numbers: Value<Vec<i64>>| {
        w.wait("Before", Duration::from_secs(1));
        let split: Value<Json> = w.state("Split", RawState::from(split.clone()).input(numbers));
        let pairs = split.get::<Vec<Vec<i64>>>("pairs");
        w.wait("Behind", Duration::from_secs(1));
        w.value(pairs.len())
    });
    let (output, path) = run(&pairs, json!([1, 2, 3]));
    assert_eq!((output, path.join(" ")), (json!(2), "Before Split Behind".to_owned()), "no state only for its input");
    let last = Workflow::new("last", |w, numbers: Value<Vec<i64>>| {
        w.state::<Json>("Split", RawState::from(split.clone()).input(numbers))
    });
    assert_eq!(run(&last, json!([1, 2, 3])).0, json!({ "pairs": [[1, 2], [3]] }));
}

#[test]
fn a_raw_state_has_its_own_retries_catchers_and_variables() {
    let task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": { "FunctionName": "f", "Payload": "{% $states.context.Execution.Input %}" },
        "Assign": { "answer": "{% $states.result.Payload %}" },
        "Retry": [{ "ErrorEquals": ["Odd"], "MaxAttempts": 1 }],
        "Catch": [{ "ErrorEquals": ["Even"], "Next": "Ours" }],
    });
    let workflow = Workflow::new("w", |w, name: Value<String>| {
        let greeting = w.set("Greeting", text!("hello {name}"));
        let caught = w.attempt("Try", |w| {
            w.state::<Json>("Fails", task.clone());
            w.value("fine")
        });
        let caught = caught.recover(|_, error| error.cause);
        w.wait("Ours", Duration::from_secs(1));
        text!("{greeting}: {caught}")
    });
    let diagnostics = workflow.compile("app").diagnostics;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let (output, path) = run(&workflow, json!("x"));
    assert_eq!((output, path.join(" ")), (json!("hello x: why"), "Fails Ours".to_owned()));
    let definition = workflow.compile("app").bundle.state_machine.definition.to_json();
    let state = &definition["States"]["Fails"];
    assert_eq!(state["Assign"]["answer"], "{% $states.result.Payload %}");
    assert_eq!(state["Catch"][0]["Assign"]["Greeting"], "{% 'hello ' & $states.context.Execution.Input %}");
    assert_eq!(state["Catch"][1]["ErrorEquals"], json!(["States.ALL"]));
}

#[test]
fn a_raw_state_in_json_path_stands_among_others() {
    let pick = json!({ "Type": "Pass", "QueryLanguage": "JSONPath", "Parameters": { "all.$": "$.numbers[?(@ > 1)]" } });
    let picked = Workflow::new("picked", |w, numbers: Value<Vec<i64>>| {
        w.wait("Before", Duration::from_secs(1));
        let input = PickFields { numbers };
        let pick: Value<Json> = w.state("Pick", RawState::from(pick.clone()).input(input));
        w.wait("Behind", Duration::from_secs(1));
        w.value(pick.get::<Vec<i64>>("all").sum())
    });
    let (output, path) = run(&picked, json!([1, 2, 3]));
    assert_eq!((output, path.join(" ")), (json!(5), "Before Pick Behind".to_owned()));
    let definition = picked.compile("app").bundle.state_machine.definition;
    assert_eq!(definition.query_language, None);
    assert_eq!(definition.states["Behind"].query_language, Some(statewright::asl::QueryLanguage::Jsonata));
    let computed = Workflow::new("computed", |w, numbers: Value<Vec<i64>>| {
        let pick: Value<Json> = w.state("Pick", RawState::from(pick.clone()).input(PickFields { numbers }));
        let sum = w.set("Sum", pick.get::<Vec<i64>>("all").sum());
        w.value(sum * 2)
    });
    let (output, path) = run(&computed, json!([1, 2, 3]));
    assert_eq!((output, path.join(" ")), (json!(10), "Pick input Pick Sum".to_owned()), "JSONPath can't add up");
    let last = Workflow::new("last", |w, numbers: Value<Vec<i64>>| {
        w.wait("Before", Duration::from_secs(1));
        w.state::<Json>("Pick", RawState::from(pick.clone()).input(PickFields { numbers }))
    });
    assert_eq!(run(&last, json!([1, 2])), (json!({ "all": [2] }), vec!["Before".into(), "Pick".into()]));
}

#[derive(Shape)]
struct Pick {
    numbers: Vec<i64>,
}

#[test]
fn what_is_no_raw_state_is_refused() {
    let codes = |state: Json| {
        let workflow = Workflow::new("w", |w, _: Value<Json>| w.state::<Json>("A", state));
        workflow.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect::<Vec<_>>()
    };
    assert_eq!(codes(json!({ "Type": "Pass", "Next": "Elsewhere" })), [""; 0]);
    assert_eq!(codes(json!({ "Type": "Choice", "Choices": [] })), ["SW0228"]);
    assert_eq!(codes(json!("Pass")), ["SW0228"]);
    let catch = json!([{ "ErrorEquals": ["States.ALL"], "Next": "Nowhere" }]);
    let inner = json!({ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } });
    assert_eq!(codes(json!({ "Type": "Parallel", "Branches": [], "Catch": catch })), ["SW0228"]);
    assert_eq!(codes(json!({ "Type": "Parallel", "Branches": [inner] })), ["SW0101"]);
}
