//! Labels and jumps do what they say, and the variables of their loops are the right ones.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use std::time::Duration;

use serde_json::json;
use statewright::prelude::*;
use statewright_simulate::simulate;
use statewright_simulate::task::{Answer, Request};

const TELL: lambda::Function<String, String> = lambda::Function::named("tell");

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs a workflow whose functions answer one after another, whatever is asked; gives the output, the states on its way, and what
/// the functions were asked.
fn run(
    workflow: &Workflow,
    input: serde_json::Value,
    answers: &[&str],
) -> (serde_json::Value, Vec<String>, Vec<String>) {
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let mut answers: Vec<String> = answers.iter().rev().map(|&answer| answer.to_owned()).collect();
    let tell = move |_: &Request| Some(Answer::returns(json!({ "Payload": answers.pop() })));
    let run = simulate(workflow).input(input).mock(tell).run().unwrap();
    let asked = run.calls().iter().map(|call| call.parameters["Payload"].to_string()).collect();
    let path = run.path().iter().map(ToString::to_string).collect();
    (run.output().unwrap_or_else(|| json!(run.failure().to_string())), path, asked)
}

#[test]
fn a_label_at_the_very_beginning_needs_no_state() {
    let again = Workflow::new("again", |w, name: Value<String>| {
        let again = w.label("Again");
        let greeting = w.set("Greeting", text!("hello {name}"));
        let answer = w.run("Tell", TELL.invoke(greeting));
        w.when("Refused", answer.eq("no"), |w| w.goto(again));
        w.value(text!("{greeting}: {answer}"))
    });
    let (output, path, asked) = run(&again, json!("x"), &["no", "no", "yes"]);
    assert_eq!(output, json!("hello x: yes"));
    assert_eq!(path, ["Tell", "Refused", "Tell", "Refused", "Tell", "Refused", "Done"]);
    assert_eq!(asked, ["\"hello x\""; 3]);
}

#[test]
fn what_is_computed_behind_a_label_is_computed_each_time() {
    let again = Workflow::new("again", |w, name: Value<String>| {
        let first = w.run("First", TELL.invoke(name));
        let (again, last) = w.label_with("Again", first);
        let question = w.set("Question", text!("{first} {last}?"));
        let answer = w.run("Ask", TELL.invoke(question));
        w.wait("Pause", seconds(1));
        w.when("More", answer.ne("end"), |w| w.goto_with(again, answer));
        w.value(text!("{question} {answer}"))
    });
    let (output, _, asked) = run(&again, json!("x"), &["a", "b", "c", "end"]);
    assert_eq!(output, json!("a c? end"));
    assert_eq!(asked, ["\"x\"", "\"a a?\"", "\"a b?\"", "\"a c?\""]);
}

#[test]
fn a_value_that_is_taken_along_means_the_old_one_on_the_way() {
    let count = Workflow::new("count", |w, most: Value<i64>| {
        let (again, number) = w.label_with("Again", 0_i64);
        w.wait("Pause", seconds(1));
        w.when("Enough", number.ge(most), |w| w.succeed_with("End", number));
        // Computed on the edge that takes it along.
        let double = w.set("Double", number * 2);
        let more = w.set("More", number + double + 1);
        w.goto_with(again, more)
    });
    let (output, path, _) = run(&count, json!(10), &[]);
    assert_eq!(output, json!(13), "0, 1, 4, 13");
    assert_eq!(path.iter().filter(|state| *state == "Pause").count(), 4);
    assert_eq!(path[0], "Again", "a value before the first state has to be put somewhere");
}

#[test]
fn a_jump_leads_forward_into_the_same_end() {
    let order = Workflow::new("order", |w, kind: Value<String>| {
        let ship = w.forward_label("Ship");
        w.when("Free", kind.eq("free"), |w| {
            w.run("Thank", TELL.invoke("thanks"));
            w.goto(ship)
        });
        let paid = w.run("Charge", TELL.invoke(kind));
        w.when("Refused", paid.eq("no"), |w| {
            w.run("Ask", TELL.invoke("again?"));
            w.when("Other", kind.eq("other"), |w| w.goto(ship));
            w.fail("Unpaid", "Unpaid", "no")
        });
        w.run("Note", TELL.invoke(paid));
        w.place(ship);
        let place = w.run("Send", TELL.invoke(kind));
        text!("{kind} {place}")
    });
    let path = |kind: &str, answers: &[&str]| run(&order, json!(kind), answers).1;
    assert_eq!(path("free", &["ok", "x"]), ["Free", "Thank", "Send"]);
    assert_eq!(path("other", &["no", "ok", "x"]), ["Free", "Charge", "Refused", "Ask", "Other", "Send"]);
    assert_eq!(path("paid", &["yes", "ok", "x"]), ["Free", "Charge", "Refused", "Note", "Send"]);
}

#[test]
fn a_loop_can_begin_with_its_condition() {
    let each = Workflow::new("each", |w, most: Value<i64>| {
        w.wait("Begin", seconds(1));
        let check = w.forward_label("Check");
        w.when("Nothing", most.eq(0), |w| w.goto(check));
        let body = w.label("Body");
        w.run("Work", TELL.invoke("x"));
        w.place(check);
        let state = w.run("Look", TELL.invoke("how many?"));
        w.when("More", state.eq("more"), |w| w.goto(body));
    });
    let path = run(&each, json!(0), &["more", "ok", "done"]).1;
    assert_eq!(path, ["Begin", "Nothing", "Look", "More", "Work", "Look", "More", "Done"]);
}

#[test]
fn an_item_is_still_the_same_when_its_first_state_runs_again() {
    let each = Workflow::new("each", |w, names: Value<Vec<String>>| {
        let (all,) = w
            .parallel("One")
            .branch(|w| {
                w.map("Each", names).max_concurrency(1).each(|w, name| {
                    let again = w.label("Again");
                    let answer = w.run("Ask", TELL.invoke(name));
                    w.when("Refused", answer.eq("no"), |w| w.goto(again));
                    text!("{name} {answer}")
                })
            })
            .join();
        all
    });
    let (output, _, asked) = run(&each, json!(["a", "b"]), &["no", "yes", "no", "no", "yes"]);
    assert_eq!(output, json!(["a yes", "b yes"]));
    assert_eq!(asked, ["\"a\"", "\"a\"", "\"b\"", "\"b\"", "\"b\""]);
}

#[test]
fn a_branch_keeps_what_was_computed_before_the_first_state() {
    let both = Workflow::new("both", |w, name: Value<String>| {
        let greeting = w.set("Greeting", text!("hello {name}"));
        let (one, two) = w
            .parallel("Both")
            .branch(|w| {
                let again = w.label("Again");
                let answer = w.run("Ask", TELL.invoke(greeting));
                w.when("Refused", answer.eq("no"), |w| w.goto(again));
                answer
            })
            .branch(|w| w.value(greeting))
            .join();
        text!("{one} {two}")
    });
    let (output, _, asked) = run(&both, json!("x"), &["no", "yes"]);
    assert_eq!((output, asked), (json!("yes hello x"), vec!["\"hello x\"".to_owned(); 2]));
}

#[test]
fn a_handler_can_go_back_and_a_section_can_be_left() {
    let load = Workflow::new("load", |w, name: Value<String>| {
        let begin = w.label("Begin");
        w.wait("Pause", seconds(1));
        w.guarded("warehouse", Concurrency::limit(2), |w| {
            let again = w.label("InSection");
            let answer = w.attempt("Try", |w| w.run("Load", TELL.invoke(name))).recover(|w, _| w.goto(again));
            w.when("Again", answer.eq("again"), |w| w.goto(begin));
        });
    })
    .timeout(seconds(3600));
    let compiled = load.compile("app");
    assert!(!compiled.diagnostics.has_errors(), "{}", compiled.diagnostics);
    let states = &compiled.bundle.state_machine.definition.states;
    let catch = &states["Load"].catch()[0];
    assert_eq!(catch.next.as_deref(), Some("Load"), "within the section no permit changes hands");
    let statewright::asl::Kind::Choice(choice) = &states["Again"].kind else { panic!("a Choice") };
    let next = choice.choices.as_ref().unwrap()[0].next.clone().unwrap();
    assert!(next.starts_with("guard/"), "who leaves the section gives the permit back: {next}");
}

/// A block of a random program: where it may go, by what it is answered, in place of the next one.
type Jumps = Vec<usize>;

/// Blocks that jump anywhere, each with a value; what they are asked shows what they know.
fn wandering(blocks: &[Jumps]) -> Workflow {
    Workflow::new("wandering", |w, input: Value<i64>| {
        let labels: Vec<_> =
            (0..=blocks.len()).map(|block| w.forward_label_with::<i64>(format!("Block {block}"))).collect();
        let mut next = w.goto_with(labels[0], input + 1);
        for (block, jumps) in (0_i64..).zip(blocks) {
            let index = usize::try_from(block).unwrap();
            let _ = next;
            let number = w.place_with(labels[index]);
            let more = w.set(format!("More {block}"), number + block);
            let question = text!("{} {number} {more} {input}", block.to_string());
            let answer = w.run(format!("Ask {block}"), TELL.invoke(question));
            for (choice, target) in jumps.iter().enumerate() {
                let to = labels[*target % labels.len()];
                let name = format!("Jump {block} {choice}");
                w.when(name, answer.eq(choice.to_string()), |w| w.goto_with(to, more * 2 - number));
            }
            next = w.goto_with(labels[index + 1], more + 1);
        }
        let _ = next;
        w.place_with(labels[blocks.len()])
    })
}

/// What such a program asks, and its end, if it has one within these answers.
fn wandered(blocks: &[Jumps], input: i64, answers: &[usize]) -> (Vec<String>, Option<i64>) {
    let (mut asked, mut block, mut number) = (Vec::new(), 0, input + 1);
    for answer in answers.iter().chain(std::iter::repeat(&usize::MAX)) {
        let Some(jumps) = blocks.get(block) else { return (asked, Some(number)) };
        let more = number + i64::try_from(block).unwrap();
        asked.push(format!("\"{block} {number} {more} {input}\""));
        (block, number) = match jumps.get(*answer) {
            Some(target) => (target % (blocks.len() + 1), more * 2 - number),
            None => (block + 1, more + 1),
        };
    }
    (asked, None)
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]

    /// Whatever jumps where, each state knows the values of the way that led to it.
    #[test]
    fn any_graph_has_the_values_of_its_ways(
        blocks in proptest::collection::vec(proptest::collection::vec(0_usize..6, 0..3), 1..5),
        answers in proptest::collection::vec(0_usize..4, 0..12),
        input in 0_i64..9,
    ) {
        let workflow = wandering(&blocks);
        let unreachable = |found: &statewright::diag::Diagnostics| found.iter().all(|d| d.code.id == "SW0105");
        let diagnostics = workflow.compile("app").diagnostics;
        proptest::prop_assert!(unreachable(&diagnostics), "{}", diagnostics);
        let texts: Vec<String> = answers.iter().map(ToString::to_string).collect();
        let mut left: Vec<String> = texts.into_iter().rev().collect();
        let tell = move |_: &Request| Some(Answer::returns(json!({ "Payload": left.pop().unwrap_or_default() })));
        let run = simulate(&workflow).input(input).mock(tell).run().unwrap();
        let asked: Vec<String> = run.calls().iter().map(|call| call.parameters["Payload"].to_string()).collect();
        let (expected, output) = wandered(&blocks, input, &answers);
        proptest::prop_assert_eq!(asked, expected);
        proptest::prop_assert_eq!(run.output(), output.map(|output| json!(output)));
    }
}
