//! Branches, and other workflows.

use serde_json::json;
use statewright::prelude::*;

use super::case::{Case, UNNAMED, function, way};

pub(crate) fn cases() -> Vec<Case> {
    let approvers = ["SNS Publish to Approver 1", "SNS Publish to Approver2", "SNS Publish to Approver3"];
    let approved =
        approvers.into_iter().fold(way(json!({ "what": "x" })), |way, name| way.answer(name, json!({ "by": name })));
    let refused =
        approvers[..2].iter().fold(way(json!({ "what": "x" })), |way, name| way.answer(name, json!({ "by": name })));
    vec![
        Case { file: "aws-toolkit-vscode/0011", workflow: two_waits(), ways: vec![way(json!({ "a": 1 }))] },
        Case {
            file: "workflows-collection/0093",
            workflow: approvals(),
            ways: vec![approved, refused.fails(approvers[2], "Refused")],
        },
        Case {
            file: "devguide-2022/0074",
            workflow: nested(),
            ways: vec![
                way(json!({}))
                    .answer("Start new workflow and continue", json!({ "ExecutionArn": "e" }))
                    .answer("Start new workflow and wait for completion", json!({ "Output": { "n": 1 } }))
                    .answer("Start new workflow and wait for callback", json!({ "n": 2 })),
            ],
        },
        Case { file: "moto/0010", workflow: caught_branch(), ways: vec![way(json!({ "a": 1 }))] },
        Case {
            file: "serverless-step-functions/0011",
            workflow: functions(),
            ways: vec![
                way(json!({ "a": 1 }))
                    .answer("DirectInvoke", json!({ "b": 1 }))
                    .answer("ServiceIntegration", json!({ "c": 1 }))
                    .answer("UserSetTimeout", json!({ "d": 1 }))
                    .answer("NestedTask", json!({ "e": 1 })),
            ],
        },
    ]
}

fn two_waits() -> Workflow {
    Workflow::new("two-waits", |w, input: Value<Json>| {
        let both = w.parallel("Parallel").branch(|w| {
            w.wait("Wait 20s", Duration::from_secs(20));
            input
        });
        let (one, two) = both
            .branch(|w| {
                w.wait("Wait 10s", Duration::from_secs(10));
                input
            })
            .join();
        w.value([one, two])
    })
}

#[derive(Shape)]
struct Question {
    token: String,
    message: Json,
}

fn approvals() -> Workflow {
    Workflow::new("approvals", |w, message: Value<Json>| {
        let ask = |topic: &'static str| {
            let topic = sns::Topic::arn(topic);
            sns::Publish::new(topic, QuestionFields { token: task::token(), message }).wait_for_task_token::<Json>()
        };
        let all = w.attempt("All", |w| {
            let (one, two, three) = w
                .parallel("Parallel")
                .branch(|w| w.run("SNS Publish to Approver 1", ask("arn:aws:sns:eu-central-1:341648752667:Approver1")))
                .branch(|w| w.run("SNS Publish to Approver2", ask("arn:aws:sns:eu-central-1:341648752667:Approver2")))
                .branch(|w| w.run("SNS Publish to Approver3", ask("arn:aws:sns:eu-central-1:341648752667:Approver3")))
                .join();
            w.value([one, two, three])
        });
        all.recover(|w, _| w.fail("Fail", UNNAMED, "somebody did not approve"))
    })
}

#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct Begin {
    need_callback: bool,
}

#[derive(Shape)]
#[serde(rename_all = "PascalCase")]
struct BeginWithToken {
    need_callback: bool,
    task_token: String,
}

fn nested() -> Workflow {
    const CHILD: &str =
        "arn:aws:states:us-east-1:123456789012:stateMachine:NestingPatternAnotherStateMachine-HZ9gtgspmdun";
    const PLAIN: states::StateMachine<Begin, Json> = states::StateMachine::named(CHILD);
    const TOLD: states::StateMachine<BeginWithToken, Json> = states::StateMachine::named(CHILD);
    Workflow::new("nested", |w, _: Value<Json>| {
        let begin = || BeginFields { need_callback: false.into() };
        w.run("Start new workflow and continue", PLAIN.start(begin()).request_response());
        let (done, told) = w
            .parallel("Start in parallel")
            .branch(|w| w.run("Start new workflow and wait for completion", PLAIN.start(begin())).output)
            .branch(|w| {
                let begin = BeginWithTokenFields { need_callback: true.into(), task_token: task::token() };
                w.run("Start new workflow and wait for callback", TOLD.start(begin).wait_for_task_token::<Json>())
            })
            .join();
        w.value([done, told])
    })
}

fn caught_branch() -> Workflow {
    Workflow::new("caught-branch", |w, _: Value<Json>| {
        let caught = w.attempt("Attempt", |w| {
            let _ =
                w.parallel("ParallelState").branch(|w| w.fail("Branch1", "FailureType", "Cause description")).join();
            w.value(json!([])).untyped()
        });
        caught.recover_on("FailureType", |_, error| error.untyped()).join()
    })
}

fn functions() -> Workflow {
    let short = function("arn:aws:x:us-east-1:123456789012:ShortLambdaFunction");
    let long = function("arn:aws:x:us-east-1:123456789012:LongLambdaFunction");
    let other = function("arn:aws:x:us-east-1:123456789012:DefaultedLambdaFunction");
    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Response {
        payload: Json,
        status_code: i64,
    }
    Workflow::new("functions", |w, input: Value<Json>| {
        let direct = w.run("DirectInvoke", short.invoke(input));
        let payload = w.run("ServiceIntegration", long.invoke(direct));
        // By hand, the whole response goes on.
        let whole = ResponseFields { payload, status_code: 200.into() }.typed().untyped();
        let limited = w.run("UserSetTimeout", short.invoke(whole).timeout(Duration::from_secs(5)));
        let (nested,) = w.parallel("ParallelStep").branch(|w| w.run("NestedTask", other.invoke(limited))).join();
        w.value([nested])
    })
}
