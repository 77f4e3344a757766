//! What is found in a request, and what is let pass.

use serde_json::{Value as Json, json};
use statewright_model::{FindingKind, Language, check, optimized, resolve, service, services};

fn found(resource: &str, request: &Json, language: Language) -> Vec<String> {
    let (action, _) = resolve(&format!("arn:aws:states:::{resource}")).expect("an action");
    check(&action, request, language).iter().map(ToString::to_string).collect()
}

fn jsonata(resource: &str, request: &Json) -> Vec<String> {
    found(resource, request, Language::Jsonata)
}

#[test]
fn a_task_with_every_mistake() {
    let request = json!({
        "Clster": "main",
        "Count": "two",
        "LaunchType": "FARGAT",
        "Overrides": { "ContainerOverrides": [{ "Comand": ["a"] }] },
    });
    assert_eq!(
        jsonata("ecs:runTask", &request),
        [
            "Clster: there is no member of this name; did you mean `Cluster`?",
            "Count: a whole number is expected here, not \"two\"",
            "LaunchType: one of `EC2`, `FARGATE`, `EXTERNAL`, `MANAGED_INSTANCES` is expected here, not \"FARGAT\"; did you mean `FARGATE`?",
            "Overrides.ContainerOverrides[0].Comand: there is no member of this name; did you mean `Command`?",
            "`TaskDefinition` is required and missing",
        ]
    );
}

#[test]
fn the_two_kinds_of_integration_spell_members_otherwise() {
    let item =
        json!({ "TableName": "t", "Item": { "a": { "BOOL": true }, "b": { "NULL": true }, "c": { "SS": ["x"] } } });
    assert_eq!(jsonata("dynamodb:putItem", &item), Vec::<String>::new());
    assert_eq!(
        jsonata("aws-sdk:dynamodb:putItem", &item),
        [
            "Item.a.BOOL: there is no member of this name; did you mean `Bool`?",
            "Item.b.NULL: there is no member of this name; did you mean `Nul`?",
            "Item.c.SS: there is no member of this name; did you mean `Ss`?",
        ]
    );
    let rds = json!({ "DBInstanceIdentifier": "db" });
    assert!(jsonata("aws-sdk:rds:stopDBInstance", &rds)[0].ends_with("did you mean `DbInstanceIdentifier`?"));
}

#[test]
fn an_expression_may_be_anything() {
    let request =
        json!({ "Cluster": "{% $c %}", "Count": "{% $n %}", "TaskDefinition": "{% $t %}", "Tags": "{% $tags %}" });
    assert_eq!(jsonata("ecs:runTask", &request), Vec::<String>::new());
    assert_eq!(jsonata("ecs:runTask", &json!("{% $request %}")), Vec::<String>::new());
    let paths = json!({ "TaskDefinition.$": "$.task", "Count.$": "$.count", "Overrides": { "Cpu.$": "$.cpu" } });
    assert_eq!(found("ecs:runTask", &paths, Language::JsonPath), Vec::<String>::new());
    // With JSONata such a key is only a wrong name.
    let wrong = jsonata("ecs:runTask", &json!({ "TaskDefinition.$": "$.task" }));
    assert_eq!(wrong[0], "TaskDefinition.$: there is no member of this name; did you mean `TaskDefinition`?");
    let filled = json!({ "TaskDefinition": "${Task}", "LaunchType": "${Launch}" });
    assert_eq!(found("ecs:runTask", &filled, Language::JsonPath), Vec::<String>::new());
}

#[test]
fn what_the_service_makes_text_of_may_be_json() {
    for (resource, request) in [
        ("lambda:invoke", json!({ "FunctionName": "f", "Payload": { "a": 1 } })),
        ("sqs:sendMessage", json!({ "QueueUrl": "q", "MessageBody": { "a": 1 } })),
        ("sns:publish", json!({ "TopicArn": "t", "Message": { "a": 1 } })),
        ("states:startExecution", json!({ "StateMachineArn": "m", "Input": { "a": 1 } })),
        ("events:putEvents", json!({ "Entries": [{ "Detail": { "a": 1 } }] })),
        ("aws-sdk:s3:putObject", json!({ "Bucket": "bucket", "Key": "k", "Body": { "a": 1 } })),
        ("dynamodb:getItem", json!({ "TableName": "t", "Key": { "id": "text" } })),
    ] {
        assert_eq!(jsonata(resource, &request), Vec::<String>::new(), "{resource}");
    }
}

#[test]
fn limits_of_texts_numbers_and_lists() {
    let kinds = |resource: &str, request: Json| {
        let (action, _) = resolve(&format!("arn:aws:states:::{resource}")).unwrap();
        check(&action, &request, Language::Jsonata).into_iter().map(|finding| finding.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("aws-sdk:ssm:getParameters", json!({ "Names": [] })), [FindingKind::Length]);
    assert_eq!(kinds("lambda:invoke", json!({ "FunctionName": "" })), [FindingKind::Length]);
    assert_eq!(kinds("lambda:invoke", json!({ "FunctionName": "a b" })), [FindingKind::Pattern]);
    assert_eq!(kinds("aws-sdk:sqs:receiveMessage", json!({ "QueueUrl": 7 })), [FindingKind::WrongType]);
    let messages = json!({ "MaxResults": 100_000 });
    assert_eq!(kinds("aws-sdk:glue:getTables", messages), [FindingKind::OutOfRange, FindingKind::MissingMember]);
    assert_eq!(kinds("aws-sdk:lambda:getAccountSettings", json!({ "A": 1 })), [FindingKind::UnknownMember]);
}

#[test]
fn a_call_is_found_or_said_what_was_meant() {
    let refused = |resource: &str| resolve(&format!("arn:aws:states:::{resource}")).unwrap_err().to_string();
    assert_eq!(
        refused("aws-sdk:dynamoDB:getItem"),
        "there is no service `dynamoDB` among those of the AWS SDK; did you mean `dynamodb`?"
    );
    assert_eq!(
        refused("aws-sdk:states:startExecution"),
        "there is no service `states` among those of the AWS SDK; did you mean `sfn`?"
    );
    assert_eq!(refused("aws-sdk:glue:StartJobRun"), "`glue` has no action `StartJobRun`; did you mean `startJobRun`?");
    assert!(refused("s3:getObject").ends_with("did you mean `aws-sdk:s3`?"));
    assert_eq!(refused("aws-sdk:qldb:createLedger"), "AWS has ended the service `qldb`");
    assert_eq!(
        refused("sns:publish.sync"),
        "`.sync` is not possible here: `sns:publish` takes no suffix, `.waitForTaskToken`"
    );
    assert!(refused("aws-sdk:cloudwatchlogs:startLiveTail").starts_with("Step Functions can't call"));
    assert!(resolve("arn:aws:lambda:r:1:function:f").is_err());
    // AWS's own pages disagree on this one.
    assert!(resolve("arn:aws:states:::batch:submitJob.waitForTaskToken").is_ok());
    assert!(resolve("arn:${AWS::Partition}:states:::sqs:sendMessage").is_ok());
}

#[test]
fn nothing_panics_whatever_is_sent() {
    let odd = [json!(null), json!([]), json!({ "": [] }), json!("{%%}"), json!({ ".$": 1 }), json!(1.5)];
    let all = services().filter_map(service).chain(["ecs", "eks", "http"].into_iter().filter_map(optimized));
    for action in all.flat_map(|service| service.actions().take(3).collect::<Vec<_>>()) {
        for request in &odd {
            for language in [Language::JsonPath, Language::Jsonata] {
                let _ = check(&action, request, language);
                let _ =
                    statewright_model::rights(&action, statewright_model::Pattern::RequestResponse, request, language);
            }
        }
    }
}
