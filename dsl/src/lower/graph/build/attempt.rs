//! Attempts, and the handler around the whole workflow.

use super::{Active, Builder, Frame};
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{BlockId, Handler, Step};
use crate::lower::graph::{EdgeRef, NodeKind};
use crate::retry::errors;

impl<'r> Builder<'r, '_> {
    pub(super) fn attempt(
        &mut self,
        frame: &mut Frame<'r>,
        step: &'r Step,
        body: BlockId,
        handlers: &'r [Handler],
        result: ValueId,
    ) {
        frame.active.push(handlers.iter().map(|handler| Active { handler, edges: Vec::new() }).collect());
        let from = std::mem::take(&mut frame.open);
        let mut open = self.arm(frame, from, body, result, step);
        let mut caught_all = false;
        for Active { handler, edges } in frame.active.pop().unwrap_or_default() {
            self.check_handler(handler, step, caught_all, edges.is_empty());
            caught_all |= handler.errors.iter().any(|e| e == errors::ALL);
            if !edges.is_empty() {
                open.extend(self.arm(frame, edges, handler.block, result, step));
            }
        }
        frame.open = open;
    }

    fn check_handler(&mut self, handler: &Handler, step: &Step, caught_all: bool, unreached: bool) {
        let at = &self.recording.info(handler.error).at;
        if handler.errors.len() > 1 && handler.errors.iter().any(|e| e == errors::ALL) {
            self.diagnostics.push(
                Diagnostic::error(codes::ALL_NOT_ALONE, "`States.ALL` must stand alone", at.clone())
                    .help("write `.recover(|w, error| …)`"),
            );
        } else if handler.errors.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(codes::NO_ERROR_NAME, "a handler that names no error", at.clone())
                    .help("write `.recover(|w, error| …)` to handle every error"),
            );
        } else if caught_all || unreached {
            let why = if caught_all { "one before it handles every error" } else { "nothing in the attempt can fail" };
            self.diagnostics.push(
                Diagnostic::warning(
                    codes::HANDLER_NEVER_RUNS,
                    format!("this handler of `{}` never runs: {why}", step.name),
                    at.clone(),
                )
                .help("remove it, or move it"),
            );
        }
    }

    /// The handler around the whole workflow: where it comes to its end, the workflow fails with the error.
    pub(super) fn workflow_handler(&mut self, frame: &mut Frame<'r>, handler: &'r Handler, edges: Vec<EdgeRef>) {
        if edges.is_empty() {
            return;
        }
        frame.open = edges;
        self.block(frame, handler.block);
        if frame.open.is_empty() {
            return;
        }
        let error: Expr = Kind::Value(handler.error).into();
        let kind = NodeKind::Fail { error: Some(error.field("Error")), cause: Some(error.field("Cause")) };
        let name = self.free_name("Workflow failed");
        self.node(frame, &name, &self.recording.info(handler.error).at.clone(), None, kind, Vec::new());
    }
}
