//! How long it takes to compile and render an app of 1,000 workflows. `cargo bench -p statewright`.

use statewright::prelude::*;
use statewright::{files, terraform};

fn main() {
    divan::main();
}

#[derive(Shape)]
struct Input {
    shops: Vec<String>,
    bucket: String,
}

const EXPORT: ecs::TaskDefinition = ecs::TaskDefinition::family("export").roles(&["export-task", "ecs-execution"]);
const ALERTS: sns::Topic = sns::Topic::named("alerts");

/// Fifteen states, of all kinds, with a schedule.
fn workflow(number: usize) -> Workflow {
    Workflow::new(format!("workflow-{number:04}"), |w, input: Value<Input>| {
        let date = w.set("Date", execution::start().minus_hours(5).date_in("+0900"));
        w.run("Export", ecs::RunTask::new("batch", EXPORT).container("app", |c| c.arg("export").arg(date)));
        let (sizes, status) = w
            .parallel("Both")
            .branch(|w| {
                w.map("Each", input.shops).each(|w, shop| {
                    w.run("Load", glue::StartJobRun::new("load").argument_value("--shop", shop)).execution_time
                })
            })
            .branch(|w| {
                w.attempt("Images", |w| w.run("Resize", batch::SubmitJob::new("resize", "images", "resize")).status)
                    .recover(|w, error| {
                        w.run("Warn", sns::Publish::new(ALERTS, error.cause));
                        w.value("SKIPPED")
                    })
            })
            .join();
        let total = w.set("Total", sizes.sum());
        w.when("Slow", total.gt(3_600), |w| {
            w.run("TellSlow", sns::Publish::new(ALERTS, text!("{total} s, images {status}")));
        });
        for stage in ["Merge", "Check", "Publish"] {
            w.run(stage, glue::StartJobRun::new(stage).argument_value("--date", date));
        }
        w.run("Tell", sns::Publish::new(ALERTS, text!("{} is done", input.bucket)));
    })
    .on_error(|w, error| {
        w.run("Failure", sns::Publish::new(ALERTS, error.error));
    })
    .schedule(Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo"))
}

fn app(workflows: usize) -> App {
    (0..workflows).map(workflow).fold(App::new("many"), App::workflow)
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn record_and_compile(workflows: usize) -> usize {
    app(workflows).compile().0.workflows.len()
}

#[divan::bench(args = [1, 1_000], sample_count = 10)]
fn everything_to_text(workflows: usize) -> usize {
    let (manifest, _) = app(workflows).compile();
    let manifest_text = serde_json::to_string_pretty(&manifest).map_or(0, |text| text.len());
    let files: usize =
        manifest.workflows.iter().flat_map(|bundle| files::of(bundle).into_values()).map(|t| t.len()).sum();
    let module: usize = terraform::files(&manifest).into_values().map(|text| text.len()).sum();
    manifest_text + files + module
}
