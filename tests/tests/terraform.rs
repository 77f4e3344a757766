//! Terraform accepts the module, and brings it to an account.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use statewright::bundle::Manifest;
use statewright::prelude::*;
use statewright::terraform;
use statewright_tests::{Options, Server, Terraform, need, scratch};

fn write(folder: &Path, manifest: &Manifest) {
    for (name, text) in terraform::files(manifest) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Everything that a module can be made of: texts like templates, a large policy, roles of others, all of a schedule.
fn everything() -> Workflow {
    Workflow::new("everything", |w, _: Value<()>| {
        let texts = text!("${{10}} %{{ if }} $${{x}} \"quoted\" 'and' \\back {}", execution::name());
        w.run("Say", sns::Publish::new(sns::Topic::named("alerts"), texts));
        for number in 0..150 {
            let topic: &'static str = Box::leak(format!("a-topic-with-quite-a-long-name-{number:04}").into_boxed_str());
            w.run(format!("Say {number}"), sns::Publish::new(sns::Topic::named(topic), "hi"));
        }
    })
    .timeout(Duration::from_secs(3600))
    // The input is no object, so nothing can be added to it.
    .dedupe(Dedupe::Off)
    .tag("cost", "${team}")
    .tracing()
    .schedule(
        Schedule::cron("0 2 * * ? *")
            .timezone("Asia/Tokyo")
            .input(schedule::scheduled_time())
            .flexible_window(Duration::from_secs(900))
            .start_date("2027-01-01T00:00:00Z")
            .end_date("2028-01-01T00:00:00Z")
            .retry_policy(Duration::from_secs(3600), 3)
            .dead_letter_queue("missed")
            .description("costs ${10}")
            .disabled(),
    )
}

fn brought() -> Workflow {
    Workflow::new("brought", |w, _: Value<()>| w.succeed("Done"))
        .role_arn("arn:aws:iam::123456789012:role/mine")
        .no_log()
        .express()
}

#[test]
fn the_module_and_the_files_for_another_module_are_valid() {
    let examples = statewright_examples::app().compile().0;
    let (odd, diagnostics) = App::new("odd").workflow(everything()).workflow(brought()).compile();
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    for (name, manifest) in [("examples", examples), ("odd", odd)] {
        let folder = scratch(&format!("terraform-validate-{name}"));
        write(&folder, &manifest);
        let Some(terraform) = need(Terraform::init(&folder)) else { return };
        let _ = terraform.run(None, &["validate", "-no-color"]).ends(0);

        // The other way: the same folder with the module that reads one file a workflow.
        fs::remove_file(folder.join("main.tf.json")).unwrap();
        fs::rename(folder.join("for_each.tf.example"), folder.join("main.tf")).unwrap();
        let _ = terraform.run(None, &["validate", "-no-color"]).ends(0);
    }
}

#[test]
fn apply_converges_and_destroy_leaves_nothing() {
    for (name, for_each) in [("module", false), ("for-each", true)] {
        let server = Server::localstack(&format!("terraform-{name}"), Options::default());
        let Some(server) = need(server) else { return };
        let folder = scratch(&format!("terraform-apply-{name}"));
        let (manifest, _) = App::new("odd").workflow(everything()).compile();
        write(&folder, &manifest);
        let mut arguments = vec!["-no-color"];
        if for_each {
            fs::remove_file(folder.join("main.tf.json")).unwrap();
            fs::rename(folder.join("for_each.tf.example"), folder.join("main.tf")).unwrap();
            arguments.push("-var=schedule_group=odd");
        }
        provider(&folder, &server);
        let Some(terraform) = need(Terraform::init(&folder)) else { return };
        let with = |command: &[&'static str]| [command, &arguments[..]].concat();
        let _ = terraform.run(Some(&server), &with(&["apply", "-auto-approve"])).ends(0);
        assert_eq!(server.account().count()["schedules"], 1);
        let _ = terraform.run(Some(&server), &with(&["plan", "-detailed-exitcode"])).ends(0);
        let shown = terraform.run(Some(&server), &["show", "-json"]).ends(0);
        check_texts(&serde_json::from_str(&shown.stdout).unwrap());
        // The guard's table is others' too: it is protected, and stays when it is taken out of the module.
        let table = if for_each {
            r#"aws_dynamodb_table.guard["statewright-guard"]"#
        } else {
            "aws_dynamodb_table.statewright-guard[0]"
        };
        let _ = terraform.run(Some(&server), &["state", "rm", table]).ends(0);
        let _ = terraform.run(Some(&server), &with(&["destroy", "-auto-approve"])).ends(0);
        let nothing = json!({ "roles": 0, "machines": 0, "log_groups": 0, "schedules": 0 });
        assert_eq!(server.account().count(), nothing);
    }
}

/// What arrived in the account is what was written.
fn check_texts(shown: &Json) {
    let resources = shown["values"]["root_module"]["resources"].as_array().unwrap();
    let of = |kind: &str| &resources.iter().find(|r| r["type"] == kind).unwrap()["values"];
    assert_eq!(of("aws_scheduler_schedule")["target"][0]["input"], "\"<aws.scheduler.scheduled-time>\"");
    assert_eq!(of("aws_scheduler_schedule")["description"], "costs ${10}");
    let machines = resources.iter().filter(|r| r["type"] == "aws_sfn_state_machine");
    let machine = machines.map(|r| &r["values"]).find(|v| v["name"] == "everything").unwrap();
    let definition: Json = serde_json::from_str(machine["definition"].as_str().unwrap()).unwrap();
    let message = definition["States"]["Say"]["Arguments"]["Message"].as_str().unwrap();
    assert!(message.contains("${10} %{ if } $${x}"), "{message}");
    assert_eq!(definition["States"]["Say"]["Arguments"]["TopicArn"], "arn:aws:sns:eu-central-1:000000000000:alerts");
}

/// A provider that speaks to a server on this machine, as the caller of a module writes it.
fn provider(folder: &Path, server: &Server) {
    let url = server.url();
    let services = ["dynamodb", "iam", "logs", "scheduler", "sfn", "sts"];
    let endpoints: serde_json::Map<String, Json> =
        services.iter().map(|service| ((*service).to_owned(), Json::from(url.as_str()))).collect();
    let provider = json!({ "provider": { "aws": {
        "region": "eu-central-1",
        "access_key": "test",
        "secret_key": "test",
        "skip_credentials_validation": true,
        "skip_metadata_api_check": true,
        "max_retries": 1,
        "endpoints": endpoints,
    } } });
    fs::write(folder.join("provider.tf.json"), provider.to_string()).unwrap();
}
