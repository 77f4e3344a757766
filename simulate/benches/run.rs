//! How fast workflows run here.

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright_simulate::Simulation;
use statewright_simulate::execution::Status;

fn main() {
    divan::main();
}

const ROUNDS: u64 = 100_000;

/// Runs a definition in an Express workflow, which has no limit of events.
fn run(bencher: Bencher<'_, '_>, definition: &Json, input: &Json, states: u64) {
    let machine = StateMachine::from_text(&definition.to_string(), "bench").unwrap_or_else(|error| panic!("{error:?}"));
    bencher
        .counter(ItemsCount::new(states))
        .with_inputs(|| Simulation::of("bench", machine.clone(), true).input(input).forgets_history())
        .bench_values(|simulation| {
            let run = simulation.run().unwrap_or_else(|trouble| panic!("{trouble}"));
            assert_eq!(run.status(), Status::Succeeded, "{}", run.failure());
            run
        });
}

/// A counter in a Pass and a Choice, in JSONPath.
#[divan::bench]
fn loop_of_pass_and_choice(bencher: Bencher<'_, '_>) {
    let definition = json!({ "StartAt": "More", "States": {
        "More": { "Type": "Choice", "Default": "Done",
            "Choices": [{ "Variable": "$.left", "NumericGreaterThan": 0, "Next": "Count" }] },
        "Count": { "Type": "Pass", "Parameters": { "left.$": "States.MathAdd($.left, -1)" }, "Next": "More" },
        "Done": { "Type": "Succeed" } } });
    run(bencher, &definition, &json!({ "left": ROUNDS }), ROUNDS * 2 + 2);
}

/// The same in JSONata.
#[divan::bench]
fn loop_in_jsonata(bencher: Bencher<'_, '_>) {
    let definition = json!({ "StartAt": "More", "QueryLanguage": "JSONata", "States": {
        "More": { "Type": "Choice", "Default": "Done",
            "Choices": [{ "Condition": "{% $states.input.left > 0 %}", "Next": "Count" }] },
        "Count": { "Type": "Pass", "Output": { "left": "{% $states.input.left - 1 %}" }, "Next": "More" },
        "Done": { "Type": "Succeed" } } });
    run(bencher, &definition, &json!({ "left": ROUNDS }), ROUNDS * 2 + 2);
}

/// 10,000 items, each through a Pass.
#[divan::bench]
fn inline_map_of_ten_thousand(bencher: Bencher<'_, '_>) {
    let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "ItemsPath": "$.items", "End": true,
        "ItemProcessor": { "StartAt": "One", "States": { "One": { "Type": "Pass", "End": true } } } } } });
    let items: Vec<u64> = (0..10_000).collect();
    run(bencher, &definition, &json!({ "items": items }), 10_001);
}

/// 10,000 items with a selector that reads the context object, in JSONata.
#[divan::bench]
fn inline_map_with_a_selector(bencher: Bencher<'_, '_>) {
    let definition = json!({ "StartAt": "Each", "QueryLanguage": "JSONata", "States": { "Each": { "Type": "Map",
        "Items": "{% $states.input.items %}", "End": true,
        "ItemSelector": { "item": "{% $states.context.Map.Item.Value %}", "of": "{% $states.context.Execution.Name %}" },
        "ItemProcessor": { "StartAt": "One", "States": { "One": { "Type": "Pass", "End": true } } } } } });
    let items: Vec<u64> = (0..5_000).collect();
    run(bencher, &definition, &json!({ "items": items }), 5_001);
}
