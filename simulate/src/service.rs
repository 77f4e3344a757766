//! Services that answer calls here: Lambda functions on this machine, tables and buckets in memory.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::dynamodb::Dynamodb;
use crate::refusal::Refusal;
use crate::s3::S3;
use crate::task::{Answer, Request, Service};

pub mod function;

/// The action of a call, if it is one of the service: in the spelling of an optimized integration or of the SDK's.
fn action<'r>(request: &'r Request, service: &str) -> Option<(&'r str, bool)> {
    let (_, called) = request.resource.split_once(":states:::")?;
    let (called, sdk) = called.strip_prefix("aws-sdk:").map_or((called, false), |called| (called, true));
    let action = called.strip_prefix(service)?.strip_prefix(':')?;
    // A token does not change what is called.
    Some((action.strip_suffix(".waitForTaskToken").unwrap_or(action), sdk))
}

/// What a service answers; its error in the spelling of the integration.
fn answered(called: Result<Json, Refusal>, names: &Names, sdk: bool) -> Answer {
    let Refusal { exception, message, status } = match called {
        Ok(result) => return Answer::returns(result),
        Err(refusal) => refusal,
    };
    let general = exception == "ValidationException";
    let (error, cause) = if sdk {
        let name = if general { format!("{}Exception", names.sdk) } else { exception.to_owned() };
        let name = if name.ends_with("Exception") { name } else { format!("{name}Exception") };
        let cause = format!("{message} (Service: {}, Status Code: {status}, Request ID: {ID})", names.sdk);
        (format!("{}.{name}", names.sdk), cause)
    } else {
        let name = if general { format!("{}Exception", names.client) } else { exception.to_owned() };
        let client = names.client;
        let cause = format!(
            "{message} (Service: {client}; Status Code: {status}; Error Code: {exception}; Request ID: {ID}; Proxy: null)"
        );
        (format!("{}.{name}", names.optimized), cause)
    };
    Answer::fails(error, cause)
}

const ID: &str = "00000000-0000-0000-0000-000000000000";

/// What a service is called in the names and causes of errors.
struct Names {
    optimized: &'static str,
    sdk: &'static str,
    client: &'static str,
}

/// Answers calls of the tables that there are.
#[derive(Clone, Debug, Default)]
pub struct Tables(pub Rc<RefCell<Dynamodb>>);

impl Service for Tables {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let (action, sdk) = action(request, "dynamodb")?;
        if !Dynamodb::supports(action) {
            return None;
        }
        const NAMES: Names = Names { optimized: "DynamoDB", sdk: "DynamoDb", client: "AmazonDynamoDB" };
        let called = self.0.borrow_mut().call(action, &request.parameters);
        Some(answered(called, &NAMES, sdk))
    }
}

/// Answers calls of the buckets that there are.
#[derive(Clone, Debug, Default)]
pub struct Buckets(pub Rc<RefCell<S3>>);

impl Service for Buckets {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let (action, sdk) = action(request, "s3")?;
        if !S3::supports(action) {
            return None;
        }
        const NAMES: Names = Names { optimized: "S3", sdk: "S3", client: "AmazonS3" };
        let called = self.0.borrow_mut().call(action, &request.parameters, request.millis);
        Some(answered(called, &NAMES, sdk))
    }
}
