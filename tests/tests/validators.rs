//! What the examples compile to is accepted by validators that nobody here wrote.

use std::fs;

use serde_json::Value as Json;
use statewright::bundle::Target;
use statewright::prelude::*;
use statewright::{bundle::Manifest, cloudformation};
use statewright_examples::{query_report, sales_etl};
use statewright_tests::{AslValidator, CfnLint, need, scratch};

#[test]
fn asl_validator_accepts_every_example() {
    let Some(validator) = need(AslValidator::install()) else { return };
    let folder = scratch("asl-validator");
    let target = Target { partition: "aws".into(), region: "eu-central-1".into(), account_id: "123456789012".into() };
    let (manifest, _) = statewright_examples::app().compile();
    for bundle in &manifest.workflows {
        let definition = target.fill_json(&bundle.state_machine.definition.to_json());
        let file = folder.join(format!("{}.json", bundle.name));
        fs::write(&file, definition.to_string()).unwrap();
        let _ = validator.check(&file).ends(0);
    }

    // What the examples have none of, and what can be said in JSONPath.
    let paths =
        [query_report::by_configuration(), query_report::with_failure_notice(), sales_etl::workflow(), further()];
    let paths = paths.map(|workflow| workflow.query_language(QueryLanguage::JsonPath));
    for (index, further) in [further()].into_iter().chain(paths).enumerate() {
        let file = folder.join(format!("further-{index}.json"));
        let further = further.compile("app");
        assert!(!further.diagnostics.has_errors(), "{}", further.diagnostics);
        let definition = target.fill_json(&further.bundle.state_machine.definition.to_json());
        fs::write(&file, definition.to_string()).unwrap();
        let _ = validator.check(&file).ends(0);
    }

    // It does look: the same with a state that leads nowhere is refused.
    let mut broken: Json = manifest.workflows[0].state_machine.definition.to_json();
    broken["StartAt"] = "Nowhere".into();
    let file = folder.join("broken.json");
    fs::write(&file, target.fill_json(&broken).to_string()).unwrap();
    assert_ne!(validator.check(&file).code, 0);
}

/// Loops, a section, an activity, a distributed Map.
fn further() -> Workflow {
    const SCAN: activity::Activity<String, bool> = activity::Activity::named("scan");
    Workflow::new("further", |w, bucket: Value<String>| {
        let clean = w.poll("Clean", Duration::from_secs(30), Duration::from_secs(600), |w| {
            let clean = w.run("Scan", SCAN.perform(bucket));
            (clean, clean)
        });
        w.guarded("slots", Concurrency::limit(2), |w| {
            w.distributed("EachObject", S3Items::objects(bucket, "in/"))
                .tolerated_failures(3)
                .results_to(bucket, "out")
                .express()
                .each(|w, object| {
                    w.when("Large", object.size.gt(100), |w| w.fail("Refuse", "TooLarge", text!("{clean}")));
                })
        });
        w.repeat("Again", 0, 3, |w, round: Value<i64>| {
            w.wait("Pause", Duration::from_secs(1));
            (round.lt(2), round + 1)
        })
    })
    .timeout(Duration::from_secs(3600))
}

/// A policy that is too large to be inline, a role of others, two schedules, texts like templates.
fn odd() -> Manifest {
    let large = Workflow::new("shared", |w, _: Value<()>| {
        for number in 0..150 {
            let topic: &'static str = Box::leak(format!("a-topic-with-quite-a-long-name-{number:04}").into_boxed_str());
            w.run(format!("Say {number}"), sns::Publish::new(sns::Topic::named(topic), "costs ${10}"));
        }
    })
    .timeout(Duration::from_secs(60))
    .schedule(Schedule::rate("1 day").flexible_window(Duration::from_secs(900)).dead_letter_queue("missed"))
    .schedule(Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo").description("costs ${10}").disabled());
    let brought = Workflow::new("brought", |w, _: Value<()>| w.succeed("Done"))
        .role_arn("arn:aws:iam::123456789012:role/mine")
        .no_log()
        .express();
    App::new("odd").workflow(large).workflow(brought).compile().0
}

#[test]
fn cfn_lint_accepts_every_template() {
    let Some(lint) = need(CfnLint::install()) else { return };
    for (name, manifest) in [("examples", statewright_examples::app().compile().0), ("odd", odd())] {
        let folder = scratch(&format!("cfn-lint-{name}"));
        let mut paths = Vec::new();
        for (path, text) in cloudformation::files(&manifest) {
            let path = folder.join(path);
            fs::write(&path, text).unwrap();
            paths.push(path);
        }
        let _ = lint.check(&paths).ends(0);

        // It does look.
        let text = fs::read_to_string(&paths[0]).unwrap().replace("\"RoleArn\"", "\"RoleARN\"");
        fs::write(&paths[0], text).unwrap();
        assert_ne!(lint.check(&paths[..1]).code, 0);
    }
}
