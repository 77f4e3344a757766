//! What the compiler says about workflows that Rust accepts, with the lines where the mistake is.

use statewright::diag::{Diagnostics, Severity};
use statewright::prelude::*;

fn diagnostics(workflow: Workflow) -> Diagnostics {
    workflow.compile("app").diagnostics
}

/// The codes, and the lines that the labels of each point to.
fn found(diagnostics: &Diagnostics) -> Vec<(&str, Vec<u32>)> {
    let line = |place: &statewright::diag::Place| match place {
        statewright::diag::Place::Source { line, .. } => *line,
        _ => 0,
    };
    diagnostics.iter().map(|d| (d.code.id, d.labels.iter().map(|label| line(&label.place)).collect())).collect()
}

#[test]
fn a_value_out_of_its_scope_names_both_lines() {
    let first = line!() + 4;
    let workflow = Workflow::new("w", |w, flag: Value<bool>| {
        let mut kept = None;
        w.when("Flag", flag, |w| {
            kept = Some(w.run("ShopId", glue::StartJobRun::new("a")).id);
        });
        if let Some(kept) = kept {
            w.run("Use", glue::StartJobRun::new(kept));
        }
    });
    let diagnostics = diagnostics(workflow);
    assert_eq!(found(&diagnostics)[0], ("SW0103", vec![first + 3, first]));
    let text = diagnostics.to_string();
    assert!(text.contains("return it from the closure that makes `ShopId`"), "{text}");
}

#[test]
fn a_name_that_is_given_twice_names_both_lines() {
    let first = line!() + 2;
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.run("Load", glue::StartJobRun::new("a"));
        w.map("Each", [1, 2]).each(|w, _| {
            w.run("Load", glue::StartJobRun::new("a"));
        });
    });
    assert_eq!(found(&diagnostics(workflow)), [("SW0101", vec![first, first + 2])]);
}

#[test]
fn an_item_of_a_closure_over_a_list_is_no_value_for_states() {
    let line = line!() + 2;
    let workflow = Workflow::new("w", |w, names: Value<Vec<String>>| {
        let _ = names.map(|name| w.run("Load", glue::StartJobRun::new(name).allow_any("any")).id);
    });
    assert_eq!(found(&diagnostics(workflow)), [("SW0103", vec![line])]);
}

#[test]
fn times_are_in_the_ranges_of_aws() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        let job = |name| glue::StartJobRun::new(name).timeout(Duration::from_secs(60));
        w.run("None", job("a").timeout(Duration::ZERO));
        w.run("Long", job("a").heartbeat(Duration::from_secs(60)));
        w.wait("Ages", Duration::from_secs(100_000_000));
    });
    let codes: Vec<_> = diagnostics(workflow.timeout(Duration::ZERO)).iter().map(|d| d.code.id).collect();
    assert_eq!(codes, ["SW0210"; 4]);
}

#[test]
fn a_section_makes_names_different() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        for stage in ["one", "two"] {
            w.section(stage, |w| {
                w.run("Load", glue::StartJobRun::new("a"));
            });
        }
    });
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let names: Vec<_> = compiled.bundle.state_machine.definition.states.keys().collect();
    assert_eq!(names, ["one.Load", "two.Load"]);
}

#[test]
fn a_value_of_another_workflow_is_refused() {
    let mut kept = None;
    let _ = Workflow::new("one", |w, name: Value<String>| {
        kept = Some(name);
        w.succeed("Done")
    });
    let kept = kept.unwrap();
    let two = Workflow::new("two", |w, _: Value<()>| w.succeed_with("Done", kept));
    assert_eq!(found(&diagnostics(two))[0].0, "SW0104");
}

#[test]
fn everything_is_told_at_once() {
    let workflow = Workflow::new("not a name", |w, _: Value<()>| {
        w.wait("", Duration::from_millis(1_500));
        w.run("Date", sns::Publish::new(sns::Topic::named("t"), execution::start().date_in("Asia/Tokyo")));
        w.run("Token", sns::Publish::new(sns::Topic::named("t"), task::token()));
        let retry = Retry::on(["States.ALL", "Other"]).backoff_rate(0.5).max_delay(Duration::from_secs(1));
        w.run("Ask", sqs::SendMessage::new(sqs::Queue::named("q"), "hi").wait_for_task_token::<String>().retry(retry));
        w.attempt("Nothing", |_| ()).recover(|_, _| ());
        w.run("Ecs", ecs::RunTask::new("c", ecs::TaskDefinition::family("f")));
        w.run("Any", glue::StartJobRun::new(execution::name()));
        let stop = w.fail("Stop", "E", "c");
        w.run("Never", glue::StartJobRun::new("a"));
        stop
    })
    .log(Log::errors().retention_days(42))
    .schedule(Schedule::cron("0 2 * * *").timezone("Tokyo").flexible_window(Duration::from_secs(90)).named("a b"))
    .schedule(Schedule::rate("1 hours").start_date("2027-01-01T00:00:00Z").end_date("2026-01-01T00:00:00Z"))
    .schedule(Schedule::at("2027-01-01").input(execution::name()).retry_policy(Duration::from_secs(1), 3));
    let diagnostics = diagnostics(workflow);
    let mut codes: Vec<_> = diagnostics.iter().map(|d| d.code.id).collect();
    codes.sort_unstable();
    codes.dedup();
    let expected = [
        "SW0102", "SW0105", "SW0107", "SW0202", "SW0203", "SW0206", "SW0207", "SW0208", "SW0209", "SW0401", "SW0402",
        "SW0403", "SW0404", "SW0405", "SW0406", "SW0407", "SW0501", "SW0503", "SW0602", "SW1001", "SW1007",
    ];
    assert_eq!(codes, expected, "{diagnostics}");
    assert!(diagnostics.iter().all(|d| d.help.is_some()), "each says what to write instead");
}

#[test]
fn an_express_workflow_does_not_wait() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.run("Load", glue::StartJobRun::new("a"));
    });
    assert_eq!(found(&diagnostics(workflow.express()))[0].0, "SW0601");
    let quick = Workflow::new("w", |w, _: Value<()>| {
        w.run("Load", glue::StartJobRun::new("a").request_response());
    });
    assert!(diagnostics(quick.express()).is_empty());
}

#[test]
fn names_are_unique_in_the_app() {
    let workflow =
        |name: &str| Workflow::new(name, |w, _: Value<()>| w.succeed("Done")).concurrency(Concurrency::unlimited());
    let app = App::new("default")
        .workflow(workflow("a").schedule(Schedule::rate("1 hour").named("s")))
        .workflow(workflow("b").schedule(Schedule::rate("1 hour").named("s")))
        .workflow(workflow("b"));
    let codes: Vec<_> = app.compile().1.iter().map(|d| (d.code.id, d.severity)).collect();
    let error = |id| (id, Severity::Error);
    assert_eq!(codes, [error("SW0109"), error("SW0108"), error("SW0403")]);
}

#[test]
fn a_known_beginning_narrows_the_policy_and_an_explanation_silences_the_warning() {
    let load = |name: &str, step: fn(Value<String>) -> glue::StartJobRun| {
        Workflow::new(name, |w, shop: Value<String>| {
            w.run("Load", step(shop));
        })
        .no_log()
        .compile("app")
    };
    let resources = |compiled: &statewright::workflow::Compiled| match &compiled.bundle.execution_role {
        statewright::bundle::Role::Managed(role) => role.policies[0].policy_document.statement[0].resource.clone(),
        statewright::bundle::Role::Given(_) => Vec::new(),
    };
    let job =
        |name: &str| vec![format!("arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:job/{name}")];

    let known = load("a", |shop| glue::StartJobRun::new(text!("load-{shop}")));
    assert!(known.diagnostics.is_empty());
    assert_eq!(resources(&known), job("load-*"));
    let any = load("b", glue::StartJobRun::new);
    assert_eq!(any.diagnostics.iter().next().map(|d| (d.code.id, d.severity)), Some(("SW0501", Severity::Warning)));
    assert_eq!(resources(&any), job("*"));
    let explained = load("c", |shop| glue::StartJobRun::new(shop).allow_any("jobs come and go"));
    assert!(explained.diagnostics.is_empty());
    let listed = load("d", |shop| glue::StartJobRun::new(shop).allow(["arn:aws:glue:eu-west-1:1:job/x"]));
    assert_eq!(resources(&listed), ["arn:aws:glue:eu-west-1:1:job/x"]);
}

const TELL: lambda::Function<String, String> = lambda::Function::named("tell");

#[test]
fn a_jump_stays_in_its_machine() {
    let first = line!() + 2;
    let out = Workflow::new("w", |w, names: Value<Vec<String>>| {
        let begin = w.label("Begin");
        w.wait("Pause", Duration::from_secs(1));
        w.map("Each", names).each(|w, name| {
            w.run("Tell", TELL.invoke(name));
            w.goto(begin)
        });
    });
    let out = diagnostics(out);
    assert_eq!(found(&out), [("SW0221", vec![first + 4, first])]);
    assert!(out.to_string().contains("would leave `Each`"), "{out}");
    let inside = Workflow::new("w", |w, _: Value<()>| {
        let inner = w.forward_label("Inner");
        w.guarded("lock", Concurrency::exclusive(), |w| {
            w.wait("One", Duration::from_secs(1));
            w.place(inner);
            w.wait("Two", Duration::from_secs(1));
        });
        w.goto(inner)
    });
    let codes: Vec<_> = diagnostics(inside).iter().map(|d| d.code.id).collect();
    assert_eq!(codes, ["SW0221"]);
}

#[test]
fn a_label_stands_once() {
    let line = line!() + 2;
    let nowhere = Workflow::new("w", |w, _: Value<()>| {
        let end = w.forward_label("End");
        w.goto(end)
    });
    assert_eq!(found(&diagnostics(nowhere)), [("SW0220", vec![line + 1, line])]);
    let line = line!() + 2;
    let twice = Workflow::new("w", |w, _: Value<()>| {
        let here = w.label("Here");
        w.wait("Pause", Duration::from_secs(1));
        w.place(here);
    });
    assert_eq!(found(&diagnostics(twice)), [("SW0220", vec![line + 2, line])]);
}

#[test]
fn a_value_that_a_jump_passes_by_names_both_lines() {
    let first = line!() + 2;
    let skipped = Workflow::new("w", |w, flag: Value<bool>| {
        let end = w.forward_label("End");
        w.when("Flag", flag, |w| w.goto(end));
        let answer = w.run("Ask", TELL.invoke("x"));
        w.wait("Pause", Duration::from_secs(1));
        w.place(end);
        w.run("Tell", TELL.invoke(answer));
    });
    let skipped = diagnostics(skipped);
    assert_eq!(found(&skipped), [("SW0222", vec![first + 5, first + 2])]);
    assert!(skipped.to_string().contains("take the value along"), "{skipped}");
}

#[test]
fn a_loop_has_a_state_and_a_way_in() {
    let codes = |workflow: Workflow| diagnostics(workflow).iter().map(|d| d.code.id).collect::<Vec<_>>();
    let nothing = Workflow::new("w", |w, _: Value<()>| {
        w.wait("Pause", Duration::from_secs(1));
        let here = w.label("Here");
        w.goto(here)
    });
    assert_eq!(codes(nothing), ["SW0223"]);
    let unreached = Workflow::new("w", |w, flag: Value<bool>| {
        let end = w.forward_label("End");
        let _ = w.goto(end);
        let here = w.label("Here");
        w.wait("Pause", Duration::from_secs(1));
        w.when("Flag", flag, |w| w.goto(here));
        w.place(end);
        w.wait("Last", Duration::from_secs(1));
    });
    assert_eq!(codes(unreached), ["SW0105", "SW0105"]);
    let behind = Workflow::new("w", |w, _: Value<()>| {
        let here = w.label("Here");
        w.wait("Pause", Duration::from_secs(1));
        let _ = w.goto(here);
        w.wait("Never", Duration::from_secs(1));
    });
    assert_eq!(codes(behind), ["SW0105"]);
}

#[test]
fn a_comment_is_about_the_next_state() {
    let workflow = Workflow::new("w", |w, flag: Value<bool>| {
        w.comment("one");
        let name = w.set("Name", "x");
        w.attempt("Try", |w| {
            w.run("Tell", TELL.invoke(name).comment("own"));
        })
        .recover(|w, _| {
            w.comment("two");
            w.comment("lines");
            w.fail("Fail", "E", "c")
        });
        w.comment("three");
        w.when("Flag", flag, |w| {
            w.comment("four");
            w.map("Each", [1]).each(|w, _| w.succeed("Item"));
        });
        w.comment("five");
        w.parallel("Both").branch(|_| ()).join();
        w.comment("nothing");
    });
    let compiled = workflow.compile("app");
    let codes: Vec<_> = compiled.diagnostics.iter().map(|d| d.code.id).collect();
    assert_eq!(codes, ["SW0224"]);
    let states = &compiled.bundle.state_machine.definition.states;
    let comment = |name: &str| states[name].comment.as_deref().unwrap_or_default().to_owned();
    let comments = ["Tell", "Fail", "Flag", "Each", "Both"].map(comment);
    assert_eq!(comments, ["one\nown", "two\nlines", "three", "four", "five"]);
}

#[test]
fn a_wait_is_until_a_time_that_aws_reads() {
    let codes = |time: &'static str| {
        let workflow = Workflow::new("w", |w, _: Value<()>| w.wait("Until", time));
        diagnostics(workflow).iter().map(|d| d.code.id).collect::<Vec<_>>()
    };
    for time in ["2027-01-01T00:00:00Z", "2027-01-01T00:00:00.5Z"] {
        assert_eq!(codes(time), [""; 0], "{time}");
    }
    for time in ["2027-01-01", "2027-01-01t00:00:00z", "2027-13-01T00:00:00Z", "2027-01-01T00:00:00+09:00", "soon"] {
        assert_eq!(codes(time), ["SW0210"], "{time}");
    }
}

#[test]
fn an_express_execution_is_short_and_waits_for_nothing_in_items_either() {
    let codes = |workflow: Workflow| diagnostics(workflow).iter().map(|d| d.code.id).collect::<Vec<_>>();
    let wait = |seconds| Workflow::new("w", move |w, _: Value<()>| w.wait("Wait", Duration::from_secs(seconds)));
    assert_eq!(codes(wait(299).express().timeout(Duration::from_secs(300))), [""; 0]);
    assert_eq!(codes(wait(300).express()), ["SW0604"]);
    assert_eq!(codes(wait(1).express().timeout(Duration::from_secs(301))), ["SW0604"]);
    let line = line!() + 4;
    let items = Workflow::new("w", |w, names: Value<Vec<String>>| {
        w.run("Before", glue::StartJobRun::new("a"));
        w.distributed("Each", names).express().each(|w, _| {
            w.run("Load", glue::StartJobRun::new("a"));
        });
        w.run("Behind", glue::StartJobRun::new("a"));
    });
    assert_eq!(found(&diagnostics(items)), [("SW0601", vec![line])]);
}

#[test]
fn an_activity_has_no_credentials() {
    const SCAN: activity::Activity<String, bool> = activity::Activity::named("scan");
    let workflow = Workflow::new("w", |w, file: Value<String>| {
        w.run("Scan", SCAN.perform(file).credentials("arn:aws:iam::123456789012:role/scan"))
    });
    assert_eq!(found(&diagnostics(workflow))[0].0, "SW0229");
}

#[test]
fn a_long_name_is_shortened_in_the_same_way_wherever_it_is_made() {
    let long = "LoadAllTheOrdersOfTheDayBeforeFromTheWarehouseIntoTheReportsOfTheDepartment".to_owned();
    let workflow = Workflow::new("w", |w, flag: Value<bool>| {
        for part in ["one", "two"] {
            w.section(part, |w| {
                let id = w.set(long.clone(), Value::<String>::uuid());
                w.run(format!("{long}.Tell"), TELL.invoke(id));
                w.poll(format!("{long}.Done"), Duration::from_secs(1), Duration::from_secs(9), |w| {
                    w.run(format!("{long}.Look"), TELL.invoke(id));
                    (flag, flag)
                });
            });
        }
        let id = w.set(format!("{long} and some more of it"), Value::<String>::uuid());
        w.map("Each", [1]).each(|_, _| id);
        // Both branches end with a state that nobody named.
        let both = w.parallel(format!("{long} and both of them"));
        both.branch(|w| {
            w.when("One", flag, |w| w.wait("OneWaits", Duration::from_secs(1)));
        })
        .branch(|w| {
            w.when("Two", flag, |w| w.wait("TwoWaits", Duration::from_secs(1)));
        })
        .join();
    });
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let mut names = Vec::new();
    compiled.bundle.state_machine.definition.walk(&mut |visit| {
        names.push(visit.name.to_owned());
        let assigned = visit.state.assign.as_ref().and_then(|assign| assign.as_object());
        names.extend(assigned.into_iter().flatten().map(|(name, _)| name.clone()));
    });
    assert!(names.iter().all(|name| name.chars().count() <= 80), "{names:#?}");
    let hashed = names.iter().filter(|name| name.chars().count() == 80).count();
    assert!(hashed > 10, "generated names are shortened too: {names:#?}");
}
