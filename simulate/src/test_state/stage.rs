//! Running the state, and telling what each field made of the data.

use serde_json::Value as Json;

use super::bench::Bench;
use super::subject::{Subject, within};
use super::{Inspection, InspectionLevel, Outcome, Refusal, Status, TestState};
use crate::execution::retry::caught;
use crate::execution::task::{completed, refused, time};
use crate::execution::{Runner, Visit};
use crate::fault::{Failure, Fault, Origin};
use crate::flow::{Assigned, Finished, arguments, check_size, effective_input, fail, finish, pass_on};
use crate::program::{Code, Kind, TaskCode};
use crate::scope::{Payload, Scope};
use crate::task::{Answer, Reply, Request, Service};
use crate::template::Template;

/// A state is given so many milliseconds.
const LONGEST: i64 = 300_000;

/// Why a state does not go on.
pub(super) enum Halt {
    Fault(Fault),
    Refusal(Refusal),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

type Step = (Payload, Assigned, Option<usize>);

/// A state that runs.
pub(super) struct Stage<'a> {
    pub request: &'a TestState,
    subject: &'a Subject,
    bench: &'a Bench,
    pub code: &'a Code,
    pub runner: &'a Runner,
    pub visit: Visit<'a>,
    /// The mocked result.
    pub mocked: Option<Payload>,
    service: Option<&'a mut dyn Service>,
    pub inspection: Inspection,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        request: &'a TestState,
        subject: &'a Subject,
        bench: &'a Bench,
        mocked: Option<Payload>,
        service: Option<&'a mut dyn Service>,
    ) -> Result<Self, Refusal> {
        let (code, input) = (subject.code()?, bench.input.clone());
        let visit = Visit { code, branch: &bench.branch, input, entered: 0, context: bench.context.clone() };
        let inspection = Inspection::default();
        Ok(Self { request, subject, bench, code, runner: &bench.runner, visit, mocked, service, inspection })
    }

    pub(super) fn run(mut self) -> Result<Outcome, Refusal> {
        let input = self.bench.input.clone();
        self.note("input", &input);
        let step = self.step().and_then(|step| Ok(check_size(&step.0, &self.code.name).map(|()| step)?));
        match step {
            Ok((output, assigned, next)) => {
                self.bench.variables.assign(assigned);
                Ok(self.end(Status::Succeeded, Some(output), Failure::default(), next))
            }
            Err(Halt::Fault(fault)) => Ok(self.failed(fault)),
            Err(Halt::Refusal(refusal)) => Err(refusal),
        }
    }

    fn end(mut self, status: Status, output: Option<Payload>, failure: Failure, next: Option<usize>) -> Outcome {
        let variables = self.bench.variables.all();
        if !variables.is_empty() {
            self.inspection.note("variables", Json::from(variables).to_string());
        }
        let told = self.request.inspection_level != InspectionLevel::Info;
        Outcome {
            status,
            output: output.map(|output| output.to_text()),
            failure,
            next_state: next.and_then(|number| self.subject.name_of(number)),
            inspection: told.then_some(self.inspection),
        }
    }

    pub(super) fn note(&mut self, name: &str, payload: &Payload) {
        self.inspection.note(name, payload.to_text());
    }

    /// Tells something that only states in JSONPath have.
    pub(super) fn note_path(&mut self, name: &str, payload: &Payload) {
        if !self.code.is_jsonata() {
            self.note(name, payload);
        }
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        self.runner.scope(&self.visit)
    }

    fn step(&mut self) -> Result<Step, Halt> {
        let code = self.code;
        let result = match &code.kind {
            Kind::Pass { .. } if code.is_jsonata() => return self.pass_on(code.output.as_ref(), code.assign.as_ref()),
            Kind::Pass { result: Some(result), .. } => result.clone(),
            Kind::Pass { result: None, parameters } => self.arguments(parameters.as_ref())?.1,
            Kind::Task(task) => self.task(task)?,
            Kind::Map(map) => self.map(map)?,
            Kind::Parallel { arguments: template, .. } => {
                let scope = self.scope();
                let input = effective_input(code, &scope)?;
                arguments(template.as_ref(), &scope.with_input(&input))?;
                self.mocked(Origin::State)?
            }
            Kind::Choice { rules, default } => {
                self.input()?;
                return Ok(self.runner.choose(&self.visit, rules, *default)?);
            }
            Kind::Wait(until) => {
                self.input()?;
                self.runner.wait_millis(&self.visit, until)?;
                return self.pass_on(code.output.as_ref(), code.assign.as_ref());
            }
            Kind::Succeed => {
                self.input()?;
                return self.pass_on(code.output.as_ref(), None);
            }
            Kind::Fail { error, cause } => {
                self.input()?;
                return Err(fail(error.as_ref(), cause.as_ref(), &self.scope()).into());
            }
        };
        self.finish(&result)
    }

    /// The part of the input that the state uses.
    pub(super) fn input(&mut self) -> Result<Payload, Fault> {
        let input = effective_input(self.code, &self.scope())?;
        self.note_path("afterInputPath", &input);
        Ok(input)
    }

    /// The part of the input that the state uses, and what it does its work with.
    fn arguments(&mut self, template: Option<&Template>) -> Result<(Payload, Payload), Fault> {
        let input = self.input()?;
        let found = arguments(template, &self.scope().with_input(&input))?;
        self.note(if self.code.is_jsonata() { "afterArguments" } else { "afterParameters" }, &found);
        Ok((input, found))
    }

    fn pass_on(&mut self, output: Option<&Template>, assign: Option<&Template>) -> Result<Step, Halt> {
        let (output, assigned) = pass_on(self.code, &self.scope(), (output, assign))?;
        Ok((output, assigned, self.code.next))
    }

    fn finish(&mut self, result: &Payload) -> Result<Step, Halt> {
        match finish(self.code, &self.scope(), result) {
            Ok(Finished { selected, placed, output, assigned }) => {
                self.note_path("afterResultSelector", &selected);
                self.note_path("afterResultPath", &placed);
                Ok((output, assigned, self.code.next))
            }
            Err(fault) => {
                // It may have come further than that.
                let template = self.code.result_selector.as_ref();
                if let Ok(selected) = arguments(template, &self.scope().with_input(result)) {
                    self.note_path("afterResultSelector", &selected);
                }
                Err(fault.into())
            }
        }
    }

    fn task(&mut self, task: &TaskCode) -> Result<Payload, Halt> {
        let (input, parameters) = self.arguments(task.arguments.as_ref())?;
        check_size(&parameters, &self.code.name)?;
        let scope = self.scope();
        let scope = scope.with_input(&input);
        let timeout = time(task.timeout.as_ref(), &scope)?.unwrap_or(LONGEST).min(LONGEST);
        time(task.heartbeat.as_ref(), &scope)?;
        let role = task.credentials.as_ref().map(|template| template.resolve(&scope)).transpose()?;
        let parameters = completed(&task.call, &parameters);
        if let Some(problem) = refused(&task.call, &parameters) {
            let cause = format!("The Parameters '{}' could not be used to start the Task: [{problem}]", *parameters);
            return Err(Fault::runtime(cause).into());
        }
        let result = if self.request.mock.is_some() {
            self.mocked(Origin::Task)?
        } else {
            let role_arn = role.as_ref().and_then(|role| role.get("RoleArn")?.as_str()).map(str::to_owned);
            self.served(&task.call.resource, (*parameters).clone(), role_arn, timeout)?
        };
        self.note("result", &result);
        Ok(result)
    }

    /// The mocked result, or the mocked error.
    pub(super) fn mocked(&self, origin: Origin) -> Result<Payload, Halt> {
        if let Some(result) = &self.mocked {
            return Ok(result.clone());
        }
        let failure = self.request.mock.as_ref().and_then(|mock| mock.error_output.clone()).unwrap_or_default();
        let inside = self.request.configuration.error_caused_by_state.as_deref();
        let cause = match inside.filter(|_| origin == Origin::State).map(|name| within(self.code, name)) {
            None => origin,
            Some(None) => return Err(Refusal::validation("State not found in definition").into()),
            Some(Some((program, number))) => match program.states.get(number).map(|code| &code.kind) {
                Some(Kind::Task(_)) => Origin::Task,
                _ => origin,
            },
        };
        let origin = match (cause, failure.error.as_deref()) {
            (Origin::Task, Some("States.Timeout")) => Origin::Timeout,
            (Origin::Task, Some("States.HeartbeatTimeout")) => Origin::Heartbeat,
            (cause, _) => cause,
        };
        Err(Fault { failure, origin }.into())
    }

    /// What a service answers.
    fn served(
        &mut self,
        resource: &str,
        parameters: Json,
        role_arn: Option<String>,
        timeout: i64,
    ) -> Result<Payload, Halt> {
        let execution = &self.runner.execution;
        let request = Request {
            workflow: execution.workflow().to_owned(),
            execution: execution.name.clone(),
            state: self.code.name.to_string(),
            resource: resource.to_owned(),
            parameters,
            token: None,
            role_arn,
            retry_count: 0,
            millis: self.request.millis,
        };
        let answer = self.service.as_mut().and_then(|service| service.answer(&request));
        let Some(Answer { reply, after, .. }) = answer else {
            let problem = format!("nothing answers `{resource}` here: give a mock or a service");
            return Err(Refusal::validation(problem).into());
        };
        if i64::try_from(after.as_millis()).unwrap_or(i64::MAX) > timeout {
            return Err(Fault::timeout(Origin::Timeout).into());
        }
        match reply {
            Reply::Returns(result) => {
                let result = Payload::from(result);
                check_size(&result, resource)?;
                Ok(result)
            }
            Reply::Fails(failure) => Err(Fault { failure, origin: Origin::Task }.into()),
            Reply::Silent => Err(Fault::timeout(Origin::Timeout).into()),
        }
    }

    /// How often the Retrier that takes an error has tried before.
    fn retries(&self) -> u64 {
        let given = self.request.context.as_ref().and_then(|_| self.bench.context.part("State"));
        let given = given.and_then(|state| state.get("RetryCount")?.as_u64());
        self.request.configuration.retrier_retry_count.or(given).unwrap_or(0)
    }

    fn failed(mut self, fault: Fault) -> Outcome {
        let code = self.code;
        let found = code.retry.iter().enumerate().find(|(_, retrier)| fault.is_one_of(&retrier.errors));
        if let Some((number, retrier)) = found {
            self.inspection.note_error("retryIndex", number);
            let tried = self.retries();
            if tried < retrier.max_attempts {
                #[expect(clippy::cast_possible_truncation, reason = "delays are less than a hundred million")]
                let delay = retrier.delay(tried + 1) as i64;
                self.inspection.note_error("retryBackoffIntervalSeconds", delay);
                return self.end(Status::Retriable, None, fault.failure, None);
            }
        }
        let found = code.catch.iter().enumerate().find(|(_, catcher)| fault.is_one_of(&catcher.errors));
        let Some((number, catcher)) = found else { return self.end(Status::Failed, None, fault.failure, None) };
        self.inspection.note_error("catchIndex", number);
        match caught(&self.visit, catcher, &self.scope(), &fault.failure.output().into()) {
            Ok((output, assigned)) => {
                self.bench.variables.assign(assigned);
                self.end(Status::CaughtError, Some(output), fault.failure, Some(catcher.next))
            }
            Err(fault) => self.end(Status::Failed, None, fault.failure, None),
        }
    }
}
