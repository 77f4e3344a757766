//! Nodes as states.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::expr_jsonata::Writer;
use super::expr_jsonpath;
use super::graph::{Edge, EdgeKind, Machine, Node, NodeKind, To};
use super::vars::{ITEM, Key, Names, Site, Step};
use super::view::View;
use crate::asl;
use crate::diag::{Diagnostic, Diagnostics, codes};
use crate::ir::expr::{Context, Expr, Kind, Op};
use crate::ir::{Recording, Until};
use crate::service::Task;

mod distributed;
mod language;
mod raw;
mod task;

/// Writes the whole state machine.
pub(super) fn emit(
    root: &Machine<'_>,
    names: &Names,
    recording: &Recording,
    diagnostics: &mut Diagnostics,
) -> asl::StateMachine {
    let problems = RefCell::default();
    let mut machine = Emitter { names, recording, diagnostics, machines: Vec::new(), problems }.machine(root);
    if !recording.in_paths {
        raw::set_language(&mut machine);
    }
    machine
}

/// The key of the lock, as JSONata that the first state could evaluate.
pub(super) fn key(root: &Machine<'_>, names: &Names, recording: &Recording, key: &Expr) -> String {
    let site = Site { machine: root, node: 0, edge: None };
    let expression = Writer(View { recording, names, machines: &[root], site }).expression(key);
    expression.trim_start_matches("{%").trim_end_matches("%}").trim().to_owned()
}

struct Emitter<'a, 'g, 'r> {
    names: &'a Names,
    recording: &'a Recording,
    diagnostics: &'a mut Diagnostics,
    /// The machines around the place, the innermost last.
    machines: Vec<&'g Machine<'r>>,
    /// What the state at hand could not say.
    problems: RefCell<Vec<String>>,
}

impl<'g, 'r> Emitter<'_, 'g, 'r> {
    fn machine(&mut self, machine: &'g Machine<'r>) -> asl::StateMachine {
        self.machines.push(machine);
        let mut states = asl::States::new();
        for (index, node) in machine.nodes.iter().enumerate() {
            let site = Site { machine, node: index, edge: None };
            let mut state = match &node.kind {
                NodeKind::Raw(state, _) => self.raw(state),
                _ => asl::State::new(self.kind(node, site)),
            };
            if let NodeKind::Task(Task { whole: Some(whole), .. }) = &node.kind
                && self.recording.in_paths
            {
                state.input_path = self.request(whole, site).0;
            }
            state.comment = node.comment.map(str::to_owned).or(state.comment);
            if let NodeKind::Succeed(output) = &node.kind {
                let nothing = Expr::object(Vec::new());
                self.give(&mut state, output.as_ref().unwrap_or(&nothing), site);
            }
            for (number, edge) in node.edges.iter().enumerate() {
                self.edge(&mut state, edge, number, Site { edge: Some(edge), ..site });
            }
            self.report(node);
            states.insert(node.name.clone(), state);
        }
        self.machines.pop();
        asl::StateMachine {
            start_at: machine.first().map(|first| machine.nodes[first].name.clone()),
            states,
            ..asl::StateMachine::default()
        }
    }

    fn view(&self, site: Site<'g, 'r>) -> View<'_, 'g, 'r> {
        View { recording: self.recording, names: self.names, machines: &self.machines, site }
    }

    fn writer(&self, site: Site<'g, 'r>) -> Writer<'_, 'g, 'r> {
        Writer(self.view(site))
    }

    fn paths(&self, site: Site<'g, 'r>) -> expr_jsonpath::Writer<'_, 'g, 'r> {
        expr_jsonpath::Writer { view: self.view(site), problems: &self.problems }
    }

    /// Reports what the state at hand could not say.
    fn report(&mut self, node: &Node<'_>) {
        for message in self.problems.take() {
            self.diagnostics.push(
                Diagnostic::error(codes::NOT_IN_JSONPATH, format!("`{}`: {message}", node.name), node.at.clone())
                    .help("leave the workflow in JSONata, or compute the value in a task"),
            );
        }
    }

    fn kind(&mut self, node: &'g Node<'r>, site: Site<'g, 'r>) -> asl::Kind {
        match &node.kind {
            NodeKind::Pass => asl::Kind::Pass(asl::Pass::default()),
            NodeKind::Task(task) => asl::Kind::Task(self.task(task, site)),
            NodeKind::Wait(until) => asl::Kind::Wait(self.wait(until, site)),
            NodeKind::Choice(conditions) => {
                let rules = conditions.iter().map(|condition| self.rule(condition, site)).collect();
                asl::Kind::Choice(asl::Choice { choices: Some(rules), default: None })
            }
            NodeKind::Parallel { machines, retry, carried } => {
                let fields = carried.iter().map(|carried| (carried.field.clone(), carried.value()));
                let arguments = (!carried.is_empty()).then(|| Expr::object(fields.collect()));
                let (arguments, parameters) = self.either(arguments.map(|arguments| self.template(&arguments, site)));
                asl::Kind::Parallel(asl::Parallel {
                    arguments,
                    parameters,
                    branches: Some(machines.iter().map(|machine| self.machine(machine)).collect()),
                    retry: self.retry(retry, node),
                    ..asl::Parallel::default()
                })
            }
            NodeKind::Map { items, max_concurrency, machine, retry, distributed, carried } => {
                let batches = distributed.is_some_and(|distributed| distributed.batches.is_some());
                let fields = carried.iter().map(|carried| (carried.field.clone(), carried.value()));
                // Batches have their own place for what is not an item.
                let item = (!batches).then(|| (ITEM.to_owned(), Kind::Context(Context::MapValue).into()));
                let taken = || Expr::object(item.into_iter().chain(fields).collect());
                let taken = (!carried.is_empty()).then(|| self.template(&taken(), site));
                let (batch_input, selector) = if batches { (taken, None) } else { (None, taken) };
                let (items, items_path) = match *items {
                    Some(items) if self.recording.in_paths => (None, Some(self.path(items, site))),
                    Some(items) => (Some(self.writer(site).template(items)), None),
                    None => (None, None),
                };
                let (max_concurrency, max_concurrency_path) = self.amount(*max_concurrency, node, site);
                let mut processor = self.machine(machine);
                let mut map = asl::Map::default();
                let mut config =
                    asl::ProcessorConfig { mode: Some("INLINE".into()), ..asl::ProcessorConfig::default() };
                if let Some(distributed) = distributed {
                    let execution = if distributed.express { "EXPRESS" } else { "STANDARD" };
                    (config.mode, config.execution_type) = (Some("DISTRIBUTED".into()), Some(execution.into()));
                    map = self.distributed(distributed, batch_input, node, site);
                }
                processor.processor_config = Some(config);
                asl::Kind::Map(Box::new(asl::Map {
                    items,
                    items_path,
                    item_selector: selector,
                    max_concurrency,
                    max_concurrency_path,
                    item_processor: Some(processor),
                    retry: self.retry(retry, node),
                    ..map
                }))
            }
            NodeKind::Raw(state, _) => state.kind.clone(),
            NodeKind::Succeed(_) => asl::Kind::Succeed,
            NodeKind::Fail { error, cause } => {
                let (error, error_path) = self.text(error.as_ref(), site);
                let (cause, cause_path) = self.text(cause.as_ref(), site);
                asl::Kind::Fail(asl::Fail { error, error_path, cause, cause_path })
            }
        }
    }

    fn wait(&mut self, until: &Until, site: Site<'g, 'r>) -> asl::Wait {
        let node = &site.machine.nodes[site.node];
        match until {
            Until::Seconds(expr) => {
                let (seconds, seconds_path) = self.amount(Some(expr), node, site);
                asl::Wait { seconds, seconds_path, ..asl::Wait::default() }
            }
            Until::Timestamp(expr) => {
                let (timestamp, timestamp_path) = self.text(Some(expr), site);
                let known = timestamp.as_deref().filter(|text| !text.starts_with("{%"));
                if let Some(text) = known.filter(|text| !is_time(text)) {
                    let message = format!("`{}` expected a point in time, found `{text}`", node.name);
                    self.diagnostics.push(
                        Diagnostic::error(codes::TIME_OUT_OF_RANGE, message, node.at.clone())
                            .help("write it as AWS reads it: `2027-01-01T00:00:00Z`"),
                    );
                }
                asl::Wait { timestamp, timestamp_path, ..asl::Wait::default() }
            }
        }
    }

    /// A whole number of seconds, or of something else that AWS counts no further than seconds.
    fn amount(
        &mut self,
        expr: Option<&Expr>,
        node: &Node<'_>,
        site: Site<'g, 'r>,
    ) -> (Option<asl::Amount>, Option<String>) {
        let (amount, path) = self.whole(expr, node, site);
        if let Some(asl::Amount::Number(number)) = amount
            && number > 99_999_999
        {
            let message = format!("`{}` expected up to 99,999,999, found {number}", node.name);
            self.diagnostics.push(
                Diagnostic::error(codes::TIME_OUT_OF_RANGE, message, node.at.clone())
                    .help("AWS counts no further, which is more than three years in seconds"),
            );
        }
        (amount, path)
    }

    /// A number that the language wants whole, or the path to it.
    fn whole(
        &mut self,
        expr: Option<&Expr>,
        node: &Node<'_>,
        site: Site<'g, 'r>,
    ) -> (Option<asl::Amount>, Option<String>) {
        let Some(expr) = expr else { return (None, None) };
        let resolved = self.view(site).resolved(expr);
        let number = match resolved.kind() {
            Kind::Literal(Json::Number(number)) => number,
            _ if self.recording.in_paths => return (None, Some(self.path(expr, site))),
            _ => return (Some(asl::Amount::Expression(self.writer(site).expression(expr))), None),
        };
        let whole = number.as_u64().unwrap_or_else(|| {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::NO_WHOLE_NUMBER,
                    format!("`{}` expected a whole number from 0, found {number}", node.name),
                    node.at.clone(),
                )
                .help("AWS counts in whole seconds and whole items"),
            );
            0
        });
        (Some(asl::Amount::Number(whole)), None)
    }

    /// What leaves the state along an edge: variables, the next state, the output at the end.
    fn edge(&self, state: &mut asl::State, edge: &'g Edge<'r>, number: usize, site: Site<'g, 'r>) {
        let (next, assign) = match &edge.to {
            To::Node(next) => (Some(site.machine.nodes[*next].name.clone()), {
                let assigned = site.machine.live.assigned(site.node, number);
                self.assign(assigned, site)
            }),
            To::End(output) if self.gives_itself(output, site) => {
                state.end = Some(true);
                return;
            }
            To::End(output) => {
                self.give(state, output, site);
                state.end = Some(true);
                return;
            }
            To::Open => return,
        };
        if let (Some(output), true) = (&edge.output, self.recording.in_paths) {
            self.give(state, output, site);
        }
        let output = edge.output.as_ref().filter(|_| !self.recording.in_paths);
        let output = output.map(|output| self.writer(site).output(output));
        match &edge.kind {
            EdgeKind::Start | EdgeKind::Label => {}
            EdgeKind::Next => {
                state.next = next;
                state.assign = raw::merged(state.assign.take(), assign);
                state.output = output.or(state.output.take());
            }
            EdgeKind::Rule => {
                if let asl::Kind::Choice(asl::Choice { choices: Some(rules), .. }) = &mut state.kind {
                    let rule = &mut rules[number];
                    (rule.next, rule.assign, rule.output) = (next, assign, output);
                }
            }
            // What a state-level `Assign` does when a rule holds is told differently by AWS's guide (it applies too) and
            // by others (it does not), so variables of the default go with a last rule that always holds.
            EdgeKind::Default => match &mut state.kind {
                asl::Kind::Choice(asl::Choice { choices: Some(rules), .. }) if assign.is_some() || output.is_some() => {
                    rules.push(asl::Rule { next, assign, output, ..self.otherwise() });
                }
                asl::Kind::Choice(choice) => choice.default = next,
                _ => {}
            },
            EdgeKind::Catch(errors) => {
                let error_equals = Some(errors.to_vec());
                let catcher = asl::Catcher { error_equals, next, assign, output, ..asl::Catcher::default() };
                if let Some(catch) = catch_mut(state) {
                    catch.push(catcher);
                }
            }
            EdgeKind::OwnCatch(index) => {
                if let Some(catcher) = catch_mut(state).and_then(|catch| catch.get_mut(*index)) {
                    catcher.assign = raw::merged(catcher.assign.take(), assign);
                }
            }
        }
    }

    /// The variables that later states read and that only this edge, or one before the first state, can assign.
    fn assign<'k>(&self, wanted: impl Iterator<Item = &'k Key>, site: Site<'g, 'r>) -> Option<Json> {
        let mut assign: Vec<(String, Expr)> =
            wanted.map(|key| (self.names.get(key, &self.machines, self.recording).to_owned(), read(key))).collect();
        assign.sort_by(|a, b| a.0.cmp(&b.0));
        (!assign.is_empty()).then(|| match site.own_language() {
            Some(asl::QueryLanguage::Jsonata) => self.writer(site).template(&Expr::object(assign)),
            Some(asl::QueryLanguage::JsonPath) => raw::paths(assign, site),
            None => self.template(&Expr::object(assign), site),
        })
    }
}

/// RFC 3339, in UTC, with upper-case letters.
fn is_time(text: &str) -> bool {
    text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T') && text.parse::<jiff::Timestamp>().is_ok()
}

fn catch_mut(state: &mut asl::State) -> Option<&mut Vec<asl::Catcher>> {
    let catch = match &mut state.kind {
        asl::Kind::Task(task) => &mut task.catch,
        asl::Kind::Parallel(parallel) => &mut parallel.catch,
        asl::Kind::Map(map) => &mut map.catch,
        _ => return None,
    };
    Some(catch.get_or_insert_default())
}

/// The expression that a variable holds.
fn read(key: &Key) -> Expr {
    key.path.iter().fold(Kind::Value(key.value).into(), |of: Expr, segment| {
        let inner = match &segment.step {
            Step::Field(name) => of.field(name),
            Step::Index(index) => Expr::call(Op::Get(*index), [of]),
        };
        if segment.maybe { inner.maybe() } else { inner }
    })
}
