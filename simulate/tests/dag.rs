//! DAGs keep their dependencies at run time, and what a task gives is what others read.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use statewright::asl::QueryLanguage;
use statewright::prelude::*;
use statewright_simulate::history::Event;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::{Run, simulate};

#[derive(Shape)]
struct Given {
    sum: i64,
    name: String,
}

const ADD: lambda::Function<Vec<i64>, Given> = lambda::Function::named("add");

/// A task: what it waits for, whose output it reads, how long it takes, and whether it is a block.
#[derive(Clone, Debug)]
struct Planned {
    after: Vec<usize>,
    reads: Vec<usize>,
    seconds: u64,
    kind: u8,
}

fn dags() -> impl Strategy<Value = Vec<Planned>> {
    let task = (prop::collection::vec(0_u8..8, 10), 1_u64..9, 0_u8..5);
    prop::collection::vec(task, 1..10).prop_map(|tasks| {
        let kept = |edges: &[u8], number: usize, kind: u8| (0..number).filter(|to| edges[*to] == kind).collect();
        let planned = |(number, (edges, seconds, kind)): (usize, &(Vec<u8>, u64, u8))| Planned {
            after: kept(edges, number, 0),
            reads: kept(edges, number, 1),
            seconds: *seconds,
            kind: *kind,
        };
        tasks.iter().enumerate().map(planned).collect()
    })
}

#[derive(Shape)]
struct Sums {
    sums: Vec<i64>,
    names: Vec<String>,
}

fn workflow(plan: &[Planned], language: QueryLanguage) -> Workflow {
    Workflow::new("w", |w, start: Value<i64>| {
        let all = w.dag("Dag", |d| {
            let mut tasks: Vec<statewright::dag::Task<'_, Value<i64>>> = Vec::new();
            let mut names = Vec::new();
            for (number, planned) in plan.iter().enumerate() {
                let list = |own: i64| -> Vec<Value<i64>> {
                    let read = planned.reads.iter().map(|from| tasks[*from].output());
                    [Value::from(own), start].into_iter().chain(read).collect()
                };
                let (name, own) = (number.to_string(), i64::try_from(number).unwrap());
                let task = match planned.kind {
                    0 => d.block(name.clone(), |w| {
                        let given = w.run(&name, ADD.invoke(list(own)));
                        w.when(format!("{name} large"), given.sum.gt(50), |w| w.value(given.sum - 50))
                            .otherwise(|w| w.value(given.sum))
                    }),
                    1 => d.block(name.clone(), |w| {
                        let tried = w.attempt(format!("{name} tried"), |w| w.run(&name, ADD.invoke(list(own))).sum);
                        tried.recover(|w, _| w.value(-1))
                    }),
                    // JSONPath can't add up a list.
                    2 if language == QueryLanguage::Jsonata => d.block(name.clone(), |w| {
                        let each = w
                            .map(format!("{name} each"), list(own))
                            .each(|w, item| w.run(&name, ADD.invoke(vec![item])).sum);
                        each.sum()
                    }),
                    _ => {
                        let task = d.task(name, ADD.invoke(list(own)));
                        names.push(task.output().name);
                        planned.after.iter().fold(task, |task, first| task.after(tasks[*first]));
                        d.block(format!("sum of {number}"), |_| task.output().sum)
                    }
                };
                tasks.push(planned.after.iter().fold(task, |task, first| task.after(tasks[*first])));
            }
            let sums: Vec<Value<i64>> = tasks.iter().map(|task| task.output()).collect();
            (sums.typed(), names.typed())
        });
        let (sums, names) = all;
        w.wait("Wait", Duration::from_secs(1));
        w.value(SumsFields { sums, names }.into_value())
    })
    .query_language(language)
}

fn run(plan: &[Planned], workflow: &Workflow) -> Run {
    let seconds: HashMap<String, u64> =
        plan.iter().enumerate().map(|(number, planned)| (number.to_string(), planned.seconds)).collect();
    let add = move |request: &Request| {
        let list = request.parameters["Payload"].as_array().unwrap();
        let sum: i64 = list.iter().map(|item| item.as_i64().unwrap()).sum();
        let given = json!({ "Payload": { "sum": sum, "name": format!("n{}", request.state) } });
        Some(Answer::returns(given).after(Duration::from_secs(seconds[&request.state])))
    };
    simulate(workflow).input(3).mock(add).run().unwrap()
}

/// What the tasks give, computed here.
fn sums(plan: &[Planned]) -> Vec<i64> {
    let mut sums: Vec<i64> = Vec::new();
    for (number, planned) in plan.iter().enumerate() {
        let sum = i64::try_from(number).unwrap() + 3 + planned.reads.iter().map(|from| sums[*from]).sum::<i64>();
        sums.push(if planned.kind == 0 && sum > 50 { sum - 50 } else { sum });
    }
    sums
}

/// When each task is entered first and left last.
fn times(history: &[Event]) -> HashMap<usize, (i64, i64)> {
    let mut times = HashMap::new();
    for event in history.iter().filter(|event| event.kind.name().starts_with("TaskState")) {
        let Some(Ok(number)) = event.state().map(str::parse::<usize>) else { continue };
        let time: &mut (i64, i64) = times.entry(number).or_insert((event.millis, event.millis));
        *time = (time.0.min(event.millis), time.1.max(event.millis));
    }
    times
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn tasks_start_behind_those_that_they_need_and_read_what_these_gave(plan in dags(), paths in any::<bool>()) {
        let language = if paths { QueryLanguage::JsonPath } else { QueryLanguage::Jsonata };
        let workflow = workflow(&plan, language);
        let compiled = workflow.compile("app");
        prop_assert!(!compiled.diagnostics.has_errors(), "{}", compiled.diagnostics);
        let run = run(&plan, &workflow);
        let is_task = |kind: u8| kind > 2 || (kind == 2 && paths);
        let tasks = plan.iter().enumerate().filter(|(_, planned)| is_task(planned.kind));
        let names: Vec<_> = tasks.map(|(number, _)| format!("n{number}")).collect();
        let expected = json!({ "sums": sums(&plan), "names": names });
        prop_assert_eq!(run.output(), Some(expected), "{}", run.failure());
        let times = times(&run.history());
        for (number, planned) in plan.iter().enumerate() {
            for first in planned.after.iter().chain(&planned.reads) {
                prop_assert!(times[first].1 <= times[&number].0, "{} waits for {}: {:?}", number, first, times);
            }
        }
        // Where nothing was added, the whole takes as long as its longest way.
        if compiled.diagnostics.is_empty() {
            let mut ends: Vec<u64> = Vec::new();
            for planned in &plan {
                let start = planned.after.iter().chain(&planned.reads).map(|first| ends[*first]).max();
                ends.push(start.unwrap_or_default() + planned.seconds);
            }
            let longest = ends.into_iter().max().unwrap_or_default();
            prop_assert_eq!(run.elapsed(), Duration::from_secs(longest + 1));
        }
    }
}

/// The first failure ends the DAG, and a handler around it gets the error.
#[test]
fn a_task_that_fails_fails_the_dag() {
    let workflow = Workflow::new("w", |w, start: Value<i64>| {
        w.attempt("Try", |w| {
            w.dag("Dag", |d| {
                let a = d.task("0", ADD.invoke(vec![start]));
                let b = d.block("Fails", |w| {
                    w.wait("Wait", Duration::from_secs(1));
                    w.when("Bad", start.gt(0), |w| w.fail("Fail", "Bad", "it is")).otherwise(|_| ());
                });
                d.task("1", ADD.invoke(vec![a.output().sum])).after(b);
                a.output().sum
            })
        })
        .recover(|w, _| w.value(-1))
    });
    let calls = |request: &Request| {
        let given = json!({ "Payload": { "sum": 1, "name": request.state } });
        Some(Answer::returns(given).after(Duration::from_secs(5)))
    };
    let run = |input: i64| simulate(&workflow).input(input).mock(calls).run().unwrap();
    assert_eq!((run(0).output(), run(0).elapsed()), (Some(json!(1)), Duration::from_secs(10)));
    assert_eq!((run(1).output(), run(1).elapsed()), (Some(json!(-1)), Duration::from_secs(1)));
}
