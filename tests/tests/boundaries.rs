//! Who may depend on whom.

use std::process::Command;

use statewright_tests::{run, workspace};

/// All packages that a package is built of.
fn tree(package: &str) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(workspace()).args([
        "tree",
        "--offline",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
        "-p",
        package,
    ]);
    run(&mut command).unwrap().ends(0).stdout
}

#[test]
fn an_app_and_the_tests_of_its_workflows_never_build_the_aws_sdk() {
    for package in ["statewright", "statewright-macros", "statewright-simulate", "statewright-examples"] {
        let tree = tree(package);
        for foreign in ["aws-", "tokio", "hyper", "rustls", "statewright-deploy"] {
            assert!(!tree.lines().any(|line| line.starts_with(foreign)), "{package} depends on {foreign}:\n{tree}");
        }
    }
    assert!(tree("statewright-deploy").contains("aws-sdk-sfn"), "the tree is not what it should be");
}
