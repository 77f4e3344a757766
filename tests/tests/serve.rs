//! `statewright serve`, called by those for whom it is made: boto3, the AWS CLI, and the SDK for Rust.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_tests::{Done, Options, Server, need, run, scratch, statewright_binary, workspace};

const ACCOUNT: &str = "123456789012";

/// The endpoint; it ends with the test.
struct Endpoint {
    process: Child,
    url: String,
}

impl Endpoint {
    fn start(arguments: &[&str]) -> Self {
        let mut command = statewright_binary();
        command.args(["serve", "--port", "0", "--json"]).args(arguments).env_remove("AWS_REGION");
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let listening: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(listening["event"], "listening", "{line}");
        Self { url: listening["url"].as_str().unwrap().to_owned(), process }
    }

    /// Runs a scenario of `tests/endpoints/serve.py` to its end.
    fn python(&self, python: &Path, scenario: &str) -> Json {
        let script = workspace().join("tests/endpoints/serve.py");
        let done = run(Command::new(python).arg(script).args([&self.url, scenario])).unwrap().ends(0);
        serde_json::from_str(&done.stdout).unwrap()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is installed beside a server of others.
fn installed(name: &str, program: &str) -> PathBuf {
    scratch("serve-paths").ancestors().nth(2).unwrap().join(name).join("venv/bin").join(program)
}

/// A scenario with boto3, which comes with moto.
fn boto3(scenario: &str, arguments: &[&str]) -> Option<Json> {
    static MOTO: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let install = || Server::moto("serve-moto").map(|_| installed("moto-5.2.5", "python"));
    let python = need(MOTO.get_or_init(install).clone())?;
    Some(Endpoint::start(arguments).python(&python, scenario))
}

#[test]
fn an_execution_runs_in_real_time_and_tells_its_history() {
    let Some(told) = boto3("execution", &[]) else { return };
    let types = [
        "ExecutionStarted",
        "WaitStateEntered",
        "WaitStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(told["types"], json!(types));
    let output = r#"{"greeting":"hello, Ada"}"#;
    assert_eq!(told["details"], json!({ "output": output, "outputDetails": { "truncated": false } }));
}

#[test]
fn express_workflows_answer_synchronously() {
    boto3("sync", &[]);
}

#[test]
fn a_worker_takes_tasks_of_an_activity() {
    boto3("activity", &[]);
}

#[test]
fn a_task_is_reported_with_its_token() {
    boto3("callback", &[]);
}

#[test]
fn what_nothing_answers_fails_its_task_and_nothing_else() {
    boto3("unanswered", &[]);
}

#[test]
fn lists_come_in_pages() {
    boto3("lists", &[]);
}

#[test]
fn versions_stay_and_aliases_move() {
    boto3("versions", &[]);
}

#[test]
fn a_map_run_is_looked_at_and_changed_while_it_goes_on() {
    boto3("map_run", &[]);
}

#[test]
fn refusals_are_the_exceptions_of_the_api() {
    boto3("refusals", &[]);
}

fn say(text: &str) -> String {
    let say = json!({ "Type": "Pass", "Result": text, "End": true });
    json!({ "StartAt": "Say", "States": { "Say": say } }).to_string()
}

#[test]
fn files_are_state_machines_from_the_start() {
    let folder = scratch("serve-files");
    let file = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (one, two) = (file("one.asl.json", &say("1")), file("two.json", &say("2")));
    if let Some(outputs) = boto3("given", &[&one, &two]) {
        assert_eq!(outputs, json!({ "one": "1", "two": "2" }));
    }
    let serve = |arguments: &[&str]| run(statewright_binary().args(["serve", "--port", "0"]).args(arguments)).unwrap();
    let broken = file("broken.json", r#"{"StartAt": "A", "States": {}}"#);
    let _ = serve(&[&broken]).ends(3).complains("can't serve `broken`").complains("Missing 'Next' target: A");
    let _ = serve(&[&one, &one]).ends(2).complains("two definitions are called `one`");
    let _ = serve(&["nowhere.json"]).ends(3).complains("can't read the definition nowhere.json");
}

#[test]
fn ctrl_c_ends_it_and_a_port_is_taken_once() {
    let mut endpoint = Endpoint::start(&[]);
    let port = endpoint.url.rsplit(':').next().unwrap().to_owned();
    let second = run(statewright_binary().args(["serve", "--port", &port])).unwrap();
    let _ = second.ends(12).complains(&format!("can't listen on port {port}")).complains("--port");
    let _ = Command::new("kill").args(["-INT", &endpoint.process.id().to_string()]).status().unwrap();
    assert_eq!(endpoint.process.wait().unwrap().code(), Some(0));
}

/// The SDK for Rust, as the command itself uses it: state machines here, everything else with moto.
#[test]
fn workflows_are_deployed_to_it_and_started() {
    let Some(moto) = need(Server::moto("serve-deploy")) else { return };
    let endpoint = Endpoint::start(&["--region", "eu-central-1"]);
    let greeter = |greeting: &'static str| {
        let greeter = Workflow::new("greeter", move |w, input: Value<Json>| {
            let name = input.get::<String>("name");
            w.wait("Think", Duration::from_secs(1));
            w.when("Known", name.eq("Ada"), |w| w.value(text!("{greeting}, {name}")))
                .otherwise(|w| w.fail("Unknown", "UnknownGuest", text!("who is {name}?")))
        });
        App::new("greetings").workflow(greeter).compile().0
    };
    let folder = scratch("serve-deploy-manifests");
    let manifest = folder.join("manifest.json");
    let write = |greeting| fs::write(&manifest, serde_json::to_string(&greeter(greeting)).unwrap()).unwrap();
    let command = |arguments: &[&str]| -> Done {
        let mut command = moto.statewright_command(&manifest, arguments);
        run(command.env("AWS_ENDPOINT_URL_SFN", &endpoint.url)).unwrap()
    };

    write("hello");
    let _ = command(&["deploy"]).ends(0).says("created  state machine  greeter");
    let _ = command(&["deploy"]).ends(0).says("no changes");
    assert_eq!(moto.account().count()["machines"], 0, "the state machine is not where it should be");
    write("good day");
    let _ = command(&["deploy"]).ends(0).says("1 to change");
    let start = |name: &str| {
        let input = folder.join("input.json");
        fs::write(&input, json!({ "name": name }).to_string()).unwrap();
        command(&["start", "greeter", "--follow", "--input", input.to_str().unwrap()])
    };
    let good = start("Ada").ends(0).says("→ Think").says("✓ Known").says("SUCCEEDED");
    assert!(good.stdout.ends_with("\"good day, Ada\"\n"), "{}", good.stdout);
    let _ = start("Eve").ends(20).complains("FAILED: UnknownGuest: who is Eve?");
    let _ = command(&["destroy", "--yes"]).ends(0).says("deleted  state machine  greeter");
    let _ = command(&["destroy", "--yes"]).ends(0).says("no changes");
}

/// The AWS CLI, which comes with LocalStack.
#[test]
fn the_aws_cli_creates_starts_and_describes() {
    let Some(localstack) = need(Server::localstack("serve-cli", Options::default())) else { return };
    drop(localstack);
    let folder = scratch("serve-cli-files");
    let definition = folder.join("said.json");
    fs::write(&definition, say("hello")).unwrap();
    let endpoint = Endpoint::start(&[]);
    let aws = |arguments: &[&str]| -> Json {
        let mut command = Command::new(installed("localstack-4.14.0", "aws"));
        command.args(["stepfunctions", "--endpoint-url", &endpoint.url, "--region", "us-east-1", "--output", "json"]);
        command.args(arguments).env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        let done = run(&mut command).unwrap().ends(0);
        serde_json::from_str(&done.stdout).unwrap()
    };
    let file = format!("file://{}", definition.display());
    let role = format!("arn:aws:iam::{ACCOUNT}:role/said");
    let created = aws(&["create-state-machine", "--name", "said", "--definition", &file, "--role-arn", &role]);
    let arn = format!("arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:said");
    assert_eq!(created["stateMachineArn"], arn.as_str());
    let started = aws(&["start-execution", "--state-machine-arn", &arn, "--name", "first"]);
    let execution = started["executionArn"].as_str().unwrap();
    let described = aws(&["describe-execution", "--execution-arn", execution]);
    assert_eq!((&described["status"], &described["output"]), (&json!("SUCCEEDED"), &json!("\"hello\"")));
    let history = aws(&["get-execution-history", "--execution-arn", execution, "--reverse-order"]);
    assert_eq!(history["events"][0]["type"], "ExecutionSucceeded");
}
