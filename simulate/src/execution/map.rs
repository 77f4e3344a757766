//! Map states whose iterations are part of the execution.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html>

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use super::parallel::Results;
use super::{Branch, Line, Runner, Visit};
use crate::context::Item;
use crate::fault::{Fault, Origin};
use crate::flow::{check_size, effective_input};
use crate::history::{Detail, EventType};
use crate::program::{Items, MapCode, Quantity};
use crate::runtime::Running;
use crate::scope::{Payload, Scope};

/// So many iterations run at the same time at most.
const MOST_AT_ONCE: usize = 40;

impl Runner {
    pub(super) async fn map(&self, visit: &Visit<'_>, map: &MapCode) -> Result<Payload, Fault> {
        let scope = self.scope(visit);
        let input = effective_input(visit.code, &scope)?;
        let items = self.items(visit, map, &input)?;
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let at_once = match whole(map.max_concurrency.as_ref(), "MaxConcurrency", &scope.with_input(&input))? {
            None | Some(0) => MOST_AT_ONCE,
            Some(most) => most.min(MOST_AT_ONCE),
        };
        let lines = &visit.branch.lines;
        // A redrive goes on with the iterations that failed or were cut, and with those that had not begun.
        let begun = lines.borrow().len();
        let started = if begun == 0 {
            self.emit(visit.branch, EventType::MapStateStarted, vec![("length", Detail::Number(length))])
        } else {
            visit.branch.last.get()
        };
        let mut waiting =
            items.into_iter().enumerate().filter(|(number, _)| !lines.borrow().get(*number).is_some_and(Line::is_done));
        let mut iterations = Iterations { running: BTreeMap::new(), results: Rc::default() };
        for (number, item) in waiting.by_ref().take(at_once) {
            self.iterate(visit, map, &input, &mut iterations, (number, item), started)?;
        }
        while !iterations.running.is_empty() {
            let (number, result) = iterations.results.take().await;
            drop(iterations.running.remove(&number));
            let Some(line) = lines.borrow().get(number).map(|line| line.branch.clone()) else { continue };
            let (last, before) = (line.last.get(), line.before.get());
            match result {
                Ok(output) => {
                    let succeeded = self.emit_after(last, EventType::MapIterationSucceeded, about(visit, number));
                    visit.branch.before.set(last);
                    visit.branch.last.set(succeeded);
                    if let Some(line) = lines.borrow_mut().get_mut(number) {
                        line.output = Some(output);
                    }
                    if let Some(next) = waiting.next()
                        && let Err(fault) = self.iterate(visit, map, &input, &mut iterations, next, last)
                    {
                        self.cut(visit, &mut iterations, last);
                        return Err(fault);
                    }
                }
                Err(fault) if fault.origin == Origin::Stop => return Err(fault),
                Err(fault) => {
                    visit.branch.before.set(before);
                    visit.branch.last.set(last);
                    self.emit_after(last, EventType::MapIterationFailed, about(visit, number));
                    self.cut(visit, &mut iterations, last);
                    return Err(fault);
                }
            }
        }
        let output = Payload::from(Json::Array(visit.branch.outputs()));
        check_size(&output, &visit.code.name)?;
        self.emit_after(visit.branch.last.get(), EventType::MapStateSucceeded, Vec::new());
        Ok(output)
    }

    /// Ends the iterations that still run.
    fn cut(&self, visit: &Visit<'_>, iterations: &mut Iterations, last: u64) {
        for (number, running) in std::mem::take(&mut iterations.running) {
            drop(running);
            self.emit_after(last, EventType::MapIterationAborted, about(visit, number));
            let cut = visit.branch.lines.borrow().get(number).and_then(|line| line.branch.open.take());
            if let Some(cut) = cut {
                self.emit_after(last, cut, Vec::new());
            }
        }
    }

    fn iterate(
        &self,
        visit: &Visit<'_>,
        map: &MapCode,
        input: &Payload,
        iterations: &mut Iterations,
        (number, item): (usize, Item),
        previous: u64,
    ) -> Result<(), Fault> {
        let item = Rc::new(item);
        let input = self.selected(visit, map, input, &item)?;
        let begun = visit.branch.lines.borrow().get(number).map(|line| line.branch.clone());
        let line = if let Some(line) = begun {
            line.last.set(previous);
            line
        } else {
            let line = Branch::new(previous, visit.branch.variables.inner(), Some(item));
            self.emit(&line, EventType::MapIterationStarted, about(visit, number));
            visit.branch.lines.borrow_mut().push(Line { branch: line.clone(), output: None });
            line
        };
        let running = self.line(number, &map.processor, &line, input, &iterations.results);
        iterations.running.insert(number, running);
        Ok(())
    }

    /// The input of an iteration.
    pub(crate) fn selected(
        &self,
        visit: &Visit<'_>,
        map: &MapCode,
        input: &Payload,
        item: &Rc<Item>,
    ) -> Result<Payload, Fault> {
        let Some(selector) = &map.selector else { return Ok(item.value.clone()) };
        let mut context = visit.context.clone();
        context.item = Some(item.clone());
        let scope = Scope { input, context: &context, ..self.scope(visit) };
        selector.resolve(&scope).map(Into::into)
    }

    /// The items that are in the input.
    pub(crate) fn items(&self, visit: &Visit<'_>, map: &MapCode, input: &Payload) -> Result<Vec<Item>, Fault> {
        let scope = self.scope(visit);
        let scope = scope.with_input(input);
        let found: Payload = match &map.items {
            Items::Input => input.clone(),
            Items::Path(path) if path.is_whole_input() => input.clone(),
            Items::Path(path) => {
                path.read(&scope).map_err(|error| Fault::runtime(format!("Invalid path '{path}' : {error}")))?.into()
            }
            Items::Expression(expression) => expression.resolve(&scope)?.into(),
            Items::Template(template) => template.resolve(&scope)?.into(),
        };
        let source = map.distributed.then(|| "STATE_DATA".to_owned());
        if let Json::Array(items) = &*found {
            return Ok(items
                .iter()
                .enumerate()
                .map(|(index, value)| item(index, value.clone(), None, source.clone()))
                .collect());
        }
        match (&map.items, &*found) {
            (Items::Expression(_) | Items::Template(_), Json::Object(fields))
                if self.world.rules().items_are_objects =>
            {
                let item = |(index, (key, value)): (usize, (&String, &Json))| {
                    item(index, value.clone(), Some(key.clone()), source.clone())
                };
                Ok(fields.iter().enumerate().map(item).collect())
            }
            (Items::Expression(expression), other) => Err(expression.unexpected("array", other)),
            (Items::Path(path), _) => {
                // The path is shown as one into what it is about.
                let shown = path.to_string();
                let shown = shown.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(&shown);
                Err(Fault::runtime(format!("Reference path \"{shown}\" must point to array.")))
            }
            (_, other) if visit.code.is_jsonata() => {
                Err(Fault::evaluation(None, format!("Map state input must be an array but was: {other}")))
            }
            _ => Err(Fault::runtime("Reference path \"$\" must point to array.")),
        }
    }
}

/// The iterations of a Map that run, by their numbers.
struct Iterations {
    running: BTreeMap<usize, Running>,
    results: Results,
}

fn item(index: usize, value: Json, key: Option<String>, source: Option<String>) -> Item {
    Item { index, value: value.into(), key, source }
}

fn about(visit: &Visit<'_>, number: usize) -> Vec<(&'static str, Detail)> {
    let index = Detail::Number(i64::try_from(number).unwrap_or(i64::MAX));
    vec![("name", Detail::Text(visit.code.name.clone())), ("index", index)]
}

/// A whole number from 0.
pub(crate) fn whole(quantity: Option<&Quantity>, field: &str, scope: &Scope<'_>) -> Result<Option<usize>, Fault> {
    let Some(quantity) = quantity else { return Ok(None) };
    let number = quantity.resolve(scope, false)?;
    if number < 0.0 {
        return Err(Fault::runtime(format!("{field} cannot be negative.")));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates, and is not negative")]
    Ok(Some(number as usize))
}
