//! Operating what is deployed: locks, redrives, backfills, pauses, and the guard under a storm.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_tests::{Done, Options, Server, need, run, scratch, statewright_binary};

const TABLE: &str = "statewright-guard";

fn write(folder: &Path, app: &App) -> PathBuf {
    let (manifest, diagnostics) = app.compile();
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let file = folder.join("manifest.json");
    fs::write(&file, serde_json::to_string(&manifest).unwrap()).unwrap();
    file
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A workflow of one Wait, for one execution at a time.
fn waits(name: &str, time: u64) -> Workflow {
    Workflow::new(name, move |w, _: Value<Json>| w.wait("Work", seconds(time)))
        .timeout(seconds(600))
        .concurrency(Concurrency::exclusive())
        .no_log()
}

fn events(done: &Done) -> Vec<Json> {
    done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[derive(Shape)]
struct Order {
    customer: String,
}

#[test]
fn a_lock_is_looked_at_and_given_back() {
    let Some(server) = need(Server::localstack("operations-guard", Options::default())) else { return };
    let orders = Workflow::new("orders", |w, _: Value<Order>| w.wait("Work", seconds(300)))
        .timeout(seconds(600))
        .concurrency(Concurrency::exclusive().key_from(|order: Value<Order>| order.customer))
        .no_log();
    let app = App::new("shop").workflow(waits("slow", 300)).workflow(orders);
    let manifest = write(&scratch("operations-guard-manifests"), &app);
    let statewright = |arguments: &[&str]| server.statewright(&manifest, arguments);
    let _ = statewright(&["guard", "status"]).ends(15).complains("expected the table").complains("statewright deploy");
    let _ = statewright(&["deploy"]).ends(0);
    let _ = statewright(&["guard", "status", "slow"]).ends(0).says("workflow:slow  (1 at once, else skip; slow): free");
    let _ = statewright(&["guard", "unlock", "slow", "--yes"]).ends(0).says("nothing to do");

    let arn = events(&statewright(&["start", "slow", "--name", "one", "--json"]).ends(0))[0]["executionArn"].clone();
    let arn = arn.as_str().unwrap();
    await_holders(&server, "workflow:slow", 1);
    let _ = statewright(&["guard", "status"]).ends(0).says("held by slow:one, since 20").says(": runs");
    let lock = &events(&statewright(&["guard", "status", "slow", "--json"]).ends(0))[0];
    assert_eq!((&lock["key"], &lock["limit"]), (&json!("workflow:slow"), &json!(1)));
    let holder = &lock["holders"][0];
    assert_eq!((&holder["executionArn"], &holder["standing"]), (&json!(arn), &json!("running")));

    // Who runs keeps it.
    let unlock = |more: &[&str]| statewright(&[&["guard", "unlock", "slow"], more].concat());
    let _ = unlock(&["--yes"]).ends(14).complains("`one` runs").complains("--force");
    let _ = unlock(&["--execution", "two", "--yes"]).ends(2).complains("`two` holds no permit; one do");
    server.account().stop(arn);
    let _ = statewright(&["guard", "status"]).ends(0).says("has ended (ABORTED): the next run takes its permit");
    let _ = unlock(&[]).ends(2).complains("nobody is there to confirm it").complains("--yes");
    let _ = unlock(&["--execution", arn, "--yes"]).ends(0).says("unlocked workflow:slow");
    assert!(server.account().holders(TABLE, "workflow:slow").is_empty());
    let _ = statewright(&["guard", "status", "slow"]).ends(0).says(": free");

    // A lock for each value.
    let _ = statewright(&["guard", "status", "orders"]).ends(0).says("workflow:orders").says("free for every value");
    let both = server.account().start_all("orders", &[json!({ "customer": "ada" }), json!({ "customer": "bob" })]);
    for customer in ["ada", "bob"] {
        await_holders(&server, &format!("workflow:orders:{customer}"), 1);
    }
    let keys: Vec<Json> = events(&statewright(&["guard", "status", "orders", "--json"]).ends(0));
    let keys: Vec<_> = keys.iter().map(|lock| lock["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["workflow:orders:ada", "workflow:orders:bob"]);
    let several = statewright(&["guard", "unlock", "orders", "--yes"]).ends(2);
    let _ = several.complains("found 2 that hold permits").complains("--execution");
    let _ = statewright(&["guard", "unlock", "orders", "--key", "ada", "--force", "--yes"]).ends(0);
    assert!(server.account().holders(TABLE, "workflow:orders:ada").is_empty());
    assert_eq!(server.account().holders(TABLE, "workflow:orders:bob").len(), 1);
    both.iter().for_each(|arn| server.account().stop(arn));
    let _ = statewright(&["guard", "status", "slo"]).ends(2).complains("it has orders, slow");
}

fn await_holders(server: &Server, key: &str, count: usize) {
    for _ in 0..60 {
        if server.account().holders(TABLE, key).len() == count {
            return;
        }
    }
    panic!("{key} never had {count} holders");
}

#[test]
fn a_backfill_runs_each_tick_once_however_often_it_is_called() {
    let Some(server) = need(Server::localstack("operations-backfill", Options::default())) else { return };
    let report = waits("report", 2).schedule(Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo").disabled());
    let broken = Workflow::new("broken", |w, _: Value<Json>| w.fail("Stop", "NoGood", "it is broken"))
        .timeout(seconds(600))
        .schedule(Schedule::cron("0 2 * * ? *"))
        .no_log();
    let manifest =
        write(&scratch("operations-backfill-manifests"), &App::new("shop").workflow(report).workflow(broken));
    let _ = server.statewright(&manifest, &["deploy"]).ends(0);
    let backfill = |workflow: &str, to: &str, more: &[&str]| {
        let range = ["backfill", workflow, "--from", "2026-01-01", "--to", to];
        server.statewright(&manifest, &[&range, more].concat())
    };
    let dry = backfill("report", "2026-01-03", &["--dry-run"]).ends(0);
    let _ = dry.says("2025-12-31T17:00:00Z  backfill-report-20251231T170000Z\n2026-01-01T17:00:00Z");
    assert_eq!(server.account().executions("report"), json!({}));

    let _ = backfill("report", "2026-01-02", &[]).ends(0).says("2 ticks: 2 started, 2 succeeded, 0 failed");
    let done = server.account().executions("report");
    let input = &done["backfill-report-20260101T170000Z"]["input"]["_schedule"];
    assert_eq!(input, &json!({ "time": "2026-01-01T17:00:00Z" }), "it is no tick of the schedule's own");

    // Once more, and further: only what is missing is started. Somebody else holds the lock meanwhile: one who began just
    // now, since nobody can see him yet.
    let _ = backfill("report", "2026-01-02", &[]).ends(0).says("2 ticks: 0 started").says("2 done before");
    let other = "arn:aws:states:eu-central-1:000000000000:execution:report:other";
    server.account().hold(TABLE, "workflow:report", &format!("2099-01-01T00:00:00.000Z|{other}|0"));
    let held = backfill("report", "2026-01-03", &["--max-parallel", "3", "--retry-after", "1"]).ends(20);
    let held = held.complains("1 at once: the guard").complains("1 of 3 ticks did not run: others held the lock");
    let _ = held.says("3 ticks: 0 started, 0 succeeded, 0 failed, 1 turned away by the guard, 2 done before");
    let _ = server.statewright(&manifest, &["guard", "unlock", "report", "--force", "--yes"]).ends(0);
    let _ = backfill("report", "2026-01-03", &[]).ends(0).says("3 ticks: 1 started, 1 succeeded").says("2 done before");
    let runs = server.account().executions("report");
    assert_eq!(runs["backfill-report-20260102T170000Z-4"]["status"], "SUCCEEDED");
    assert_eq!(runs["backfill-report-20260102T170000Z-5"]["status"], "SUCCEEDED");
    assert_eq!(runs.as_object().unwrap().len(), 7, "{runs:#}");
    let again = events(&backfill("report", "2026-01-03", &["--json"]).ends(0));
    assert_eq!(again.last().unwrap()["before"], 3);

    let failed = backfill("broken", "2026-01-01", &[]).ends(20).says("failed: FAILED, NoGood");
    let _ = failed.complains("1 of 1 ticks failed").complains("statewright redrive");
    let _ = backfill("broken", "2026-01-01", &[]).ends(20).says("failed before");
    let _ = backfill("broken", "2026-01-01", &["--schedule", "nightly"]).ends(2).complains("it has broken");
}

#[test]
fn a_paused_schedule_stays_as_it_is_but_for_that() {
    let Some(server) = need(Server::localstack("operations-pause", Options::default())) else { return };
    let report = waits("report", 1)
        .schedule(Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo").flexible_window(seconds(900)).description("x"))
        .schedule(Schedule::rate("7 days").named("weekly").start_date("2026-01-01T00:00:00Z"));
    let manifest = write(&scratch("operations-pause-manifests"), &App::new("shop").workflow(report));
    let statewright = |arguments: &[&str]| server.statewright(&manifest, arguments);
    let _ = statewright(&["pause", "report"]).ends(15).complains("statewright deploy");
    let _ = statewright(&["deploy"]).ends(0);
    let _ = statewright(&["pause", "weekly"]).ends(0).says("paused weekly").says("the next deploy");
    let _ = statewright(&["pause", "report"]).ends(0).says("paused report: cron").says("weekly is paused already");
    let plan = statewright(&["deploy", "--dry-run"]).ends(0).says("2 to change").says("State: DISABLED → ENABLED");
    // Nothing else was changed.
    assert_eq!(plan.stdout.matches(" → ").count(), 2, "{}", plan.stdout);
    let _ = statewright(&["resume", "report"]).ends(0).says("resumed weekly");
    let _ = statewright(&["deploy", "--dry-run"]).ends(0).says("no changes");
    let _ = statewright(&["pause", "nightly"]).ends(2).complains("it has report, weekly");
}

/// `statewright serve` on a free port; it ends with the test.
struct Serve {
    process: Child,
    url: String,
}

impl Serve {
    fn start(mocks: &Path) -> Self {
        let mut command = statewright_binary();
        command.args(["serve", "--port", "0", "--json", "--region", "eu-central-1", "--mocks"]).arg(mocks);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let listening: Json = serde_json::from_str(&line).unwrap();
        Self { url: listening["url"].as_str().unwrap().to_owned(), process }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_redrive_takes_the_permit_first() {
    // moto has the table, and no redrive; `serve` has redrives, and no table.
    let Some(server) = need(Server::moto("operations-redrive")) else { return };
    let folder = scratch("operations-redrive-manifests");
    let mocks = folder.join("mocks.json");
    let throw = |error: &str| json!({ "Throw": { "Error": error, "Cause": "as the test has it" } });
    let answers = json!({
        "StateMachines": {
            "inside": { "TestCases": {
                "Only": { "guard/acquire": "Well", "Tell": "BadThenGood", "guard/release": "Well" } } },
            "early": { "TestCases": { "Only": { "guard/acquire": "BadThenGood", "Tell": "Well", "guard/release": "Well" } } },
        },
        "MockedResponses": {
            "Well": { "0": { "Return": {} } },
            // What no Retrier of the guard retries.
            "BadThenGood": { "0": throw("States.Runtime"), "1": { "Return": {} } },
        },
    });
    fs::write(&mocks, answers.to_string()).unwrap();
    let load = |name| {
        Workflow::new(name, |w, _: Value<Json>| {
            w.run("Tell", sns::Publish::new(sns::Topic::named("reports"), "done"));
        })
        .timeout(seconds(600))
        .concurrency(Concurrency::exclusive())
        .no_log()
    };
    let manifest = write(&folder, &App::new("shop").workflow(load("inside")).workflow(load("early")));
    let serve = Serve::start(&mocks);
    let statewright = |arguments: &[&str]| {
        let mut command = server.statewright_command(&manifest, arguments);
        run(command.env("AWS_ENDPOINT_URL_SFN", &serve.url)).unwrap()
    };
    let _ = statewright(&["deploy"]).ends(0);
    let _ = statewright(&["start", "inside", "--name", "one", "--follow"]).ends(20).says("→ Tell");

    // Somebody else has taken its permit meanwhile.
    let other = "arn:aws:states:eu-central-1:123456789012:execution:inside:other";
    server.account().hold(TABLE, "workflow:inside", &format!("2026-01-01T00:00:00.000Z|{other}|0"));
    let redrive = |arguments: &[&str]| statewright(&[&["redrive"], arguments].concat());
    let held = redrive(&["one", "inside"]).ends(14);
    let _ = held.complains("the lock `workflow:inside` is held by inside:other").complains("guard unlock");
    assert_eq!(server.account().holders(TABLE, "workflow:inside").len(), 1);
    let _ = statewright(&["guard", "unlock", "inside", "--yes"]).ends(0);

    let _ = redrive(&["one", "inside"]).ends(0).says(", with the permit of workflow:inside");
    let [token] = &*server.account().holders(TABLE, "workflow:inside") else { panic!("expected one token") };
    assert!(token.contains(":execution:inside:one|1|20") && token.ends_with('Z'), "{token}");
    let _ = statewright(&["guard", "status", "inside"]).ends(0).says("redrive 1: has ended (SUCCEEDED)");
    let _ = redrive(&["one", "inside"]).ends(14).complains("is SUCCEEDED and can't be redriven");

    // Who failed before it had a permit takes it when it goes on.
    let _ = statewright(&["start", "early", "--name", "one", "--follow"]).ends(20);
    let arn = other.replace("inside:other", "early:one");
    let _ = redrive(&[&arn]).ends(0).says("takes its permit itself");
    assert!(server.account().holders(TABLE, "workflow:early").is_empty());

    let _ = redrive(&["one"]).ends(2).complains("statewright redrive one WORKFLOW");
    let _ = redrive(&["two", "early"]).ends(2).complains("there is no execution");
}

/// When an execution was between the first and the last state of its workflow.
fn inside(history: &Json) -> Option<(f64, f64)> {
    let begin = history["entered"]["Work"].as_f64()?;
    Some((begin, history["left"]["Work"].as_f64().or(history["end"].as_f64()).unwrap()))
}

#[track_caller]
fn assert_never_two(histories: &[Json]) {
    let mut times: Vec<_> = histories.iter().filter_map(inside).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in times.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "two were inside at once: {pair:?}");
    }
}

fn tick(time: &str) -> Json {
    json!({ "_schedule": { "arn": "arn:aws:scheduler:eu-central-1:1:schedule/shop/s", "time": time } })
}

/// The executions of a tick that ran.
fn ran(histories: &[Json], tick: &Json) -> usize {
    let of_tick = histories.iter().filter(|history| history["input"].as_str() == Some(&tick.to_string()));
    of_tick.filter(|history| inside(history).is_some()).count()
}

#[test]
fn in_a_storm_never_two_run_at_once_and_each_tick_once() {
    let Some(server) = need(Server::localstack("operations-storm", Options::default())) else { return };
    let schedule = || Schedule::cron("0 2 * * ? *").disabled();
    let queued = waits("queued", 2)
        .schedule(schedule())
        .concurrency(Concurrency::exclusive().on_conflict(OnConflict::wait_up_to(seconds(300)).poll_every(seconds(1))));
    let skipped = waits("skipped", 2).schedule(schedule());
    let manifest = write(&scratch("operations-storm-manifests"), &App::new("shop").workflow(queued).workflow(skipped));
    let _ = server.statewright(&manifest, &["deploy"]).ends(0);
    let account = server.account();
    let times = ["2026-01-01T02:00:00Z", "2026-01-02T02:00:00Z"];

    // Those who wait: all run, one after another, but for one that is stopped inside.
    let mut inputs: Vec<Json> = (0..8).map(|number| json!({ "number": number })).collect();
    inputs.extend([tick(times[0]), tick(times[0]), tick(times[0]), tick(times[1]), tick(times[1])]);
    let arns = account.start_all("queued", &inputs);
    let stopped = account.stop_holder(TABLE, "workflow:queued");
    let histories = account.histories(&arns);
    assert_never_two(&histories);
    let ends = |status: &str| histories.iter().filter(|history| history["status"] == status).count();
    assert_eq!((ends("SUCCEEDED"), ends("ABORTED")), (12, 1), "{histories:#?}");
    let began = histories.iter().filter(|history| inside(history).is_some()).count();
    // Who is stopped just after it took the permit has not begun.
    let index = arns.iter().position(|arn| *arn == stopped).unwrap();
    let missing = usize::from(inside(&histories[index]).is_none());
    assert_eq!(began, 10 - missing);
    for time in times {
        let is_stopped = inputs[index] == tick(time);
        assert_eq!(ran(&histories, &tick(time)), 1 - if is_stopped { missing } else { 0 }, "{time}");
    }

    // Those who are skipped: of each tick one runs, and none comes late.
    let mut all = Vec::new();
    for (time, count) in [(times[1], 4), (times[0], 1), (times[1], 2)] {
        let arns = account.start_all("skipped", &vec![tick(time); count]);
        all.extend(account.histories(&arns));
    }
    assert_never_two(&all);
    assert!(all.iter().all(|history| history["status"] == "SUCCEEDED"), "{all:#?}");
    assert_eq!((ran(&all, &tick(times[1])), ran(&all, &tick(times[0]))), (1, 0));
    let _ =
        server.statewright(&manifest, &["guard", "status", "skipped"]).ends(0).says("last tick of s: 2026-01-02T02");
    let _ = server.statewright(&manifest, &["guard", "status", "queued"]).ends(0).says("last tick of s: 2026-01-02T02");
}
