//! Steps that have no service of their own here: endpoints, the AWS SDK, nested workflows, raw states.

use serde_json::json;
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
