//! Deploying with the real SDK, to two endpoints that nobody here wrote.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use statewright::bundle::Manifest;
use statewright::prelude::*;
use statewright_tests::{Options, Server, need, run, scratch};

const NOTHING: fn() -> serde_json::Value = || json!({ "roles": 0, "machines": 0, "log_groups": 0, "schedules": 0 });

fn write(folder: &Path, manifest: &Manifest) -> PathBuf {
    let file = folder.join("manifest.json");
    fs::write(&file, serde_json::to_string(manifest).unwrap()).unwrap();
    file
}

/// A small app that can be changed at one place.
fn app(wait: u64, hour: u32, notice: bool) -> Manifest {
    let nightly = Workflow::new("nightly", move |w, _: Value<()>| {
        w.wait("Wait", Duration::from_secs(wait));
        if notice {
            w.run("Tell", sns::Publish::new(sns::Topic::named("reports"), "done"));
        }
    })
    .timeout(Duration::from_secs(3600))
    .schedule(
        Schedule::cron(&format!("0 {hour} * * ? *")).timezone("Asia/Tokyo").flexible_window(Duration::from_secs(900)),
    );
    let second = Workflow::new("second", |w, _: Value<()>| w.succeed("Done")).no_log();
    let (manifest, diagnostics) = App::new("small").workflow(nightly).workflow(second).compile();
    assert!(diagnostics.is_empty(), "{diagnostics}");
    manifest
}

#[test]
fn localstack_deploy_change_deploy_destroy() {
    let Some(server) = need(Server::localstack("deploy-localstack", Options::default())) else { return };
    cycle(&server, &scratch("deploy-localstack-manifests"));
}

#[test]
fn moto_deploy_change_deploy_destroy() {
    let Some(server) = need(Server::moto("deploy-moto")) else { return };
    cycle(&server, &scratch("deploy-moto-manifests"));
}

fn cycle(server: &Server, folder: &Path) {
    let manifest = write(folder, &app(1, 2, false));
    let deploy = |arguments: &[&str]| server.statewright(&manifest, &[&["deploy"], arguments].concat());

    // Looking changes nothing.
    let _ = deploy(&["--dry-run"]).ends(0).says("+ state machine  nightly").says("9 to create");
    assert_eq!(server.account().count(), NOTHING());
    let _ = deploy(&[]).ends(0).says("created  schedule       nightly");
    let there = json!({ "roles": 3, "machines": 2, "log_groups": 1, "schedules": 1 });
    assert_eq!(server.account().count(), there);
    let table = json!({ "key": ["pk"], "protected": true, "ttl": "ttl", "tags": { "statewright:shared": "guard" } });
    assert_eq!(server.account().table("statewright-guard"), table);
    let _ = deploy(&[]).ends(0).says("no changes: 9 resources are as they should be");

    // Whoever took the protection away may delete the table; a deploy brings it back.
    server.account().unprotect("statewright-guard");
    let unprotected = deploy(&[]).ends(0).says("~ table          statewright-guard").says("1 to change");
    let _ = unprotected.says("DeletionProtectionEnabled: false → true");
    assert_eq!(server.account().table("statewright-guard"), table);

    // One line of the workflow, one line of the plan.
    write(folder, &app(2, 2, false));
    let changed =
        deploy(&[]).ends(0).says("1 to change").says("-       \"Seconds\": 1,\n      +       \"Seconds\": 2,");
    assert!(!changed.stdout.contains("~ role"), "{}", changed.stdout);
    write(folder, &app(2, 3, true));
    let _ = deploy(&[])
        .ends(0)
        .says("3 to change")
        .says("ScheduleExpression: cron(0 2 * * ? *) → cron(0 3 * * ? *)")
        .says("sns:Publish");
    let _ = deploy(&[]).ends(0).says("no changes");

    // A workflow that left the app stays until it is pruned.
    let mut smaller = app(2, 3, true);
    smaller.workflows.retain(|bundle| bundle.name != "second");
    write(folder, &smaller);
    let _ = deploy(&[]).ends(0).says("! state machine  second is no longer in the app");
    let _ = deploy(&["--prune"]).ends(0).says("deleted  state machine  second").says("deleted  role           second-");
    let _ = deploy(&["--prune"]).ends(0).says("no changes: 7 resources");

    // What a workflow no longer uses goes with the next deploy: here its schedule, and the role for it.
    let mut manual = smaller;
    let bundle = &mut manual.workflows[0];
    (bundle.schedules, bundle.scheduler_role, bundle.schedule_group) = (Vec::new(), None, None);
    write(folder, &manual);
    let _ =
        deploy(&[]).ends(0).says("deleted  schedule       nightly").says("deleted  role           nightly-scheduler-");

    // Nobody is there to be asked.
    let destroy = |arguments: &[&str]| server.statewright(&manifest, &[&["destroy"], arguments].concat());
    let _ = destroy(&[]).ends(2).complains("--yes");
    let stays = "! table          statewright-guard stays: other apps may use it";
    let _ = destroy(&["--yes"]).ends(0).says(stays).says("deleted  schedule group small");
    assert_eq!(server.account().count(), NOTHING());
    assert_eq!(server.account().table("statewright-guard"), table);
    let _ = destroy(&["--yes"]).ends(0).says("no changes");
}

#[test]
fn what_is_not_ours_stops_everything_before_anything_is_written() {
    let Some(server) = need(Server::localstack("deploy-conflict", Options::default())) else { return };
    let folder = scratch("deploy-conflict-manifests");
    let manifest = write(&folder, &app(1, 2, false));
    server.account().put_role("nightly-execution-eu-central-1");
    let conflict = "the role `nightly-execution-eu-central-1` is there already and belongs to something else";
    let _ = server.statewright(&manifest, &["deploy"]).ends(14).complains(conflict);
    assert_eq!(server.account().count(), json!({ "roles": 1, "machines": 0, "log_groups": 0, "schedules": 0 }));
    let _ = server.statewright(&manifest, &["destroy", "--yes"]).ends(0);
    assert_eq!(server.account().count()["roles"], 1);
}

#[test]
fn the_table_of_the_guard_is_shared_unless_it_has_another_key() {
    let Some(server) = need(Server::moto("deploy-table")) else { return };
    let folder = scratch("deploy-table-manifests");
    let named = |app: &str, table: &str| {
        let nightly = Workflow::new(app, |w, _: Value<()>| w.succeed("Done"))
            .timeout(Duration::from_secs(60))
            .schedule(Schedule::cron("0 2 * * ? *"));
        let (manifest, _) = App::new(app).workflow(nightly).guard_table(table).compile();
        write(&folder, &manifest)
    };
    server.account().put_table("taken", "id");
    let conflict = "the guard expected a table `taken` with the key pk (S), found one with the key id (S)";
    let _ =
        server.statewright(&named("one", "taken"), &["deploy"]).ends(14).complains(conflict).complains(".guard_table(");
    assert_eq!(server.account().count(), NOTHING());
    // Two apps have one table, and neither takes it from the other.
    let _ = server.statewright(&named("one", "locks"), &["deploy"]).ends(0).says("created  table          locks");
    let second = server.statewright(&named("two", "locks"), &["deploy", "--prune"]).ends(0);
    assert!(!second.stdout.contains("table "), "{}", second.stdout);
    let _ = server.statewright(&named("two", "locks"), &["destroy", "--yes"]).ends(0).says("locks stays");
    let _ = server.statewright(&named("one", "locks"), &["deploy"]).ends(0).says("no changes");
}

#[test]
fn an_interrupted_deploy_is_finished_by_the_next_one() {
    let Some(server) = need(Server::localstack("deploy-interrupted", Options::default())) else { return };
    let folder = scratch("deploy-interrupted-manifests");
    let examples = statewright_examples::app().compile().0;
    let manifest = write(&folder, &examples);
    // Wherever the interruption falls, what follows is the same.
    for tenths in [3, 5, 7, 9] {
        let mut deploy = server.statewright_command(&manifest, &["deploy"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(tenths * 100));
        let _ = std::process::Command::new("kill").args(["-INT", &deploy.id().to_string()]).status().unwrap();
        let code = deploy.wait().unwrap().code();
        // Without a code it ended before it could begin.
        assert!(matches!(code, Some(130 | 0) | None), "{code:?}");
    }
    let _ = server.statewright(&manifest, &["deploy"]).ends(0);
    let _ = server.statewright(&manifest, &["deploy"]).ends(0).says("no changes: 31 resources");
    let _ = server.statewright(&manifest, &["destroy", "--yes"]).ends(0);
    assert_eq!(server.account().count(), NOTHING());
}

/// Without a server: what a user meets whose machine is not set up.
#[test]
fn what_is_missing_is_named_with_the_way_out() {
    let folder = scratch("deploy-missing");
    let manifest = write(&folder, &app(1, 2, false));
    let without = |set: &[(&str, &str)]| {
        let mut command = statewright_tests::statewright_binary();
        command.args(["deploy", "--manifest"]).arg(&manifest).env_clear().env("HOME", &folder);
        command.env("AWS_EC2_METADATA_DISABLED", "true").envs(set.iter().copied());
        run(&mut command).unwrap()
    };
    let _ = without(&[]).ends(10).complains("no region is set").complains("AWS_REGION");
    let region = ("AWS_REGION", "eu-central-1");
    let _ = without(&[region]).ends(10).complains("no AWS credentials were found").complains("aws sso login");
    let keys = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
    let nowhere = [region, ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), keys[0], keys[1]];
    let _ = without(&nowhere).ends(12).complains("can't be reached").complains("AWS_ENDPOINT_URL");

    fs::write(&manifest, "{").unwrap();
    let _ = without(&[]).ends(3).complains("is not JSON").complains("cargo run synth");
    fs::write(&manifest, r#"{"FormatVersion": 99}"#).unwrap();
    let _ = without(&[]).ends(3).complains("has the format 99").complains("cargo install");
    fs::remove_file(&manifest).unwrap();
    let _ = without(&[]).ends(3).complains("can't read the manifest");
}

#[test]
fn start_follows_an_execution_to_its_end() {
    let Some(server) = need(Server::localstack("deploy-start", Options::default())) else { return };
    let folder = scratch("deploy-start-manifests");
    let greeter = Workflow::new("greeter", |w, input: Value<Json>| {
        let name = input.get::<String>("name");
        w.wait("Think", Duration::from_secs(1));
        w.when("Known", name.eq("Ada"), |w| w.value(text!("hello, {name}")))
            .otherwise(|w| w.fail("Unknown", "UnknownGuest", text!("who is {name}?")))
    });
    let (manifest, _) = App::new("greetings").workflow(greeter).compile();
    let manifest = write(&folder, &manifest);
    let _ = server.statewright(&manifest, &["deploy"]).ends(0);

    let input = folder.join("input.json");
    let start = |text: &str, arguments: &[&str]| {
        fs::write(&input, text).unwrap();
        let all = [&["start", "greeter", "--follow", "--input", input.to_str().unwrap()], arguments].concat();
        server.statewright(&manifest, &all)
    };
    let good = start(r#"{"name": "Ada"}"#, &[]).ends(0).says("→ Think").says("✓ Known").says("SUCCEEDED");
    assert!(good.stdout.ends_with("\"hello, Ada\"\n"), "{}", good.stdout);
    let _ = start(r#"{"name": "Eve"}"#, &[]).ends(20).complains("FAILED: UnknownGuest: who is Eve?");
    let json = start(r#"{"name": "Ada"}"#, &["--json"]).ends(0);
    let last: serde_json::Value = serde_json::from_str(json.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((last["event"].as_str(), last["status"].as_str()), (Some("end"), Some("SUCCEEDED")));

    let _ = start("{", &[]).ends(3).complains("is not JSON");
    let _ = server.statewright(&manifest, &["start", "greter"]).ends(2).complains("it has greeter");
}
