//! Nothing that can be written down makes the interpreter panic or run for ever: every definition of the corpus, as it is
//! and with parts of it exchanged, over inputs that fit and that don't.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright_simulate::Simulation;
use statewright_simulate::s3::S3;
use statewright_simulate::task::{Answer, Request};
use statewright_tests::corpus;

/// So often is a definition changed.
const CHANGES: u64 = 4;

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap_or_default()
    }

    fn json(&mut self) -> Json {
        let all = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e300),
            json!(""),
            json!("{% $states.input.x[0] ~> $sum() %}"),
            json!("{% $states %}"),
            json!("$.a[*]..b"),
            json!("$$.Map.Item.Value"),
            json!("States.Format('{}', $.a)"),
            json!("2016-03-14T01:59:00Z"),
            json!([]),
            json!([1, "two", [3], { "four": 4 }]),
            json!({}),
            json!({ "a": [{ "b": 1 }], "x": [1, 2], "Payload": { "status": "ok" }, "Values": [1, 2] }),
        ];
        all[self.roll(all.len())].clone()
    }
}

/// Every place of a JSON value, as pointers.
fn places(json: &Json, at: &str, all: &mut Vec<String>) {
    match json {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| {
            let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            places(value, &at, all);
            all.push(at);
        }),
        Json::Array(items) => items.iter().enumerate().for_each(|(number, item)| {
            let at = format!("{at}/{number}");
            places(item, &at, all);
            all.push(at);
        }),
        _ => {}
    }
}

fn definitions(folder: &Path, found: &mut Vec<(String, Json)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            definitions(&path, found);
        } else if path.extension().is_some_and(|end| end == "json") {
            let Ok(json) = serde_json::from_str::<Json>(&fs::read_to_string(&path).unwrap()) else { continue };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inner = json.get("definition").cloned().unwrap_or(json);
            if inner.get("States").is_some() {
                found.push((name, inner));
            }
        }
    }
}

fn run(definition: &Json, dice: &mut Dice) {
    let Ok(machine) = StateMachine::from_text(&definition.to_string(), "fuzz") else { return };
    let mut seed = Dice(dice.0 | 1);
    let service = move |_: &Request| {
        Some(match seed.roll(4) {
            0 => Answer::fails("States.TaskFailed", "{"),
            _ => Answer::returns(seed.json()),
        })
    };
    let buckets = S3::new().with_object("bucket-name", "file.json", "[1, {\"a\": 2}]");
    let _ = Simulation::of("fuzz", machine, false).input(dice.json()).buckets(buckets).mock(service).run();
}

#[test]
fn any_definition_and_any_input() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let mut found = Vec::new();
    for folder in ["aws-recorded", "definitions", "validator-fixtures"] {
        definitions(&corpus.join(folder), &mut found);
    }
    let mut runs = 0;
    for (number, (name, definition)) in found.iter().enumerate() {
        for change in 0..=CHANGES {
            let mut dice = Dice((number as u64 + 1) * 7_919 + change * 104_729 + 1);
            let mut changed = definition.clone();
            for _ in 0..change {
                let mut all = Vec::new();
                places(&changed, "", &mut all);
                let at = all[dice.roll(all.len())].clone();
                if let Some(place) = changed.pointer_mut(&at) {
                    *place = dice.json();
                }
            }
            runs += 1;
            let calm = catch_unwind(AssertUnwindSafe(|| run(&changed, &mut dice)));
            assert!(calm.is_ok(), "{name} panics, as it is here: {changed}");
        }
    }
    println!("{runs} runs of {} definitions, and no panic", found.len());
    assert!(runs > 1_000);
}
