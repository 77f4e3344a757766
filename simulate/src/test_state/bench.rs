//! What is around a state while it is tested: an execution that has just begun.

use std::rc::Rc;

use serde_json::Value as Json;

use super::subject::Subject;
use super::{Refusal, RefusalKind, TestState, surroundings};
use crate::context::{Context, Item};
use crate::coverage::Coverage;
use crate::execution::{Branch, Execution, New, Runner};
use crate::scope::{Payload, Variables};
use crate::world::{Machine, Settings, World};

pub(super) struct Bench {
    pub runner: Runner,
    pub branch: Rc<Branch>,
    pub input: Payload,
    pub variables: Variables,
    pub context: Context,
}

impl Bench {
    pub(super) fn new(request: &TestState, subject: &Subject) -> Result<Self, Refusal> {
        let code = subject.code()?;
        let given = request.context.as_deref().map(|text| surroundings::context(text, code)).transpose()?;
        let input = Payload::from_text(request.input.as_deref().unwrap_or("{}")).map_err(|error| Refusal {
            kind: RefusalKind::InvalidExecutionInput,
            message: format!("Invalid State Machine Execution Input: '{error}'"),
        })?;
        let variables = variables(request.variables.as_deref())?;
        let runner = runner(request, subject, input.clone());
        let item = || Rc::new(Item { index: 0, value: input.clone(), key: None, source: None });
        let branch = Branch::new(0, variables.clone(), subject.in_map.then(item));
        let context = given.unwrap_or_else(|| {
            let mut context = runner.context(code, &branch);
            if let Some(state) = &mut context.state {
                state.retry_count = state.retry_count.map(|_| request.configuration.retrier_retry_count.unwrap_or(0));
            }
            if surroundings::has_token(code) {
                context.token = Some(runner.world.callback().token.clone());
            }
            context
        });
        Ok(Self { runner, branch, input, variables, context })
    }
}

fn variables(text: Option<&str>) -> Result<Variables, Refusal> {
    let variables = Variables::default();
    match text.map(serde_json::from_str) {
        None => {}
        Some(Ok(Json::Object(given))) => {
            variables.assign(given.into_iter().map(|(name, value)| (name, value.into())));
        }
        Some(_) => return Err(Refusal::validation("Invalid Variables provided: expected a JSON object")),
    }
    Ok(variables)
}

/// An Express execution of a state machine with a name that nobody has given.
fn runner(request: &TestState, subject: &Subject, input: Payload) -> Runner {
    let TestState { account, region, millis, seed, role_arn, .. } = request;
    let world = World::new(Settings {
        account: account.clone(),
        region: region.clone(),
        start: *millis,
        seed: *seed,
        ..Settings::default()
    });
    let (machine, name) = (world.uuid(), world.uuid());
    let role = role_arn.clone().unwrap_or_else(|| format!("arn:aws:iam::{account}:role/TestState"));
    let arn = world.arn("express", &format!("{machine}:{name}"));
    let machine = Rc::new(Machine {
        arn: world.arn("stateMachine", &machine),
        name: machine,
        role_arn: role,
        express: true,
        program: subject.root.clone(),
        coverage: Coverage::new(subject.root.sites()),
    });
    let execution = Execution::new(New {
        program: machine.program.clone(),
        machine,
        name,
        arn,
        input,
        now: *millis,
        seed: *seed,
        express: true,
        kept: false,
        map_run: None,
    });
    Runner { world, execution: Rc::new(execution) }
}
