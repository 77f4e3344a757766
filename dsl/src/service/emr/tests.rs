//! Requests and rights.

use serde_json::json;

use super::*;
use crate::service::testing::ran;

const ROLES: Roles = Roles::new("EmrService", "EmrNodes").instance_role("EmrNodeRole");

#[test]
fn a_cluster_is_made_and_waited_for() {
    let instances = Instances::groups([
        InstanceGroup::new(Node::Master, "m6g.xlarge", 1),
        InstanceGroup::new(Node::Task, "m6g.xlarge", 4).name("more").spot(),
    ]);
    let create = CreateCluster::new("totals", "emr-7.5.0", instances.subnets(["subnet-1"]), ROLES)
        .application("Spark")
        .log_uri("s3://logs/emr/")
        .configuration("spark-defaults", json!({ "spark.executor.memory": "4g" }))
        .bootstrap("setup", "s3://shop/setup.sh", ["--fast"])
        .step_concurrency(2)
        .idle_timeout_seconds(600)
        .tag("team", "shop");
    let found = ran(create);
    assert_eq!(found.resource, "elasticmapreduce:createCluster.sync");
    let expected = json!({
        "Name": "totals",
        "ReleaseLabel": "emr-7.5.0",
        "Instances": {
            "KeepJobFlowAliveWhenNoSteps": true,
            "InstanceGroups": [
                { "InstanceRole": "MASTER", "InstanceType": "m6g.xlarge", "InstanceCount": 1 },
                {
                    "InstanceRole": "TASK", "InstanceType": "m6g.xlarge", "InstanceCount": 4, "Name": "more",
                    "Market": "SPOT",
                },
            ],
            "Ec2SubnetIds": ["subnet-1"],
        },
        "ServiceRole": "EmrService",
        "JobFlowRole": "EmrNodes",
        "Applications": [{ "Name": "Spark" }],
        "LogUri": "s3://logs/emr/",
        "Configurations": [
            { "Classification": "spark-defaults", "Properties": { "spark.executor.memory": "4g" } },
        ],
        "BootstrapActions": [
            { "Name": "setup", "ScriptBootstrapAction": { "Path": "s3://shop/setup.sh", "Args": ["--fast"] } },
        ],
        "StepConcurrencyLevel": 2,
        "AutoTerminationPolicy": { "IdleTimeout": 600 },
        "Tags": [{ "Key": "team", "Value": "shop" }],
    });
    assert_eq!(found.arguments, expected);
    let account = "iam::${AWS::AccountId}:role";
    assert_eq!(
        found.rights(),
        [
            ("elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows", "elasticmapreduce:cluster/*"),
            (
                "iam:CreateServiceLinkedRole",
                &*format!("{account}/aws-service-role/elasticmapreduce.amazonaws.com*/AWSServiceRoleForEMRCleanup*")
            ),
            ("iam:PassRole", &*format!("{account}/EmrNodeRole")),
            ("iam:PassRole", &*format!("{account}/EmrService")),
            ("elasticmapreduce:RunJobFlow", "*"),
            ("elasticmapreduce:AddTags", "elasticmapreduce:cluster/*"),
            (
                "events:DescribeRule events:PutRule events:PutTargets",
                "events:rule/StepFunctionsGetEventForEMRRunJobFlowRule"
            ),
        ]
    );
}

#[test]
fn a_cluster_of_fleets_is_only_started() {
    let fleet = InstanceFleet::new(Node::Core, 2, 4).name("core").instance_type("m6g.xlarge", 1);
    let instances = Instances::fleets([fleet]).termination_protected();
    let roles = Roles::new("EmrService", "EmrNodes").auto_scaling("EmrScaling");
    let found = ran(CreateCluster::new("totals", "emr-7.5.0", instances, roles).request_response());
    assert_eq!(found.resource, "elasticmapreduce:createCluster");
    let expected = json!({
        "KeepJobFlowAliveWhenNoSteps": true,
        "InstanceFleets": [{
            "InstanceFleetType": "CORE", "TargetOnDemandCapacity": 2, "TargetSpotCapacity": 4, "Name": "core",
            "InstanceTypeConfigs": [{ "InstanceType": "m6g.xlarge", "WeightedCapacity": 1 }],
        }],
        "TerminationProtected": true,
    });
    assert_eq!(found.arguments["Instances"], expected);
    let rights: Vec<_> = found.rights.iter().map(|(actions, _)| actions.as_str()).collect();
    let pass = "iam:PassRole";
    assert_eq!(rights, ["iam:CreateServiceLinkedRole", pass, pass, pass, "elasticmapreduce:RunJobFlow"]);
}

#[test]
fn a_step_is_run_to_its_end_and_cancelled_with_the_execution() {
    let step = JarStep::command("totals", ["spark-submit", "totals.py"])
        .property("a", "b")
        .action_on_failure(ActionOnFailure::Continue);
    let found = ran(AddStep::new("j-1", step));
    assert_eq!(found.resource, "elasticmapreduce:addStep.sync");
    let expected = json!({ "ClusterId": "j-1", "Step": {
        "Name": "totals",
        "ActionOnFailure": "CONTINUE",
        "HadoopJarStep": {
            "Jar": "command-runner.jar",
            "Args": ["spark-submit", "totals.py"],
            "Properties": [{ "Key": "a", "Value": "b" }],
        },
    } });
    assert_eq!(found.arguments, expected);
    assert_eq!(
        found.rights(),
        [
            ("elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:cluster/j-1"),
            ("elasticmapreduce:CancelSteps elasticmapreduce:DescribeStep", "elasticmapreduce:cluster/j-1"),
            (
                "events:DescribeRule events:PutRule events:PutTargets",
                "events:rule/StepFunctionsGetEventForEMRAddJobFlowStepsRule"
            ),
        ]
    );
}

#[test]
fn a_step_with_a_role_that_is_not_waited_for() {
    let role = "arn:aws:iam::123456789012:role/totals";
    let step = AddStep::new("j-1", JarStep::new("totals", "s3://shop/totals.jar").main_class("Totals"));
    let found = ran(step.execution_role(role).request_response());
    assert_eq!(found.resource, "elasticmapreduce:addStep");
    assert_eq!(
        found.rights(),
        [("elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:cluster/j-1"), ("iam:PassRole", role)]
    );
}

#[test]
fn a_cluster_is_terminated() {
    let found = ran(TerminateCluster::new("j-1"));
    assert_eq!(found.resource, "elasticmapreduce:terminateCluster.sync");
    assert_eq!(
        found.rights(),
        [
            ("elasticmapreduce:DescribeCluster", "elasticmapreduce:cluster/j-1"),
            ("elasticmapreduce:TerminateJobFlows", "elasticmapreduce:cluster/j-1"),
            (
                "events:DescribeRule events:PutRule events:PutTargets",
                "events:rule/StepFunctionsGetEventForEMRTerminateJobFlowsRule"
            ),
        ]
    );
    let found = ran(TerminateCluster::new("j-1").request_response());
    assert_eq!(found.rights(), [("elasticmapreduce:TerminateJobFlows", "elasticmapreduce:cluster/j-1")]);
}

#[test]
fn a_cluster_is_changed() {
    let cluster = "elasticmapreduce:cluster/j-1";
    let found = ran(SetClusterTerminationProtection::new("j-1", false));
    assert_eq!(found.arguments, json!({ "ClusterId": "j-1", "TerminationProtected": false }));
    assert_eq!(found.rights(), [("elasticmapreduce:SetTerminationProtection", cluster)]);
    let found = ran(CancelStep::new("j-1", "s-1"));
    assert_eq!(found.arguments, json!({ "ClusterId": "j-1", "StepId": "s-1" }));
    assert_eq!(found.rights(), [("elasticmapreduce:CancelSteps", cluster)]);
}
