//! The language model loses nothing: every definition of the corpus is the same JSON text after reading and writing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use statewright::asl::StateMachine;
use statewright_tests::corpus;

/// So many there are at least; fewer means that the walk lost some.
const AT_LEAST: usize = 700;

#[test]
fn every_definition_is_the_same_after_reading_and_writing() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let mut definitions = Vec::new();
    let mut files = Vec::new();
    json_files(&corpus, &mut files);
    for file in files {
        let Ok(json) = serde_json::from_str::<Json>(&fs::read_to_string(&file).unwrap()) else { continue };
        collect(&json, &mut definitions);
    }
    assert!(definitions.len() >= AT_LEAST, "found only {}", definitions.len());
    let (mut states, mut unknown) = (0, 0);
    for definition in &definitions {
        let text = definition.to_string();
        let machine = StateMachine::from_text(&text, "corpus").unwrap();
        assert_eq!(machine.to_json().to_string(), text);
        machine.walk(&mut |visit| {
            states += 1;
            unknown += usize::from(visit.state.kind.name().is_none());
        });
    }
    println!("{} definitions, {states} states, {unknown} of no known type", definitions.len());
    assert!(states > definitions.len() && unknown < states / 100);
}

/// Objects with `States`, and texts that hold such an object.
fn collect(json: &Json, found: &mut Vec<Json>) {
    match json {
        Json::Object(fields) if fields.get("States").is_some_and(Json::is_object) => found.push(json.clone()),
        Json::Object(fields) => fields.values().for_each(|value| collect(value, found)),
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::String(text) if text.contains("\"States\"") => {
            if let Ok(inner) = serde_json::from_str::<Json>(text) {
                collect(&inner, found);
            }
        }
        _ => {}
    }
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}
