//! What the steps ask for, and the rights that they need.

use serde_json::json;

use super::*;
use crate::service::testing::ran;

fn shop() -> Endpoint {
    Endpoint::new("shop", "https://shop.example", "LS0t")
}

#[test]
fn kubernetes_asks_for_no_rights_of_iam() {
    let found = ran(Call::<Json>::new(shop(), Method::Patch, "/api/v1/nodes").query("limit", "5").body("x"));
    assert_eq!(found.resource, "eks:call");
    let expected = json!({
        "ClusterName": "shop",
        "Endpoint": "https://shop.example",
        "CertificateAuthority": "LS0t",
        "Method": "PATCH",
        "Path": "/api/v1/nodes",
        "QueryParameters": { "limit": ["5"] },
        "RequestBody": "x",
    });
    assert_eq!((found.arguments.clone(), found.rights()), (expected, vec![]));
    let found = ran(RunJob::new(shop(), json!({ "kind": "Job" })).namespace("batch").raw_logs());
    assert_eq!((found.resource.as_str(), found.rights()), ("eks:runJob.sync", vec![]));
    assert_eq!(found.arguments["LogOptions"], json!({ "RawLogs": true, "RetrieveLogs": true }));
}

#[test]
fn a_cluster_is_created_and_deleted() {
    let create = || CreateCluster::new("shop", "eks", ["subnet-0a"]).version("1.33");
    let found = ran(create().security_groups(["sg-0a"]).tag("team", "shop"));
    assert_eq!(found.resource, "eks:createCluster.sync");
    let network = json!({ "SubnetIds": ["subnet-0a"], "SecurityGroupIds": ["sg-0a"] });
    assert_eq!(found.arguments["ResourcesVpcConfig"], network);
    let rights = [
        ("eks:CreateCluster", "*"),
        ("eks:DescribeCluster", "eks:cluster/shop"),
        ("iam:PassRole", "iam::${AWS::AccountId}:role/eks"),
        ("eks:TagResource", "eks:cluster/shop"),
    ];
    assert_eq!(found.rights(), rights);
    assert_eq!(ran(create().request_response()).rights(), [rights[0], rights[2]]);

    let gone = [("eks:DeleteCluster", "eks:cluster/shop"), rights[1]];
    assert_eq!(ran(DeleteCluster::new("shop")).rights(), gone);
    assert_eq!(ran(DeleteCluster::new("shop").request_response()).rights(), gone[..1]);
}

#[test]
fn nodes_are_created_and_deleted() {
    let create = || CreateNodegroup::new("shop", "web", "node", ["subnet-0a"]);
    let step = create().scaling(1, 2, 3).instance_types(["m7g.large"]).disk_size(20).label("app", "web");
    let found = ran(step.capacity_type(CapacityType::Spot));
    assert_eq!(found.resource, "eks:createNodegroup.sync");
    let expected = json!({
        "ClusterName": "shop",
        "NodegroupName": "web",
        "NodeRole": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/node",
        "Subnets": ["subnet-0a"],
        "ScalingConfig": { "MinSize": 1, "DesiredSize": 2, "MaxSize": 3 },
        "InstanceTypes": ["m7g.large"],
        "DiskSize": 20,
        "Labels": { "app": "web" },
        "CapacityType": "SPOT",
    });
    assert_eq!(found.arguments, expected);
    let (group, role) = ("eks:nodegroup/shop/web/*", "iam::${AWS::AccountId}:role/node");
    let rights = [
        ("eks:CreateNodegroup", "eks:cluster/shop"),
        ("eks:DescribeNodegroup", group),
        ("iam:GetRole iam:ListAttachedRolePolicies", role),
        ("iam:PassRole", role),
        ("ec2:DescribeSubnets", "*"),
    ];
    assert_eq!(found.rights(), rights);
    let started = [rights[0], rights[2], rights[3], rights[4]];
    assert_eq!(ran(create().request_response()).rights(), started);

    let gone = [("eks:DeleteNodegroup", group), rights[1]];
    assert_eq!(ran(DeleteNodegroup::new("shop", "web")).rights(), gone);
}

#[test]
fn a_fargate_profile_is_created_and_deleted() {
    let step = CreateFargateProfile::new("shop", "batch", "pods").namespace("batch").subnets(["subnet-0a"]);
    let found = ran(step.tag("team", "shop"));
    assert_eq!(found.resource, "eks:createFargateProfile.sync");
    assert_eq!(found.arguments["Selectors"], json!([{ "Namespace": "batch" }]));
    let profile = "eks:fargateprofile/shop/batch/*";
    let rights = [
        ("eks:CreateFargateProfile", "eks:cluster/shop"),
        ("eks:DescribeFargateProfile", profile),
        ("iam:PassRole", "iam::${AWS::AccountId}:role/pods"),
        ("eks:TagResource", profile),
    ];
    assert_eq!(found.rights(), rights);
    let gone = [("eks:DeleteFargateProfile", profile), rights[1]];
    assert_eq!(ran(DeleteFargateProfile::new("shop", "batch")).rights(), gone);
}
