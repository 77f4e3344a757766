//! Makes a recording ready for JSONPath: where the language takes only a path, there is one.
//!
//! Intrinsic functions stand in payload templates and in `Assign`, and nowhere else; and none of them decides anything.
//! So what a Choice compares, a Wait waits for or a path goes into is computed before, as a value of its own; and a
//! value that depends on a condition becomes a Choice, whose arms give it. The graph then finds states that can assign
//! these values, and only where there is none does it add a Pass.

use std::collections::HashSet;

use super::expr_jsonpath::millis_of;
use crate::diag::{Diagnostic, Place, codes};
use crate::ir::expr::{Expr, Kind, Op, ParamId};
use crate::ir::{BlockId, Distributed, Loop, Origin, Recording, Step, StepKind, Until, ValueInfo, Yield, shown};

mod said;

use said::{is_comparison, is_condition, is_like, is_text, may_be_absent, unsaid_in};
pub(super) use said::{is_definite, is_path};

/// Makes it ready, and reports what can't be said.
pub(super) fn ready(recording: &mut Recording) {
    if !recording.in_paths || std::mem::replace(&mut recording.is_ready, true) {
        return;
    }
    let blocks = recording.blocks.len();
    let names = recording.blocks.iter().flat_map(|block| &block.steps).map(|step| step.name.clone()).collect();
    let loops = recording.blocks.iter().flat_map(|block| &block.steps).filter_map(|step| match &step.kind {
        StepKind::Loop(again) => Some(again.body),
        _ => None,
    });
    let loops: HashSet<BlockId> = loops.collect();
    let mut ready = Ready { recording, names, at: Place::Workflow(String::new()), step: String::new() };
    for index in 0..blocks {
        let block = BlockId(index);
        ready.block(block, !loops.contains(&block));
    }
}

struct Ready<'r> {
    recording: &'r mut Recording,
    /// The states that have a name.
    names: HashSet<String>,
    /// The step that is looked at.
    at: Place,
    step: String,
}

/// Steps that come before the one that reads what they compute.
struct Before {
    block: BlockId,
    steps: Vec<Step>,
}

impl Ready<'_> {
    fn block(&mut self, block: BlockId, has_yields: bool) {
        self.at = Place::Workflow(self.recording.blocks[0].name.clone());
        self.step.clone_from(&self.recording.blocks[block.0].name);
        let mut before = Before { block, steps: Vec::new() };
        for mut step in std::mem::take(&mut self.recording.blocks[block.0].steps) {
            self.at = step.at.clone();
            self.step.clone_from(&step.name);
            self.step(&mut step.kind, &mut before);
            step.kind.visit(&mut |expr| self.check(expr));
            before.steps.push(step);
        }
        if has_yields && let Yield::Value(expr) = self.recording.blocks[block.0].yields.clone() {
            let expr = self.value(&expr, &mut before);
            self.check(&expr);
            self.recording.blocks[block.0].yields = Yield::Value(expr);
        }
        self.recording.blocks[block.0].steps = before.steps;
    }

    fn step(&mut self, kind: &mut StepKind, before: &mut Before) {
        match kind {
            StepKind::Let { expr, .. } => *expr = self.value(expr, before),
            StepKind::Task { task, .. } => {
                task.arguments.iter_mut().for_each(|(_, e)| *e = self.value(e, before));
                for expr in task.whole.iter_mut().chain(&mut task.role) {
                    *expr = self.value(expr, before);
                }
                for expr in task.timeout.iter_mut().chain(&mut task.heartbeat) {
                    *expr = self.operand(expr, before);
                }
            }
            StepKind::Wait { until } => self.until(until, before),
            StepKind::Choice { arms, .. } => {
                arms.iter_mut().for_each(|(condition, _)| *condition = self.condition(condition, before));
            }
            StepKind::Map { items, max_concurrency, distributed, .. } => {
                if let Some(items) = items {
                    *items = self.path(items, before);
                }
                if let Some(most) = max_concurrency {
                    *most = self.operand(most, before);
                }
                if let Some(distributed) = distributed {
                    self.distributed(distributed, before);
                }
            }
            StepKind::Loop(again) => self.again(again, before),
            StepKind::Label(label) => {
                let value = |this: &Self| this.recording.labels.get(label.index)?.value.as_ref()?.1.clone();
                if let Some(first) = value(self) {
                    let first = self.value(&first, before);
                    self.check(&first);
                    self.recording.labels[label.index]
                        .value
                        .iter_mut()
                        .for_each(|(_, expr)| *expr = Some(first.clone()));
                }
            }
            StepKind::Goto { value, .. } | StepKind::Raw { input: value, .. } => {
                value.iter_mut().for_each(|e| *e = self.value(e, before));
            }
            StepKind::Succeed { output } => output.iter_mut().for_each(|e| *e = self.value(e, before)),
            StepKind::Fail { error, cause } => {
                for expr in error.iter_mut().chain(cause) {
                    let text = self.value(expr, before);
                    *expr = if is_text(&text) { text } else { self.named(text, before) };
                }
            }
            // The states of a section's guard are in JSONata, whatever the others are.
            StepKind::Guarded { .. } | StepKind::Parallel { .. } | StepKind::Attempt { .. } => {}
        }
    }

    fn until(&mut self, until: &mut Until, before: &mut Before) {
        let (Until::Seconds(expr) | Until::Timestamp(expr)) = until;
        *expr = self.operand(expr, before);
    }

    fn distributed(&mut self, distributed: &mut Distributed, before: &mut Before) {
        let Distributed { reader, batches, tolerated_count, tolerated_percentage, writer, .. } = distributed;
        let (arguments, most) = match reader {
            Some(reader) => (reader.arguments.as_mut_slice(), reader.max_items.as_mut()),
            None => (&mut [][..], None),
        };
        for expr in arguments.iter_mut().map(|(_, expr)| expr).chain(writer) {
            *expr = self.value(expr, before);
        }
        let batches = batches.iter_mut().flat_map(|batches| batches.items.iter_mut().chain(&mut batches.bytes));
        for expr in tolerated_count.iter_mut().chain(tolerated_percentage).chain(most).chain(batches) {
            *expr = self.operand(expr, before);
        }
    }

    /// What decides about the next time is computed at the end of the body.
    fn again(&mut self, again: &mut Loop, before: &mut Before) {
        for (_, first, _) in &mut again.carried {
            *first = self.value(first, before);
        }
        let mut behind = Before { block: again.body, steps: Vec::new() };
        again.done = self.condition(&again.done, &mut behind);
        again.full = self.condition(&again.full, &mut behind);
        again.value = self.value(&again.value, &mut behind);
        for (_, _, next) in &mut again.carried {
            *next = self.value(next, &mut behind);
            self.check(next);
        }
        if let Some(wait) = &mut again.wait {
            self.until(wait, &mut behind);
        }
        [&again.done, &again.full, &again.value].into_iter().for_each(|expr| self.check(expr));
        self.recording.blocks[again.body.0].steps.extend(behind.steps);
    }

    /// A literal or a path.
    fn operand(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        if matches!(expr.kind(), Kind::Literal(_)) { expr.clone() } else { self.path(expr, before) }
    }

    /// A path to one value.
    fn path(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        let value = self.value(expr, before);
        if is_definite(&value) { value } else { self.named(value, before) }
    }

    /// What can stand in a payload template, or among the arguments of an intrinsic function.
    fn value(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        match expr.kind() {
            Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) | Kind::Param(_) | Kind::Lambda(..) => expr.clone(),
            Kind::Maybe(of) => {
                let path = self.sure(of, before);
                let there = Expr::call(Op::IsSome, [path.clone().maybe()]);
                self.chosen(&there, &path.maybe(), &Expr::literal(serde_json::Value::Null), before)
            }
            Kind::Field(..) => self.sure(expr, before),
            Kind::Object(fields) => {
                Expr::object(fields.iter().map(|(key, e)| (key.clone(), self.value(e, before))).collect())
            }
            Kind::Array(items) => Kind::Array(items.iter().map(|e| self.value(e, before)).collect()).into(),
            Kind::Call(Op::OrElse, operands) => {
                let there = Expr::call(Op::IsSome, [self.optional(&operands[0], before)]);
                let Kind::Call(_, found) = there.kind() else { return expr.clone() };
                self.chosen(&there, &found[0], &operands[1], before)
            }
            Kind::Call(Op::IfElse, operands) => self.chosen(&operands[0], &operands[1], &operands[2], before),
            // A list that has the one holds the other: it decides nothing, and needs no state.
            Kind::Call(Op::Equal, operands) if !operands.iter().any(may_be_absent) => {
                Expr::call(Op::Equal, [self.value(&operands[0], before), self.value(&operands[1], before)])
            }
            Kind::Call(op, _) if is_condition(op) => {
                let [yes, no] = [true, false].map(Expr::literal);
                self.chosen(expr, &yes, &no, before)
            }
            Kind::Call(Op::Let, operands) => {
                let Kind::Lambda(param, body) = operands[1].kind() else { return expr.clone() };
                let value = self.path(&operands[0], before);
                self.value(&body.applied(*param, &value), before)
            }
            Kind::Call(Op::Append, operands) => {
                let both = operands.iter().map(|e| self.value(e, before)).collect();
                let both = self.named(Kind::Array(both).into(), before);
                let item = ParamId(0);
                Expr::call(Op::FlatMap, [both, Kind::Lambda(item, Kind::Param(item).into()).into()])
            }
            Kind::Call(Op::Get(_), _) => self.sure(expr, before),
            Kind::Call(op @ (Op::Each { .. } | Op::Filter { .. } | Op::FlatMap), operands) => {
                let list = self.value(&operands[0], before);
                let is_list = if matches!(op, Op::Filter { .. }) { is_definite(&list) } else { is_path(&list) };
                let list = if is_list { list } else { self.named(list, before) };
                Expr::call(op.clone(), [list].into_iter().chain(operands[1..].iter().cloned()))
            }
            Kind::Call(op, operands) => {
                let operands: Vec<_> = operands.iter().map(|e| self.value(e, before)).collect();
                Expr::call(op.clone(), operands)
            }
        }
    }

    /// A path as it is, whether there is something or not.
    fn sure(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        match expr.kind() {
            Kind::Field(of, name) => self.inner(of, before).field(name),
            Kind::Call(Op::Get(index), operands) => {
                let list = self.inner(&operands[0], before);
                Expr::call(Op::Get(*index), [list])
            }
            _ => self.value(expr, before),
        }
    }

    /// What a path goes into. That it may not be there is for its end to say.
    fn inner(&mut self, of: &Expr, before: &mut Before) -> Expr {
        let value = match of.kind() {
            Kind::Maybe(inner) => self.sure(inner, before).maybe(),
            Kind::Field(..) | Kind::Call(Op::Get(_), _) => self.sure(of, before),
            _ => self.value(of, before),
        };
        if is_definite(&value) || matches!(value.kind(), Kind::Object(_)) { value } else { self.named(value, before) }
    }

    /// A path that may lead nowhere, for a rule that asks.
    fn optional(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        match expr.kind() {
            Kind::Literal(_) => expr.clone(),
            Kind::Maybe(of) => self.sure(of, before).maybe(),
            _ => self.path(expr, before),
        }
    }

    /// What a choice rule can ask.
    fn condition(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        match expr.kind() {
            Kind::Call(op @ (Op::And | Op::Or | Op::Not), operands) => {
                let operands: Vec<_> = operands.iter().map(|e| self.condition(e, before)).collect();
                Expr::call(op.clone(), operands)
            }
            Kind::Call(op, operands) if is_comparison(op) => {
                // Lists and objects are compared by `States.ArrayContains`.
                let whole = |e: &Expr| {
                    matches!(e.kind(), Kind::Object(_) | Kind::Array(_))
                        || matches!(e.kind(), Kind::Literal(json) if json.is_array() || json.is_object())
                };
                if operands.iter().any(whole) {
                    let equal = Expr::call(Op::Equal, operands.iter().cloned());
                    let equal = self.path(&equal, before);
                    return if *op == Op::NotEqual { Expr::call(Op::Not, [equal]) } else { equal };
                }
                let operands: Vec<_> = operands.iter().map(|e| self.compared(e, before)).collect();
                Expr::call(op.clone(), operands)
            }
            Kind::Call(op, operands) if *op == Op::IsSome || is_like(op) => {
                let operands: Vec<_> = operands.iter().map(|e| self.optional(e, before)).collect();
                Expr::call(op.clone(), operands)
            }
            Kind::Literal(_) => expr.clone(),
            _ => self.optional(expr, before),
        }
    }

    fn compared(&mut self, expr: &Expr, before: &mut Before) -> Expr {
        match millis_of(expr) {
            Some(time) => Expr::call(Op::Millis, [self.optional(time, before)]),
            None => self.optional(expr, before),
        }
    }

    /// One of two values: a Choice.
    fn chosen(&mut self, condition: &Expr, yes: &Expr, no: &Expr, before: &mut Before) -> Expr {
        let condition = self.condition(condition, before);
        let arms = [yes, no].map(|expr| {
            let block = self.recording.block(before.block, &self.step);
            let mut inner = Before { block, steps: Vec::new() };
            // What has been found to be there is read as it is.
            let expr = if matches!(expr.kind(), Kind::Maybe(_)) { expr.clone() } else { self.value(expr, &mut inner) };
            self.check(&expr);
            let block = &mut self.recording.blocks[block.0];
            (block.steps, block.yields) = (inner.steps, Yield::Value(expr));
            inner.block
        });
        let result = self.new_value(before.block);
        let name = self.free_name(&format!("{} choice", self.step));
        let [yes, no] = arms;
        let kind = StepKind::Choice { arms: vec![(condition, yes)], otherwise: Some(no), result };
        before.steps.push(Step { name, at: self.at.clone(), comment: None, kind });
        Kind::Value(result).into()
    }

    /// The same as a value of its own.
    fn named(&mut self, expr: Expr, before: &mut Before) -> Expr {
        let value = self.new_value(before.block);
        self.check(&expr);
        let kind = StepKind::Let { value, expr };
        before.steps.push(Step { name: format!("{} value", self.step), at: self.at.clone(), comment: None, kind });
        Kind::Value(value).into()
    }

    fn new_value(&mut self, block: BlockId) -> crate::ir::ValueId {
        let name = format!("{} value", self.step);
        let info = ValueInfo { name, at: self.at.clone(), block, origin: Origin::Computed, envelope: &[] };
        self.recording.value(info)
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let names = std::iter::once(wanted.to_owned()).chain((2..).map(|number| format!("{wanted} {number}")));
        let taken = &mut self.names;
        names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or_default()
    }

    /// Reports what no path and no intrinsic function can say.
    fn check(&mut self, expr: &Expr) {
        for (unsaid, why) in unsaid_in(expr) {
            let text = shown(&unsaid, self.recording);
            self.recording.diagnostics.push(
                Diagnostic::error(
                    codes::NOT_IN_JSONPATH,
                    format!("`{text}` can't be said in JSONPath"),
                    self.at.clone(),
                )
                .help(why),
            );
        }
    }
}
