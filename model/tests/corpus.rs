//! Definitions from elsewhere call only what is known, and their requests pass.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use statewright_model::{Language, check, resolve};

/// What AWS would refuse too.
const KNOWN: &[&str] = &[
    // The service has ended.
    "aws-sdk:lookoutvision:",
    // Texts that were put in the place of names, of accounts and of types.
    "aws-sdk:redshiftdata:batchExecuteStatement: ClusterIdentifier: a text that matches",
    "lambda:invoke: FunctionName: a text that matches",
    "sagemaker:createProcessingJob.sync: RoleArn: a text that matches",
    "sagemaker:createTrainingJob.sync: RoleArn: a text that matches",
    // No integrations: of the language's specification, and of a test of errors.
    "task:Add: there is no service `task`",
    "task:Subtract: there is no service `task`",
    "dynamodb:query: `dynamodb` has no action `query`",
    // The specification's example; the guide's has `Attempts`.
    "batch:submitJob.sync: RetryStrategy.attempts: there is no member of this name; did you mean `Attempts`?",
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

fn tasks<'a>(json: &'a Json, language: Language, found: &mut Vec<(&'a str, &'a Json, Language)>) {
    let language = match json.get("QueryLanguage").and_then(Json::as_str) {
        Some("JSONata") => Language::Jsonata,
        Some("JSONPath") => Language::JsonPath,
        _ => language,
    };
    if let (Some("Task"), Some(resource)) =
        (json.get("Type").and_then(Json::as_str), json.get("Resource").and_then(Json::as_str))
    {
        let arguments = json.get("Arguments").map(|json| (json, Language::Jsonata));
        let (request, language) = arguments
            .or(json.get("Parameters").map(|json| (json, Language::JsonPath)))
            .unwrap_or((&Json::Null, language));
        if resource.contains(":states:::") {
            found.push((resource, request, language));
        }
    }
    match json {
        Json::Object(fields) => fields.values().for_each(|value| tasks(value, language, found)),
        Json::Array(items) => items.iter().for_each(|value| tasks(value, language, found)),
        _ => {}
    }
}

#[test]
fn definitions_from_elsewhere_pass() {
    let named = std::env::var_os("STATEWRIGHT_CORPUS").map(PathBuf::from);
    let corpus = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"));
    if !corpus.join("definitions").is_dir() {
        return eprintln!("skipped: there is no corpus at {}", corpus.display());
    }
    let mut paths = Vec::new();
    for folder in ["definitions", "aws-recorded"] {
        files(&corpus.join(folder), &mut paths);
    }
    let (mut calls, mut findings) = (0, BTreeMap::new());
    for path in &paths {
        let Ok(json) = serde_json::from_str::<Json>(&std::fs::read_to_string(path).unwrap()) else { continue };
        let mut found = Vec::new();
        tasks(&json, Language::JsonPath, &mut found);
        for (resource, request, language) in found {
            calls += 1;
            let messages = match resolve(resource) {
                Err(finding) => vec![finding.to_string()],
                Ok((action, _)) => check(&action, request, language).iter().map(ToString::to_string).collect(),
            };
            for message in messages {
                let call = resource.rsplit(":states:::").next().unwrap();
                findings.entry(format!("{call}: {message}")).or_insert(path);
            }
        }
    }
    println!("{calls} calls in {} files", paths.len());
    // Names that the authors left open: `<FUNCTION_NAME>`.
    findings.retain(|message, _| !message.contains('<'));
    let unexpected: Vec<_> =
        findings.iter().filter(|(message, _)| !KNOWN.iter().any(|known| message.starts_with(known))).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let unseen: Vec<_> =
        KNOWN.iter().filter(|known| !findings.keys().any(|message| message.starts_with(**known))).collect();
    assert!(unseen.is_empty() || calls < 500, "no longer found: {unseen:#?}");
}
