//! A plan as steps.
//!
//! A sequence is written one after another, and branches become a Parallel. What a task gives is a value of the DAG. It is defined
//! behind the task, and once more behind each Parallel that the task is in and outside of which it is read: a branch gives what is
//! read of its tasks behind it, and nothing else.

use std::panic::Location;

use super::plan::Plan;
use super::read::{Part, Reads};
use super::{Node, origin};
use crate::ir::expr::{Expr, Kind, Op, ValueId};
use crate::ir::{BlockId, Origin, Recording, Step, StepKind, ValueInfo, Yield};
use crate::scope::Scope;

pub(super) struct Writer<'a> {
    name: &'a str,
    at: &'static Location<'static>,
    around: &'a Scope,
    nodes: &'a [Node],
    /// When each task is written.
    position: Vec<usize>,
    /// Who reads a task, by when it is written itself, and what. What the whole DAG gives is read last.
    readers: Vec<Vec<(usize, Part)>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        name: &'a str,
        at: &'static Location<'static>,
        around: &'a Scope,
        nodes: &'a [Node],
        plan: &Plan,
        returned: &[Expr],
    ) -> Self {
        let mut position = vec![0; nodes.len()];
        plan.tasks().into_iter().enumerate().for_each(|(place, task)| position[task] = place);
        let mut outside = Reads::default();
        returned.iter().for_each(|expr| outside.add(expr));
        let all = nodes.iter().enumerate().map(|(reader, node)| (position[reader], &node.reads));
        let numbers: std::collections::HashMap<_, _> =
            nodes.iter().enumerate().map(|(number, node)| (node.output, number)).collect();
        let mut readers = vec![Vec::new(); nodes.len()];
        for (place, reads) in all.chain([(usize::MAX, &outside)]) {
            for value in reads.values() {
                if let (Some(task), Some(part)) = (numbers.get(&value), reads.get(value)) {
                    readers[*task].push((place, part.clone()));
                }
            }
        }
        Self { name, at, around, nodes, position, readers }
    }

    /// Writes a part into a block.
    pub(super) fn write(&self, plan: &Plan, block: BlockId, recording: &mut Recording) {
        match plan {
            Plan::Task(task) => self.task(*task, block, recording),
            Plan::Series(parts) => parts.iter().for_each(|part| self.write(part, block, recording)),
            Plan::Parallel(parts) => self.parallel(parts, block, recording),
        }
    }

    /// The block of a task as it is: an attempt without a handler.
    fn task(&self, task: usize, block: BlockId, recording: &mut Recording) {
        let node = &self.nodes[task];
        let kind = StepKind::Attempt { body: node.block, handlers: Vec::new(), result: node.output };
        recording.blocks[block.0].steps.push(self.step(node, kind));
    }

    fn step(&self, node: &Node, kind: StepKind) -> Step {
        Step { name: self.around.full_name(node.name.as_str()), at: node.at.into(), comment: None, kind }
    }

    /// Says what the output of a task is from here on.
    fn define(&self, task: usize, expr: Expr, block: BlockId, recording: &mut Recording) {
        let node = &self.nodes[task];
        let step = self.step(node, StepKind::Let { value: node.output, expr });
        recording.blocks[block.0].steps.push(step);
    }

    fn parallel(&self, parts: &[Plan], block: BlockId, recording: &mut Recording) {
        if parts.is_empty() {
            return;
        }
        let name = self.around.full_name(self.parallel_name(parts));
        let mut branches = Vec::new();
        let mut outputs = Vec::new();
        for (index, part) in (0..).zip(parts) {
            let branch = recording.block(block, &format!("{name} branch {}", index + 1));
            recording.blocks[branch.0].is_machine = true;
            recording.check_depth(branch, &name, &self.at.into());
            self.write(part, branch, recording);
            let given = self.given(part);
            recording.blocks[branch.0].yields = match given.as_slice() {
                [] => Yield::Nothing,
                [(_, only)] => Yield::Value(only.clone()),
                several => {
                    let field = |(task, expr): &(usize, Expr)| (self.nodes[*task].name.clone(), expr.clone());
                    Yield::Value(Expr::object(several.iter().map(field).collect()))
                }
            };
            branches.push(branch);
            outputs.push((index, given));
        }
        let result = self.value(&name, Origin::Result, recording);
        let kind = StepKind::Parallel { branches, retry: Vec::new(), result };
        recording.blocks[block.0].steps.push(Step { name, at: self.at.into(), comment: None, kind });
        for (index, given) in outputs {
            let branch = Expr::call(Op::Get(index), [Kind::Value(result).into()]);
            let is_alone = given.len() == 1;
            for (task, _) in given {
                let of = if is_alone { branch.clone() } else { branch.field(&self.nodes[task].name) };
                self.define(task, of, block, recording);
            }
        }
    }

    /// What a branch gives: of its tasks, what is read behind it.
    fn given(&self, part: &Plan) -> Vec<(usize, Expr)> {
        let tasks = part.tasks();
        let places = || tasks.iter().map(|task| self.position[*task]);
        let (Some(first), Some(last)) = (places().min(), places().max()) else { return Vec::new() };
        let mut given = Vec::new();
        for task in &tasks {
            let mut read = None::<Part>;
            for (_, part) in self.readers[*task].iter().filter(|(reader, _)| !(first..=last).contains(reader)) {
                read.get_or_insert_with(Part::nothing).extend(part);
            }
            let value: Expr = Kind::Value(self.nodes[*task].output).into();
            given.extend(read.map(|read| (*task, read.of(&value))));
        }
        // The result of a single state is there anyway.
        if let ([(task, only)], Plan::Task(_)) = (given.as_mut_slice(), part) {
            *only = Kind::Value(self.nodes[*task].output).into();
        }
        given
    }

    /// Named by the tasks with which its first branches begin: no other Parallel of the DAG has both, whatever else changes.
    fn parallel_name(&self, parts: &[Plan]) -> String {
        let first = |part: &Plan| part.tasks().first().map_or("", |task| self.nodes[*task].name.as_str());
        match parts {
            [one, two] => format!("{} {} and {}", self.name, first(one), first(two)),
            [one, two, rest @ ..] => {
                format!("{} {}, {} and {} more", self.name, first(one), first(two), rest.len())
            }
            _ => self.name.to_owned(),
        }
    }

    /// Binds what the whole DAG gives, so that it is readable behind it.
    pub(super) fn outputs(&self, returned: Vec<Expr>, recording: &mut Recording) -> Vec<Expr> {
        let name = self.around.full_name(self.name);
        let bind = |expr: Expr| {
            let value = self.value(&name, origin(&expr, recording), recording);
            let kind = StepKind::Let { value, expr };
            let step = Step { name: name.clone(), at: self.at.into(), comment: None, kind };
            recording.blocks[self.around.block.0].steps.push(step);
            Kind::Value(value).into()
        };
        returned.into_iter().map(bind).collect()
    }

    fn value(&self, name: &str, origin: Origin, recording: &mut Recording) -> ValueId {
        let (name, block) = (name.to_owned(), self.around.block);
        recording.value(ValueInfo { name, at: self.at.into(), block, origin, envelope: &[] })
    }
}
