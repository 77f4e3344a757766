//! What the first use of a service costs, and a check.

use divan::{Bencher, black_box};
use serde_json::json;
use statewright_model::{Language, Pattern, bench, check, optimized, rights, service};

fn main() {
    divan::main();
}

/// Reading one service; `*` is all of them.
#[divan::bench(args = ["sdk/ecs", "sdk/ec2", "rights/ec2", "iam/ec2", "*"])]
fn load(name: &str) -> usize {
    bench::load(black_box(name))
}

/// The request of `ecs:runTask`.
#[divan::bench]
fn check_one(bencher: Bencher<'_, '_>) {
    let action = optimized("ecs").and_then(|ecs| ecs.action("runTask")).expect("an action");
    let request = json!({
        "Cluster": "main", "TaskDefinition": "export:7", "LaunchType": "FARGATE",
        "NetworkConfiguration": { "AwsvpcConfiguration": { "Subnets": ["subnet-1"], "AssignPublicIp": "DISABLED" } },
        "Overrides": { "ContainerOverrides": [{ "Name": "main", "Command": ["run"], "Environment": [{ "Name": "A", "Value": "b" }] }] },
    });
    bencher.bench(|| check(&action, black_box(&request), Language::Jsonata));
}

/// A request with a regular expression.
#[divan::bench]
fn check_with_pattern(bencher: Bencher<'_, '_>) {
    let action = optimized("lambda").and_then(|lambda| lambda.action("invoke")).expect("an action");
    let request = json!({ "FunctionName": "import", "Payload": {} });
    bencher.bench(|| check(&action, black_box(&request), Language::Jsonata));
}

/// The rights of one call.
#[divan::bench]
fn rights_of_one(bencher: Bencher<'_, '_>) {
    let action = service("dynamodb").and_then(|dynamodb| dynamodb.action("query")).expect("an action");
    let request = json!({ "TableName": "orders", "IndexName": "by-day" });
    bencher.bench(|| rights(&action, Pattern::RequestResponse, black_box(&request), Language::Jsonata));
}
