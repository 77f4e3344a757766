//! Every example runs here: to its end, and after every failure that its services can have.

use std::time::Duration;

use serde_json::{Value as Json, json};
use statewright::Workflow;
use statewright_examples::rehearsal::{catalogue_feed, report, retail_nightly, sales_etl};
use statewright_examples::{catalogue_feed as feed, query_report, retail_nightly as nightly, sales_etl as etl};
use statewright_simulate::execution::Status;
use statewright_simulate::mock::{mock, mock_state};
use statewright_simulate::{Run, Simulation, inputs, simulate};

type Rehearse = fn(Simulation) -> Simulation;

/// Each with what it is rehearsed with, and the state that tells of a failure.
fn examples() -> Vec<(Workflow, Rehearse, Option<&'static str>)> {
    vec![
        (feed::workflow(), catalogue_feed, Some("TellFailure")),
        (query_report::plain(), report, None),
        (query_report::with_failure_notice(), report, Some("Notify Error Message")),
        (query_report::by_configuration(), report, Some("Notify Error Message")),
        (nightly::workflow(), retail_nightly, Some("TellFailure")),
    ]
}

fn run(simulation: Simulation) -> Run {
    simulation.run().unwrap_or_else(|trouble| panic!("{trouble}"))
}

fn etl() -> Simulation {
    simulate(&etl::workflow()).workflow(&etl::quality_check())
}

#[test]
fn each_example_runs_to_its_end() {
    for (workflow, rehearse, _) in examples() {
        let run = run(rehearse(simulate(&workflow)));
        assert_eq!(run.status(), Status::Succeeded, "{}: {}", workflow.name(), run.failure());
    }
    assert_eq!(run(sales_etl(etl())).output(), Some(json!({ "broken_rows": 7 })));
}

#[test]
fn a_failure_of_any_call_ends_the_run_and_is_told_of() {
    for (workflow, rehearse, tells) in examples() {
        let calls = run(rehearse(simulate(&workflow))).calls();
        for call in calls {
            let broken = mock_state(&call.state).fails("Service.Broken", "out of order");
            let run = run(rehearse(simulate(&workflow).mock(broken)));
            let name = format!("{} with {} broken", workflow.name(), call.state);
            let caught = run.status() == Status::Succeeded;
            if caught {
                assert_eq!(call.state, "ResizeImages", "{name}: only the images may be missing");
                assert_eq!(run.calls_of("WarnImages").len(), 1, "{name}");
                continue;
            }
            assert_eq!(run.failure().error.as_deref(), Some("Service.Broken"), "{name}");
            if let Some(tells) = tells {
                let told = run.calls_of(tells);
                let [told] = told.as_slice() else { panic!("{name} is told {} times", told.len()) };
                let message = told.parameters["Message"].as_str().unwrap_or_default();
                assert!(message.contains("Service.Broken: out of order"), "{name}: {message}");
            }
        }
    }
}

#[test]
fn the_night_belongs_to_the_day_before_it() {
    let date = |at: &str| {
        let night = retail_nightly(simulate(&nightly::workflow())).at(at).unwrap();
        let calls = run(night).calls_of("RefreshPrices");
        let command = &calls[0].parameters["Overrides"]["ContainerOverrides"][0]["Command"];
        command[2].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(date("2026-02-28T17:00:00Z"), "2026-02-28", "2 o'clock on March 1 in Tokyo");
    assert_eq!(date("2026-02-28T20:30:00Z"), "2026-03-01", "half past 5");
}

#[test]
fn shops_are_closed_whatever_their_number_and_names() {
    for count in [0, 1, 7, 45] {
        let shop = |number: usize| json!({ "id": format!("shop \"{number}\" ✓"), "till_prefix": "s3://t", "loyalty": number.is_multiple_of(2) });
        let shops: Vec<Json> = (0..count).map(shop).collect();
        let night = retail_nightly(simulate(&nightly::workflow())).input(json!({ "bucket": "lake", "shops": shops }));
        let run = run(night);
        assert_eq!(run.status(), Status::Succeeded, "{}", run.failure());
        assert_eq!(run.calls_of("CloseShop").len(), count);
        let done = run.calls_of("TellOperations")[0].parameters["Message"].as_str().unwrap_or_default().to_owned();
        assert!(done.ends_with(&format!(": {count} shops are closed")), "{done}");
    }
}

#[test]
fn any_night_ends_and_closes_each_of_its_shops_once() {
    for night in inputs::<nightly::Night>(1).take(150) {
        let run = run(retail_nightly(simulate(&nightly::workflow())).input(&night));
        assert_eq!(run.status(), Status::Succeeded, "{night}: {}", run.failure());
        let closed = run.calls_of("CloseShop");
        let shops = night["shops"].as_array().map_or(0, Vec::len);
        assert_eq!(closed.len(), shops, "{night}");
        let date = night["business_date"].as_str().unwrap_or("2026-01-01");
        let message = &run.calls_of("TellOperations")[0].parameters["Message"];
        assert_eq!(message.as_str(), Some(&*format!("{date}: {shops} shops are closed")), "{night}");
    }
}

#[test]
fn coverage_points_at_lines_of_rust() {
    let workflow = feed::workflow();
    let run = run(catalogue_feed(simulate(&workflow)));
    let places = workflow.compile("examples").places;
    let lcov = run.coverage().to_lcov(&places);
    assert!(lcov.starts_with("SF:examples/src/catalogue_feed.rs\n"), "{lcov}");
    let not_reached = lcov.lines().filter(|line| line.starts_with("DA:") && line.ends_with(",0")).count();
    assert_eq!(not_reached, 3, "the two messages of failures, and the end with one: {lcov}");
    let parts = run.coverage().to_json();
    assert!(parts["covered"].as_u64() < parts["total"].as_u64(), "{parts}");
}

#[test]
fn a_till_is_imported_again_and_a_person_is_asked() {
    let flaky = mock_state("ImportTill").fails("States.TaskFailed", "").returns_json(json!({}));
    let run_once = run(retail_nightly(simulate(&nightly::workflow()).mock(flaky)));
    assert_eq!(run_once.status(), Status::Succeeded, "{}", run_once.failure());
    assert_eq!(run_once.calls_of("ImportTill").len(), 4, "one of three shops twice");

    let few = mock_state("Extract orders")
        .returns_json(json!({ "ExecutedVersion": "1", "Payload": { "uri": "s3://o", "rows": 3 } }));
    let asked = run(sales_etl(etl().mock(few)));
    assert_eq!(asked.status(), Status::Succeeded, "{}", asked.failure());
    let question = &asked.calls_of("AskAPerson")[0];
    assert_eq!(question.parameters["MessageBody"]["token"].as_str(), question.token.as_deref());
    assert_eq!(asked.elapsed(), Duration::from_secs((20 + 120 + 20) * 60));
}

#[test]
fn the_time_of_a_run_is_where_the_next_one_begins() {
    let first = run(sales_etl(etl()).at("2026-03-01T04:00:00Z").unwrap());
    assert_eq!(first.tables("sales-etl-runs")[0]["until"], json!({ "S": "2026-03-01T04:00:00.000Z" }));
    assert_eq!(first.calls_of("Extract orders")[0].parameters["Payload"]["since"], "1970-01-01T00:00:00.000Z");
}

#[test]
fn two_spellings_of_the_same_behaviour_are_told_apart_from_others() {
    let plain = run(report(simulate(&query_report::plain())));
    let noticed = run(report(simulate(&query_report::with_failure_notice())));
    assert_eq!(plain.differences(&noticed), Vec::<String>::new());
    let configured = run(report(simulate(&query_report::by_configuration())));
    assert_eq!(plain.differences(&configured)[0], "number of calls: 3 here, 4 there");
}

#[test]
fn a_function_in_rust_stands_for_a_lambda_function() {
    use statewright::prelude::*;

    const DOUBLE: lambda::Function<i64, i64> = lambda::Function::named("double");
    let workflow = Workflow::new("twice", |w, number: Value<i64>| w.run("Double", DOUBLE.invoke(number)));
    let doubled = run(simulate(&workflow).input(21).mock(mock(&DOUBLE).runs(|number: i64| number * 2)));
    assert_eq!(doubled.output(), Some(json!(42)));
}

#[expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]
fn simulate_command(arguments: &[&str]) -> (i32, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_statewright-examples"));
    let done = command.arg("simulate").args(arguments).env("NO_COLOR", "1").output().unwrap();
    let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (done.status.code().unwrap_or(-1), text)
}

#[test]
fn the_command_runs_what_is_rehearsed_and_tells_what_is_wrong() {
    let (code, text) = simulate_command(&[]);
    assert_eq!((code, text.matches("SUCCEEDED").count()), (0, 7), "{text}");
    let (code, text) = simulate_command(&["query-report", "--take", "Run Glue Job=2h", "--trace"]);
    assert!(code == 0 && text.contains("2:00:00  Task      Fetch Data"), "{text}");
    assert!(text.contains("calls glue:startJobRun.sync") && text.contains("SUCCEEDED after 2:00:00"), "{text}");
    let (code, text) = simulate_command(&["nightly"]);
    assert!(code == 2 && text.contains("expected a workflow, found `nightly`; there are catalogue-feed, "), "{text}");
    let (code, text) = simulate_command(&["query-report", "--mocks", "nowhere.json"]);
    assert!(code == 3 && text.contains("nowhere.json can't be read: "), "{text}");
    let night = ["retail-nightly", "--schedule", "--from", "2026-03-01T00:00:00Z", "--to", "2026-03-31T00:00:00Z"];
    let (code, text) = simulate_command(&night);
    assert!(code == 0 && text.contains("2026-03: 30 runs, 0 began while another was running"), "{text}");
}
