//! What a call may do, and no more.

use serde_json::{Value as Json, json};
use statewright_model::{
    Integration, Language, Pattern, Reach, Rights, Service, authorization, iam_action, optimized, resolve, rights,
    service, services,
};

fn of(resource: &str, request: &Json) -> Rights {
    let (action, pattern) = resolve(&format!("arn:aws:states:::{resource}")).expect("an action");
    rights(&action, pattern, request, Language::Jsonata).expect("known rights")
}

/// The grants as text, partition, region and account in one letter.
fn text(rights: &Rights) -> Vec<String> {
    let grant = |grant: &statewright_model::Grant| {
        let arns: Vec<_> = grant.resources.iter().map(|resource| resource.arn.as_str()).collect();
        let condition = grant.condition.as_ref().map(|json| format!(" if {json}")).unwrap_or_default();
        format!("{} on {}{condition}", grant.actions.join(" "), arns.join(" "))
    };
    let short = |text: String| {
        text.replace("${AWS::Partition}", "p").replace("${AWS::Region}", "r").replace("${AWS::AccountId}", "a")
    };
    rights.grants.iter().map(grant).map(short).collect()
}

#[test]
fn a_literal_is_exact_and_an_expression_a_prefix() {
    assert_eq!(
        text(&of("aws-sdk:glue:startCrawler", &json!({ "Name": "n" }))),
        ["glue:StartCrawler on arn:p:glue:r:a:crawler/n"]
    );
    let prefix = of("aws-sdk:s3:putObject", &json!({ "Bucket": "b", "Key": "{% 'daily/' & $d %}", "Body": "x" }));
    assert_eq!(text(&prefix), ["s3:PutObject on arn:p:s3:::b/daily/*"]);
    assert_eq!(prefix.grants[0].resources[0].reach, Reach::Prefix("Key".into()));
    let dynamic = of("glue:startJobRun", &json!({ "JobName": "{% $job %}" }));
    assert_eq!(text(&dynamic), ["glue:StartJobRun on arn:p:glue:r:a:job/*"]);
    assert_eq!(dynamic.grants[0].resources[0].reach, Reach::Dynamic("JobName".into()));
}

#[test]
fn an_arn_is_taken_as_it_is() {
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    assert_eq!(
        text(&of("dynamodb:getItem", &json!({ "TableName": table, "Key": {} }))),
        [format!("dynamodb:GetItem on {table}")]
    );
    let task = json!({ "Cluster": "arn:aws:ecs:r:1:cluster/main", "Task": "t" });
    assert_eq!(text(&of("aws-sdk:ecs:stopTask", &task)), ["ecs:StopTask on arn:p:ecs:r:a:task/main/t"]);
}

#[test]
fn names_of_aws_are_understood() {
    assert_eq!(
        text(&of("aws-sdk:secretsmanager:getSecretValue", &json!({ "SecretId": "db" }))),
        ["secretsmanager:GetSecretValue on arn:p:secretsmanager:r:a:secret:db-??????"]
    );
    assert_eq!(
        text(&of("aws-sdk:ssm:getParameter", &json!({ "Name": "/app/key" }))),
        ["ssm:GetParameter on arn:p:ssm:r:a:parameter/app/key"]
    );
    let queue = json!({ "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "m" });
    assert_eq!(text(&of("sqs:sendMessage", &queue)), ["sqs:SendMessage on arn:p:sqs:eu-west-1:123456789012:q"]);
    let query = json!({ "TableName": "t", "IndexName": "i" });
    assert_eq!(
        text(&of("aws-sdk:dynamodb:query", &query)),
        ["dynamodb:Query on arn:p:dynamodb:r:a:table/t/index/i arn:p:dynamodb:r:a:table/t"]
    );
    let without = json!({ "TableName": "t" });
    assert_eq!(text(&of("aws-sdk:dynamodb:query", &without)), ["dynamodb:Query on arn:p:dynamodb:r:a:table/t"]);
}

#[test]
fn each_of_a_list_is_allowed() {
    let write = json!({ "TransactItems": [{ "Put": { "TableName": "a", "Item": {} } }, { "Put": { "TableName": "b", "Item": {} } }] });
    assert_eq!(
        text(&of("aws-sdk:dynamodb:transactWriteItems", &write)),
        ["dynamodb:PutItem on arn:p:dynamodb:r:a:table/a arn:p:dynamodb:r:a:table/b"]
    );
    let events = json!({ "Entries": [{ "EventBusName": "orders" }, { "Source": "s" }] });
    assert_eq!(
        text(&of("events:putEvents", &events)),
        ["events:PutEvents on arn:p:events:r:a:event-bus/orders arn:p:events:r:a:event-bus/default"]
    );
    let batch = json!({ "RequestItems": { "a": {}, "b": {} } });
    assert_eq!(
        text(&of("aws-sdk:dynamodb:batchGetItem", &batch)),
        ["dynamodb:BatchGetItem on arn:p:dynamodb:r:a:table/a arn:p:dynamodb:r:a:table/b"]
    );
}

#[test]
fn a_role_is_passed_to_its_service_only() {
    let schedule = json!({ "Name": "s", "Target": { "RoleArn": "arn:aws:iam::1:role/runner" } });
    let rights = of("aws-sdk:scheduler:createSchedule", &schedule);
    assert_eq!(
        text(&rights),
        [
            "scheduler:CreateSchedule on arn:p:scheduler:r:a:schedule/default/s",
            "iam:PassRole on arn:aws:iam::1:role/runner if {\"StringEquals\":{\"iam:PassedToService\":\"scheduler.amazonaws.com\"}}",
        ]
    );
    let cluster = json!({ "Name": "c", "Instances": {}, "ServiceRole": "emr", "JobFlowRole": "nodes" });
    let passed = text(&of("aws-sdk:emr:runJobFlow", &cluster));
    assert_eq!(
        passed[1],
        "iam:PassRole on arn:p:iam::a:role/nodes if {\"StringEquals\":{\"iam:PassedToService\":\"ec2.amazonaws.com\"}}"
    );
    // The roles of a task definition are not in the request: that has to be said.
    assert_eq!(of("ecs:runTask", &json!({ "TaskDefinition": "t" })).dependent, ["iam:PassRole"]);
}

/// What other tools leave out or allow too much of.
#[test]
fn a_job_can_be_seen_and_stopped_and_nothing_else() {
    let batch = json!({ "JobName": "n", "JobDefinition": "d", "JobQueue": "q" });
    assert_eq!(
        text(&of("batch:submitJob.sync", &batch)),
        [
            "batch:SubmitJob on arn:p:batch:r:a:job-definition/d:* arn:p:batch:r:a:job-queue/q",
            "batch:DescribeJobs on *",
            "batch:TerminateJob on arn:p:batch:r:a:job/*",
            "events:DescribeRule events:PutRule events:PutTargets on arn:p:events:r:a:rule/StepFunctionsGetEventsForBatchJobsRule",
        ]
    );
    assert_eq!(of("batch:submitJob", &batch).grants.len(), 1);
    let tagged = json!({ "JobName": "n", "JobDefinition": "d:3", "JobQueue": "q", "Tags": { "a": "b" } });
    let tagged = text(&of("batch:submitJob", &tagged));
    assert_eq!(tagged[0], "batch:SubmitJob on arn:p:batch:r:a:job-definition/d:3 arn:p:batch:r:a:job-queue/q");
    assert_eq!(tagged[1], "batch:TagResource on arn:p:batch:r:a:job/*");
    let task = text(&of("ecs:runTask.sync", &json!({ "TaskDefinition": "t:1", "Cluster": "c" })));
    assert!(task.contains(
        &"ecs:DescribeTasks ecs:StopTask on arn:p:ecs:r:a:task/c/* if {\"ArnEquals\":{\"ecs:cluster\":\"arn:p:ecs:r:a:cluster/c\"}}".to_owned()
    ));
    let child = json!({ "StateMachineArn": "arn:aws:states:r:1:stateMachine:child" });
    let child = text(&of("states:startExecution.sync:2", &child));
    assert_eq!(child[0], "states:StartExecution on arn:aws:states:r:1:stateMachine:child");
    assert_eq!(child[1], "states:DescribeExecution states:StopExecution on arn:p:states:r:a:execution:child:*");
    assert!(
        text(&of("athena:startQueryExecution.sync", &json!({ "QueryString": "q" })))
            .iter()
            .any(|s| s.contains("athena:StopQueryExecution"))
    );
    let custom = optimized("bedrock").and_then(|bedrock| bedrock.action("createModelCustomizationJob")).unwrap();
    assert!(custom.supports(Pattern::Sync));
}

#[test]
fn a_right_that_the_request_does_not_use_is_not_granted() {
    let call = |kind: &str| json!({ "ApiEndpoint": "abc.execute-api.r.amazonaws.com", "Method": "GET", "Stage": "prod", "Path": "/a", "AuthType": kind });
    assert_eq!(text(&of("apigateway:invoke", &call("NO_AUTH"))), Vec::<String>::new());
    assert_eq!(
        text(&of("apigateway:invoke", &call("IAM_ROLE"))),
        ["execute-api:Invoke on arn:p:execute-api:r:a:abc/prod/GET/a"]
    );
    let profile = json!({ "ModelId": "eu.anthropic.claude", "Body": {} });
    assert_eq!(
        text(&of("bedrock:invokeModel", &profile)),
        [
            "bedrock:InvokeModel on arn:p:bedrock:*::foundation-model/anthropic.claude arn:p:bedrock:r:a:inference-profile/eu.anthropic.claude"
        ]
    );
}

#[test]
fn a_resource_of_any_type_is_known_by_its_arn() {
    let arn = "arn:aws:rds:eu-west-1:111122223333:db:orders";
    let tags = json!({ "ResourceName": arn, "Tags": [] });
    assert_eq!(text(&of("aws-sdk:rds:addTagsToResource", &tags)), [format!("rds:AddTagsToResource on {arn}")]);
    let copy = json!({ "SourceDBSnapshotIdentifier": "a", "TargetDBSnapshotIdentifier": "b" });
    assert_eq!(
        text(&of("aws-sdk:rds:copyDBSnapshot", &copy)),
        ["rds:CopyDBSnapshot on arn:p:rds:r:a:snapshot:a arn:p:rds:r:a:snapshot:b"]
    );
}

#[test]
fn s3_is_spelled_as_iam_spells_it() {
    assert_eq!(
        text(&of("aws-sdk:s3:headObject", &json!({ "Bucket": "b", "Key": "k" }))),
        ["s3:GetObject on arn:p:s3:::b/k"]
    );
    let copy = json!({ "Bucket": "to", "Key": "k", "CopySource": "/from/key" });
    assert_eq!(
        text(&of("aws-sdk:s3:copyObject", &copy)),
        ["s3:GetObject on arn:p:s3:::from/key", "s3:PutObject on arn:p:s3:::to/k"]
    );
    let delete = json!({ "Bucket": "b", "Delete": { "Objects": [{ "Key": "x" }, { "Key": "y" }] } });
    assert_eq!(text(&of("aws-sdk:s3:deleteObjects", &delete)), ["s3:DeleteObject on arn:p:s3:::b/x arn:p:s3:::b/y"]);
}

#[test]
fn what_is_not_known_is_said() {
    let unknown = services().filter_map(service).flat_map(|s| s.actions().collect::<Vec<_>>());
    let (mut known, mut missing) = (0, 0);
    for action in unknown {
        match rights(&action, Pattern::RequestResponse, &json!({}), Language::Jsonata) {
            Ok(_) => known += 1,
            Err(unknown) => {
                missing += 1;
                assert!(unknown.to_string().contains(action.name()));
            }
        }
    }
    println!("the rights of {known} actions are known, of {missing} not");
    assert!(missing * 20 < known, "{missing} of {known}");
}

#[test]
fn every_action_that_is_granted_exists() {
    let calls = [Integration::Sdk, Integration::Optimized];
    let all = calls.into_iter().flat_map(|integration| {
        let names: Vec<_> = match integration {
            Integration::Sdk => services().collect(),
            Integration::Optimized => statewright_model::optimized_services().collect(),
        };
        names.into_iter().filter_map(move |name| Service::find(integration, name))
    });
    let mut granted = std::collections::BTreeSet::new();
    for action in all.flat_map(|service| service.actions().collect::<Vec<_>>()) {
        for pattern in Pattern::ALL.into_iter().filter(|pattern| action.supports(*pattern)) {
            let Ok(found) = rights(&action, pattern, &json!("{% $request %}"), Language::Jsonata) else { continue };
            granted.extend(found.grants.iter().flat_map(|grant| grant.actions.iter().copied()).chain(found.dependent));
            for arn in found.grants.iter().flat_map(|grant| &grant.resources) {
                assert!(!arn.arn.replace("${AWS::", "").contains(['{', '$']), "{action:?}: {}", arn.arn);
            }
        }
    }
    let unknown: Vec<_> = granted.iter().filter(|name| iam_action(name).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(authorization("s3").is_some());
}

#[test]
fn every_optimized_integration_has_its_rights() {
    for service in statewright_model::optimized_services().filter_map(optimized) {
        for action in service.actions() {
            for pattern in Pattern::ALL.into_iter().filter(|pattern| action.supports(*pattern)) {
                let found = rights(&action, pattern, &json!("{% $request %}"), Language::Jsonata);
                assert!(found.is_ok(), "{action:?} {pattern:?}");
                let rule = action.rule().filter(|_| matches!(pattern, Pattern::Sync | Pattern::Sync2));
                let granted = found
                    .unwrap()
                    .grants
                    .iter()
                    .flat_map(|grant| &grant.resources)
                    .any(|r| r.arn.contains(":rule/StepFunctions"));
                assert_eq!(rule.is_some(), granted, "{action:?} {pattern:?}");
            }
        }
    }
}
