//! What a workflow says of its concurrency: what comes of it, and what is refused.

use std::time::Duration;

use statewright::asl::{Kind, StateMachine};
use statewright::bundle::{Role, Statement};
use statewright::guard::{Guard, Liveness, weave};
use statewright::prelude::*;
use statewright::workflow::Compiled;

fn hour() -> Duration {
    Duration::from_secs(3_600)
}

fn workflow(name: &str) -> Workflow {
    Workflow::new(name, |w, _: Value<()>| w.succeed("Done")).timeout(hour())
}

fn compiled(workflow: &Workflow) -> Compiled {
    workflow.compile("shop")
}

fn codes(workflow: &Workflow) -> Vec<&'static str> {
    compiled(workflow).diagnostics.iter().map(|problem| problem.code.id).collect()
}

fn guard_states(compiled: &Compiled) -> Vec<&str> {
    let states = compiled.bundle.state_machine.definition.states.keys();
    states.filter_map(|name| name.strip_prefix("guard/")).collect()
}

/// The statements of the execution role for the guard, by their `Sid`.
fn statement(compiled: &Compiled, sid: &str) -> Option<Statement> {
    let Role::Managed(role) = &compiled.bundle.execution_role else { return None };
    let mut statements = role.policies.iter().flat_map(|policy| &policy.policy_document.statement);
    statements.find(|statement| statement.sid == sid).cloned()
}

#[test]
fn a_scheduled_workflow_is_exclusive_and_each_tick_runs_once() {
    let scheduled = compiled(&workflow("nightly").schedule(Schedule::rate("1 day")));
    assert!(scheduled.diagnostics.is_empty(), "{}", scheduled.diagnostics);
    assert!(guard_states(&scheduled).contains(&"acquire") && guard_states(&scheduled).contains(&"duplicate"));
    let input = &scheduled.bundle.schedules[0].target.input;
    let envelope = r#"{"_schedule":{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>"}}"#;
    assert_eq!(input, envelope);
    assert!(guard_states(&compiled(&workflow("by-hand"))).is_empty());
    let opted_out = workflow("often").schedule(Schedule::rate("1 day")).concurrency(Concurrency::unlimited());
    assert!(guard_states(&compiled(&opted_out)).is_empty());
    let express = Workflow::new("quick", |w, _: Value<()>| w.succeed("Done")).express();
    assert!(guard_states(&compiled(&express.schedule(Schedule::rate("1 day")))).is_empty());
}

#[test]
fn the_typed_input_is_without_what_the_schedule_adds() {
    const LOAD: lambda::Function<Json, ()> = lambda::Function::named("load");
    let whole = Workflow::new("load", |w, input: Value<Json>| {
        w.run("Load", LOAD.invoke(input));
        w.value(schedule::time().date())
    });
    let text =
        compiled(&whole.timeout(hour()).schedule(Schedule::rate("1 day"))).bundle.state_machine.definition.to_text();
    assert!(text.contains("$k != '_schedule'"), "{text}");
    let due = "$states.context.Execution.Input._schedule.time != null ? \
               $states.context.Execution.Input._schedule.time : $states.context.Execution.StartTime";
    assert!(text.contains(due), "{text}");
}

#[test]
fn the_role_has_the_rights_of_its_own_lock_and_no_more() {
    let own = compiled(&workflow("load").concurrency(Concurrency::exclusive().settle(Duration::ZERO)));
    let lock = statement(&own, "GuardLock").unwrap();
    assert_eq!(lock.action, ["dynamodb:GetItem", "dynamodb:UpdateItem"]);
    assert_eq!(lock.condition.unwrap()["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"][0], "workflow:load");
    let holders = statement(&own, "GuardHolders").unwrap();
    assert!(holders.resource[0].ends_with(":execution:load:*") && holders.resource.len() == 1);
    assert_eq!(statement(&own, "GuardReplace"), None);

    let by_customer = Workflow::new("ship", |w, _: Value<String>| w.succeed("Done")).timeout(hour());
    let by_customer = by_customer.concurrency(Concurrency::exclusive().key_from(|customer: Value<String>| customer));
    let by_customer = compiled(&by_customer);
    let condition = statement(&by_customer, "GuardLock").unwrap().condition.unwrap();
    assert_eq!(condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"][0], "workflow:ship:*");
    let text = by_customer.bundle.state_machine.definition.to_text();
    assert!(text.contains("'workflow:ship:' & $states.context.Execution.Input"), "{text}");
}

#[test]
fn workflows_that_share_a_key_may_look_at_each_other() {
    let shares =
        |name: &str| workflow(name).concurrency(Concurrency::exclusive().key("stock").on_conflict(OnConflict::Replace));
    let (manifest, diagnostics) = App::new("shop").workflow(shares("a")).workflow(shares("b")).compile();
    assert!(diagnostics.is_empty(), "{diagnostics}");
    for bundle in manifest.workflows {
        let found = Compiled { bundle, diagnostics: Default::default(), places: Default::default() };
        for sid in ["GuardHolders", "GuardReplace"] {
            let names: Vec<String> = statement(&found, sid).unwrap().resource;
            assert!(names[0].ends_with(":execution:a:*") && names[1].ends_with(":execution:b:*"), "{names:?}");
        }
        assert_eq!(found.bundle.locks[0].key, "key:stock");
    }
}

#[test]
fn somebody_can_be_told_of_runs_that_were_skipped() {
    const ALERTS: sns::Topic = sns::Topic::named("alerts");
    let told = workflow("a").concurrency(Concurrency::exclusive().notice(Notice::sns(ALERTS)));
    let told = compiled(&told.schedule(Schedule::rate("1 day")));
    assert!(guard_states(&told).contains(&"tell-skipped") && guard_states(&told).contains(&"tell-duplicate"));
    assert!(statement(&told, "GuardNotice").unwrap().resource[0].ends_with(":alerts"));
    let bus = compiled(&workflow("a").concurrency(Concurrency::exclusive().notice(Notice::event_bus("default"))));
    assert_eq!(statement(&bus, "GuardNotice").unwrap().action, ["events:PutEvents"]);
}

#[test]
fn what_can_not_be_is_refused() {
    let exclusive = Concurrency::exclusive;
    let express = || Workflow::new("quick", |w, _: Value<()>| w.succeed("Done")).express();
    let scheduled = |schedule: Schedule| workflow("s").schedule(schedule);
    assert_eq!(codes(&Workflow::new("a", |w, _: Value<()>| w.succeed("Done")).concurrency(exclusive())), ["SW1001"]);
    assert_eq!(codes(&workflow("a").concurrency(exclusive()).dedupe(Dedupe::LatestTick)), ["SW1005"]);
    assert_eq!(codes(&express().concurrency(exclusive())), ["SW1006"]);
    assert_eq!(codes(&express().concurrency(Concurrency::best_effort_list())), ["SW1006"]);
    assert_eq!(codes(&express().concurrency(exclusive().lease())), [""; 0]);
    assert_eq!(codes(&workflow("a").concurrency(exclusive().lease())), ["SW1006"]);
    assert_eq!(codes(&scheduled(Schedule::rate("1 day").input("text"))), ["SW1007"]);
    assert_eq!(codes(&scheduled(Schedule::rate("1 day").input("text")).dedupe(Dedupe::Off)), [""; 0]);
    assert_eq!(codes(&workflow("a").concurrency(Concurrency::limit(0))), ["SW1008"]);
    assert_eq!(codes(&workflow("a").concurrency(exclusive().key("a:b"))), ["SW1008"]);
    let never = OnConflict::wait_up_to(Duration::ZERO);
    assert_eq!(codes(&workflow("a").concurrency(exclusive().on_conflict(never))), ["SW1008"]);
    let listed = Concurrency::best_effort_list().on_conflict(OnConflict::Replace);
    assert_eq!(codes(&workflow("a").concurrency(listed)), ["SW1009"]);
    let unlimited = workflow("a").concurrency(Concurrency::unlimited()).dedupe(Dedupe::PerTick);
    assert_eq!(codes(&unlimited), ["SW1009"]);
    let other = exclusive().key_from(|text: Value<String>| text);
    assert_eq!(codes(&workflow("a").concurrency(other)), ["SW1010"]);
}

#[test]
fn work_that_outlives_its_execution_is_told_once() {
    const LOAD: lambda::Function<(), ()> = lambda::Function::named("load");
    let loads = || {
        Workflow::new("a", |w, input: Value<()>| {
            w.run("Load", LOAD.invoke(input));
            w.run("Again", LOAD.invoke(input));
        })
        .timeout(hour())
    };
    assert_eq!(codes(&loads().concurrency(Concurrency::exclusive())), ["SW1004"]);
    assert_eq!(codes(&loads().concurrency(Concurrency::exclusive().settle(Duration::ZERO))), [""; 0]);
    assert_eq!(codes(&loads().schedule(Schedule::rate("1 day"))), [""; 0], "nobody asked for a guard");
}

/// A workflow with a section inside a section, or behind one.
fn two(name: &str, outer: &'static str, inner: &'static str) -> Workflow {
    Workflow::new(name, |w, _: Value<()>| {
        w.guarded(outer, Concurrency::exclusive(), |w| {
            w.wait("Before", Duration::from_secs(1));
            w.guarded(inner, Concurrency::exclusive(), |w| w.wait("Inside", Duration::from_secs(1)));
        });
        w.wait("Behind", Duration::from_secs(1));
    })
}

#[test]
fn sections_nest_and_give_back_what_they_took() {
    let nested = compiled(&two("a", "outer", "inner"));
    assert!(nested.diagnostics.is_empty(), "{}", nested.diagnostics);
    let machine = &nested.bundle.state_machine.definition;
    let next = |state: &str| machine.states[state].next.clone().unwrap();
    assert_eq!(machine.start_at.as_deref(), Some("guard/outer/acquire"));
    let mut path = vec![machine.start_at.clone().unwrap()];
    while machine.states[path.last().unwrap()].end != Some(true) {
        path.push(next(path.last().unwrap()));
    }
    let expected = [
        "guard/outer/acquire",
        "Before",
        "guard/inner/acquire",
        "Inside",
        "guard/inner/leave-1",
        "guard/outer/leave-1",
        "Behind",
    ];
    assert_eq!(path, expected);
    let locks: Vec<_> = nested.bundle.locks.iter().map(|lock| (lock.key.as_str(), lock.within.as_deref())).collect();
    assert_eq!(locks, [("key:outer", None), ("key:inner", Some("key:outer"))]);
    let lock = statement(&nested, "GuardLock").unwrap();
    assert!(lock.condition.is_some() && statement(&nested, "GuardLock2").is_some(), "one statement a key");
}

#[test]
fn two_locks_are_taken_in_one_order() {
    let codes = |apps: [Workflow; 2]| -> Vec<&'static str> {
        let [a, b] = apps;
        App::new("shop").workflow(a).workflow(b).compile().1.iter().map(|problem| problem.code.id).collect()
    };
    assert_eq!(codes([two("a", "x", "y"), two("b", "x", "y")]), [""; 0]);
    assert_eq!(codes([two("a", "x", "y"), two("b", "y", "x")]), ["SW1003"]);
    assert_eq!(codes([two("a", "x", "x"), two("b", "y", "z")]), ["SW1009"], "it would wait for itself");
}

#[test]
fn a_section_in_a_map_in_a_map_is_refused() {
    let nested = Workflow::new("a", |w, lists: Value<Vec<Vec<String>>>| {
        w.map("Outer", lists).each(|w, list| {
            w.map("Inner", list).each(|w, _| {
                w.guarded("x", Concurrency::limit(2), |w| w.wait("W", Duration::from_secs(1)));
            });
        });
    });
    assert_eq!(codes(&nested), ["SW1009"]);
    let skips = Workflow::new("a", |w, _: Value<()>| {
        w.guarded("x", Concurrency::limit(2).on_conflict(OnConflict::Skip), |w| w.wait("W", Duration::from_secs(1)));
    });
    assert_eq!(codes(&skips), ["SW1009"]);
}

/// The states to which nothing leads: AWS refuses them.
fn unreached(machine: &StateMachine) -> Vec<String> {
    let mut open: Vec<&str> = machine.start_at.iter().map(String::as_str).collect();
    let mut reached = std::collections::BTreeSet::new();
    while let Some(name) = open.pop() {
        let state = &machine.states[name];
        if !reached.insert(name) {
            continue;
        }
        open.extend(state.next.as_deref());
        open.extend(state.catch().iter().filter_map(|catcher| catcher.next.as_deref()));
        if let Kind::Choice(choice) = &state.kind {
            open.extend(choice.default.as_deref());
            open.extend(choice.choices.iter().flatten().filter_map(|rule| rule.next.as_deref()));
        }
    }
    machine.states.keys().filter(|name| !reached.contains(name.as_str())).cloned().collect()
}

#[test]
fn every_state_of_every_guard_is_reached_and_leads_somewhere() {
    let wait = OnConflict::wait_up_to(hour());
    let policies = [OnConflict::Skip, OnConflict::Fail, wait, OnConflict::BufferOne, OnConflict::Replace];
    let mut guards = Vec::new();
    for on_conflict in policies {
        for dedupe in [Dedupe::Off, Dedupe::LatestTick, Dedupe::PerTick] {
            for limit in [1, 2] {
                for notice in [None, Some(Notice::event_bus("default"))] {
                    guards.push(Guard { on_conflict, dedupe, limit, notice, ..Guard::exclusive("a") });
                }
            }
        }
    }
    for on_conflict in [OnConflict::Skip, OnConflict::Fail, wait] {
        guards.push(Guard { on_conflict, liveness: Liveness::Lease, ..Guard::exclusive("a") });
    }
    for on_conflict in [OnConflict::Skip, OnConflict::Fail] {
        let off = Guard { dedupe: Dedupe::Off, ..Guard::exclusive("a") };
        guards.push(Guard { on_conflict, liveness: Liveness::List, ..off });
    }
    // One that ends well, and one that never does.
    for end in [r#"{"Type": "Succeed"}"#, r#"{"Type": "Fail"}"#] {
        let text = format!(r#"{{"StartAt": "End", "States": {{"End": {end}}}}}"#);
        let machine = StateMachine::from_text(&text, "m").unwrap();
        for guard in &guards {
            let woven = weave(&machine, guard).unwrap();
            assert_eq!(unreached(&woven), [""; 0], "{guard:?} around {end}");
        }
    }
}

#[test]
fn two_sections_can_take_one_lock_one_after_the_other() {
    let twice = Workflow::new("twice", |w, _: Value<()>| {
        for part in ["First", "Second"] {
            w.guarded("warehouse", Concurrency::exclusive(), |w| w.wait(part, Duration::from_secs(1)));
        }
    });
    let twice = compiled(&twice);
    assert!(twice.diagnostics.is_empty(), "{}", twice.diagnostics);
    let machine = &twice.bundle.state_machine.definition;
    assert_eq!(machine.states["First"].next.as_deref(), Some("guard/warehouse/leave-1"));
    assert_eq!(machine.states["guard/warehouse/leave-1"].next.as_deref(), Some("guard/warehouse-2/acquire"));
    assert_eq!(unreached(machine), [""; 0]);
    assert!(twice.bundle.locks.iter().all(|lock| lock.key == "key:warehouse"));
}

#[test]
fn a_section_is_checked_as_a_workflow_is() {
    const LOAD: lambda::Function<String, ()> = lambda::Function::named("load");
    let section = |concurrency: Concurrency| {
        Workflow::new("a", move |w, input: Value<String>| {
            w.run("Before", LOAD.invoke(input));
            w.guarded("x", concurrency, |w| {
                w.run("Load", LOAD.invoke(input));
            });
        })
        .timeout(hour())
        .schedule(Schedule::rate("1 day"))
        .dedupe(Dedupe::LatestTick)
    };
    let settled = || Concurrency::exclusive().settle(Duration::ZERO);
    assert_eq!(codes(&section(settled())), [""; 0]);
    assert_eq!(codes(&section(Concurrency::unlimited())), [""; 0]);
    assert_eq!(codes(&section(Concurrency::exclusive())), ["SW1004"]);
    assert_eq!(codes(&section(settled().key_from(|number: Value<i64>| number.to_text()))), ["SW1010"]);
}
