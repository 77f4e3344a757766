//! What the interpreter does, by rule: time, failures, nested workflows, limits, coverage.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

mod maps;
mod redrive;

use std::time::Duration;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright_simulate::execution::Status;
use statewright_simulate::fault::Failure;
use statewright_simulate::history::EventType;
use statewright_simulate::mock::mock_state;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::world::{Settings, World};
use statewright_simulate::{Run, Simulation, Trouble};

/// A service that most Tasks of the tests call.
const SNS: &str = "arn:aws:states:::sns:publish";

fn machine(definition: &Json) -> StateMachine {
    StateMachine::from_text(&definition.to_string(), "test").unwrap()
}

fn of(definition: &Json) -> Simulation {
    Simulation::of("test", machine(definition), false)
}

/// One Task that publishes, with more fields.
fn task(fields: Json) -> Json {
    let mut state = json!({ "Type": "Task", "Resource": SNS, "Parameters": { "Message": "m" }, "End": true });
    let more = fields.as_object().cloned().unwrap_or_default();
    state.as_object_mut().unwrap().extend(more);
    json!({ "StartAt": "T", "States": { "T": state } })
}

fn run(simulation: Simulation) -> Run {
    simulation.run().unwrap()
}

fn error(run: &Run) -> String {
    run.failure().error.unwrap_or_default()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn kinds(run: &Run) -> Vec<EventType> {
    run.history().iter().map(|event| event.kind).collect()
}

#[test]
fn a_retry_waits_longer_each_time_up_to_its_longest() {
    let retry = json!([{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 4, "MaxDelaySeconds": 10 }]);
    let run = run(of(&task(json!({ "Retry": retry }))).mock(mock_state("T").fails("Busy", "")));
    assert_eq!((run.calls().len(), error(&run)), (5, "Busy".to_owned()));
    assert_eq!(run.elapsed(), seconds(2 + 6 + 10 + 10));
    assert_eq!(run.calls()[4].retry_count, 4);
}

#[test]
fn jitter_is_drawn_from_the_seed() {
    let retry =
        json!([{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "MaxAttempts": 1, "JitterStrategy": "FULL" }]);
    let elapsed =
        |seed| run(of(&task(json!({ "Retry": retry }))).mock(mock_state("T").fails("Busy", "")).seed(seed)).elapsed();
    assert_eq!(elapsed(1), elapsed(1));
    assert_ne!(elapsed(1), elapsed(2));
    assert!((0..20).all(|seed| elapsed(seed) <= seconds(100)));
}

#[test]
fn each_retrier_counts_for_itself_and_the_first_that_names_the_error_is_used() {
    let retry =
        json!([{ "ErrorEquals": ["A"], "MaxAttempts": 1 }, { "ErrorEquals": ["States.ALL"], "MaxAttempts": 2 }]);
    let flaky = mock_state("T").fails("B", "").fails("A", "").fails("B", "").returns(json!({}));
    let run = run(of(&task(json!({ "Retry": retry }))).mock(flaky));
    assert_eq!((run.status(), run.calls().len()), (Status::Succeeded, 4));
}

#[test]
fn a_task_that_takes_too_long_times_out() {
    let slow = || mock_state("T").returns(json!({})).after(seconds(90));
    let late = run(of(&task(json!({ "TimeoutSeconds": 60 }))).mock(slow()));
    assert_eq!((error(&late), late.elapsed()), ("States.Timeout".to_owned(), seconds(60)));
    assert!(kinds(&late).contains(&EventType::TaskTimedOut));
    let catch = json!([{ "ErrorEquals": ["States.TaskFailed"], "Next": "T" }, { "ErrorEquals": ["States.Timeout"], "Next": "C" }]);
    let mut definition = task(json!({ "TimeoutSeconds": 60, "Catch": catch }));
    definition["States"]["C"] = json!({ "Type": "Pass", "End": true });
    let caught = run(of(&definition).mock(slow()));
    assert_eq!(caught.output(), Some(json!({ "Error": "States.Timeout", "Cause": "" })));
}

#[test]
fn an_execution_that_takes_too_long_times_out_whatever_it_does() {
    let mut definition = task(json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1_000 }] }));
    definition["TimeoutSeconds"] = json!(30);
    let run = run(of(&definition).mock(mock_state("T").fails("Busy", "")));
    assert_eq!((run.status(), run.elapsed(), run.failure()), (Status::TimedOut, seconds(30), Failure::default()));
    let last = run.history().pop().unwrap();
    assert_eq!((last.kind, last.previous), (EventType::ExecutionTimedOut, 0));
}

#[test]
fn a_token_ends_its_task_from_anywhere_and_silence_fails_it() {
    let definition = json!({ "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
        { "StartAt": "Ask", "States": { "Ask": { "Type": "Task", "Resource": format!("{SNS}.waitForTaskToken"),
            "Parameters": { "Message.$": "$$.Task.Token" }, "HeartbeatSeconds": 50, "End": true } } },
        { "StartAt": "Wait", "States": { "Wait": { "Type": "Wait", "Seconds": 40, "End": true } } } ] } } });
    let world = World::new(Settings::default());
    world.add_service(|request: &Request| {
        assert_eq!(request.parameters["Message"].as_str(), request.token.as_deref());
        Some(Answer::silent())
    });
    let machine = world.add_machine("test", &machine(&definition), false).unwrap();
    let start = |heartbeat: bool| {
        let execution = world.start(&machine, json!(1), None);
        let asked = world.calls().len();
        world.run(|| world.calls().len() > asked).unwrap();
        let token = world.calls().pop().unwrap().token.unwrap();
        let begun = world.now();
        if heartbeat {
            world.run(|| world.now() >= begun + 40_000).unwrap();
            assert!(world.send_task_heartbeat(&token));
            world
                .run(|| {
                    world.now() >= begun + 40_000 && execution.status() != Status::Running
                        || world.now() > begun + 80_000
                })
                .unwrap();
        }
        (execution, token, begun)
    };
    let (answered, token, _) = start(false);
    assert!(world.send_task_success(&token, json!({ "ok": true })));
    world.run(|| answered.status() != Status::Running).unwrap();
    assert_eq!(answered.output().as_deref(), Some(&json!([{ "ok": true }, 1])));
    assert!(!world.send_task_success(&token, json!(1)), "it has ended");
    let (silent, _, begun) = start(true);
    world.run(|| silent.status() != Status::Running).unwrap();
    assert_eq!(silent.failure().error.as_deref(), Some("States.Timeout"));
    assert_eq!(silent.stopped(), Some(begun + 90_000), "the heartbeat at 40 s gave it 50 s more");
}

#[test]
fn what_is_not_there_is_an_error_that_says_where() {
    let cause = |fields: Json| {
        let mut state = json!({ "Type": "Pass", "End": true });
        state.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
        let run = run(of(&json!({ "StartAt": "S", "States": { "S": state } })).input(json!({ "a": 1 })));
        let cause = run.failure().cause.unwrap_or_default();
        (error(&run), cause.split_once("#2). ").map(|(_, rest)| rest.to_owned()).unwrap_or_default())
    };
    let runtime = |cause: &str| ("States.Runtime".to_owned(), cause.to_owned());
    let template = |text: &str| json!({ "Parameters": { "v.$": text } });
    let missing = "The JSONPath '$nope' specified for the field 'v.$' could not be found in the input '{\"a\":1}'";
    assert_eq!(cause(template("$nope")), runtime(missing));
    assert_eq!(
        cause(json!({ "InputPath": "$nope" })),
        runtime("Invalid path '$nope' : No results for path: $['nope']")
    );
    let argument = "The function 'States.Format('{}', $.nope)' had the following error: The JsonPath argument for the field \
                    '$.nope' could not be found in the input '{\"a\":1}'";
    assert_eq!(cause(template("States.Format('{}', $.nope)")), runtime(argument));
    assert_eq!(cause(template("States.ArrayLength($.a)")).0, "States.IntrinsicFailure");
}

#[test]
fn a_child_that_fails_is_a_failed_task_and_one_whose_parent_is_cut_is_aborted() {
    let child = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 60, "Next": "F" }, "F": { "Type": "Fail", "Error": "Own" } } });
    let parent = |timeout: u64| {
        json!({ "StartAt": "S", "States": { "S": { "Type": "Task", "TimeoutSeconds": timeout, "End": true,
        "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": { "StateMachineArn": "child", "Input": { "a": 1 } } } } })
    };
    let world = World::new(Settings::default());
    world.add_machine("child", &machine(&child), false).unwrap();
    let mut ends = Vec::new();
    for timeout in [100, 10] {
        let parent = world.add_machine("parent", &machine(&parent(timeout)), false).unwrap();
        let execution = world.start(&parent, json!({}), None);
        world.run(|| false).unwrap();
        let child = world.executions().into_iter().rfind(|execution| execution.workflow() == "child").unwrap();
        ends.push((execution.failure(), child.status(), child.failure()));
    }
    assert_eq!(ends[0].0.error.as_deref(), Some("States.TaskFailed"));
    assert!(ends[0].0.cause.as_deref().is_some_and(|cause| cause.contains(r#""Error":"Own""#)));
    assert_eq!((ends[1].0.error.as_deref(), ends[1].1), (Some("States.Timeout"), Status::Aborted));
    assert!(ends[1].2.cause.as_deref().is_some_and(|cause| cause.ends_with("was managing this resource was aborted")));
}

#[test]
fn an_execution_looks_at_stops_and_answers_others() {
    let sfn = |action: &str, arguments: Json, next: &str| {
        json!({ "Type": "Task", "QueryLanguage": "JSONata", "Next": next,
        "Resource": format!("arn:aws:states:::aws-sdk:sfn:{action}"), "Arguments": arguments,
        "Assign": { "found": "{% $states.result %}" } })
    };
    let other = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 600, "End": true } } });
    let world = World::new(Settings::default());
    let other = world.add_machine("other", &machine(&other), false).unwrap();
    let others = world.start(&other, json!({}), Some("run"));
    let arn = others.arn.clone();
    let definition = json!({ "StartAt": "Look", "QueryLanguage": "JSONata", "States": {
        "Look": sfn("listExecutions", json!({ "StateMachineArn": other.arn, "StatusFilter": "RUNNING" }), "Stop"),
        "Stop": sfn("stopExecution", json!({ "ExecutionArn": "{% $found.Executions[0].ExecutionArn %}", "Error": "Mine" }), "Wait"),
        "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Describe" },
        "Describe": sfn("describeExecution", json!({ "ExecutionArn": arn }), "Ask"),
        "Ask": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:describeExecution", "Arguments": { "ExecutionArn": "arn:none" },
            "Catch": [{ "ErrorEquals": ["Sfn.ExecutionDoesNotExistException"], "Output": "{% $found.(Status & ' ' & Error) %}", "Next": "Done" }], "End": true },
        "Done": { "Type": "Succeed" } } });
    let own = world.add_machine("own", &machine(&definition), false).unwrap();
    let own = world.start(&own, json!({}), None);
    world.run(|| own.status() != Status::Running).unwrap();
    assert_eq!(own.output().as_deref(), Some(&json!("ABORTED Mine")), "{}", own.failure());
}

#[test]
fn a_name_is_used_once_and_a_synchronous_start_succeeds_whatever_the_end() {
    let world = World::new(Settings::default());
    let waits = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 9, "End": true } } });
    let fails = json!({ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "Own" } } });
    world.add_machine("waits", &machine(&waits), false).unwrap();
    world.add_machine("fails", &machine(&fails), true).unwrap();
    let start = |resource: &str, arguments: Json| {
        let definition = json!({ "StartAt": "S", "States": { "S": { "Type": "Task", "End": true,
            "Resource": format!("arn:aws:states:::{resource}"), "Parameters": arguments } } });
        let parent = world.add_machine("parent", &machine(&definition), false).unwrap();
        let parent = world.start(&parent, json!({}), None);
        world.run(|| parent.status() != Status::Running).unwrap();
        parent
    };
    let named = |input: Json| json!({ "StateMachineArn": "waits", "Name": "same", "Input": input });
    let first = start("states:startExecution", named(json!(1)));
    assert_eq!(start("states:startExecution", named(json!(1))).output(), first.output(), "it still runs");
    let second = start("states:startExecution", named(json!(2)));
    assert_eq!(second.failure().error.as_deref(), Some("StepFunctions.ExecutionAlreadyExistsException"));
    let broken = start("states:startExecution", named(json!("{")));
    assert_eq!(broken.failure().error.as_deref(), Some("StepFunctions.InvalidExecutionInputException"));
    let sync = start("aws-sdk:sfn:startSyncExecution", json!({ "StateMachineArn": "fails" }));
    let found = sync.output().unwrap();
    assert_eq!((&found["Status"], &found["Error"]), (&json!("FAILED"), &json!("Own")));
    let standard = start("aws-sdk:sfn:startSyncExecution", json!({ "StateMachineArn": "waits" }));
    assert_eq!(standard.failure().error.as_deref(), Some("Sfn.StateMachineTypeNotSupportedException"));
}

#[test]
fn a_result_that_has_no_place_names_the_path_as_it_is_written() {
    let definition = json!({ "StartAt": "S", "States": { "S": { "Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "End": true } } });
    let run = run(of(&definition).input(json!({ "a": "s" })));
    assert_eq!(
        run.failure(),
        Failure::new("States.ReferencePathConflict", r#"Unable to apply ReferencePath $.a.b to input {"a":"s"}"#)
    );
}

#[test]
fn event_25_000_says_that_there_are_no_more() {
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Next": "B" },
        "B": { "Type": "Choice", "Choices": [{ "Variable": "$.stop", "BooleanEquals": true, "Next": "A" }], "Default": "A" } } });
    let run = run(of(&definition).input(json!({ "stop": false })));
    let last = run.history().pop().unwrap();
    assert_eq!((last.id, last.kind), (25_000, EventType::ExecutionFailed));
    assert_eq!(
        run.failure(),
        Failure::new("States.Runtime", "The execution reached the maximum number of history events (25000).")
    );
}

#[test]
fn the_limit_of_events_ends_tasks_and_retries_too() {
    let ok = mock_state("T").returns(json!({}));
    let endless = run(of(&task(json!({ "Next": "T", "End": false }))).mock(ok));
    let retry = json!([{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 99_999_999, "BackoffRate": 1.0 }]);
    let patient = run(of(&task(json!({ "Retry": retry }))).mock(mock_state("T").fails("Busy", "")));
    for run in [endless, patient] {
        let last = run.history().pop().unwrap();
        assert_eq!((last.id, last.kind), (25_000, EventType::ExecutionFailed));
        assert_eq!(error(&run), "States.Runtime");
    }
}

#[test]
fn what_is_too_large_fails_and_can_be_caught() {
    let mut definition =
        task(json!({ "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "C" }] }));
    definition["States"]["C"] = json!({ "Type": "Pass", "OutputPath": "$.e.Error", "End": true });
    let large = mock_state("T").returns(json!("x".repeat(262_143)));
    assert_eq!(run(of(&definition).mock(large)).output(), Some(json!("States.DataLimitExceeded")));
    let just = mock_state("T").returns(json!("x".repeat(262_142)));
    assert_eq!(run(of(&task(json!({}))).mock(just)).status(), Status::Succeeded);
}

#[test]
fn an_express_workflow_has_five_minutes() {
    let definition = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 301, "End": true } } });
    let run = run(Simulation::of("test", machine(&definition), true));
    assert_eq!((run.status(), run.elapsed()), (Status::TimedOut, seconds(300)));
}

#[test]
fn an_execution_is_stopped_from_outside() {
    let definition = json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 600, "End": true } } });
    let world = World::new(Settings::default());
    let machine = world.add_machine("test", &machine(&definition), false).unwrap();
    let execution = world.start(&machine, json!({}), None);
    world.run(|| execution.transitions() == 1).unwrap();
    world.stop(&execution, Failure::new("Mine", "enough"));
    world.run(|| execution.status() != Status::Running).unwrap();
    assert_eq!((execution.status(), execution.failure()), (Status::Aborted, Failure::new("Mine", "enough")));
    assert_eq!(
        execution.events().pop().map(|event| (event.kind, event.previous)),
        Some((EventType::ExecutionAborted, 0))
    );
}

#[test]
fn what_keeps_a_world_from_running_on_is_told_with_the_way_out() {
    let trouble = of(&task(json!({}))).run().unwrap_err();
    let text = trouble.to_string();
    assert!(
        text.starts_with(
            r#"nothing answers the call of `T` in `test`: arn:aws:states:::sns:publish with {"Message":"m"}"#
        ),
        "{text}"
    );
    assert!(text.contains(r#"mock_state("T").returns"#) && text.contains(r#""MockedResponses""#), "{text}");
    let silent = run(of(&task(json!({}))).mock(mock_state("T").is_silent()));
    assert_eq!((error(&silent), silent.elapsed()), ("States.Timeout".to_owned(), seconds(99_999_999)));
    let invalid =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Parameters": { "x.$": "nope" }, "Next": "B" } } });
    let Err(Trouble::Invalid(problems)) = of(&invalid).run() else { panic!("it can't run") };
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["SW0902", "SW0901"]);
}

#[test]
fn coverage_names_what_no_run_reached() {
    let definition = json!({ "StartAt": "C", "States": {
        "C": { "Type": "Choice", "Choices": [{ "Variable": "$.go", "BooleanEquals": true, "Next": "T" }], "Default": "E" },
        "T": { "Type": "Task", "Resource": SNS, "Parameters": { "Message": "m" }, "End": true,
            "Catch": [{ "ErrorEquals": ["Busy"], "Next": "E" }] },
        "E": { "Type": "Succeed" } } });
    let start = |go: bool| run(of(&definition).input(json!({ "go": go })).mock(mock_state("T").returns(json!({}))));
    let (went, stayed) = (start(true), start(false));
    let missing = |run: &Run| -> Vec<String> {
        run.coverage().all().into_iter().filter(|part| part.count == 0).map(|part| part.to_string()).collect()
    };
    assert_eq!(missing(&went), ["C, choice 2 to E", "T, catch of Busy", "E"]);
    went.coverage().add(stayed.coverage());
    assert_eq!(missing(&went), ["T, catch of Busy"]);
}
