//! Loops: jobs that are asked about, counters.

use serde_json::json;
use statewright::prelude::*;

use super::case::{Case, function, way};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case {
            file: "devguide-2022/0071",
            workflow: job_poller(),
            ways: vec![
                way(json!({ "wait_time": 5 }))
                    .answer("Submit Job", "g-1")
                    .answer("Get Job Status", "RUNNING")
                    .answer("Get Job Status", "SUCCEEDED")
                    .answer("Get Final Job Status", json!({ "rows": 7 })),
                way(json!({ "wait_time": 1 })).answer("Submit Job", "g-1").answer("Get Job Status", "FAILED"),
            ],
        },
        Case {
            file: "devguide-2022/0082",
            workflow: iterate(),
            ways: vec![
                way(json!({ "a": 1 })).answer("Iterator", json!({ "continue": false, "index": 9 })),
                way(json!({ "a": 1 }))
                    .answer("Iterator", json!({ "continue": true, "index": 1 }))
                    .answer("Iterator", json!({ "continue": true, "index": 2 }))
                    .answer("Iterator", json!({ "continue": false, "index": 3 })),
            ],
        },
        Case {
            file: "workflows-collection/0168",
            workflow: speech(),
            ways: [("completed", 0), ("failed", 0), ("completed", 2)]
                .map(|(end, pending)| {
                    let file = json!({ "detail": { "bucket": { "name": "b" }, "object": { "key": "k" } } });
                    let begun = way(file)
                        .answer("GetTextFile", json!({ "Body": "hello" }))
                        .answer("StartSpeechSynthesisTask", json!({ "SynthesisTask": { "TaskId": "t-1" } }));
                    let task = |status: &str| json!({ "SynthesisTask": { "TaskId": "t-1" }, "TaskStatus": status });
                    let pending =
                        (0..pending).fold(begun, |way, _| way.answer("GetSpeechSynthesisTask", task("inProgress")));
                    pending.answer("GetSpeechSynthesisTask", task(end))
                })
                .to_vec(),
        },
        Case {
            file: "functionless/0002",
            workflow: wait_and_look(),
            ways: ["FAILED", "DONE"]
                .map(|status| way(json!({})).answer("status = $AWS.DynamoDB.GetItem()", status))
                .to_vec(),
        },
    ]
}

/// Submits a job, and asks for its status until it has one.
fn job_poller() -> Workflow {
    const SUBMIT: &str = "arn:aws:lambda:us-east-1:111122223333:function:StepFunctionsSample-JobStatusPol-SubmitJobFunction-jDaYcl4cx55r";
    const CHECK: &str = "arn:aws:lambda:us-east-1:111122223333:function:StepFunctionsSample-JobStatusPoll-CheckJobFunction-1JkJwY10vonI";
    const LAST: &str = "arn:aws::lambda:us-east-1:111122223333:function:StepFunctionsSample-JobStatusPoll-CheckJobFunction-1JkJwY10vonI";
    const STATUS: lambda::Function<Json, String> = lambda::Function::named(CHECK);
    Workflow::new("job-poller", |w, input: Value<Json>| {
        let guid = w.run("Submit Job", function(SUBMIT).invoke(input));
        let again = w.label("Again");
        w.wait("Wait X Seconds", input.get::<i64>("wait_time"));
        let status = w.run("Get Job Status", STATUS.invoke(guid));
        w.when("Job Complete?", status.eq("FAILED"), |w| {
            w.fail("Job Failed", "DescribeJob returned FAILED", "AWS Batch Job Failed")
        })
        .or_when(status.eq("SUCCEEDED"), |w| w.run("Get Final Job Status", function(LAST).invoke(guid)))
        .otherwise(|w| w.goto(again))
    })
}

/// Counts with a function, and does something each time.
fn iterate() -> Workflow {
    #[derive(Shape)]
    struct Counted {
        iterator: Json,
    }
    let iterate = function("arn:aws:lambda:us-east-1:123456789012:function:Iterate");
    Workflow::new("iterate", |w, input: Value<Json>| {
        let first = json!({ "iterator": { "count": 10, "index": 0, "step": 1 } });
        let (again, state) = w.label_with("ConfigureCount", input.merge(first));
        let iterator = w.run("Iterator", iterate.invoke(state));
        let next = w.set("Next", state.merge(CountedFields { iterator }.typed().untyped()));
        w.when("IsCountReached", iterator.get::<bool>("continue").eq(true), |w| {
            w.goto_with(again, next.merge(json!({ "result": { "success": true } })))
        });
        next
    })
}

/// Makes speech of a text, and asks until it is there.
fn speech() -> Workflow {
    Workflow::new("speech", |w, event: Value<Json>| {
        let detail = event.get::<Json>("detail");
        let get = sdk::Call::<Json>::new("s3:getObject").actions(["s3:GetObject"]).allow_any("a test");
        let get = get.argument("Bucket", detail.get::<Json>("bucket").get::<String>("name"));
        let text = w.run("GetTextFile", get.argument("Key", detail.get::<Json>("object").get::<String>("key")));
        let start =
            sdk::Call::<Json>::new("polly:startSpeechSynthesisTask").actions(["polly:StartSpeechSynthesisTask"]);
        let start = start
            .allow_any("a test")
            .argument("OutputFormat", "mp3")
            .argument("OutputS3BucketName", "bucket-776177632559-us-east-1-transcript-results")
            .argument("Text", text.get::<String>("Body"))
            .argument("TextType", "text")
            .argument("OutputS3KeyPrefix", "audio")
            .argument("VoiceId", "Amy");
        let started = w.run("StartSpeechSynthesisTask", start);
        let (again, task) = w.label_with("Again", started);
        w.wait("Wait", Duration::from_secs(10));
        let get = sdk::Call::<Json>::new("polly:getSpeechSynthesisTask").actions(["polly:GetSpeechSynthesisTask"]);
        let id = task.get::<Json>("SynthesisTask").get::<String>("TaskId");
        let task = w.run("GetSpeechSynthesisTask", get.allow_any("a test").argument("TaskId", id));
        let status = task.get::<String>("TaskStatus");
        w.when("SpeechSynthesisTaskStatus", status.eq("completed"), |w| w.succeed_with("Success", task))
            .or_when(status.eq("failed"), |w| w.fail("Failed", "FAILED", "transcription job failed"))
            .otherwise(|w| w.goto_with(again, task))
    })
    .timeout(Duration::from_secs(900))
}

/// Waits, and fails if an item says so.
fn wait_and_look() -> Workflow {
    Workflow::new("wait-and-look", |w, _: Value<Json>| {
        w.wait("$SFN.waitFor(10)", Duration::from_secs(10));
        let get = sdk::Call::<Json>::new("dynamodb:getItem").actions(["dynamodb:GetItem"]).allow_any("a test");
        let get = get.argument("TableName", "256").argument("Key", json!({ "id": { "S": "string" } }));
        let status = w.run("status = $AWS.DynamoDB.GetItem()", get);
        w.when("if(status == \"FAILED\")", status.eq(json!("FAILED")), |w| {
            w.fail("throw new Error(\"Failed\")", "Error", "{\"message\":\"Failed\"}")
        });
        w.value(json!(null))
    })
}
