//! Lambda functions on this machine: a Rust closure, or any command that reads JSON and writes JSON.
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::service::function::{Functions, Thrown};
//!
//! let functions = Functions::default()
//!     .with("double", |input| Ok(json!(input.as_i64().unwrap_or_default() * 2)))
//!     .with("refuse", |_| Err(Thrown::new("OutOfStock", "no more apples")));
//! # let _ = functions;
//! ```

use std::collections::HashMap;
use std::fmt;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

use crate::fault::Failure;
use crate::task::{Answer, Reply, Request, Service};

/// What a function throws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thrown {
    /// `errorType`: the name by which a state retries or catches it.
    pub error_type: String,
    /// `errorMessage`.
    pub message: String,
}

impl Thrown {
    /// An error of a type, with a message.
    #[must_use]
    pub fn new(error_type: &str, message: &str) -> Self {
        Self { error_type: error_type.to_owned(), message: message.to_owned() }
    }
}

type Handler = Box<dyn FnMut(Json) -> Result<Json, Thrown>>;

/// Lambda functions by their names.
#[derive(Default)]
pub struct Functions(HashMap<String, Handler>);

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Functions {
    /// Adds a function.
    #[must_use]
    pub fn with(mut self, name: &str, handler: impl FnMut(Json) -> Result<Json, Thrown> + 'static) -> Self {
        self.0.insert(name.to_owned(), Box::new(handler));
        self
    }

    /// Adds a command that reads the event as JSON from its standard input and writes the result as JSON to its
    /// standard output. If it ends with another code than 0, it has thrown what it wrote to its standard error.
    #[must_use]
    pub fn with_command(self, name: &str, program: &str, arguments: &[&str]) -> Self {
        let (program, arguments) =
            (program.to_owned(), arguments.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        self.with(name, move |event| run(&program, &arguments, &event))
    }
}

fn run(program: &str, arguments: &[String], event: &Json) -> Result<Json, Thrown> {
    let failed = |error: &dyn fmt::Display| Thrown::new("Runtime.ExitError", &format!("{program}: {error}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let (input, text) = (child.stdin.take(), event.to_string());
    // A command may write before it has read everything.
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let _ = writer.join();
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Thrown::new("Runtime.UnmarshalError", &format!("{program}: expected JSON: {error}")))
}

impl Service for Functions {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let handler = self.0.get_mut(name_of(request)?)?;
        Some(match handler(payload(request)) {
            Ok(result) => Answer::returns(invoked(request, result)),
            Err(Thrown { error_type, message }) => {
                let cause = json!({ "errorMessage": message, "errorType": error_type }).to_string();
                Answer { reply: Reply::Fails(Failure::new(error_type, cause)), ..Answer::silent() }
            }
        })
    }
}

/// The name of the function that is called, if it is one.
pub(crate) fn name_of(request: &Request) -> Option<&str> {
    let arn = if request.resource.contains(":states:::lambda:invoke") {
        request.parameters.get("FunctionName")?.as_str()?
    } else {
        &request.resource
    };
    if !arn.starts_with("arn:") {
        return Some(arn.split(':').next().unwrap_or(arn));
    }
    arn.split_once(":function:")?.1.split(':').next()
}

/// What the function gets.
pub(crate) fn payload(request: &Request) -> Json {
    if request.resource.contains(":states:::lambda:invoke") {
        return request.parameters.get("Payload").cloned().unwrap_or_else(|| json!({}));
    }
    request.parameters.clone()
}

/// The result of a function in what its integration wraps it in.
pub(crate) fn invoked(request: &Request, result: Json) -> Json {
    if request.resource.contains(":states:::lambda:invoke") && !request.resource.ends_with(".waitForTaskToken") {
        return json!({ "ExecutedVersion": "$LATEST", "Payload": result, "StatusCode": 200 });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(resource: &str, parameters: Json) -> Request {
        Request {
            workflow: "w".into(),
            execution: "e".into(),
            state: "S".into(),
            resource: resource.into(),
            parameters,
            token: None,
            role_arn: None,
            retry_count: 0,
            millis: 0,
        }
    }

    #[test]
    fn a_function_is_known_by_its_name_or_its_arn() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:count:live";
        let by = |name: &str| request("arn:aws:states:::lambda:invoke", json!({ "FunctionName": name }));
        assert_eq!(name_of(&request(arn, json!(1))), Some("count"));
        assert_eq!(name_of(&by(arn)), Some("count"));
        assert_eq!(name_of(&by("count:live")), Some("count"));
        assert_eq!(name_of(&request("arn:aws:states:::sns:publish", json!({}))), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_command_reads_and_writes_json() {
        let mut functions = Functions::default().with_command("same", "cat", &[]).with_command(
            "broken",
            "sh",
            &["-c", "echo no luck >&2; exit 3"],
        );
        let call = |name: &str| {
            request("arn:aws:states:::lambda:invoke", json!({ "FunctionName": name, "Payload": { "a": [1] } }))
        };
        let reply = |functions: &mut Functions, name| functions.answer(&call(name)).map(|answer| answer.reply);
        let expected = json!({ "ExecutedVersion": "$LATEST", "Payload": { "a": [1] }, "StatusCode": 200 });
        assert_eq!(reply(&mut functions, "same"), Some(Reply::Returns(expected)));
        let Some(Reply::Fails(failure)) = reply(&mut functions, "broken") else { panic!("it fails") };
        assert_eq!(failure.error.as_deref(), Some("Runtime.ExitError"));
        assert!(failure.cause.is_some_and(|cause| cause.contains("no luck")));
    }
}
