//! From the model of a definition to what runs.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;
use statewright::asl::{
    self, Amount, Catcher as AslCatcher, Nullable, Part, QueryLanguage, Retrier as AslRetrier, Rule, State,
    StateMachine,
};
use statewright::diag::{Code as DiagCode, Diagnostic, Place as DiagPlace, codes};

use super::rule::Test;
use super::{
    Call, Catcher, Code, Condition, Kind, Place, Program, Quantity, Retrier, RuleCode, Selected, Site, TaskCode, Text,
    Until,
};
use crate::jsonpath::Path;
use crate::reference::Reference;
use crate::template::{Jsonata, Malformed, Template, inside};

mod map;

pub(super) fn compile(machine: &StateMachine, file: &str) -> Result<Rc<Program>, Vec<Diagnostic>> {
    let mut compiler = Compiler { root: machine, file, problems: Vec::new(), sites: Vec::new() };
    let program = compiler.machine(machine, "");
    if !compiler.problems.is_empty() {
        return Err(compiler.problems);
    }
    let sites = compiler.sites.into();
    Ok(Rc::new(Program { sites, ..program }))
}

struct Compiler<'a> {
    root: &'a StateMachine,
    file: &'a str,
    problems: Vec<Diagnostic>,
    sites: Vec<Site>,
}

/// A state while it is compiled.
#[derive(Clone, Copy)]
struct At<'a> {
    name: &'a str,
    pointer: &'a str,
    language: QueryLanguage,
    /// The states of the same machine, by name.
    numbers: &'a HashMap<&'a str, usize>,
}

impl Compiler<'_> {
    fn problem(&mut self, code: DiagCode, pointer: &str, message: impl Into<String>) {
        let place = DiagPlace::Pointer { file: self.file.to_owned(), pointer: pointer.to_owned() };
        // The last paragraph of a page says what to write instead.
        let lines = code.page.trim_end().lines().rev().take_while(|line| !line.trim().is_empty());
        let help: Vec<&str> = lines.map(str::trim).collect();
        let help = help.into_iter().rev().collect::<Vec<_>>().join(" ");
        self.problems.push(Diagnostic::error(code, message, place).help(help));
    }

    fn machine(&mut self, machine: &StateMachine, pointer: &str) -> Program {
        let numbers: HashMap<&str, usize> =
            machine.states.keys().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
        let start = machine.start_at.as_deref().unwrap_or_default();
        let start = match numbers.get(start) {
            Some(start) => *start,
            None => {
                let message = format!("`StartAt` names `{start}`, which is no state here");
                self.problem(codes::NO_SUCH_STATE, &format!("{pointer}/StartAt"), message);
                0
            }
        };
        let mut states = Vec::new();
        for (name, state) in &machine.states {
            let pointer = format!("{pointer}/States/{}", name.replace('~', "~0").replace('/', "~1"));
            let language = self.root.query_language_of(state);
            let at = At { name, pointer: &pointer, language, numbers: &numbers };
            states.extend(self.state(at, state));
        }
        Program { states, start, timeout: machine.timeout_seconds, sites: Rc::default() }
    }

    fn target(&mut self, at: At<'_>, field: &str, name: &str) -> usize {
        if let Some(number) = at.numbers.get(name) {
            return *number;
        }
        let message = format!("`{field}` of `{}` names `{name}`, which is no state here", at.name);
        self.problem(codes::NO_SUCH_STATE, &format!("{}/{field}", at.pointer), message);
        0
    }

    fn check<T>(&mut self, at: At<'_>, parsed: Result<T, Malformed>) -> Option<T> {
        parsed
            .map_err(|malformed| {
                let message = format!("{} of `{}`: {}", malformed.field, at.name, malformed.message);
                let pointer = format!("{}/{}", at.pointer, malformed.field.replace('[', "/").replace(']', ""));
                self.problem(codes::MALFORMED_EXPRESSION, &pointer, message);
            })
            .ok()
    }

    fn template(&mut self, at: At<'_>, field: &str, json: Option<&Json>) -> Option<Template> {
        let parsed = Template::compile(json?, at.language, field);
        self.check(at, parsed)
    }

    fn path(&mut self, at: At<'_>, field: &str, text: &str) -> Option<Reference> {
        let parsed =
            Reference::parse(text).map_err(|error| Malformed { field: field.to_owned(), message: error.to_string() });
        self.check(at, parsed)
    }

    fn selected(&mut self, at: At<'_>, field: &str, path: Option<&Nullable<String>>) -> Selected {
        match path {
            Some(Nullable::Null) => Selected::Nothing,
            Some(Nullable::Value(text)) => match self.path(at, field, text) {
                Some(path) if !path.is_whole_input() => Selected::At(path),
                _ => Selected::All,
            },
            None => Selected::All,
        }
    }

    fn place(&mut self, at: At<'_>, field: &str, path: Option<&Nullable<String>>) -> Place {
        match path {
            None => Place::All,
            Some(Nullable::Null) => Place::Discard,
            Some(Nullable::Value(text)) => {
                let parsed = Path::parse(text)
                    .map_err(|error| Malformed { field: field.to_owned(), message: error.to_string() });
                match self.check(at, parsed) {
                    Some(path) if !path.is_root() => Place::At(text.clone(), path),
                    _ => Place::All,
                }
            }
        }
    }

    fn jsonata(&mut self, at: At<'_>, field: &str, text: &str) -> Option<Jsonata> {
        let parsed = Jsonata::parse(text, field);
        self.check(at, parsed)
    }

    /// A number, an expression that gives one, or where one is.
    fn quantity(
        &mut self,
        at: At<'_>,
        (field, amount): (&'static str, Option<&Json>),
        (path_field, path): (&'static str, Option<&str>),
    ) -> Option<Quantity> {
        if let Some(path) = path {
            return self.path(at, path_field, path).map(|path| Quantity::Path(path_field, path));
        }
        match amount? {
            Json::String(text) => self.jsonata(at, field, text).map(Quantity::Expression),
            number => number.as_f64().map(Quantity::Number),
        }
    }

    fn amount(
        &mut self,
        at: At<'_>,
        (field, amount): (&'static str, Option<&Amount>),
        path: (&'static str, Option<&str>),
    ) -> Option<Quantity> {
        let json = amount.map(Part::write);
        self.quantity(at, (field, json.as_ref()), path)
    }

    /// A text, an expression that gives one, or where one is.
    fn text(&mut self, at: At<'_>, field: &str, constant: Option<&str>, path: Option<&str>) -> Option<Text> {
        if let Some(path) = path {
            let parsed = Template::text(&format!("{field}Path"), path);
            return self.check(at, parsed).map(Text::Path);
        }
        let constant = constant?;
        if at.language == QueryLanguage::Jsonata && inside(constant).is_some() {
            return self.jsonata(at, field, constant).map(Text::Expression);
        }
        Some(Text::Constant(constant.to_owned()))
    }

    fn state(&mut self, at: At<'_>, state: &State) -> Option<Code> {
        let site = self.sites.len();
        self.sites.push(Site {
            name: at.name.to_owned(),
            kind: state.kind.name().unwrap_or_default(),
            pointer: at.pointer.to_owned(),
            choices: choices(state),
            retriers: state
                .retry()
                .iter()
                .map(|retrier| retrier.error_equals.iter().flatten().cloned().collect::<Vec<_>>().join(", "))
                .collect(),
            catchers: state
                .catch()
                .iter()
                .map(|catcher| catcher.error_equals.iter().flatten().cloned().collect::<Vec<_>>().join(", "))
                .collect(),
        });
        let kind = self.kind(at, state)?;
        let ends = matches!(kind, Kind::Choice { .. } | Kind::Succeed | Kind::Fail { .. });
        let next = match &state.next {
            Some(next) if !ends => Some(self.target(at, "Next", next)),
            None if !ends && state.end != Some(true) => {
                self.problem(codes::MISSING_FIELD, at.pointer, format!("`{}` has neither `Next` nor `End`", at.name));
                None
            }
            _ => None,
        };
        let (result_path, result_selector) = match &state.kind {
            asl::Kind::Task(task) => (task.result_path.as_ref(), task.result_selector.as_ref()),
            asl::Kind::Pass(pass) => (pass.result_path.as_ref(), None),
            asl::Kind::Parallel(parallel) => (parallel.result_path.as_ref(), parallel.result_selector.as_ref()),
            asl::Kind::Map(map) => (map.result_path.as_ref(), map.result_selector.as_ref()),
            _ => (None, None),
        };
        Some(Code {
            name: at.name.into(),
            site,
            language: at.language,
            kind,
            input_path: self.selected(at, "InputPath", state.input_path.as_ref()),
            output_path: self.selected(at, "OutputPath", state.output_path.as_ref()),
            result_selector: self.template(at, "ResultSelector", result_selector),
            result_path: self.place(at, "ResultPath", result_path),
            assign: self.template(at, "Assign", state.assign.as_ref()),
            output: self.template(at, "Output", state.output.as_ref()),
            next,
            retry: state.retry().iter().map(retrier).collect(),
            catch: state.catch().iter().enumerate().map(|(number, catch)| self.catcher(at, number, catch)).collect(),
        })
    }

    fn catcher(&mut self, at: At<'_>, number: usize, catcher: &AslCatcher) -> Catcher {
        let field = |name: &str| format!("Catch[{number}]/{name}");
        Catcher {
            errors: catcher.error_equals.clone().unwrap_or_default(),
            result_path: self.place(at, &field("ResultPath"), catcher.result_path.as_ref()),
            assign: self.template(at, &field("Assign"), catcher.assign.as_ref()),
            output: self.template(at, &field("Output"), catcher.output.as_ref()),
            next: self.target(at, &format!("Catch/{number}/Next"), catcher.next.as_deref().unwrap_or_default()),
        }
    }

    fn missing(&mut self, at: At<'_>, field: &str) {
        self.problem(codes::MISSING_FIELD, at.pointer, format!("`{}` has no `{field}`", at.name));
    }

    fn kind(&mut self, at: At<'_>, state: &State) -> Option<Kind> {
        Some(match &state.kind {
            asl::Kind::Pass(pass) => Kind::Pass {
                result: pass.result.clone().map(Into::into),
                parameters: self.template(at, "Parameters", pass.parameters.as_ref()),
            },
            asl::Kind::Task(task) => Kind::Task(Box::new(self.task(at, task)?)),
            asl::Kind::Choice(choice) => {
                let Some(rules) = &choice.choices else {
                    self.missing(at, "Choices");
                    return None;
                };
                Kind::Choice {
                    rules: rules.iter().enumerate().filter_map(|(number, rule)| self.rule(at, number, rule)).collect(),
                    default: choice.default.as_ref().map(|default| self.target(at, "Default", default)),
                }
            }
            asl::Kind::Wait(wait) => Kind::Wait(self.wait(at, wait)?),
            asl::Kind::Succeed => Kind::Succeed,
            asl::Kind::Fail(fail) => Kind::Fail {
                error: self.text(at, "Error", fail.error.as_deref(), fail.error_path.as_deref()),
                cause: self.text(at, "Cause", fail.cause.as_deref(), fail.cause_path.as_deref()),
            },
            asl::Kind::Parallel(parallel) => {
                let Some(branches) = &parallel.branches else {
                    self.missing(at, "Branches");
                    return None;
                };
                let arguments = parallel.arguments.as_ref().map(|json| ("Arguments", json));
                let arguments = arguments.or(parallel.parameters.as_ref().map(|json| ("Parameters", json)));
                let machine = |(number, branch)| self.machine(branch, &format!("{}/Branches/{number}", at.pointer));
                let branches = branches.iter().enumerate().map(machine).map(Rc::new).collect();
                Kind::Parallel {
                    arguments: arguments.and_then(|(field, json)| self.template(at, field, Some(json))),
                    branches,
                }
            }
            asl::Kind::Map(map) => Kind::Map(Box::new(self.map(at, map)?)),
            asl::Kind::Other | asl::Kind::NoObject(_) => {
                self.missing(at, "Type` that the language knows, such as `Pass");
                return None;
            }
        })
    }

    fn task(&mut self, at: At<'_>, task: &asl::Task) -> Option<TaskCode> {
        let Some(resource) = &task.resource else {
            self.missing(at, "Resource");
            return None;
        };
        let Some(call) = Call::parse(resource) else {
            let message =
                format!("`{resource}` of `{}` is no ARN of a Lambda function, an activity or an integration", at.name);
            self.problem(codes::MISSING_FIELD, &format!("{}/Resource", at.pointer), message);
            return None;
        };
        let (field, arguments) = match &task.arguments {
            Some(arguments) => ("Arguments", Some(arguments)),
            None => ("Parameters", task.parameters.as_ref()),
        };
        let credentials = task.credentials.as_ref().map(Part::write);
        let path = |path: &Option<String>| path.clone();
        let (timeout_path, heartbeat_path) = (path(&task.timeout_seconds_path), path(&task.heartbeat_seconds_path));
        Some(TaskCode {
            call,
            arguments: self.template(at, field, arguments),
            credentials: self.template(at, "Credentials", credentials.as_ref()),
            timeout: self.amount(
                at,
                ("TimeoutSeconds", task.timeout_seconds.as_ref()),
                ("TimeoutSecondsPath", timeout_path.as_deref()),
            ),
            heartbeat: self.amount(
                at,
                ("HeartbeatSeconds", task.heartbeat_seconds.as_ref()),
                ("HeartbeatSecondsPath", heartbeat_path.as_deref()),
            ),
        })
    }

    fn wait(&mut self, at: At<'_>, wait: &asl::Wait) -> Option<Until> {
        let seconds = ("Seconds", wait.seconds.as_ref());
        if let Some(quantity) = self.amount(at, seconds, ("SecondsPath", wait.seconds_path.as_deref())) {
            return Some(Until::Seconds(quantity));
        }
        if let Some(path) = &wait.timestamp_path {
            return self.path(at, "TimestampPath", path).map(Until::TimestampPath);
        }
        match &wait.timestamp {
            Some(text) if at.language == QueryLanguage::Jsonata && inside(text).is_some() => {
                self.jsonata(at, "Timestamp", text).map(Until::TimestampExpression)
            }
            Some(text) => Some(Until::Timestamp(text.clone())),
            None => {
                if wait.seconds.is_none() && wait.seconds_path.is_none() {
                    self.missing(at, "Seconds");
                }
                None
            }
        }
    }

    fn rule(&mut self, at: At<'_>, number: usize, rule: &Rule) -> Option<RuleCode> {
        let field = format!("Choices[{number}]");
        Some(RuleCode {
            condition: self.condition(at, &field, rule)?,
            assign: self.template(at, &format!("{field}/Assign"), rule.assign.as_ref()),
            output: self.template(at, &format!("{field}/Output"), rule.output.as_ref()),
            next: self.target(at, &format!("Choices/{number}/Next"), rule.next.as_deref().unwrap_or_default()),
        })
    }

    fn condition(&mut self, at: At<'_>, field: &str, rule: &Rule) -> Option<Condition> {
        let mut parts = |name: &str, rules: &[Rule]| -> Option<Vec<Condition>> {
            let part = |(number, rule)| self.condition(at, &format!("{field}/{name}[{number}]"), rule);
            rules.iter().enumerate().map(part).collect()
        };
        if let Some(rules) = &rule.and {
            return parts("And", rules).map(Condition::And);
        }
        if let Some(rules) = &rule.or {
            return parts("Or", rules).map(Condition::Or);
        }
        if let Some(rule) = &rule.not {
            return self.condition(at, &format!("{field}/Not"), rule).map(|part| Condition::Not(Box::new(part)));
        }
        match (&rule.condition, &rule.variable, &rule.comparison) {
            (Some(Json::Bool(holds)), ..) => Some(Condition::Constant(*holds)),
            (Some(Json::String(text)), ..) => {
                self.jsonata(at, &format!("{field}/Condition"), text).map(Condition::Expression)
            }
            (None, Some(variable), Some(comparison)) => {
                let variable = self.path(at, &format!("{field}/Variable"), variable)?;
                let field = format!("{field}/{}", comparison.operator.name());
                let parsed = Test::parse(comparison.operator, &comparison.operand)
                    .map_err(|message| Malformed { field, message });
                Some(Condition::Compare { variable, test: self.check(at, parsed)? })
            }
            _ => {
                let message = format!("{field} of `{}` has neither a condition nor a comparison", at.name);
                self.problem(codes::MISSING_FIELD, at.pointer, message);
                None
            }
        }
    }
}

fn retrier(retrier: &AslRetrier) -> Retrier {
    let seconds = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    Retrier {
        errors: retrier.error_equals.clone().unwrap_or_default(),
        interval: seconds(retrier.interval_seconds.unwrap_or(1)),
        max_attempts: retrier.max_attempts.unwrap_or(3),
        backoff: retrier.backoff_rate.as_ref().and_then(serde_json::Number::as_f64).unwrap_or(2.0),
        max_delay: retrier.max_delay_seconds.map(seconds),
        jitter: retrier.jitter_strategy.as_deref() == Some("FULL"),
    }
}

fn choices(state: &State) -> Vec<String> {
    let asl::Kind::Choice(choice) = &state.kind else { return Vec::new() };
    let rules = choice.choices.iter().flatten().map(|rule| rule.next.clone().unwrap_or_default());
    rules.chain(choice.default.clone()).collect()
}
