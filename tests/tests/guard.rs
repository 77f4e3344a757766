//! The concurrency guard, run: every policy, with what goes wrong.

use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::guard::{self, AfterFailure, Dedupe, Guard, Liveness, Lock, OnConflict, weave};
use statewright_simulate::dynamodb::Dynamodb;
use statewright_simulate::execution::{Execution, Status};
use statewright_simulate::fault::Failure;
use statewright_simulate::scope::Payload;
use statewright_simulate::service::Tables;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::world::{Machine, Settings, World};

/// A workflow that takes ten minutes, in either query language.
fn slow(language: &str) -> StateMachine {
    let body = match language {
        "JSONata" => json!({ "Type": "Wait", "Seconds": 600, "Next": "Say" }),
        _ => json!({ "Type": "Wait", "SecondsPath": "$.seconds", "Next": "Say" }),
    };
    let definition = json!({ "QueryLanguage": language, "StartAt": "Work", "States": {
        "Work": body, "Say": { "Type": "Succeed" } } });
    StateMachine::from_text(&definition.to_string(), "slow").unwrap()
}

/// A world with one guarded workflow, and the table.
struct Bench {
    world: World,
    machine: Rc<Machine>,
    tables: Tables,
}

impl Bench {
    fn new(guard: &Guard) -> Self {
        Self::of(&slow("JSONata"), guard)
    }

    fn of(machine: &StateMachine, guard: &Guard) -> Self {
        let world = World::new(Settings::default());
        let tables = Tables(Rc::new(Dynamodb::new().with_table(guard::TABLE, "pk", None).into()));
        world.set_tables(tables.clone());
        let woven = weave(machine, guard).unwrap();
        let machine = world.add_machine("slow", &woven, false).unwrap_or_else(|problems| panic!("{problems:?}"));
        Self { world, machine, tables }
    }

    fn start(&self, input: Json) -> Rc<Execution> {
        self.world.start(&self.machine, input, None)
    }

    fn tick(&self, time: &str) -> Rc<Execution> {
        self.start(json!({ "_schedule": { "arn": "arn:s", "time": time }, "seconds": 600 }))
    }

    /// Lets time pass.
    fn pass(&self, time: Duration) {
        let (world, until) = (self.world.clone(), self.world.now() + i64::try_from(time.as_millis()).unwrap());
        let machine =
            json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": time.as_secs(), "End": true } } });
        let clock = StateMachine::from_text(&machine.to_string(), "clock").unwrap();
        let clock = self.world.add_machine("clock", &clock, false).unwrap();
        let passed = self.world.start(&clock, json!({}), None);
        world.run(|| passed.status() != Status::Running).unwrap();
        assert_eq!(world.now(), until);
    }

    fn end(&self) {
        self.world.run(|| false).unwrap();
    }

    fn holders(&self) -> usize {
        let items = self.tables.0.borrow().items(guard::TABLE);
        items.iter().filter_map(|item| item["holders"]["SS"].as_array()).map(Vec::len).sum()
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn outcome(execution: &Execution) -> String {
    match execution.output() {
        Some(output) => output["guard"]["outcome"].as_str().unwrap_or("ran").to_owned(),
        None => execution.failure().error.unwrap_or_else(|| execution.status().to_string()),
    }
}

fn outcomes(executions: &[Rc<Execution>]) -> Vec<String> {
    executions.iter().map(|execution| outcome(execution)).collect()
}

fn exclusive() -> Guard {
    Guard::exclusive("slow")
}

#[test]
fn the_free_path_costs_two_transitions_and_changes_nothing_of_what_flows() {
    for language in ["JSONata", "JSONPath"] {
        let bench = Bench::of(&slow(language), &exclusive());
        let run = bench.start(json!({ "seconds": 600, "x": [1] }));
        bench.pass(seconds(1));
        assert_eq!(bench.holders(), 1);
        bench.end();
        assert_eq!(run.output().as_deref(), Some(&json!({ "seconds": 600, "x": [1] })), "{language}");
        assert_eq!(run.transitions(), 2 + 2, "{language}");
        assert_eq!(bench.holders(), 0);
    }
}

#[test]
fn what_the_schedule_adds_is_not_seen_inside() {
    let bench = Bench::new(&exclusive());
    let run = bench.tick("2026-01-01T00:00:00Z");
    bench.end();
    assert_eq!(run.output().as_deref(), Some(&json!({ "seconds": 600 })));
    let text = bench.start(json!("text"));
    bench.end();
    assert_eq!(text.output().as_deref(), Some(&json!("text")));
}

#[test]
fn a_run_that_is_one_too_many_is_skipped_fails_or_waits() {
    let starts = |policy| {
        let bench = Bench::new(&Guard { on_conflict: policy, dedupe: Dedupe::PerTick, ..exclusive() });
        let first = bench.start(json!({}));
        bench.pass(seconds(60));
        let second = bench.start(json!({}));
        bench.end();
        assert_eq!(bench.holders(), 0);
        (outcomes(&[first.clone(), second.clone()]), second.stopped().unwrap() - first.start, second.transitions())
    };
    let (skipped, _, transitions) = starts(OnConflict::Skip);
    assert_eq!((skipped, transitions), (vec!["ran".to_owned(), "skipped".to_owned()], 1 + 6));
    assert_eq!(starts(OnConflict::Fail).0, ["ran", "Guard.Conflict"]);
    let (waited, took, _) = starts(OnConflict::wait_up_to(seconds(3_600)));
    assert_eq!(waited, ["ran", "ran"]);
    assert!((1_200_000..1_240_000).contains(&took), "{took}");
    assert_eq!(starts(OnConflict::wait_up_to(seconds(120))).0, ["ran", "Guard.WaitTimeout"]);
}

#[test]
fn as_many_run_at_once_as_may() {
    let guard = Guard { limit: 2, on_conflict: OnConflict::wait_up_to(seconds(36_000)), ..exclusive() };
    let bench = Bench::new(&guard);
    let runs: Vec<_> = (0..5).map(|_| bench.start(json!({}))).collect();
    for _ in 0..40 {
        bench.pass(seconds(60));
        assert!(bench.holders() <= 2);
    }
    bench.end();
    assert_eq!(outcomes(&runs), ["ran"; 5]);
    let mut ends: Vec<i64> = runs.iter().map(|run| (run.stopped().unwrap() - runs[0].start) / 600_000).collect();
    ends.sort_unstable();
    assert_eq!(ends, [1, 1, 2, 2, 3]);
}

#[test]
fn a_permit_that_was_not_given_back_is_taken_by_the_next_run() {
    for limit in [1, 2] {
        let bench = Bench::new(&Guard { limit, ..exclusive() });
        let stopped: Vec<_> = (0..limit).map(|_| bench.start(json!({}))).collect();
        bench.pass(seconds(60));
        stopped.iter().for_each(|run| bench.world.stop(run, Failure::default()));
        bench.pass(seconds(1));
        assert_eq!(bench.holders(), limit as usize);
        let next = bench.start(json!({}));
        bench.end();
        assert_eq!((outcome(&next), bench.holders()), ("ran".to_owned(), 0));
        let described = if limit == 1 { 0 } else { 2 };
        assert_eq!(next.transitions(), 2 + 8 + described, "limit {limit}");
    }
}

#[test]
fn a_run_that_did_not_end_keeps_its_permit_until_it_has_settled() {
    let bench = Bench::new(&Guard { settle_seconds: 900, ..exclusive() });
    let stopped = bench.start(json!({}));
    bench.pass(seconds(60));
    bench.world.stop(&stopped, Failure::default());
    bench.pass(seconds(800));
    let early = bench.start(json!({}));
    bench.pass(seconds(200));
    let late = bench.start(json!({}));
    bench.end();
    assert_eq!(outcomes(&[early, late]), ["skipped", "ran"]);
}

#[test]
fn a_failed_run_that_holds_its_permit_has_it_when_it_is_redriven() {
    let bench = Bench::new(&Guard { after_failure: AfterFailure::Hold, ..exclusive() });
    let failed = bench.start(json!({}));
    bench.pass(seconds(60));
    bench.world.stop(&failed, Failure::default());
    bench.pass(seconds(86_400));
    let other = bench.start(json!({}));
    bench.pass(seconds(60));
    bench.world.redrive(&failed).unwrap();
    bench.end();
    assert_eq!(outcomes(&[failed, other]), ["ran", "skipped"]);
    assert_eq!(bench.holders(), 0);
}

#[test]
fn a_tick_runs_once_and_none_runs_behind_a_younger_one() {
    let ticks = ["01", "01", "02", "01", "02"].map(|day| format!("2026-01-{day}T00:00:00Z"));
    let runs = |dedupe, ticks: &[String]| {
        let bench = Bench::new(&Guard { dedupe, ..exclusive() });
        let mut runs = Vec::new();
        for tick in ticks {
            runs.push(bench.tick(tick));
            bench.end();
        }
        outcomes(&runs)
    };
    let once = ["ran", "duplicate", "ran", "duplicate", "duplicate"];
    assert_eq!(runs(Dedupe::LatestTick, &ticks), once);
    assert_eq!(runs(Dedupe::PerTick, &ticks), once);
    assert_eq!(runs(Dedupe::Off, &ticks), ["ran"; 5]);
    // A backfill runs for a tick's time, and is none of the schedule's own.
    let bench = Bench::new(&exclusive());
    let mut runs_of = Vec::new();
    for envelope in
        [json!({ "arn": "arn:s", "time": ticks[2] }), json!({ "time": ticks[0] }), json!({ "time": ticks[0] })]
    {
        runs_of.push(bench.start(json!({ "_schedule": envelope })));
        bench.end();
    }
    assert_eq!(outcomes(&runs_of), ["ran"; 3]);
    let late = [ticks[2].clone(), ticks[0].clone()];
    assert_eq!(runs(Dedupe::LatestTick, &late), ["ran", "duplicate"]);
    assert_eq!(runs(Dedupe::PerTick, &late), ["ran", "ran"]);
}

#[test]
fn the_queue_of_one_keeps_the_first_who_came() {
    let bench = Bench::new(&Guard { on_conflict: OnConflict::BufferOne, ..exclusive() });
    let first = bench.start(json!({}));
    bench.pass(seconds(60));
    let second = bench.start(json!({}));
    bench.pass(seconds(60));
    let third = bench.start(json!({}));
    bench.pass(seconds(60));
    assert_eq!(outcome(&third), "skipped");
    // Who waits and is stopped leaves its place to the next one.
    bench.world.stop(&second, Failure::default());
    bench.pass(seconds(1));
    let fourth = bench.start(json!({}));
    bench.end();
    assert_eq!(outcomes(&[first.clone(), fourth.clone()]), ["ran", "ran"]);
    assert!(fourth.stopped().unwrap() - first.start >= 1_200_000);
    assert_eq!(bench.holders(), 0);
}

#[test]
fn a_run_that_is_replaced_is_stopped_with_a_reason() {
    let bench = Bench::new(&Guard { on_conflict: OnConflict::Replace, ..exclusive() });
    let first = bench.start(json!({}));
    bench.pass(seconds(60));
    let second = bench.start(json!({}));
    bench.end();
    assert_eq!((first.status(), outcome(&second)), (Status::Aborted, "ran".to_owned()));
    assert_eq!(first.failure(), Failure::new("Guard.Replaced", format!("replaced by {}", second.arn)));
}

#[test]
fn each_value_has_a_lock_of_its_own() {
    let lock = Lock::of_workflow("slow").by("$states.context.Execution.Input.customer");
    let bench = Bench::new(&Guard { lock, ..exclusive() });
    let runs = ["a", "b", "a"].map(|customer| bench.start(json!({ "customer": customer })));
    bench.end();
    let mut found = outcomes(&runs);
    found.sort();
    assert_eq!(found, ["ran", "ran", "skipped"]);
    let keys: Vec<Json> =
        bench.tables.0.borrow().items(guard::TABLE).iter().map(|item| item["pk"]["S"].clone()).collect();
    assert_eq!(keys, [json!("workflow:slow:a"), json!("workflow:slow:b")]);
}

#[test]
fn a_lost_or_wrong_answer_of_the_table_changes_nothing() {
    // The write is done, and the answer says that it was not, or nothing.
    for error in ["DynamoDB.ConditionalCheckFailedException", "DynamoDB.AmazonDynamoDBException"] {
        for state in ["guard/acquire", "guard/release"] {
            let bench = Bench::new(&exclusive());
            let (tables, mut lies) = (bench.tables.clone(), true);
            bench.world.add_service(move |request: &Request| {
                if request.state != state || !std::mem::take(&mut lies) {
                    return None;
                }
                tables.0.borrow_mut().call("updateItem", &request.parameters).unwrap();
                Some(Answer::fails(error, ""))
            });
            let run = bench.tick("2026-01-01T00:00:00Z");
            bench.end();
            let again = bench.tick("2026-01-02T00:00:00Z");
            bench.end();
            assert_eq!(outcomes(&[run, again]), ["ran", "ran"], "{error} in {state}");
            assert_eq!(bench.holders(), 0);
        }
    }
}

#[test]
fn without_the_table_nothing_runs() {
    let bench = Bench::new(&Guard { table_name: "none".to_owned(), ..exclusive() });
    let run = bench.start(Payload::from(json!({})).into_json());
    bench.end();
    assert_eq!(run.status(), Status::Failed);
    assert_eq!(run.transitions(), 1);
}

#[test]
fn names_of_the_guard_are_refused() {
    let refuse = |definition: Json| {
        let machine = StateMachine::from_text(&definition.to_string(), "m").unwrap();
        let problem = weave(&machine, &exclusive()).unwrap_err();
        format!("{} {}", problem.code.id, problem.message)
    };
    let state = refuse(json!({ "StartAt": "guard/x", "States": { "guard/x": { "Type": "Succeed" } } }));
    assert!(state.contains("SW1002") && state.contains("guard/x"), "{state}");
    let variable =
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Assign": { "guard_x.$": "$.a" }, "End": true } } });
    assert!(refuse(variable).contains("the variable `guard_x`"));
}

#[test]
fn a_section_is_left_with_its_permit_given_back_whatever_happens_in_it() {
    use statewright::prelude::*;
    const LOAD: lambda::Function<Json, i64> = lambda::Function::named("load");
    let load = Workflow::new("load", |w, input: Value<Json>| {
        let rows = w
            .attempt("Try", |w| w.guarded("warehouse", Concurrency::exclusive(), |w| w.run("Load", LOAD.invoke(input))))
            .recover(|w, _| w.set("None", 0));
        w.wait("Work", Duration::from_secs(60));
        rows
    });
    for (answer, rows) in [(Answer::returns(json!({ "Payload": 7 })), 7), (Answer::fails("Broken", ""), 0)] {
        let given = answer.clone();
        let simulation = statewright_simulate::simulate(&load);
        let run =
            simulation.mock(move |request: &Request| (request.state == "Load").then(|| given.clone())).run().unwrap();
        assert_eq!(run.output(), Some(json!(rows)), "{}", run.failure());
        let entered: Vec<_> = run.history().iter().filter_map(|event| event.state().map(str::to_owned)).collect();
        assert!(entered.iter().any(|name| name.starts_with("guard/warehouse/leave")), "{entered:?}");
        assert_eq!(run.tables(guard::TABLE)[0].get("holders"), None, "the permit is given back");
    }
}

#[test]
fn iterations_of_a_map_hold_permits_of_their_own() {
    use statewright::prelude::*;
    let each = Workflow::new("each", |w, items: Value<Vec<i64>>| {
        w.map("Each", items).each(|w, _| {
            w.guarded("slots", Concurrency::limit(2), |w| w.wait("Work", Duration::from_secs(600)));
        });
    });
    let run = statewright_simulate::simulate(&each).input(json!([1, 2, 3, 4, 5, 6])).run().unwrap();
    assert_eq!(run.status(), Status::Succeeded, "{}", run.failure());
    let minutes = run.elapsed().as_secs() / 60;
    assert!((30..33).contains(&minutes), "two at a time take three rounds: {minutes} min");
}

#[test]
fn an_express_workflow_is_kept_apart_by_age() {
    let guard = Guard { liveness: Liveness::Lease, ..exclusive() };
    let machine = json!({ "QueryLanguage": "JSONata", "StartAt": "Work", "States": {
        "Work": { "Type": "Wait", "Seconds": 60, "End": true } } });
    let machine = StateMachine::from_text(&machine.to_string(), "quick").unwrap();
    let bench = Bench::of(&machine, &guard);
    let stopped = bench.start(json!({}));
    bench.pass(seconds(10));
    bench.world.stop(&stopped, Failure::default());
    bench.pass(seconds(300));
    let early = bench.start(json!({}));
    bench.pass(seconds(60));
    let late = bench.start(json!({}));
    bench.end();
    assert_eq!(outcomes(&[early, late]), ["skipped", "ran"]);
    assert_eq!(bench.holders(), 0);
}

#[test]
fn the_list_keeps_apart_whom_it_shows() {
    let guard = Guard { liveness: Liveness::List, dedupe: Dedupe::Off, ..exclusive() };
    let bench = Bench::new(&guard);
    let first = bench.start(json!({}));
    bench.pass(seconds(60));
    let second = bench.start(json!({}));
    bench.end();
    assert_eq!(outcomes(&[first, second]), ["ran", "skipped"]);
    assert!(bench.tables.0.borrow().items(guard::TABLE).is_empty(), "there is no table");
}
