//! What the steps ask for, and the rights that they need.

use serde_json::json;

use super::*;
use crate::service::Step;
use crate::service::testing::ran;

const PASS: (&str, &str) = ("iam:PassRole", "iam::${AWS::AccountId}:role/ml");

/// What a job needs that is waited for, and one that isn't.
fn waited(job: impl Step, started: impl Step, kind: &str, actions: [&str; 2], rule: &str, pass: bool) {
    let (job, started) = (ran(job), ran(started));
    assert_eq!(job.resource, format!("{}.sync", started.resource));
    let resource = format!("sagemaker:{kind}/shop-1");
    let rule = format!("events:rule/StepFunctionsGetEventsForSageMaker{rule}JobsRule");
    let mut expected = vec![
        ("events:DescribeRule events:PutRule events:PutTargets", rule.as_str()),
        (actions[0], resource.as_str()),
        (actions[1], resource.as_str()),
        ("sagemaker:ListTags", "*"),
    ];
    expected.extend(pass.then_some(PASS));
    assert_eq!(job.rights(), expected);
    let mut expected = vec![expected[1]];
    expected.extend(pass.then_some(PASS));
    assert_eq!(started.rights(), expected);
}

#[test]
fn jobs_are_run_to_their_end_and_stopped_with_the_execution() {
    let source = || json!({ "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": "s3://in" } } });
    let cluster = json!({ "InstanceType": "ml.m5.large", "InstanceCount": 1 });
    let disk = json!({ "InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20 });
    let train = || CreateTrainingJob::new("Shop-1", "ml", json!({ "S3OutputPath": "s3://out" }));
    let end = "sagemaker:AddTags sagemaker:DescribeTrainingJob sagemaker:StopTrainingJob";
    let actions = ["sagemaker:CreateTrainingJob", end];
    waited(train(), train().request_response(), "training-job", actions, "Training", true);
    let transform =
        || CreateTransformJob::new("Shop-1", "shop", source(), json!({ "S3OutputPath": "s3://out" }), cluster.clone());
    let end = "sagemaker:AddTags sagemaker:DescribeTransformJob sagemaker:StopTransformJob";
    let actions = ["sagemaker:CreateTransformJob", end];
    waited(transform(), transform().request_response(), "transform-job", actions, "Transform", false);
    let process = || {
        CreateProcessingJob::new("Shop-1", "ml", json!({ "ImageUri": "i" }), json!({ "ClusterConfig": disk.clone() }))
    };
    let end = "sagemaker:AddTags sagemaker:DescribeProcessingJob sagemaker:StopProcessingJob";
    let actions = ["sagemaker:CreateProcessingJob", end];
    waited(process(), process().request_response(), "processing-job", actions, "Processing", true);
    let role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ml";
    let config = json!({ "Strategy": "Bayesian", "ResourceLimits": { "MaxParallelTrainingJobs": 2 } });
    let training = json!({
        "RoleArn": role,
        "AlgorithmSpecification": { "TrainingInputMode": "File" },
        "OutputDataConfig": { "S3OutputPath": "s3://out" },
        "StoppingCondition": { "MaxRuntimeInSeconds": 60 },
    });
    let tune = || CreateHyperParameterTuningJob::new("Shop-1", config.clone()).training_job(training.clone());
    let end = "sagemaker:AddTags sagemaker:DescribeHyperParameterTuningJob sagemaker:StopHyperParameterTuningJob";
    let actions = ["sagemaker:CreateHyperParameterTuningJob", end];
    waited(tune(), tune().request_response(), "hyper-parameter-tuning-job", actions, "Tuning", true);
    let people = json!({
        "WorkteamArn": "arn:aws:sagemaker:eu-west-1:123456789012:workteam/private-crowd/shop",
        "UiConfig": { "UiTemplateS3Uri": "s3://in/ui.html" },
        "TaskTitle": "Shoes",
        "TaskDescription": "Is it a shoe?",
        "NumberOfHumanWorkersPerDataObject": 1,
        "TaskTimeLimitInSeconds": 60,
    });
    let items = json!({ "DataSource": { "S3DataSource": { "ManifestS3Uri": "s3://in/a.json" } } });
    let output = json!({ "S3OutputPath": "s3://out" });
    let label = || CreateLabelingJob::new("Shop-1", "ml", "label", items.clone(), output.clone(), people.clone());
    let end = "sagemaker:AddTags sagemaker:DescribeLabelingJob sagemaker:StopLabelingJob";
    let actions = ["sagemaker:CreateLabelingJob", end];
    waited(label(), label().request_response(), "labeling-job", actions, "Labeling", true);
}

#[test]
fn a_model_is_served() {
    let found = ran(CreateModel::new("shop", "ml").primary_container(json!({ "Image": "i" })));
    assert_eq!(found.rights(), [("sagemaker:CreateModel", "sagemaker:model/shop"), PASS]);
    let found = ran(CreateEndpointConfig::new("c", json!({ "VariantName": "a" })).tag("team", "shop"));
    assert_eq!(found.arguments["ProductionVariants"], json!([{ "VariantName": "a" }]));
    let config = "sagemaker:endpoint-config/c";
    assert_eq!(found.rights(), [("sagemaker:CreateEndpointConfig", config), ("sagemaker:AddTags", config)]);
    let both = "sagemaker:endpoint-config/c sagemaker:endpoint/shop";
    assert_eq!(ran(CreateEndpoint::new("shop", "c")).rights(), [("sagemaker:CreateEndpoint", both)]);
    assert_eq!(ran(UpdateEndpoint::new("shop", "c")).rights(), [("sagemaker:UpdateEndpoint", both)]);
}
