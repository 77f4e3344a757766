//! The protocol: AWS JSON 1.0 over HTTP. <https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>

use std::convert::Infallible;
use std::sync::mpsc::Sender;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use tokio::sync::oneshot;

use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::worker::Job;

/// So large a request is at most: a definition has up to 1 MB.
const LARGEST: usize = 4 << 20;

/// Answers a request. For which host it is does not matter: the SDKs put `sync-` before it for some operations.
pub(super) async fn answer(jobs: Sender<Job>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let answer = ask(jobs, request).await;
    let (status, body, kind) = match answer {
        Ok(json) => (StatusCode::OK, json, None),
        Err(refusal) => {
            let ours = refusal.kind == "InternalFailure";
            let status = if ours { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
            (status, refusal.to_json(), Some(refusal.kind))
        }
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Some(kind) = kind {
        headers.insert("x-amzn-errortype", HeaderValue::from_static(kind));
    }
    Ok(response)
}

async fn ask(jobs: Sender<Job>, request: Request<Incoming>) -> Answer {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix("AWSStepFunctions.")).map(str::to_owned);
    let operation = operation.ok_or_else(|| {
        let message = "expected a request of Step Functions: X-Amz-Target is AWSStepFunctions.ListStateMachines, say";
        Refusal::new("UnknownOperationException", message)
    })?;
    let body = Limited::new(request.into_body(), LARGEST).collect().await;
    let body = body.map_err(|error| Refusal::new("SerializationException", format!("can't read the body: {error}")))?;
    let input = Input::read(&body.to_bytes())?;
    let (reply, answer) = oneshot::channel();
    let gone = || Refusal::new("InternalFailure", "the simulation has ended: start the server again");
    jobs.send(Job { operation, input, reply }).map_err(|_| gone())?;
    answer.await.unwrap_or_else(|_| Err(gone()))
}
