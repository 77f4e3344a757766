//! The same states for each item.

use serde_json::json;
use statewright::prelude::*;
use statewright::scope::Listed;
use statewright::service::dynamodb::{Table, attributes};

use super::case::{Case, UNNAMED, function, way};
use super::choices::sample_retry;

pub(crate) fn cases() -> Vec<Case> {
    let job = json!({ "JobId": "j", "Status": "SUCCEEDED" });
    let rows = "id,price\nx,1\ny,2\nz,3\n";
    let load = || way(json!({ "bucket_name": "in", "file_key": "rows.csv" })).object("in", "rows.csv", rows);
    const LOAD: &str = "Validate, Transform, and Migrate Items";
    vec![
        Case {
            file: "devguide-2022/0055",
            workflow: fan_out(),
            ways: vec![
                way(json!({}))
                    .answer("Generate batch job input", json!([1, 2, 3]))
                    .answer("Submit Batch Job", job.clone()),
                way(json!({})).answer("Generate batch job input", json!([])).answer("Submit Batch Job", job),
            ],
        },
        Case {
            file: "devguide-2022/0064",
            workflow: messages(),
            ways: vec![
                way(json!({})).answer("Read messages from SQS Queue", "No messages"),
                ["Write message to DynamoDB", "Remove message from SQS queue", "Publish message to SNS topic"]
                    .into_iter()
                    .fold(
                        way(json!({})).answer(
                            "Read messages from SQS Queue",
                            json!([
                                { "MessageId": "1", "Body": "a", "ReceiptHandle": "r1" },
                                { "MessageId": "2", "Body": "b", "ReceiptHandle": "r2" },
                            ]),
                        ),
                        |way, state| way.answer(state, json!({ "done": state })),
                    ),
            ],
        },
        Case {
            file: "workflows-collection/0086",
            workflow: migration(),
            ways: vec![
                load()
                    .answer(LOAD, json!({ "migrated": 3 }))
                    .answer("Consolidate Migration", json!({ "report": "r" }))
                    .answer("Publish Results", json!({ "MessageId": "m" })),
                load().answer(LOAD, json!({ "migrated": 3 })).fails("Consolidate Migration", "ConsolidationError"),
                way(json!({ "bucket_name": "in", "file_key": "none.csv" })).object("in", "rows.csv", rows),
            ],
        },
        Case {
            file: "workflows-collection/0045",
            workflow: monte_carlo(),
            ways: vec![
                way(json!({ "runs": 3 }))
                    .object("in", "s/1.csv", "1")
                    .object("in", "s/2.csv", "2")
                    .answer("Generate Random Samples", json!({ "bucket_name": "in", "inputprefix": "s/" }))
                    .answer("Calculate Revenue", json!({ "revenue": 7 }))
                    .answer("Aggregate Results", json!({ "total": 14 })),
            ],
        },
    ]
}

fn fan_out() -> Workflow {
    const GENERATE: lambda::Function<(), Vec<Json>> =
        lambda::Function::named("<GENERATE_BATCH_JOB_INPUT_LAMBDA_FUNCTION_NAME>");
    Workflow::new("fan-out", |w, _: Value<Json>| {
        let inputs = w.run("Generate batch job input", GENERATE.call());
        w.map("Fan out batch jobs", inputs).each(|w, _| {
            let job = batch::SubmitJob::new("BatchJobFanOut", "<BATCH_QUEUE_ARN>", "<BATCH_JOB_DEFINITION_ARN>");
            // The placeholders are no names of ours.
            let job =
                job.argument("JobQueue", "<BATCH_QUEUE_ARN>").argument("JobDefinition", "<BATCH_JOB_DEFINITION_ARN>");
            w.run("Submit Batch Job", job).untyped()
        })
    })
    .timeout(Duration::from_secs(3600))
}

fn messages() -> Workflow {
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Message {
        message_id: String,
        body: String,
        receipt_handle: String,
    }
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Receipt {
        receipt_handle: String,
    }
    const READ: lambda::Function<(), Json> =
        lambda::Function::named("MapSampleProj-ReadFromSQSQueueLambda-1MY3M63RMJVA9");
    const DELETE: lambda::Function<Receipt, Json> =
        lambda::Function::named("MapSampleProj-DeleteFromSQSQueueLambda-198J2839ZO5K2");
    const MESSAGES: Table = Table::named("MapSampleProj-DDBTable-YJDJ1MKIN6C5");
    const TOPIC: sns::Topic =
        sns::Topic::arn("arn:aws:sns:us-east-1:012345678910:MapSampleProj-SNSTopic-1CQO4HQ3IR1KN");
    Workflow::new("messages", |w, _: Value<Json>| {
        let found = w.run("Read messages from SQS Queue", READ.call());
        w.when("Are there messages to process?", found.eq(json!("No messages")), |_| found).otherwise(|w| {
            let each = w.map("Process messages", found.cast::<Vec<Message>>()).each(|w, message| {
                let item = attributes().text("MessageId", message.message_id).text("Body", message.body);
                w.run("Write message to DynamoDB", MESSAGES.put(item).argument("ReturnConsumedCapacity", "TOTAL"));
                let receipt = ReceiptFields { receipt_handle: message.receipt_handle };
                w.run("Remove message from SQS queue", DELETE.invoke(receipt));
                let notice = sns::Publish::new(TOPIC, message.body).subject("Message from Step Functions!");
                w.run("Publish message to SNS topic", notice).untyped()
            });
            each.untyped()
        })
    })
}

fn migration() -> Workflow {
    #[derive(Shape)]
    struct Named {
        execution_name: String,
    }
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Batch {
        items: Vec<Json>,
        batch_input: Named,
    }
    #[derive(Shape)]
    struct Consolidate {
        execution_name: String,
        report: Json,
    }
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Told {
        sns_publish: Json,
    }
    const LOAD: lambda::Function<Batch, Json> =
        lambda::Function::named("MigrateCSVToDDBDistribute-MigrationWorkflowDataTra-cYgrlXsLCigq");
    const CONSOLIDATE: lambda::Function<Consolidate, Json> =
        lambda::Function::named("MigrateCSVToDDBDistribute-MigrationWorkflowConsoli-XfEZCwVAtxFM");
    const RESULTS: sns::Topic = sns::Topic::arn(
        "arn:aws:sns:us-east-1:572295176704:MigrateCSVToDDBDistributedMapStack-MigrationWorkflowPublishMigrationResultsED3B0CF2-M1xNC7B6b9Iq",
    );
    Workflow::new("migration", |w, input: Value<Json>| {
        let execution_name = w.set("execution_name", execution::name());
        let file = S3Items::<Json>::csv(input.get::<String>("bucket_name"), input.get::<String>("file_key"));
        let failed = w.forward_label("Failed");
        let migrated = w.attempt("Read", |w| {
            let rows =
                w.distributed("Read Input File", file.allow_any("a test")).label("ReadInputFile").max_concurrency(100);
            let batches = rows.tolerated_failure_percentage(100).batches(Batches::of(100).bytes(262_144));
            let report = batches.each(|w, items| {
                let request = BatchFields { items, batch_input: NamedFields { execution_name }.typed() };
                let load = LOAD.invoke(request).retry(sample_retry()).catch("MigrationError", |w, _| {
                    w.fail("Individual map process failed", UNNAMED, "the rows can't be migrated")
                });
                w.run(LOAD_STATE, load)
            });
            report.untyped()
        });
        let report = migrated.recover_on(errors::ITEM_READER_FAILED, |w, _| w.goto(failed)).join();
        let consolidate = CONSOLIDATE.invoke(ConsolidateFields { execution_name, report }).retry(sample_retry());
        let consolidated =
            w.run("Consolidate Migration", consolidate.catch("ConsolidationError", move |w, _| w.goto(failed)));
        let sns_publish = w.run("Publish Results", sns::Publish::new(RESULTS, consolidated)).untyped();
        let _ = w.succeed_with("Migration Complete", consolidated.merge(ToldFields { sns_publish }.typed().untyped()));
        w.place(failed);
        w.fail("Migration Failed", UNNAMED, "nothing was migrated")
    })
}

const LOAD_STATE: &str = "Validate, Transform, and Migrate Items";

fn monte_carlo() -> Workflow {
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Mapped {
        map_output: Json,
    }
    let named = |name: &'static str| function(name);
    let sample = named("arn:aws:lambda:us-east-1:123456789012:function:SamplingFunction");
    let aggregate = named("arn:aws:lambda:us-east-1:123456789012:function:AggregatorFunction");
    const CALCULATE: lambda::Function<Listed, Json> =
        lambda::Function::named("arn:aws:lambda:us-east-1:123456789012:function:CalculatorFunction");
    let retry = |seconds| {
        Retry::on(errors::TASK_FAILED).interval(Duration::from_secs(seconds)).max_attempts(2).backoff_rate(1.0)
    };
    Workflow::new("monte-carlo", |w, input: Value<Json>| {
        let samples = w.run("Generate Random Samples", sample.invoke(input).retry(retry(15)));
        let objects = S3Items::objects(samples.get::<String>("bucket_name"), samples.get::<String>("inputprefix"));
        let map_output = w
            .distributed("Monte Carlo Simulation - (Distributed Map)", objects.allow_any("a test"))
            .express()
            .label("DistributedMontecarlo")
            .max_concurrency(1000)
            .each(|w, object| w.run("Calculate Revenue", CALCULATE.invoke(object).retry(retry(2))));
        let all = samples.merge(MappedFields { map_output: map_output.untyped() }.typed().untyped());
        w.run("Aggregate Results", aggregate.invoke(all).retry(retry(2)))
    })
}
