//! Compiled workflows do at run time what they say: executed by an interpreter and a JSONata engine from elsewhere.

use std::fs;

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_simulate::jsonata::Expression;
use statewright_tests::{Options, Server, need, scratch};

const REPORTS: sns::Topic = sns::Topic::named("reports");
const MISSING: sns::Topic = sns::Topic::named("no-such-topic");

#[derive(Shape)]
struct Item {
    id: String,
    size: i64,
}

#[derive(Shape)]
struct Input {
    #[serde(rename = "first-name")]
    name: String,
    note: Option<String>,
    flag: bool,
    items: Vec<Item>,
}

fn publish(message: impl Typed) -> sns::Publish {
    sns::Publish::new(REPORTS, message)
}

/// A variable is readable from the next state on only: what reads it at once gets its expression.
fn just_assigned() -> Workflow {
    Workflow::new("just-assigned", |w, input: Value<Input>| {
        let before = w.set("Before", input.name.upper());
        w.run("Publish", publish(before));
        let after = w.set("After", text!("{before}!"));
        w.set("Last", text!("{after}?"))
    })
}

/// Where arms meet, each brings the joined value, through further states too.
fn joins() -> Workflow {
    Workflow::new("joins", |w, input: Value<Input>| {
        let sent = w.when("Flag", input.flag, |w| {
            w.run("Publish", publish("x"));
            w.value("sent")
        });
        let sent = sent.otherwise(|w| w.set("Not", text!("not sent to {}", input.name)));
        w.wait("Wait", Duration::from_secs(0));
        let tried = w.attempt("Try", |w| {
            w.run("PublishNowhere", sns::Publish::new(MISSING, "x"));
            w.value("found")
        });
        let tried = tried.recover(|w, error| {
            let name = w.set("Name", error.error);
            w.wait("Breathe", Duration::from_secs(0));
            name
        });
        w.set("Both", text!("{sent}, {tried}"))
    })
}

/// The handler around the workflow gets errors of inner scopes through their Parallel, once.
fn handler() -> Workflow {
    Workflow::new("handler", |w, input: Value<Input>| {
        w.parallel("Both")
            .branch(|w| {
                w.run("Good", publish("x"));
            })
            .branch(|w| {
                w.map("Each", input.items).each(|w, item| {
                    w.run("Bad", sns::Publish::new(MISSING, item.id));
                })
            })
            .join();
        w.run("Never", publish("x"));
    })
    .on_error(|w, error| {
        w.run("Tell", publish(text!("{}", error.error)));
    })
}

/// Inner scopes read what is around them, and keep their own values under their own names; before the first state
/// nothing can be assigned, so it goes with the items.
fn scopes() -> Workflow {
    Workflow::new("scopes", |w, input: Value<Input>| {
        let prefix = w.set("Prefix", text!("{}-", input.name.lower()));
        let named = w.map("Outer", input.items).each(|w, item| {
            let (left, right) = w
                .parallel("Sides")
                .branch(|w| {
                    let id = w.set("Id", text!("{prefix}{}", item.id));
                    w.run("Publish", publish(id));
                    id
                })
                .branch(|w| {
                    w.map("Inner", ["a", "b"]).each(|w, letter| {
                        w.wait("Pause", Duration::from_secs(0));
                        w.set("Letter", text!("{prefix}{letter}{}", item.size))
                    })
                })
                .join();
            w.wait("After", Duration::from_secs(0));
            text!("{left}:{}", right.join("+"))
        });
        w.wait("Later", Duration::from_secs(0));
        w.set("All", text!("{}/{prefix}", named.join(" ")))
    })
}

/// What is computed before the first state of an item, and lists of lists and of objects.
fn lists() -> Workflow {
    Workflow::new("lists", |w, input: Value<Input>| {
        let rows = w.map("Outer", input.items).each(|w, outer| {
            w.map("Inner", ["a", "b"]).each(|w, letter| {
                let key = w.set("Key", text!("{}/{letter}", outer.id));
                w.wait("Pause", Duration::from_secs(0));
                key
            })
        });
        w.wait("Later", Duration::from_secs(0));
        let last = w.value(["z"]);
        let first = input.items.map(|item| item.id);
        w.value(ListsFields {
            more: rows.concat([last]),
            one: rows.filter(|row| row.contains("y/a")),
            count: [first, last].typed().len(),
            has: input.items.contains(ItemFields { id: "y".into(), size: 3.into() }),
            json: input.name.to_json(),
            notes: input.items.map(|_| input.note),
            none: input.note.eq(Value::none()),
            rows,
        })
    })
}

#[derive(Shape)]
struct Lists {
    rows: Vec<Vec<String>>,
    more: Vec<Vec<String>>,
    one: Vec<Vec<String>>,
    count: i64,
    has: bool,
    json: String,
    notes: Vec<Option<String>>,
    none: bool,
}

/// Names that mean something elsewhere, or twice, are still only names.
fn names() -> Workflow {
    Workflow::new("names", |w, input: Value<Input>| {
        let count = w.set("count", input.items.len());
        let first = w.set("item", text!("{count}a"));
        let again = w.set("item", text!("{count}b"));
        let all = w.map("Done", input.items).each(|w, each| {
            w.wait("states", Duration::from_secs(0));
            let string = w.set("string", text!("{first}{again}{}", each.id));
            w.wait("Größe 1", Duration::from_secs(0));
            string.upper()
        });
        w.wait("Wait", Duration::from_secs(0));
        w.when("Any", count.gt(0), |_| ());
        w.set("result", text!("{} {count} {}", all.join(","), all.len()))
    })
}

/// A random value is drawn once, however often and wherever it is read.
fn random() -> Workflow {
    Workflow::new("random", |w, _: Value<Input>| {
        let id = w.set("Id", Value::<String>::uuid());
        let again = w.set("Again", text!("{id}"));
        w.run("Publish", publish(id));
        w.set("Same", again.eq(id))
    })
}

/// What is not there is `null`, never an expression without a value.
fn absent() -> Workflow {
    Workflow::new("absent", |w, input: Value<Input>| {
        let first = w.set("First", input.items.first());
        w.wait("Wait", Duration::from_secs(0));
        let size = w.when_some("Any", first, |_, item| item.size).otherwise(|w| w.value(0));
        let note = w.set("Note", input.note);
        w.wait("Again", Duration::from_secs(0));
        w.value(AbsentFields { size, note, shout: note.or("nothing").upper(), known: input.note.is_some() })
    })
}

#[derive(Shape)]
struct Absent {
    size: i64,
    note: Option<String>,
    shout: String,
    known: bool,
}

#[derive(Shape)]
struct Computed {
    texts: Vec<String>,
    numbers: Vec<f64>,
    flags: Vec<bool>,
    pieces: Vec<String>,
    ids: Vec<String>,
    pairs: Vec<Vec<String>>,
    split: Vec<Vec<String>>,
    big: Vec<Item>,
    parsed: Item,
    quoted: String,
    #[serde(rename = "it's odd")]
    odd: String,
}

/// Every operator.
fn operators() -> Workflow {
    Workflow::new("operators", |w, input: Value<Input>| {
        let (name, items) = (input.name, input.items);
        let sizes = items.map(|item| item.size);
        let time = w.set("Time", w.value("2026-02-28T20:30:00.000Z").to_timestamp());
        w.wait("Wait", Duration::from_secs(0));
        let texts = [
            text!("{name} has {} items, {}", items.len(), input.flag),
            text!("  a  b ").trim(),
            name.before("a"),
            name.after("d"),
            name.substring(1, 1),
            name.replace("a", "o"),
            name.base64_encode().base64_decode(),
            name.sha256().substring(0, 8),
            items.map(|item| item.id).join("|"),
            time.date(),
            time.minus_hours(5).plus_minutes(31).date_in("+0900"),
            time.plus_days(1).format("[Y]/[M01]/[D01] [H01]:[m01]"),
            input.flag.if_else("yes", "no"),
            items.len().to_text(),
            "it's \"quoted\" \\ {% x %}".into(),
        ];
        let number = |n: Value<i64>| n.cast::<f64>();
        let numbers = [
            number(sizes.sum()),
            number(sizes.sum() - 1 - items.len()),
            number((items.len() + 1) * 2),
            number(-(items.len() - 5)),
            number(sizes.sum() % 4),
            number(sizes.max().or(0)),
            number(sizes.min().or(0)),
            (text!("2.5").to_number() / 2.0).floor(),
            text!("2.5").to_number().ceil(),
            text!("3.5").to_number().round(),
            text!("-3").to_number().abs(),
            number(name.len()),
            number(items.filter(|item| item.size.gt(1)).len()),
        ];
        let flags = [
            name.eq("Ada"),
            name.ne("Ada"),
            name.contains("d"),
            name.is_one_of(["Eve", "Ada"]),
            sizes.contains(3),
            items.len().lt(2).or(items.len().ge(3)).and(!input.flag),
            !(input.flag.and(name.is_empty())),
            sizes.is_empty(),
            time.is_before(execution::start()),
            items.len().le(3),
        ];
        let parsed = w.set("Parsed", text!("{{\"id\": \"p\", \"size\": 7}}").parse_json::<Item>());
        w.value(ComputedFields {
            texts: texts.into(),
            numbers: numbers.into(),
            flags: flags.into(),
            pieces: text!("a").split(","),
            ids: items.filter(|item| item.size.eq(3)).map(|item| item.id).concat(["z", "z"]).distinct(),
            pairs: items.filter(|item| item.size.eq(3)).map(|item| [item.id, text!("{}", item.size)]),
            split: [name, text!("x,y")].typed().map(|text| text.split(",")),
            big: items.filter(|item| item.size.gt(2)),
            parsed,
            quoted: parsed.to_json(),
            odd: name,
        })
    })
}

/// What the operators give for Ada and two items.
fn operators_give() -> Json {
    json!({
        "texts": [
            "Ada has 2 items, true", "a b", "Ad", "a", "d", "Ado", "Ada", "99a563ab", "x|y", "2026-02-28", "2026-03-01",
            "2026/03/01 20:30", "yes", "2", "it's \"quoted\" \\ {% x %}",
        ],
        "numbers": [4, 1, 6, 3, 0, 3, 1, 1, 3, 4, 3, 3, 1],
        "flags": [true, false, true, true, true, false, true, false, true, true],
        "pieces": ["a"],
        "ids": ["y", "z"],
        "pairs": [["y", "3"]],
        "split": [["Ada"], ["x", "y"]],
        "big": [{ "id": "y", "size": 3 }],
        "parsed": { "id": "p", "size": 7 },
        "quoted": "{\"id\":\"p\",\"size\":7}",
        "it's odd": "Ada",
    })
}

/// The same by our own engine, for whoever has no Python: the output of the one state is evaluated.
#[test]
fn our_own_engine_agrees() {
    let compiled = operators().compile("lowering");
    let output = compiled.bundle.state_machine.definition.states["Wait"].output.clone().unwrap();
    let items = json!([{ "id": "x", "size": 1 }, { "id": "y", "size": 3 }]);
    let input = json!({ "first-name": "Ada", "flag": true, "items": items });
    let execution = json!({ "Input": input, "StartTime": "2026-03-02T00:00:00.000Z" });
    let states = json!({ "context": { "Execution": execution }, "input": input });
    let expected = operators_give();
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&resolved(&output[name], &states), value, "{name}");
    }
}

/// A template with its expressions evaluated.
fn resolved(template: &Json, states: &Json) -> Json {
    match template {
        Json::String(text) => match text.strip_prefix("{%").and_then(|inner| inner.strip_suffix("%}")) {
            Some(expression) => {
                let expression = Expression::parse(expression).unwrap();
                expression
                    .evaluate(None, [("states", states)])
                    .unwrap()
                    .unwrap_or_else(|| panic!("{text} has no value"))
            }
            None => template.clone(),
        },
        Json::Array(items) => items.iter().map(|item| resolved(item, states)).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), resolved(value, states))).collect(),
        other => other.clone(),
    }
}

/// Every expression of the examples is JSONata.
#[test]
fn every_expression_of_the_examples_is_jsonata() {
    fn look(json: &Json, count: &mut usize) {
        match json {
            Json::String(text) => {
                if let Some(expression) = text.strip_prefix("{%").and_then(|inner| inner.strip_suffix("%}")) {
                    Expression::parse(expression).unwrap_or_else(|error| panic!("{text}: {error}"));
                    *count += 1;
                }
            }
            Json::Array(items) => items.iter().for_each(|item| look(item, count)),
            Json::Object(fields) => fields.values().for_each(|value| look(value, count)),
            _ => {}
        }
    }
    let (manifest, _) = statewright_examples::app().compile();
    let mut count = 0;
    manifest.workflows.iter().for_each(|bundle| look(&bundle.state_machine.definition.to_json(), &mut count));
    assert!(count > 80, "found only {count}");
}

#[test]
fn compiled_workflows_do_what_they_say() {
    let workflows = [just_assigned(), joins(), handler(), scopes(), names(), lists(), random(), absent(), operators()];
    let app = workflows.into_iter().fold(App::new("lowering"), App::workflow);
    let (manifest, diagnostics) = app.compile();
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let Some(server) = need(Server::localstack("lowering", Options::default())) else { return };
    server.account().prepare();
    let file = scratch("lowering-manifest").join("manifest.json");
    fs::write(&file, serde_json::to_string(&manifest).unwrap()).unwrap();
    let _ = server.statewright(&file, &["deploy"]).ends(0);

    let items = json!([{ "id": "x", "size": 1 }, { "id": "y", "size": 3 }]);
    let input = json!({ "first-name": "Ada", "flag": true, "items": items });
    let empty = json!({ "first-name": "Ada", "flag": false, "items": [] });
    let run = |machine: &str, input: &Json| {
        let execution = server.account().run(machine, input);
        assert_eq!(execution["status"], "SUCCEEDED", "{machine}: {execution}");
        serde_json::from_str::<Json>(execution["output"].as_str().unwrap()).unwrap()
    };

    assert_eq!(run("just-assigned", &input), "ADA!?");
    assert_eq!(run("joins", &input), "sent, SNS.NotFoundException");
    assert_eq!(run("joins", &empty), "not sent to Ada, SNS.NotFoundException");
    assert_eq!(run("scopes", &input), "ada-x:ada-a1+ada-b1 ada-y:ada-a3+ada-b3/ada-");
    let rows = json!([["x/a", "x/b"], ["y/a", "y/b"]]);
    let lists = json!({
        "rows": rows, "more": [["x/a", "x/b"], ["y/a", "y/b"], ["z"]], "one": [["y/a", "y/b"]], "count": 2, "has": true,
        "json": "\"Ada\"", "notes": [null, null], "none": true,
    });
    assert_eq!(run("lists", &input), lists);
    assert_eq!(run("names", &input), "2A2BX,2A2BY 2 2");
    assert_eq!(run("random", &input), true);
    assert_eq!(run("absent", &input), json!({ "size": 1, "note": null, "shout": "NOTHING", "known": false }));
    let noted = json!({ "first-name": "Ada", "flag": true, "items": [], "note": "hi" });
    assert_eq!(run("absent", &noted), json!({ "size": 0, "note": "hi", "shout": "HI", "known": true }));

    let failed = server.account().run("handler", &input);
    assert_eq!((&failed["status"], &failed["error"]), (&json!("FAILED"), &json!("SNS.NotFoundException")), "{failed}");
    let told = failed["entered"].as_array().unwrap().iter().filter(|state| **state == "Tell").count();
    assert_eq!(told, 1, "{failed}");

    let expected = operators_give();
    let found = run("operators", &input);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&found[name], value, "{name}");
    }
}
