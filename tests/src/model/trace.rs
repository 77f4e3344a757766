//! Traces for a reader.

use serde_json::Value as Json;

use super::Model;
use super::clock::execution;
use super::step::Step;
use super::world::{Status, World};

impl Model {
    /// One line of a trace: what happened, and what is different.
    pub(super) fn told(&self, number: usize, step: Option<Step>, before: &World, after: &World) -> String {
        let step = step.map(|step| step.to_string()).unwrap_or_default();
        let mut line = format!("{number:>3}. {step}");
        for (number, (was, is)) in before.executions.iter().zip(&after.executions).enumerate() {
            if was != is {
                let at = &self.scenario.machine(u8::try_from(number).unwrap_or_default()).1.site(is.at).name;
                let generation =
                    if is.generation > 0 { format!(", redriven {}x", is.generation) } else { String::new() };
                let status = if is.status == Status::Running { String::new() } else { format!("{:?} ", is.status) };
                line += &format!("; E{number}: {status}at {at}{generation}");
            }
        }
        if before.table != after.table {
            line += &format!("; table: {}", self.items(after));
        }
        if before.commands != after.commands {
            let commands = after.commands.iter().zip(&before.commands).filter(|(is, was)| is != was);
            let commands: Vec<_> = commands.map(|(is, _)| format!("{:?} of E{}", is.stage, is.execution)).collect();
            line += &format!("; command: {}", commands.join(", "));
        }
        line
    }

    /// The items of the table, with short tokens: `E0/1` is the permit of execution 0 in generation 1.
    fn items(&self, world: &World) -> String {
        let items: Vec<Json> = serde_json::from_str(&self.texts.get(world.table)).unwrap_or_default();
        let mut told = Vec::new();
        for field in items.iter().filter_map(Json::as_object).flatten().filter(|(name, _)| *name != "pk") {
            let (name, value) = field;
            match value["SS"].as_array() {
                Some(tokens) => {
                    let tokens: Vec<String> = tokens.iter().filter_map(Json::as_str).map(short).collect();
                    told.push(format!("{name} = {{{}}}", tokens.join(", ")));
                }
                None => told.push(format!("{name} = {}", value["S"].as_str().unwrap_or("…"))),
            }
        }
        if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
    }
}

fn short(token: &str) -> String {
    let parts: Vec<&str> = token.split('|').collect();
    match parts.as_slice() {
        [_, arn, generation, rest @ ..] => {
            let number = execution(arn).unwrap_or_default();
            let redrive = if rest.is_empty() { "" } else { " by redrive" };
            format!("E{number}/{generation}{redrive}")
        }
        _ => token.to_owned(),
    }
}
