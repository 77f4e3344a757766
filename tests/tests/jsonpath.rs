//! JSONPath: the answers of the library that Step Functions runs. Prints the share that agrees.

use std::fs;

use serde_json::Value as Json;
use statewright_simulate::jsonpath::Path;
use statewright_tests::corpus;

#[test]
fn the_answers_of_jayway() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let folder = corpus.join("jsonpath");
    let document: Json = serde_json::from_str(&fs::read_to_string(folder.join("doc.json")).unwrap()).unwrap();
    let (mut same, mut total) = (0, 0);
    for line in fs::read_to_string(folder.join("jayway.jsonl")).unwrap().lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = case["path"].as_str().unwrap();
        let path = Path::parse(text);
        let found = path.clone().and_then(|path| path.read(&document));
        let agrees = match (&found, case["default"].get("ok"), case["default"]["err"].as_str()) {
            (Ok(found), Some(expected), _) => equal(found, expected),
            (Err(error), None, Some(expected)) => {
                // The recorded library lives in a package of its own inside another program.
                let expected = expected.replace("wiremock.com.", "com.");
                expected.split_once(": ").is_some_and(|(_, text)| text == error.to_string())
            }
            _ => false,
        };
        let definite = path.map(|path| path.is_definite()).ok() == case["definite"].as_bool();
        total += 1;
        same += usize::from(agrees && definite);
        if !agrees || !definite {
            println!("`{text}` gives {found:?}, not {}", case["default"]);
        }
    }
    println!("JSONPath: {same} of {total} agree with Jayway");
    assert!(same * 100 >= total * 98, "{same} of {total}");
}

/// Numbers are the same if they are as floats.
fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (a, b) => a == b,
    }
}
