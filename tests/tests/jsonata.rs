//! JSONata: the official suite, as far as it is of the version that Step Functions runs. Prints the share that passes,
//! and by group what does not.

use std::collections::BTreeMap;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use serde_json::Value as Json;
use statewright_simulate::jsonata::Expression;
use statewright_tests::corpus;

/// Passing so many of a thousand is what we have; a change may not lose any.
const AT_LEAST: usize = 965;

/// Operators that are newer than 2.0.6.
const NEWER: [&str; 3] = ["coalescing-operator", "default-operator", "performance"];

#[test]
fn the_official_suite() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let folder = corpus.join("jsonata");
    let read = |path: &Path| serde_json::from_str::<Json>(&fs::read_to_string(path).unwrap());
    let (mut passed, mut total, mut newer) = (0, 0, 0);
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(folder.join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let group = name.split("__").next().unwrap_or_default().to_owned();
        if NEWER.contains(&group.as_str()) {
            newer += 1;
            continue;
        }
        // Half a surrogate pair is no text in Rust, nor on its way to and from AWS.
        let Ok(case) = read(&file) else { continue };
        let input = match (case.get("data"), case["dataset"].as_str()) {
            (Some(data), _) => Some(data.clone()),
            (None, Some(dataset)) => Some(read(&folder.join(format!("datasets/{dataset}.json"))).unwrap()),
            (None, None) => None,
        };
        total += 1;
        match catch_unwind(|| check(&case, input.as_ref())) {
            Ok(Ok(())) => passed += 1,
            Ok(Err(why)) => failures.entry(group).or_default().push(format!("{name}: {why}")),
            Err(_) => panic!("{name} panics"),
        }
    }
    for (group, failures) in &failures {
        println!("{group}: {} fail, such as {}", failures.len(), failures[0]);
    }
    println!("JSONata: {passed} of {total} cases pass; {newer} are of newer versions");
    assert!(passed * 1_000 >= total * AT_LEAST, "{passed} of {total}");
}

fn check(case: &Json, input: Option<&Json>) -> Result<(), String> {
    let text = case["expr"].as_str().unwrap_or_default();
    let bindings = case["bindings"].as_object();
    let variables = bindings.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
    let found = Expression::parse(text).and_then(|expression| expression.evaluate(input, variables));
    let code = case["code"].as_str().or(case["error"]["code"].as_str());
    match (found, code) {
        (Err(error), Some(code)) if error.code == code => Ok(()),
        (Err(error), _) => Err(format!("`{text}` gives {error}, not {}", code.unwrap_or("a value"))),
        (Ok(found), Some(code)) => Err(format!("`{text}` gives {found:?}, not {code}")),
        (Ok(found), None) => {
            let expected = case.get("result");
            let same = match (&found, expected) {
                (Some(found), Some(expected)) => equal(found, expected),
                (None, None) => true,
                _ => false,
            };
            if same { Ok(()) } else { Err(format!("`{text}` gives {found:?}, not {expected:?}")) }
        }
    }
}

/// Numbers are the same if they are as floats.
fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= a.abs() * 1e-12,
            _ => false,
        },
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        (a, b) => a == b,
    }
}
