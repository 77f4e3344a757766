//! Redrives: of the console, and of the guard's command, which takes a permit for the next generation first.

use serde_json::{Map, Value as Json, json};

use super::Model;
use super::clock::{TABLE, token};
use super::execution::Next;
use super::scenario::Redrive;
use super::step::Step;
use super::text::Text;
use super::world::{Command, Stage, Status, World};

impl Model {
    /// Redrives that may begin.
    pub(super) fn redrives(&self, world: &World, next: &mut Next) {
        let Some(spent) = world.spent(|left| &mut left.redrives) else { return };
        for number in self.numbers() {
            let execution = world.executions[usize::from(number)];
            let plain = (execution.status == Status::Failed).then(|| (Step::Redriven(number), redriven(spent, number)));
            match self.scenario.redrive {
                Redrive::Plain => next.extend(plain),
                // Who never had a permit takes one by itself.
                Redrive::Command { .. } if !self.scenario.machine(number).1.site(execution.at).behind => {
                    next.extend(plain)
                }
                Redrive::Command { careful, .. } => {
                    let known = if execution.status == Status::Failed {
                        execution.generation + 1
                    } else {
                        execution.generation
                    };
                    let told = if careful { execution.generation..known } else { 0..known };
                    let is_free = |command: &Command| command.stage == Stage::Unused;
                    let is_busy = |command: &Command| command.execution == number && command.stage.is_busy();
                    let Some(slot) = world.commands.iter().position(is_free) else { continue };
                    if careful && world.commands.iter().any(is_busy) {
                        continue;
                    }
                    for count in told.filter(|_| matches!(execution.status, Status::Failed | Status::Running)) {
                        let mut after = spent;
                        after.commands[slot] = Command { stage: Stage::Take, execution: number, count, redriven: 0 };
                        next.push((Step::Begins(number), after));
                    }
                }
            }
        }
    }

    /// What commands that have begun may do.
    pub(super) fn commands(&mut self, world: &World, next: &mut Next) -> Result<(), String> {
        for (slot, command) in world.commands.iter().enumerate() {
            let Command { stage, execution: number, .. } = *command;
            if !stage.is_busy() {
                continue;
            }
            let go = |mut world: World, stage: Stage| {
                world.commands[slot].stage = stage;
                world
            };
            next.push((Step::Dies(number), go(*world, Stage::Over)));
            let target = world.executions[usize::from(number)];
            if stage == Stage::Redrive {
                let after = if target.status == Status::Failed {
                    let mut after = go(redriven(*world, number), Stage::Clean);
                    after.commands[slot].redriven = target.generation + 1;
                    after
                } else {
                    go(*world, Stage::Undo)
                };
                next.push((Step::Commands(number), after));
                continue;
            }
            let request = self.write(world, slot);
            let effect = self.table.effect(&mut self.texts, world.table, request)?;
            let behind = match (stage, effect.result) {
                (Stage::Take, Some(_)) => Stage::Redrive,
                _ => Stage::Over,
            };
            next.push((Step::Commands(number), go(World { table: effect.table, ..*world }, behind)));
            let delayed = world.spent(|left| &mut left.lost).and_then(|world| world.send(request));
            next.extend(delayed.map(|world| (Step::CommandDelays(number), world)));
        }
        Ok(())
    }

    /// What a command writes next.
    fn write(&mut self, world: &World, slot: usize) -> Text {
        let Command { stage, execution, count, .. } = world.commands[slot];
        let generations = matches!(self.scenario.redrive, Redrive::Command { generations: true, .. });
        let generation = |generation: u8| if generations { generation } else { 0 };
        let new = token(execution, generation(count + 1), Some(slot));
        let mut old: Vec<String> = (0..=count).map(|of| token(execution, generation(of), None)).collect();
        old.dedup();
        // What another attempt took is its own as well, but may still be needed.
        let earlier = world.commands[..slot].iter().enumerate().filter(|(_, other)| other.execution == execution);
        let earlier = earlier.map(|(slot, other)| token(execution, generation(other.count + 1), Some(slot)));
        let own = old.iter().cloned().chain(earlier);
        let limit = self.scenario.machine(execution).1.limit.to_string();
        let key = json!({ "pk": { "S": self.scenario.lock } });
        let request = match stage {
            Stage::Take => {
                let mut condition = "attribute_not_exists(holders) OR size(holders) < :n".to_owned();
                let mut values = Map::new();
                values.insert(":new".to_owned(), json!({ "SS": [new] }));
                values.insert(":n".to_owned(), json!({ "N": limit }));
                for (number, token) in own.enumerate() {
                    condition += &format!(" OR contains(holders, :old{number})");
                    values.insert(format!(":old{number}"), json!({ "S": token }));
                }
                json!({ "TableName": TABLE, "Key": key, "UpdateExpression": "ADD holders :new",
                    "ConditionExpression": condition, "ExpressionAttributeValues": values })
            }
            Stage::Clean => delete(&key, &json!(old)),
            _ => delete(&key, &json!([new])),
        };
        self.texts.number(&format!("updateItem {request}"))
    }

    /// The numbers of all executions that may start.
    pub(super) fn numbers(&self) -> std::ops::Range<u8> {
        0..u8::try_from(self.scenario.executions()).unwrap_or(u8::MAX)
    }
}

fn delete(key: &Json, tokens: &Json) -> Json {
    json!({ "TableName": TABLE, "Key": key, "UpdateExpression": "DELETE holders :old",
        "ExpressionAttributeValues": { ":old": { "SS": tokens } } })
}

/// It goes on where it failed.
fn redriven(mut world: World, number: u8) -> World {
    let execution = &mut world.executions[usize::from(number)];
    execution.status = Status::Running;
    execution.generation += 1;
    world
}
