//! The context object.

use super::*;

#[derive(Shape)]
struct Seen {
    id: String,
    name: String,
    role: String,
    start: Timestamp,
    redrives: i64,
    redriven: Option<Timestamp>,
    input: i64,
    machine: String,
    state: String,
    retries: i64,
}

#[test]
fn an_execution_knows_itself() {
    let workflow = Workflow::new("self", |w, _: Value<i64>| {
        w.map("Once", [1]).each(|w, _| {
            w.wait("Wait", Duration::from_secs(1));
        });
        w.value(SeenFields {
            id: execution::id(),
            name: execution::name(),
            role: execution::role_arn(),
            start: execution::start(),
            redrives: execution::redrive_count(),
            redriven: execution::redrive_time(),
            input: execution::input::<i64>() + 1,
            machine: execution::state_machine_name(),
            state: execution::state_name(),
            retries: execution::retry_count(),
        })
    });
    let run = simulate(&workflow).input(41).run().unwrap();
    let seen = run.output().unwrap_or_else(|| panic!("{}", run.failure()));
    assert_eq!(seen["input"], 42);
    assert_eq!(seen["redrives"], 0);
    assert_eq!(seen["redriven"], Json::Null);
    assert_eq!(seen["machine"], "self");
    assert_eq!(seen["state"], "Once");
    assert_eq!(seen["retries"], 0);
    assert!(seen["id"].as_str().unwrap().contains(seen["name"].as_str().unwrap()), "{seen}");
    assert!(seen["role"].as_str().unwrap().starts_with("arn:aws:iam::"), "{seen}");
}

#[test]
fn an_item_knows_itself() {
    let workflow = Workflow::new("items", |w, list: Value<Vec<String>>| {
        w.map("Each", list).each(|w, item| {
            w.wait("Wait", Duration::from_secs(1));
            w.value(text!("{}{}{item}{}", map::index(), map::item::<String>(), map::key().or("-")))
        })
    });
    let run = simulate(&workflow).input(json!(["a", "b"])).run().unwrap();
    assert_eq!(run.output(), Some(json!(["0aa-", "1bb-"])), "{}", run.failure());
    let outside = Workflow::new("outside", |w, _: Value<()>| w.value(map::item::<i64>()));
    let codes: Vec<_> = outside.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["SW0212"]);
}
