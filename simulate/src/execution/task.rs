//! Task states: a call, told of by its events. <https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html>

use std::future::pending;

use serde_json::{Value as Json, json};
use statewright::asl::Pattern;

use super::state::millis;
use super::{Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::flow::{arguments, check_size, effective_input};
use crate::history::{Detail, EventType, failure_details};
use crate::program::{Call, Quantity, TaskCode, Wire};
use crate::runtime::{First, race};
use crate::scope::{Payload, Scope};
use crate::task::{Reply, Request};
use crate::world::{Callback, Heard, Work};

/// The longest time of a Task that names none, in seconds.
const LONGEST: f64 = 99_999_999.0;

/// The events of a call.
struct Events {
    failed: EventType,
    timed_out: EventType,
    succeeded: EventType,
}

impl Events {
    const fn of(wire: &Wire) -> Self {
        use EventType as E;
        match wire {
            Wire::Function => Self {
                failed: E::LambdaFunctionFailed,
                timed_out: E::LambdaFunctionTimedOut,
                succeeded: E::LambdaFunctionSucceeded,
            },
            Wire::Activity => {
                Self { failed: E::ActivityFailed, timed_out: E::ActivityTimedOut, succeeded: E::ActivitySucceeded }
            }
            Wire::Integration { .. } => {
                Self { failed: E::TaskFailed, timed_out: E::TaskTimedOut, succeeded: E::TaskSucceeded }
            }
        }
    }
}

/// When a Task takes too long, in milliseconds.
#[derive(Clone, Copy)]
struct Patience {
    timeout: Option<i64>,
    heartbeat: Option<i64>,
}

impl Runner {
    pub(super) async fn task(&self, visit: &Visit<'_>, task: &TaskCode) -> Result<Payload, Fault> {
        // A job that is waited for has a token too, with which its end can be reported.
        let has_token = task.call.pattern() != Pattern::RequestResponse;
        let waits = has_token || task.call.wire == Wire::Activity;
        let callback = waits.then(|| self.world.callback());
        let mut context = visit.context.clone();
        if has_token {
            context.token = callback.as_ref().map(|callback| callback.token.clone());
        }
        let scope = Scope { context: &context, ..self.scope(visit) };
        let input = effective_input(visit.code, &scope)?;
        let scope = scope.with_input(&input);
        let parameters = arguments(task.arguments.as_ref(), &scope)?;
        check_size(&parameters, &visit.code.name)?;
        let patience = Patience {
            timeout: time(task.timeout.as_ref(), &scope)?,
            heartbeat: time(task.heartbeat.as_ref(), &scope)?,
        };
        let role = match &task.credentials {
            Some(template) => template.resolve(&scope)?.get("RoleArn").and_then(Json::as_str).map(str::to_owned),
            None => None,
        };
        let parameters = completed(&task.call, &parameters);
        if let Some(problem) = refused(&task.call, &parameters) {
            return Err(Fault::runtime(format!(
                "The Parameters '{}' could not be used to start the Task: [{problem}]",
                *parameters
            )));
        }
        self.schedule(visit, &task.call, &parameters, patience, role.as_deref());
        let request = Request {
            workflow: self.execution.machine.name.clone(),
            execution: self.execution.name.clone(),
            state: visit.code.name.to_string(),
            resource: task.call.resource.clone(),
            parameters: (*parameters).clone(),
            token: callback.as_ref().map(|callback| callback.token.to_string()),
            role_arn: role,
            retry_count: context.state.as_ref().and_then(|state| state.retry_count).unwrap_or_default(),
            millis: self.now(),
        };
        let deadline = self.now().saturating_add(patience.timeout.unwrap_or_else(|| millis(LONGEST)));
        let ended = {
            let work = self.work(visit, &task.call, request, patience, callback.as_deref());
            let late = self.world.runtime().sleep(deadline - self.now());
            match race(work, late).await {
                First::A(ended) => ended,
                First::B(()) => Err(Fault::timeout(Origin::Timeout)),
            }
        };
        // Of a function it is the ARN, of an integration the service.
        let (service, resource) = task.call.names();
        let name = if matches!(task.call.wire, Wire::Integration { .. }) { service } else { &resource };
        let ended = ended.and_then(|output| check_size(&output, name).map(|()| output));
        self.tell(visit, &task.call, &ended);
        ended
    }

    fn schedule(&self, visit: &Visit<'_>, call: &Call, parameters: &Payload, patience: Patience, role: Option<&str>) {
        let (service, resource) = call.names();
        let seconds = |name, millis: Option<i64>| millis.map(|millis| (name, Detail::Number(millis / 1_000)));
        let mut details = match &call.wire {
            Wire::Integration { .. } => vec![
                ("resourceType", service.into()),
                ("resource", resource.as_str().into()),
                ("region", self.world.region().into()),
                ("parameters", Detail::Written(parameters.clone())),
            ],
            _ => vec![("resource", resource.as_str().into()), ("input", Detail::Payload(parameters.clone()))],
        };
        details.extend(seconds("timeoutInSeconds", patience.timeout));
        details.extend(seconds("heartbeatInSeconds", patience.heartbeat));
        details.extend(role.map(|role| ("taskCredentials", Detail::Json(json!({ "roleArn": role })))));
        let kind = match &call.wire {
            Wire::Function => EventType::LambdaFunctionScheduled,
            Wire::Activity => EventType::ActivityScheduled,
            Wire::Integration { .. } => EventType::TaskScheduled,
        };
        self.emit(visit.branch, kind, details);
    }

    /// Makes the call, and waits for its end.
    async fn work(
        &self,
        visit: &Visit<'_>,
        call: &Call,
        request: Request,
        patience: Patience,
        callback: Option<&Callback>,
    ) -> Result<Payload, Fault> {
        let (service, resource) = call.names();
        let names = || vec![("resourceType", service.into()), ("resource", resource.as_str().into())];
        match &call.wire {
            Wire::Function => {
                self.emit(visit.branch, EventType::LambdaFunctionStarted, Vec::new());
            }
            Wire::Activity => {}
            Wire::Integration { .. } => {
                self.emit(visit.branch, EventType::TaskStarted, names());
            }
        }
        let submit = |response: Option<Json>| {
            if matches!(
                call.wire,
                Wire::Integration { pattern: Pattern::RequestResponse, .. } | Wire::Function | Wire::Activity
            ) {
                return;
            }
            let mut details = names();
            let response = response.unwrap_or_else(|| json!({}));
            details.push(("output", Detail::Payload(response.into())));
            self.emit(visit.branch, EventType::TaskSubmitted, details);
        };
        match self.world.call(call, &request) {
            Ok(Work::Answer(answer)) => {
                if let Wire::Activity = call.wire {
                    let worker = answer.submitted.as_ref().and_then(|worker| worker["workerName"].as_str());
                    self.started(visit, worker);
                }
                if let Reply::Fails(failure) = &answer.reply
                    && answer.after.is_zero()
                    && answer.submitted.is_none()
                {
                    return Err(Fault { failure: failure.clone(), origin: Origin::Task });
                }
                submit(answer.submitted);
                let reply = async {
                    self.world.runtime().sleep(i64::try_from(answer.after.as_millis()).unwrap_or(i64::MAX)).await;
                    match answer.reply {
                        Reply::Returns(result) => Ok(result.into()),
                        Reply::Fails(failure) => Err(Fault { failure, origin: Origin::Task }),
                        Reply::Silent => pending().await,
                    }
                };
                match race(reply, self.heard(visit, callback, patience)).await {
                    First::A(ended) | First::B(ended) => ended,
                }
            }
            Ok(Work::Child(child)) => {
                submit(Some(child.submitted()));
                match race(child.ended(), self.heard(visit, callback, patience)).await {
                    First::A(ended) | First::B(ended) => ended,
                }
            }
            Ok(Work::Later) => self.heard(visit, callback, patience).await,
            // The world ends the execution.
            Err(()) => pending().await,
        }
    }

    fn started(&self, visit: &Visit<'_>, worker: Option<&str>) {
        let details = worker.map(|worker| ("workerName", worker.into())).into_iter().collect();
        self.emit(visit.branch, EventType::ActivityStarted, details);
    }

    /// What is reported with the token.
    async fn heard(
        &self,
        visit: &Visit<'_>,
        callback: Option<&Callback>,
        patience: Patience,
    ) -> Result<Payload, Fault> {
        let Some(callback) = callback else { return pending().await };
        loop {
            let silence = async {
                match patience.heartbeat {
                    Some(heartbeat) => self.world.runtime().sleep(heartbeat).await,
                    None => pending().await,
                }
            };
            match race(callback.heard.take(), silence).await {
                First::A(Heard::Heartbeat) => {}
                First::A(Heard::Started(worker)) => self.started(visit, worker.as_deref()),
                First::A(Heard::Success(output)) => return Ok(output.into()),
                First::A(Heard::Failure(failure)) => return Err(Fault { failure, origin: Origin::Task }),
                First::B(()) => return Err(Fault::timeout(Origin::Heartbeat)),
            }
        }
    }

    fn tell(&self, visit: &Visit<'_>, call: &Call, ended: &Result<Payload, Fault>) {
        let events = Events::of(&call.wire);
        let (service, resource) = call.names();
        let mut details = match &call.wire {
            Wire::Integration { .. } => {
                vec![("resourceType", service.into()), ("resource", resource.as_str().into())]
            }
            _ => Vec::new(),
        };
        let kind = match ended {
            Ok(output) => {
                details.push(("output", Detail::Payload(output.clone())));
                events.succeeded
            }
            Err(fault) => {
                details.extend(failure_details(&fault.failure));
                match fault.origin {
                    Origin::Timeout | Origin::Heartbeat => events.timed_out,
                    Origin::Stop => return,
                    _ => events.failed,
                }
            }
        };
        self.emit(visit.branch, kind, details);
    }
}

/// Milliseconds of a timeout or a heartbeat.
pub(crate) fn time(quantity: Option<&Quantity>, scope: &Scope<'_>) -> Result<Option<i64>, Fault> {
    let Some(quantity) = quantity else { return Ok(None) };
    let seconds = quantity.resolve(scope, false)?;
    if seconds < 1.0 {
        return Err(Fault::runtime(format!("expected a time from 1 second, found {seconds}")));
    }
    Ok(Some(millis(seconds.min(LONGEST))))
}

/// The request with what Step Functions adds to it.
pub(crate) fn completed(call: &Call, parameters: &Payload) -> Payload {
    match (&call.wire, &**parameters) {
        (Wire::Integration { service, action, .. }, Json::Object(fields))
            if service == "ecs" && action == "runTask" && !fields.contains_key("StartedBy") =>
        {
            let mut fields = fields.clone();
            fields.insert("StartedBy".to_owned(), "AWS Step Functions".into());
            Json::Object(fields).into()
        }
        _ => parameters.clone(),
    }
}

/// What keeps a request from being sent.
pub(crate) fn refused(call: &Call, parameters: &Json) -> Option<String> {
    let Wire::Integration { service, action, .. } = &call.wire else { return None };
    if (service.as_str(), action.as_str()) != ("apigateway", "invoke") {
        return None;
    }
    let headers = parameters.get("Headers")?.as_object()?;
    let valid = headers.values().all(Json::is_array);
    (!valid).then(|| "The value of the field 'Headers' has an invalid format".to_owned())
}
