//! What is written with the builder does what it says: loops.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use std::time::Duration;

use serde_json::json;
use statewright::prelude::*;
use statewright_simulate::execution::Status;
use statewright_simulate::mock::mock_state;
use statewright_simulate::s3::S3;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::{Run, simulate};

#[derive(Shape)]
struct Job {
    status: String,
    rows: i64,
}

#[derive(Shape)]
struct Page {
    next: Option<i64>,
}

const LOOK: lambda::Function<String, Job> = lambda::Function::named("look");
const LOAD: lambda::Function<Option<i64>, Page> = lambda::Function::named("load");

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Polls, at once or behind another state.
fn poll(behind: bool) -> Workflow {
    Workflow::new("poll", move |w, name: Value<String>| {
        if behind {
            w.wait("Before", seconds(1));
        }
        let job = w.poll("Done", seconds(30), seconds(120), |w| {
            let job = w.run("Look", LOOK.invoke(name));
            (job.status.eq("DONE"), job)
        });
        w.wait("Behind", seconds(1));
        w.value(text!("{name}: {} rows", job.rows))
    })
}

fn polled(behind: bool, pending: usize) -> Run {
    let mut left = pending;
    let look = move |request: &Request| {
        (request.state == "Look").then(|| {
            let status = if left == 0 { "DONE" } else { "RUNNING" };
            left = left.saturating_sub(1);
            Answer::returns(json!({ "Payload": { "status": status, "rows": 7 } }))
        })
    };
    simulate(&poll(behind)).input("x").mock(look).run().unwrap()
}

#[test]
fn a_poll_asks_until_the_answer_will_do_or_the_time_is_up() {
    for behind in [false, true] {
        let at_once = polled(behind, 0);
        assert_eq!((at_once.output(), at_once.calls().len()), (Some(json!("x: 7 rows")), 1));
        let later = polled(behind, 3);
        assert_eq!((later.output(), later.calls().len()), (Some(json!("x: 7 rows")), 4));
        assert_eq!(later.elapsed(), seconds(3 * 30 + 1 + u64::from(behind)));
        let never = polled(behind, 100);
        assert_eq!((never.status(), never.calls().len()), (Status::Failed, 5), "at 0, 30, 60, 90 and 120 s");
        assert_eq!(never.failure().error.as_deref(), Some("Poll.Timeout"));
    }
}

#[test]
fn a_loop_takes_along_what_it_returns() {
    let load = Workflow::new("load", |w, _: Value<()>| {
        let last = w.repeat("MorePages", Value::<Option<i64>>::none(), 5, |w, token| {
            let page = w.run("LoadPage", LOAD.invoke(token));
            (page.next.is_some(), page.next)
        });
        w.value(last.is_some())
    });
    let run = |pages: i64| {
        let answers = move |request: &Request| {
            (request.state == "LoadPage").then(|| {
                let page = request.parameters["Payload"].as_i64().unwrap_or(0) + 1;
                let next = if page < pages { json!(page) } else { json!(null) };
                Answer::returns(json!({ "Payload": { "next": next } }))
            })
        };
        simulate(&load).mock(answers).run().unwrap()
    };
    let three = run(3);
    assert_eq!(three.output(), Some(json!(false)), "{}", three.failure());
    let sent: Vec<_> = three.calls().iter().map(|call| call.parameters["Payload"].clone()).collect();
    assert_eq!(sent, [json!(null), json!(1), json!(2)]);
    let many = run(100);
    assert_eq!((many.failure().error.as_deref(), many.calls().len()), (Some("Repeat.TooOften"), 5));
}

#[derive(Shape)]
struct Row {
    id: String,
    size: String,
}

/// What the workflow knows is read inside, at once and later, in a branch too.
#[test]
fn an_item_with_an_execution_of_its_own_has_what_it_reads() {
    let rows = |w: &mut Scope, input: Value<String>| {
        let prefix = w.run("Prefix", LOOK.invoke(input)).status;
        w.distributed("EachRow", S3Items::<Row>::csv("in", input)).max_concurrency(2).each(|w, row| {
            let name = w.set("Name", text!("{prefix}-{}", row.id));
            w.wait("Wait", seconds(1));
            let (first, second) = w
                .parallel("Both")
                .branch(|w| {
                    w.wait("Short", seconds(1));
                    w.value(text!("{name} of {input}"))
                })
                .branch(|w| w.value(text!("{prefix}: {}", row.size)))
                .join();
            w.value(text!("{first}, {second}"))
        })
    };
    let each = Workflow::new("each", rows);
    let compiled = each.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let buckets = S3::new().with_object("in", "a.csv", "id,size\nx,1\ny,2\nz,3\n");
    let look = mock_state("Prefix").returns_json(json!({ "Payload": { "status": "p", "rows": 0 } }));
    let run = simulate(&each).input("a.csv").buckets(buckets).mock(look).run().unwrap();
    let expected = ["p-x of a.csv, p: 1", "p-y of a.csv, p: 2", "p-z of a.csv, p: 3"];
    assert_eq!(run.output(), Some(json!(expected)), "{}", run.failure());
    assert_eq!(run.elapsed(), seconds(4), "two at a time take two rounds of two seconds");
}

#[test]
fn results_of_very_many_items_are_written() {
    let each = Workflow::new("each", |w, list: Value<Vec<i64>>| {
        let run = w
            .distributed("Each", list)
            .tolerated_failure_percentage(50)
            .results_to("out", "runs")
            .express()
            .label("each")
            .each(|w, number| {
                w.when("Odd", (number % 2).eq(1), |w| w.fail("Refuse", "Odd", "it is odd"))
                    .otherwise(|w| w.value(number))
            });
        w.value(text!("{}/{}", run.bucket, run.key))
    });
    let compiled = each.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let statewright::bundle::Role::Managed(role) = &compiled.bundle.execution_role else { panic!("its own") };
    let statements = &role.policies[0].policy_document.statement;
    let writes = statements.iter().find(|statement| statement.sid == "MapWriteResults").unwrap();
    assert_eq!(writes.resource, ["arn:${AWS::Partition}:s3:::out/runs*"]);
    let start = |list: Vec<i64>| simulate(&each).input(list).buckets(S3::new().with_bucket("out")).run().unwrap();
    let run = start(vec![1, 2, 3, 4]);
    assert_eq!(run.status(), Status::Succeeded, "{}", run.failure());
    let written = run.output().unwrap();
    let key = written.as_str().unwrap().strip_prefix("out/").unwrap();
    assert!(run.object("out", key).is_some(), "{written}");
    let failed = start(vec![1, 2, 3]);
    assert_eq!(failed.failure().error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
}

#[test]
fn what_a_distributed_map_can_not_be_is_refused() {
    let codes = |label: &'static str, percentage: i64, express: bool| -> Vec<&'static str> {
        let each = Workflow::new("each", |w, list: Value<Vec<i64>>| {
            w.distributed("Each", list).label(label).tolerated_failure_percentage(percentage).each(|w, _| {
                w.wait("Wait", seconds(1));
            });
        });
        let each = if express { each.express() } else { each };
        each.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect()
    };
    assert_eq!(codes("each", 5, false), [""; 0]);
    assert_eq!(codes("not a label", 5, false), ["SW0213"]);
    assert_eq!(codes("each", 101, false), ["SW0213"]);
    assert_eq!(codes("each", 5, true), ["SW0601"]);
}

#[derive(Shape)]
enum Plan {
    Free,
    Team,
    Company,
}

#[test]
fn a_switch_runs_the_case_that_the_value_is() {
    let bill = Workflow::new("bill", |w, plan: Value<Plan>| {
        let price = w.switch("ByPlan", plan).case(Plan::Free, |w| w.value(0)).case(Plan::Team, |w| {
            w.wait("Ask", seconds(5));
            w.value(20)
        });
        let price = price.otherwise(|w| w.value(400));
        w.value(price * 12)
    });
    let price = |plan: &str| simulate(&bill).input(plan).run().unwrap().output();
    assert_eq!(["Free", "Team", "Company"].map(price), [Some(json!(0)), Some(json!(240)), Some(json!(4_800))]);
    let _ = Plan::Company;
}

#[test]
fn a_worker_performs_a_task_of_an_activity() {
    const SCAN: activity::Activity<String, bool> = activity::Activity::named("scan");
    let upload =
        Workflow::new("upload", |w, file: Value<String>| w.run("Scan", SCAN.perform(file).timeout(seconds(60))));
    let compiled = upload.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let run = simulate(&upload).input("a.txt").mock(mock_state("Scan").returns_json(json!(true))).run().unwrap();
    assert_eq!(run.output(), Some(json!(true)), "{}", run.failure());
    let kinds: Vec<_> = run.history().iter().map(|event| event.kind.name()).collect();
    assert!(kinds.contains(&"ActivitySucceeded"), "{kinds:?}");
    let history = run.history();
    let scheduled = history.iter().find(|event| event.kind.name() == "ActivityScheduled").unwrap();
    assert_eq!(scheduled.to_json(true)["activityScheduledEventDetails"]["input"], "\"a.txt\"");
}

#[test]
fn an_item_knows_its_place() {
    let each = Workflow::new("each", |w, names: Value<Vec<String>>| {
        w.map("Each", names).each(|w, name| {
            w.wait("Wait", seconds(1));
            w.value(text!("{}: {name}, {}", map::index(), execution::redrive_count()))
        })
    });
    let run = simulate(&each).input(["a", "b"]).run().unwrap();
    assert_eq!(run.output(), Some(json!(["0: a, 0", "1: b, 0"])), "{}", run.failure());
    let outside = Workflow::new("outside", |w, _: Value<()>| w.value(map::index()));
    let codes: Vec<_> = outside.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["SW0212"]);
}

#[test]
fn loops_nest_and_stand_in_maps() {
    let nested = Workflow::new("nested", |w, lists: Value<Vec<i64>>| {
        w.map("Each", lists).each(|w, most| {
            w.repeat("Outer", 1, 10, |w, outer: Value<i64>| {
                let inner = w.repeat("Inner", 0, 10, |w, inner: Value<i64>| {
                    w.wait("Work", seconds(1));
                    ((inner + 1).lt(outer), inner + 1)
                });
                (inner.lt(most), outer + 1)
            })
        })
    });
    let compiled = nested.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let run = simulate(&nested).input(json!([3])).mock(mock_state("none").returns(json!({}))).run().unwrap();
    assert_eq!(run.output(), Some(json!([4])), "{}", run.failure());
    assert_eq!(run.elapsed(), seconds(1 + 2 + 3));
}

#[test]
fn what_would_not_end_or_do_nothing_is_refused() {
    let codes = |workflow: Workflow| -> Vec<&'static str> {
        workflow.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect()
    };
    let nothing = Workflow::new("a", |w, n: Value<i64>| w.repeat("R", 0, 3, |_, i: Value<i64>| (i.lt(n), i + 1)));
    assert_eq!(codes(nothing), ["SW0211"]);
    let never = Workflow::new("a", |w, n: Value<i64>| {
        w.repeat("R", 0, 0, |w, i: Value<i64>| {
            w.wait("W", seconds(1));
            (i.lt(n), i + 1)
        })
    });
    assert_eq!(codes(never), ["SW0211"]);
}

#[test]
fn what_a_loop_computes_first_can_decide_what_it_takes_along() {
    let doubled = Workflow::new("doubled", |w, most: Value<i64>| {
        w.repeat("Double", 1, 10, |w, number: Value<i64>| {
            let double = w.set("Twice", number * 2);
            w.wait("Work", seconds(1));
            (double.lt(most), double + 1)
        })
    });
    let run = simulate(&doubled).input(20).run().unwrap();
    assert_eq!(run.output(), Some(json!(31)), "1, 3, 7, 15, 31: {}", run.failure());
}
