//! One source, two query languages: what a workflow does is the same in both.

use std::time::Duration;

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::{Run, simulate};

#[derive(Shape)]
struct Line {
    article: String,
    count: i64,
    note: Option<String>,
}

#[derive(Shape)]
struct Order {
    id: String,
    urgent: bool,
    total: i64,
    limit: Option<i64>,
    lines: Vec<Line>,
    tags: Vec<String>,
    batches: Vec<Batch>,
}

#[derive(Shape)]
struct Batch {
    parts: Vec<i64>,
}

const ECHO: lambda::Function<Json, Json> = lambda::Function::named("echo");
const LOOK: lambda::Function<String, Order> = lambda::Function::named("look");

fn order() -> Json {
    json!({
        "id": "o'{1}", "urgent": true, "total": 7, "tags": ["a", "b", "a"],
        "batches": [{ "parts": [1, 2] }, { "parts": [] }, { "parts": [3] }],
        "lines": [{ "article": "x", "count": 2, "note": "n" }, { "article": "y", "count": 5 }],
    })
}

fn answer(request: &Request) -> Answer {
    if request.state.starts_with("Look") {
        return Answer::returns(json!({ "Payload": order() }));
    }
    if request.state.starts_with("Bad") {
        return Answer::fails("Odd.Error", "because");
    }
    Answer::returns(json!({ "Payload": request.parameters["Payload"] }))
}

fn run(workflow: &Workflow, input: &Json) -> Run {
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let text = compiled.bundle.state_machine.definition.to_text();
    let run = simulate(workflow).input(input.clone()).mock(|request: &Request| Some(answer(request))).run();
    let run = run.unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert!(run.output().is_some(), "{}\n{text}", run.failure());
    run
}

/// Runs it in both languages: the same output, and the same calls.
#[track_caller]
fn same<I: Shape, R: statewright::scope::Outcome>(name: &str, input: Json, body: impl Fn(&mut Scope, Value<I>) -> R) {
    let jsonata = run(&Workflow::new(name, &body), &input);
    let paths = Workflow::new(name, &body).query_language(QueryLanguage::JsonPath);
    let jsonpath = run(&paths, &input);
    let calls = |run: &Run| run.calls().iter().map(|call| call.parameters.clone()).collect::<Vec<_>>();
    let text = || paths.compile("app").bundle.state_machine.definition.to_text();
    assert_eq!(jsonpath.output(), jsonata.output(), "{name}: {}", text());
    assert_eq!(calls(&jsonpath), calls(&jsonata), "{name}: {}", text());
    assert_eq!(jsonpath.elapsed(), jsonata.elapsed(), "{name}: {}", text());
}

/// The value of an expression, read from the input, from a result and from a variable.
#[track_caller]
fn same_value<T: Shape>(name: &str, value: impl Fn(Value<Order>) -> Value<T>) {
    same(name, order(), |w: &mut Scope, input: Value<Order>| w.value(value(input)));
    same(name, order(), |w: &mut Scope, input: Value<Order>| w.run("Echo", ECHO.invoke(value(input).untyped())));
    same(name, json!("id"), |w: &mut Scope, id: Value<String>| {
        let order = w.run("Look", LOOK.invoke(id));
        value(order)
    });
    same(name, json!("id"), |w: &mut Scope, id: Value<String>| {
        let order = w.run("Look", LOOK.invoke(id));
        w.wait("Wait", Duration::from_secs(5));
        let found = w.set("Found", value(order));
        w.run("Echo", ECHO.invoke(found.untyped()));
        w.run("EchoAgain", ECHO.invoke(found.untyped()))
    });
}

#[test]
fn values_are_the_same() {
    same_value("text", |o| text!("{} of {}: it's {{}}", o.id, o.total));
    same_value("number", |o| text!("{}", o.total));
    same_value("add", |o| o.total + 3);
    same_value("subtract", |o| o.total - 3);
    same_value("add-two", |o| o.total + o.total);
    same_value("json", |o| o.lines.to_json());
    same_value("parse", |o| o.lines.to_json().parse_json::<Json>());
    same_value("base64", |o| o.id.base64_encode());
    same_value("decode", |o| o.id.base64_encode().base64_decode());
    same_value("hash", |o| o.id.sha256());
    same_value("len", |o| o.lines.len());
    same_value("contains", |o| o.tags.contains("b"));
    same_value("distinct", |o| o.tags.distinct());
    same_value("concat", |o| o.tags.concat(["z"]));
    same_value("map", |o| o.lines.map(|line| line.article));
    same_value("filter", |o| o.lines.filter(|line| line.count.gt(2)));
    same_value("filter-map", |o| o.lines.filter(|line| line.article.eq("x").or(line.count.lt(1))).map(|l| l.article));
    same_value("flat-map", |o| o.batches.flat_map(|batch| batch.parts));
    same_value("flat-list", |o| o.batches.map(|batch| batch.parts).flatten());
    same_value("first", |o| o.tags.first());
    same_value("none", |o| o.tags.get(9));
    same_value("absent", |o| o.limit);
    same_value("or", |o| o.limit.or(4));
    same_value("or-there", |o| o.tags.first().or("x"));
    same_value("is-some", |o| o.limit.is_some());
    same_value("if-else", |o| o.total.gt(5).if_else(o.id, "small"));
    same_value("compare", |o| o.total.gt(5).and(o.urgent).and(!o.limit.is_some()));
    same_value("equal", |o| o.id.eq("x"));
    same_value("not-equal", |o| o.id.ne("x"));
    same_value("equal-two", |o| o.id.eq(text!("{}", o.total)));
    same_value("text-contains", |o| o.id.contains("{1"));
    same_value("starts", |o| o.id.starts_with("o'").if_else("yes", "no"));
    same_value("ends", |o| o.id.ends_with("1"));
    same_value("text-order", |o| o.id.lt("p").if_else(o.id, "p"));
    same_value("chunks", |o| o.tags.chunks(2));
    same_value("split", |o| o.id.split("{"));
    same_value("object", |o| {
        Value::from(LineFields { article: o.id, count: o.total, note: o.lines.first().expect_some().note })
    });
    same_value("list", |o| Value::<Vec<String>>::from([o.id, text!("x{}", o.total)]));
    same_value("object-in-text", |o| {
        Value::from(LineFields { article: o.id, count: o.total, note: Value::none() }).to_json()
    });
    same_value("quotient-in-a-choice", |o| o.limit.or(4).lt(o.total).if_else("less", "more"));
    same_value("constant", |_| Value::<i64>::from(5));
    same_value("nothing", |_| Value::<Option<i64>>::none());
    same_value("date", |_| execution::start().date());
    same_value("time", |_| execution::start().format("at [H01]:[m01] {on} [D01].[M01].[Y0001]"));
    same_value("context", |_| execution::name());
}

/// A command of words that are known and words that are computed: `States.Array` of `States.Format`.
#[test]
fn commands_of_containers_are_the_same() {
    let export = ecs::TaskDefinition::family("export").no_roles();
    same("container", order(), |w: &mut Scope, o: Value<Order>| {
        let path = text!("s3://out/{}/{}.csv", o.id, o.total);
        let step = ecs::RunTask::new("batch", export).container("app", |c| {
            let c = c.args(["export", "--to"]).arg(path).arg("--limit").arg(o.limit.or(9).to_text());
            c.environment("ORDER", o.id).memory(o.total + 512)
        });
        w.run("Export", step);
    });
}

#[test]
fn states_are_the_same() {
    same("choice", order(), |w: &mut Scope, o: Value<Order>| {
        w.when("Big", o.lines.len().gt(1).and(o.total.lt(10)), |w| {
            w.run("Echo", ECHO.invoke(text!("big {}", o.id).untyped()))
        })
        .or_when(o.limit.is_some(), |w| w.run("Echo2", ECHO.invoke(o.id.untyped())))
        .otherwise(|w| w.value(Json::Null))
    });
    same("map", order(), |w: &mut Scope, o: Value<Order>| {
        let prefix = w.set("Prefix", text!("p-{}", o.id));
        w.map("Each", o.lines).each(|w, line| {
            let echo = w.run("Echo", ECHO.invoke(text!("{prefix} {} {}", line.article, map::index()).untyped()));
            w.wait("Wait", Duration::from_secs(1));
            w.value(text!("{} {}", line.article, echo.cast::<String>()))
        })
    });
    same("map-later", order(), |w: &mut Scope, o: Value<Order>| {
        w.wait("First", Duration::from_secs(1));
        let big = w.map("Each", o.lines.filter(|l| l.count.gt(1))).max_concurrency(o.total).each(|w, line| {
            w.when("IsNoted", line.note.is_some(), |w| w.value("noted")).otherwise(|w| w.value("plain"))
        });
        w.value(big.len())
    });
    same("parallel", order(), |w: &mut Scope, o: Value<Order>| {
        let key = w.set("Key", text!("k-{}", o.id));
        let (a, b) = w
            .parallel("Both")
            .branch(|w| w.run("EchoA", ECHO.invoke(key.untyped())))
            .branch(|w| {
                w.wait("Wait", Duration::from_secs(2));
                w.value(text!("{key} {}", o.total))
            })
            .join();
        w.value(text!("{} {b}", a.cast::<String>()))
    });
    same("attempt", order(), |w: &mut Scope, o: Value<Order>| {
        w.attempt("Try", |w| {
            w.run("Bad", ECHO.invoke(o.id.untyped()));
            w.value("fine")
        })
        .recover(|w, error| w.value(text!("{}: {} for {}", error.error, error.cause, o.id)))
    });
    same("wait", order(), |w: &mut Scope, o: Value<Order>| {
        w.wait("Computed", o.total + 1);
        w.wait("Read", o.total);
        w.wait("Until", text!("2019-01-01T00:00:0{}Z", o.total).to_timestamp());
        w.value(o.id)
    });
    same("poll", order(), |w: &mut Scope, o: Value<Order>| {
        let found = w.poll("Found", Duration::from_secs(3), Duration::from_secs(60), |w| {
            let order = w.run("Look", LOOK.invoke(o.id));
            (order.total.ge(7).and(order.limit.is_none()), order)
        });
        w.value(found.total)
    });
    same("repeat", order(), |w: &mut Scope, o: Value<Order>| {
        w.repeat("Count", o.total, 20, |w, n| {
            w.run("Echo", ECHO.invoke(text!("{n}").untyped()));
            ((n + 1).lt(12), n + 1)
        })
    });
    same("switch", order(), |w: &mut Scope, o: Value<Order>| {
        w.switch("Kind", o.lines.first().expect_some().article).case("x", |w| w.value(1)).otherwise(|w| w.value(2))
    });
    same("nothing", order(), |w: &mut Scope, o: Value<Order>| {
        w.run("Echo", ECHO.invoke(o.untyped()));
    });
    same("nested", order(), |w: &mut Scope, o: Value<Order>| {
        w.map("Outer", o.lines).each(|w, line| {
            w.map("Inner", o.tags).each(|w, tag| {
                w.run("Echo", ECHO.invoke(text!("{} {tag}", line.article).untyped()));
                w.value(text!("{tag} {} {}", line.count, o.id))
            })
        })
    });
}

#[derive(Shape)]
struct Row {
    id: String,
}

#[test]
fn what_has_an_execution_of_its_own_is_the_same() {
    same("distributed", order(), |w: &mut Scope, o: Value<Order>| {
        let prefix = w.set("Prefix", text!("p-{}", o.id));
        w.distributed("Each", o.lines).tolerated_failures(o.total).each(|w, line| {
            let echo = w.run("Echo", ECHO.invoke(text!("{prefix} {}", line.article).untyped()));
            w.map("Inner", o.tags).each(|w, tag| {
                w.run("EchoTag", ECHO.invoke(text!("{tag} {}", line.count).untyped()));
                w.value(text!("{} {tag} {prefix} {}", line.article, echo.cast::<String>()))
            })
        })
    });
    let body = |w: &mut Scope, o: Value<Order>| {
        w.wait("Before", Duration::from_secs(1));
        w.distributed("Each", S3Items::<Row>::csv("in", text!("{}.csv", o.id))).each(|w, row| {
            w.wait("Wait", Duration::from_secs(1));
            w.value(text!("{} of {}", row.id, o.id))
        })
    };
    let run = |language| {
        let rows = Workflow::new("rows", body).query_language(language);
        let buckets = statewright_simulate::s3::S3::new().with_object("in", "o'{1}.csv", "id\nx\ny\n");
        simulate(&rows).input(order()).buckets(buckets).run().unwrap().output()
    };
    assert_eq!(run(QueryLanguage::JsonPath), Some(json!(["x of o'{1}", "y of o'{1}"])));
    assert_eq!(run(QueryLanguage::JsonPath), run(QueryLanguage::Jsonata));
}

#[test]
fn what_fails_fails_the_same_way() {
    let runs = |body: fn(&mut Scope, Value<Order>)| {
        [QueryLanguage::Jsonata, QueryLanguage::JsonPath].map(|language| {
            let workflow = Workflow::new("failing", body).query_language(language);
            let run = simulate(&workflow).input(order()).mock(|request: &Request| Some(answer(request))).run().unwrap();
            (run.failure().error.clone(), run.failure().cause.clone(), run.calls().len())
        })
    };
    let [jsonata, jsonpath] = runs(|w, o| {
        let _ = w.fail("Stop", "Odd", text!("{} is odd", o.id));
    });
    assert_eq!((jsonata.1.as_deref(), &jsonata), (Some("o'{1} is odd"), &jsonpath));
    let [jsonata, jsonpath] = runs(|w, o| {
        w.attempt("Try", |w| {
            w.run("Bad", ECHO.invoke(o.id.untyped()));
        })
        .recover(|w, error| {
            w.run("Echo", ECHO.invoke(error.error.untyped()));
            let _ = w.rethrow("Again", error);
        });
    });
    assert_eq!((jsonata.0.as_deref(), jsonata.2, &jsonata), (Some("Odd.Error"), 2, &jsonpath));
}

/// A random value is drawn once, wherever it is read.
#[test]
fn what_is_random_is_drawn_once() {
    let workflow = Workflow::new("ids", |w, _: Value<()>| {
        let id = w.set("Id", Value::<String>::uuid());
        w.run("Echo", ECHO.invoke(id.untyped()));
        w.value(id)
    })
    .query_language(QueryLanguage::JsonPath);
    let run = run(&workflow, &json!({}));
    assert_eq!(run.output(), Some(run.calls()[0].parameters["Payload"].clone()));
}

#[test]
fn what_intrinsic_functions_cannot_say_is_named_with_its_line() {
    let workflow = Workflow::new("unsaid", |w, o: Value<Order>| {
        let name = w.set("Name", o.id.upper());
        w.run("Echo", ECHO.invoke(text!("{name} {}", o.total * 2).untyped()));
        w.wait("Later", execution::start().plus_hours(1));
        w.run("Millis", ECHO.invoke(execution::start().millis().untyped()));
        let notes = o.lines.map(|line| text!("{}!", line.article));
        w.run("Echo2", ECHO.invoke(notes.untyped()));
        w.value(o.lines.filter(|line| line.note.is_some()).len())
    })
    .query_language(QueryLanguage::JsonPath);
    let found = workflow.compile("app").diagnostics.to_string();
    let said = [
        "`input.id.upper()` can't be said in JSONPath",
        "`input.total.mul(2)` can't be said in JSONPath",
        "`ExecutionStart.plus_seconds()` can't be said in JSONPath",
        "`ExecutionStart.millis()` can't be said in JSONPath",
        "`input.lines.map(|item| text!(\"{item.article}!\"))` can't be said in JSONPath",
        "`input.lines.filter(|item| item.note.is_some())` can't be said in JSONPath",
    ];
    for text in said {
        assert_eq!(found.matches(text).count(), 1, "{text}\n{found}");
    }
    assert_eq!(found.matches("error[SW0250]").count(), said.len(), "{found}");
    assert!(found.contains("languages.rs:") && found.contains("no intrinsic function does it"), "{found}");
}

/// The guard is in JSONata, whatever is around it.
#[test]
fn a_guard_goes_around_either() {
    let run = |language| {
        let workflow = Workflow::new("guarded", |w, o: Value<Order>| {
            let first = w.run("Echo", ECHO.invoke(o.id.untyped()));
            w.guarded("slots", Concurrency::limit(2), |w| w.run("EchoInside", ECHO.invoke(first)))
        })
        .timeout(Duration::from_secs(600))
        .concurrency(Concurrency::exclusive())
        .query_language(language);
        let run = simulate(&workflow)
            .input(order())
            .mock(|request: &Request| request.state.starts_with("Echo").then(|| answer(request)));
        let run = run.run().unwrap();
        (run.output(), run.path().iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let found = run(QueryLanguage::JsonPath);
    assert_eq!(found.0, Some(json!("o'{1}")));
    assert_eq!(found, run(QueryLanguage::Jsonata));
}

#[test]
fn jumps_and_batches_are_the_same() {
    same("jumps", order(), |w: &mut Scope, o: Value<Order>| {
        let (again, n) = w.label_with("Again", o.total);
        w.run("Echo", ECHO.invoke(text!("{n}").untyped()));
        w.when("Enough", n.lt(9), |w| w.goto_with(again, n + 1));
        w.value(text!("{n} of {}", o.id))
    });
    same("batches", order(), |w: &mut Scope, o: Value<Order>| {
        let prefix = w.set("Prefix", text!("p-{}", o.id));
        w.distributed("Each", o.tags).batches(Batches::of(2)).each(|w, tags| {
            w.run("Echo", ECHO.invoke(tags.untyped()));
            w.value(text!("{prefix} {}", tags.len()))
        })
    });
}

/// Jumps, batches, and states in the words of the language do the same in both.
#[test]
fn loops_of_jumps_batches_and_raw_states_are_the_same() {
    same("jumps", json!(3), |w: &mut Scope, most: Value<i64>| {
        let (again, count) = w.label_with("Again", 0_i64);
        let told = w.set("Told", text!("{count} of {most}"));
        w.run("Echo", ECHO.invoke(told.untyped()));
        w.when("More", count.lt(most), |w| w.goto_with(again, count + 1));
        let end = w.forward_label("End");
        w.when("None", most.eq(0), |w| w.goto(end));
        w.run("EchoMost", ECHO.invoke(most.untyped()));
        w.place(end);
        w.value(told)
    });
    same("items", json!(["a", "b"]), |w: &mut Scope, names: Value<Vec<String>>| {
        w.map("Each", names).max_concurrency(1).each(|w, name| {
            let again = w.label("Again");
            w.run("Echo", ECHO.invoke(name.untyped()));
            w.when("Never", name.eq("c"), |w| w.goto(again));
            name
        })
    });
    same("batches", json!([1, 2, 3]), |w: &mut Scope, numbers: Value<Vec<i64>>| {
        let count = w.set("Count", numbers.len());
        w.wait("Before", Duration::from_secs(1));
        w.distributed("Each", numbers).max_concurrency(1).batches(Batches::of(count - 1)).each(|w, batch| {
            w.run("Echo", ECHO.invoke(batch.untyped()));
            text!("{} of {count}", batch.len())
        })
    });
    same("raw", order(), |w: &mut Scope, order: Value<Order>| {
        let raw = json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $uppercase($states.input) %}" });
        let upper: Value<String> = w.state("Upper", RawState::from(raw).input(order.lines.len().to_text()));
        let raw = json!({ "Type": "Pass", "QueryLanguage": "JSONPath", "Parameters": { "id.$": "$.id" } });
        let id: Value<Json> = w.state("Id", RawState::from(raw).input(order));
        w.run("Echo", ECHO.invoke(id));
        upper
    });
}
