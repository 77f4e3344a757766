//! States, one after the other.

use std::rc::Rc;

use serde_json::Value as Json;

use super::{At, Branch, Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::flow::{Assigned, arguments, check_size, effective_input, fail, finish, pass_on};
use crate::history::{Detail, EventType};
use crate::program::timestamp;
use crate::program::{Code, Kind, Program, Quantity, RuleCode, Until};
use crate::scope::{Payload, Scope};
use crate::template::Template;

/// A wait of so many seconds is refused.
const TOO_LONG: f64 = 2_147_483_648.0;

/// What a state gives, and where it leads; `None` if the machine ends.
pub(super) type Step = (Payload, Option<usize>);

/// The names of the events of a state: entered, exited, cut.
pub(super) const fn events(kind: &Kind) -> (EventType, EventType, Option<EventType>) {
    use EventType as E;
    match kind {
        Kind::Pass { .. } => (E::PassStateEntered, E::PassStateExited, None),
        Kind::Task(_) => (E::TaskStateEntered, E::TaskStateExited, Some(E::TaskStateAborted)),
        Kind::Choice { .. } => (E::ChoiceStateEntered, E::ChoiceStateExited, None),
        Kind::Wait(_) => (E::WaitStateEntered, E::WaitStateExited, Some(E::WaitStateAborted)),
        Kind::Succeed => (E::SucceedStateEntered, E::SucceedStateExited, None),
        // It is never exited.
        Kind::Fail { .. } => (E::FailStateEntered, E::FailStateEntered, None),
        Kind::Parallel { .. } => (E::ParallelStateEntered, E::ParallelStateExited, Some(E::ParallelStateAborted)),
        Kind::Map(_) => (E::MapStateEntered, E::MapStateExited, Some(E::MapStateAborted)),
    }
}

impl Runner {
    /// Runs the states of a machine, a branch or an iteration, from a state on.
    pub(super) async fn machine(
        &self,
        program: &Rc<Program>,
        branch: &Rc<Branch>,
        mut at: At,
    ) -> Result<Payload, Fault> {
        loop {
            let Some(code) = program.states.get(at.state) else { return Err(Fault::stop()) };
            let (output, next) = self.state(code, branch, at).await?;
            match next {
                Some(next) => at = At { state: next, input: output, entered: None },
                None => return Ok(output),
            }
        }
    }

    async fn state(&self, code: &Code, branch: &Rc<Branch>, at: At) -> Result<Step, Fault> {
        self.go_on()?;
        let (entered, _, cut) = events(&code.kind);
        let At { state, input, entered: before } = at;
        let entered = before.unwrap_or_else(|| {
            branch.forget_below();
            let details = vec![("input", Detail::Payload(input.clone())), ("name", Detail::Text(code.name.clone()))];
            self.emit(branch, entered, details)
        });
        *branch.at.borrow_mut() = Some(At { state, input: input.clone(), entered: Some(entered) });
        branch.open.set(cut);
        self.execution.machine.coverage.enter(code.site);
        let visit = Visit { code, branch, input, entered, context: self.context(code, branch) };
        let step = match &code.kind {
            Kind::Task(_) | Kind::Parallel { .. } | Kind::Map(_) => return self.attempts(visit).await,
            Kind::Wait(until) => self.wait(&visit, until).await,
            Kind::Pass { result, parameters } => self.pass(&visit, result.as_ref(), parameters.as_ref()),
            Kind::Choice { rules, default } => self.choose(&visit, rules, *default),
            Kind::Succeed => pass_on(code, &self.scope(&visit), (code.output.as_ref(), None))
                .map(|(output, _)| (output, Vec::new(), None)),
            Kind::Fail { error, cause } => Err(fail(error.as_ref(), cause.as_ref(), &self.scope(&visit))),
        };
        let (output, assigned, next) = step.map_err(|fault| self.report(&visit, fault))?;
        self.exit(&visit, output, assigned, next)
    }

    /// Leaves a state: its variables get their values, and it is told of.
    pub(super) fn exit(
        &self,
        visit: &Visit<'_>,
        output: Payload,
        assigned: Assigned,
        next: Option<usize>,
    ) -> Result<Step, Fault> {
        let (_, exited, _) = events(&visit.code.kind);
        check_size(&output, &visit.code.name)?;
        let mut details =
            vec![("name", Detail::Text(visit.code.name.clone())), ("output", Detail::Payload(output.clone()))];
        if !assigned.is_empty() {
            let texts = assigned.iter().map(|(name, value)| (name.clone(), Json::from(value.to_string())));
            details.push(("assignedVariables", Detail::Json(texts.collect())));
            details.push(("assignedVariablesDetails", Detail::Json(serde_json::json!({ "truncated": false }))));
            visit.branch.variables.assign(assigned);
        }
        self.emit(visit.branch, exited, details);
        visit.branch.open.set(None);
        visit.branch.forget_below();
        Ok((output, next))
    }

    /// Tells of an expression that failed, and says in which state something failed.
    pub(super) fn report(&self, visit: &Visit<'_>, fault: Fault) -> Fault {
        let mut fault = fault.in_state(&visit.code.name, visit.entered);
        let origin = std::mem::replace(&mut fault.origin, Origin::State);
        match origin {
            Origin::Evaluation(location) => {
                let mut details = crate::history::failure_details(&fault.failure);
                details.extend(location.map(|location| ("location", Detail::from(location.as_str()))));
                details.push(("state", Detail::Text(visit.code.name.clone())));
                let id = self.emit_after(visit.branch.before.get(), EventType::EvaluationFailed, details);
                visit.branch.last.set(id);
            }
            Origin::Data => {}
            other => fault.origin = other,
        }
        fault
    }

    fn pass(
        &self,
        visit: &Visit<'_>,
        result: Option<&Payload>,
        parameters: Option<&Template>,
    ) -> Result<(Payload, Assigned, Option<usize>), Fault> {
        let (code, scope) = (visit.code, self.scope(visit));
        if code.is_jsonata() {
            let (output, assigned) = pass_on(code, &scope, (code.output.as_ref(), code.assign.as_ref()))?;
            return Ok((output, assigned, code.next));
        }
        let result = match result {
            Some(result) => result.clone(),
            None => arguments(parameters, &scope.with_input(&effective_input(code, &scope)?))?,
        };
        let finished = finish(code, &scope, &result)?;
        Ok((finished.output, finished.assigned, code.next))
    }

    pub(crate) fn choose(
        &self,
        visit: &Visit<'_>,
        rules: &[RuleCode],
        default: Option<usize>,
    ) -> Result<(Payload, Assigned, Option<usize>), Fault> {
        let (code, scope) = (visit.code, self.scope(visit));
        let input = effective_input(code, &scope)?;
        let mut number = None;
        for (at, rule) in rules.iter().enumerate() {
            if rule.condition.holds(&scope.with_input(&input))? {
                number = Some(at);
                break;
            }
        }
        self.execution.machine.coverage.choose(code.site, number.unwrap_or(rules.len()));
        let rule = number.and_then(|number| rules.get(number));
        let Some(next) = rule.map(|rule| rule.next).or(default) else {
            return Err(Fault::runtime(
                "Failed to transition out of the state. The state does not point to a next state.",
            ));
        };
        // What the rule does not say, the state does.
        let output = rule.and_then(|rule| rule.output.as_ref()).or(code.output.as_ref());
        let assign = rule.and_then(|rule| rule.assign.as_ref()).or(code.assign.as_ref());
        let (output, assigned) = pass_on(code, &scope, (output, assign))?;
        Ok((output, assigned, Some(next)))
    }

    async fn wait(&self, visit: &Visit<'_>, until: &Until) -> Result<(Payload, Assigned, Option<usize>), Fault> {
        let millis = self.wait_millis(visit, until)?;
        self.world.runtime().sleep(millis).await;
        let (code, scope) = (visit.code, self.scope(visit));
        let (output, assigned) = pass_on(code, &scope, (code.output.as_ref(), code.assign.as_ref()))?;
        Ok((output, assigned, code.next))
    }

    pub(crate) fn wait_millis(&self, visit: &Visit<'_>, until: &Until) -> Result<i64, Fault> {
        let scope = self.scope(visit);
        let input = effective_input(visit.code, &scope)?;
        let scope = scope.with_input(&input);
        let seconds = match until {
            Until::Seconds(Quantity::Path(field, path)) => seconds_at(field, path, &scope)?,
            Until::Seconds(Quantity::Expression(expression)) => {
                let found = expression.resolve(&scope)?;
                let seconds = found.as_f64().filter(|seconds| *seconds >= 0.0 && seconds.fract() == 0.0);
                seconds.ok_or_else(|| expression.unexpected("non-negative integer", &found))?
            }
            Until::Seconds(quantity) => quantity.resolve(&scope, true)?,
            Until::Timestamp(text) => self.seconds_until(&text.as_str().into(), |shown| {
                Fault::runtime(format!("The Timestamp parameter does not reference a valid ISO-8601 extended offset date-time format string: {shown}"))
            })?,
            Until::TimestampPath(path) => {
                let found = path.read(&scope).map_err(|_| {
                    Fault::runtime(format!("The TimestampPath parameter does not reference an input value: {path}"))
                })?;
                self.seconds_until(&found, |shown| {
                    Fault::runtime(format!("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {path} == {shown}"))
                })?
            }
            Until::TimestampExpression(expression) => {
                let found = expression.resolve(&scope)?;
                if !found.is_string() {
                    return Err(expression.unexpected("string", &found));
                }
                self.seconds_until(&found, |shown| {
                    Fault::evaluation(Some("Timestamp"), format!("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {shown}"))
                })?
            }
        };
        if seconds >= TOO_LONG {
            return Err(Fault::runtime("Wait state delay is too long."));
        }
        Ok(millis(seconds))
    }

    fn seconds_until(&self, found: &Json, fault: impl Fn(&str) -> Fault) -> Result<f64, Fault> {
        let shown = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        let time = timestamp(found).ok_or_else(|| fault(&shown))?;
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of these ages are exact")]
        let seconds = (time.as_millisecond() - self.now()) as f64 / 1_000.0;
        Ok(seconds.max(0.0))
    }
}

/// Seconds in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "it saturates")]
pub(super) fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0).round() as i64
}

/// `SecondsPath`, with its own messages.
fn seconds_at(field: &str, path: &crate::reference::Reference, scope: &Scope<'_>) -> Result<f64, Fault> {
    let found = path.read(scope).ok().filter(Json::is_number);
    let Some(found) = found else {
        return Err(Fault::runtime(format!("The {field} parameter does not reference an input value: {path}")));
    };
    match found.as_i64() {
        Some(seconds) if seconds < 0 => {
            Err(Fault::runtime(format!("The {field} parameter references a negative value: {path} == {found}")))
        }
        #[expect(clippy::cast_precision_loss, reason = "longer waits are refused")]
        Some(seconds) => Ok(seconds as f64),
        None => {
            Err(Fault::runtime(format!("The {field} parameter cannot be parsed as a long value: {path} == {found}")))
        }
    }
}
