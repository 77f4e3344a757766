//! An execution goes on where it failed, and only there.

use std::rc::Rc;

use crate::{SNS, machine, task};
use serde_json::{Value as Json, json};
use statewright_simulate::execution::{Execution, MapRun, Status};
use statewright_simulate::history::EventType;
use statewright_simulate::mock::{Mock, mock_state};
use statewright_simulate::task::Answer;
use statewright_simulate::world::{Settings, World};

/// A world in which a state fails once, and the execution that failed there.
fn failed(definition: &Json, input: Json, mock: Mock) -> (World, Rc<Execution>) {
    let world = World::new(Settings::default());
    world.add_service(mock);
    let machine = world.add_machine("test", &machine(definition), false).unwrap();
    let execution = world.start(&machine, input, None);
    world.run(|| execution.status() != Status::Running).unwrap();
    assert_eq!(execution.status(), Status::Failed);
    (world, execution)
}

fn redrive(world: &World, execution: &Rc<Execution>) {
    world.redrive(execution).unwrap();
    world.run(|| execution.status() != Status::Running).unwrap();
}

/// How often each of these states was called for, in all of the world.
fn calls(world: &World, states: &[&str]) -> Vec<usize> {
    let calls = world.calls();
    states.iter().map(|state| calls.iter().filter(|call| call.state == *state).count()).collect()
}

fn kinds(execution: &Execution) -> Vec<EventType> {
    execution.events().iter().map(|event| event.kind).collect()
}

#[test]
fn a_redrive_goes_on_where_the_execution_failed() {
    let mut definition = task(json!({ "Next": "Done" }));
    definition["StartAt"] = json!("Set");
    definition["States"]["Set"] = json!({ "Type": "Pass", "Assign": { "kept.$": "$.n" }, "Next": "T" });
    definition["States"]["T"].as_object_mut().unwrap().remove("End");
    definition["States"]["Done"] = json!({ "Type": "Pass", "Parameters": { "kept.$": "$kept", "redrives.$": "$$.Execution.RedriveCount" }, "End": true });
    let (world, execution) =
        failed(&definition, json!({ "n": 7 }), mock_state("T").fails("Busy", "").returns(json!({})));
    redrive(&world, &execution);
    assert_eq!(execution.output().as_deref(), Some(&json!({ "kept": 7, "redrives": 1 })));
    let kinds = kinds(&execution);
    assert_eq!(kinds.iter().filter(|kind| **kind == EventType::PassStateEntered).count(), 2, "Set is not run again");
    assert!(kinds.contains(&EventType::ExecutionRedriven));
    assert_eq!(world.redrive(&execution), Err("Execution is SUCCEEDED and cannot be redriven".to_owned()));
}

/// A state that publishes.
fn publish(then: Json) -> Json {
    let mut state = task(then);
    state["States"]["T"].take()
}

#[test]
fn of_a_parallel_only_the_branches_that_did_not_succeed_run_again() {
    let done = json!({ "StartAt": "Done", "States": { "Done": publish(json!({})) } });
    let breaks = json!({ "StartAt": "Before", "States": {
        "Before": { "Type": "Task", "Resource": SNS, "Parameters": { "Message": "b" }, "Assign": { "n": 3 }, "Next": "Breaks" },
        "Breaks": publish(json!({ "ResultSelector": { "n.$": "$n" } })) } });
    let cut = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 60, "Next": "Cut" }, "Cut": publish(json!({})) } });
    let definition = json!({ "StartAt": "All", "States": {
        "All": { "Type": "Parallel", "Branches": [done, breaks, cut], "End": true } } });
    let mock = Mock::when(|_| true).answers({
        let mut fails = true;
        move |request| match request.state.as_str() {
            "Breaks" if std::mem::take(&mut fails) => Answer::fails("Busy", ""),
            state => Answer::returns(json!(state)),
        }
    });
    let (world, execution) = failed(&definition, json!({}), mock);
    assert_eq!(calls(&world, &["Done", "Before", "Breaks", "Cut"]), [1, 1, 1, 0]);
    redrive(&world, &execution);
    assert_eq!(execution.output().as_deref(), Some(&json!(["Done", { "n": 3 }, "Cut"])));
    assert_eq!(calls(&world, &["Done", "Before", "Breaks", "Cut"]), [1, 1, 2, 1]);
    assert_eq!(kinds(&execution).iter().filter(|kind| **kind == EventType::ParallelStateStarted).count(), 1);
}

#[test]
fn a_retry_of_a_parallel_runs_all_of_it_again() {
    let branch = |name: &str| json!({ "StartAt": name, "States": { name: publish(json!({})) } });
    let definition = json!({ "StartAt": "All", "States": { "All": { "Type": "Parallel", "End": true,
        "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }], "Branches": [branch("A"), branch("B")] } } });
    let mock = Mock::when(|_| true).answers(|request| match request.state.as_str() {
        "B" => Answer::fails("Busy", ""),
        _ => Answer::returns(json!("a")),
    });
    let (world, _) = failed(&definition, json!({}), mock);
    assert_eq!(calls(&world, &["A", "B"]), [2, 2]);
}

#[test]
fn of_a_map_only_the_iterations_that_did_not_succeed_run_again() {
    let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "MaxConcurrency": 2, "End": true,
        "ItemProcessor": { "StartAt": "T", "States": { "T": publish(json!({ "Parameters": { "Message.$": "$" } })) } } } } });
    let mock = Mock::when(|_| true).answers({
        let mut fails = true;
        move |request| match request.parameters["Message"].as_u64() {
            Some(3) if std::mem::take(&mut fails) => Answer::fails("Busy", ""),
            number => Answer::returns(json!(number)),
        }
    });
    let (world, execution) = failed(&definition, json!([1, 2, 3, 4, 5, 6]), mock);
    redrive(&world, &execution);
    assert_eq!(execution.output().as_deref(), Some(&json!([1, 2, 3, 4, 5, 6])));
    let mut messages: Vec<u64> = world.calls().iter().filter_map(|call| call.parameters["Message"].as_u64()).collect();
    messages.sort_unstable();
    assert_eq!(messages, [1, 2, 3, 3, 4, 4, 5, 6], "when 3 failed, 4 was cut");
}

#[test]
fn a_map_run_is_redriven_with_the_children_that_did_not_succeed() {
    for (kind, redriven) in [("STANDARD", 1), ("EXPRESS", 0)] {
        let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "MaxConcurrency": 1, "End": true,
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": kind },
                "StartAt": "First", "States": {
                    "First": { "Type": "Task", "Resource": SNS, "Parameters": { "Message": "f" }, "ResultPath": null, "Next": "T" },
                    "T": publish(json!({ "Parameters": { "Message.$": "$" } })) } } } } });
        let mock = Mock::when(|_| true).answers({
            let mut fails = true;
            move |request| match request.parameters["Message"].as_u64() {
                Some(2) if std::mem::take(&mut fails) => Answer::fails("Busy", ""),
                number => Answer::returns(json!(number)),
            }
        });
        let (world, execution) = failed(&definition, json!([1, 2, 3]), mock);
        let run = world.map_runs(&execution.arn).pop().unwrap();
        let counts = |run: &MapRun| run.describe()["itemCounts"].clone();
        assert_eq!(counts(&run)["failed"], 1);
        assert_eq!((&counts(&run)["pending"], &run.describe()["status"]), (&json!(1), &json!("FAILED")));
        redrive(&world, &execution);
        assert_eq!(execution.output().as_deref(), Some(&json!([1, 2, 3])));
        let firsts = if redriven == 1 { 3 } else { 4 };
        assert_eq!(calls(&world, &["First", "T"]), [firsts, 4], "{kind}: Express children start anew");
        assert_eq!(run.children()[1].describe(str::to_owned)["redriveCount"], redriven);
        let told = run.describe();
        assert_eq!((&told["status"], &told["redriveCount"]), (&json!("SUCCEEDED"), &json!(1)));
        assert_eq!((&counts(&run)["succeeded"], world.map_runs(&execution.arn).len()), (&json!(3), 1));
        let kinds = kinds(&execution);
        assert!(kinds.contains(&EventType::MapRunRedriven) && kinds.contains(&EventType::MapRunSucceeded));
    }
}
