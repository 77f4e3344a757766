//! Tasks, and when they are tried again.

use super::{Emitter, Site};
use crate::asl;
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::Expr;
use crate::ir::whole_seconds;
use crate::lower::graph::Node;
use crate::retry::Retry;
use crate::service::Task;

impl<'g, 'r> Emitter<'_, 'g, 'r> {
    pub(super) fn task(&mut self, task: &Task, site: Site<'g, 'r>) -> asl::Task {
        let node = &site.machine.nodes[site.node];
        let arguments = match &task.whole {
            // A request without members is the input of the state.
            Some(whole) if self.recording.in_paths => self.request(whole, site).1,
            Some(whole) => Some(self.template(whole, site)),
            None => Some(self.template(&Expr::object(task.arguments.clone()), site)),
        };
        let (arguments, parameters) = self.either(arguments);
        let credentials = task.role.as_ref().map(|role| {
            let (role_arn, role_arn_path) = self.text(Some(role), site);
            asl::Credentials { role_arn, role_arn_path, ..asl::Credentials::default() }
        });
        let (timeout, timeout_path) = self.amount(task.timeout.as_ref(), node, site);
        let (heartbeat, heartbeat_path) = self.amount(task.heartbeat.as_ref(), node, site);
        self.check_limits(timeout.as_ref(), heartbeat.as_ref(), node);
        asl::Task {
            resource: Some(task.resource()),
            arguments,
            parameters,
            credentials,
            timeout_seconds: timeout,
            timeout_seconds_path: timeout_path,
            heartbeat_seconds: heartbeat,
            heartbeat_seconds_path: heartbeat_path,
            retry: self.retry(&task.retry, node),
            ..asl::Task::default()
        }
    }

    /// A limit is at least a second, and a heartbeat shorter than the whole.
    fn check_limits(&mut self, timeout: Option<&asl::Amount>, heartbeat: Option<&asl::Amount>, node: &Node<'_>) {
        let constant = |amount: Option<&asl::Amount>| match amount {
            Some(asl::Amount::Number(seconds)) => Some(*seconds),
            _ => None,
        };
        let (timeout, heartbeat) = (constant(timeout), constant(heartbeat));
        let message = match (timeout, heartbeat) {
            (Some(0), _) | (_, Some(0)) => "a limit of no time at all".to_owned(),
            (Some(timeout), Some(heartbeat)) if heartbeat >= timeout => {
                format!("a heartbeat of {heartbeat} s, which is not shorter than the timeout of {timeout} s")
            }
            _ => return,
        };
        let message = format!("`{}` has {message}", node.name);
        self.diagnostics.push(
            Diagnostic::error(codes::TIME_OUT_OF_RANGE, message, node.at.clone())
                .help("give `.timeout(…)` one second or more, and `.heartbeat(…)` less than that"),
        );
    }

    pub(super) fn retry(&mut self, retry: &[Retry], node: &Node<'_>) -> Option<Vec<asl::Retrier>> {
        let mut retriers = Vec::new();
        for (index, retry) in retry.iter().enumerate() {
            retry.check(&node.at, self.diagnostics);
            if index > 0 && retriers.iter().any(catches_all) {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::RETRY_OUT_OF_RANGE,
                        format!("a retry of `{}` never counts: one before it names every error", node.name),
                        node.at.clone(),
                    )
                    .help("write `Retry::on_any()` last"),
                );
            }
            let mut seconds = |duration| whole_seconds(duration, &node.at, self.diagnostics);
            retriers.push(asl::Retrier {
                error_equals: Some(retry.errors.clone()),
                interval_seconds: retry.interval.map(&mut seconds),
                max_attempts: retry.max_attempts.map(u64::from),
                backoff_rate: retry.backoff_rate.and_then(serde_json::Number::from_f64),
                max_delay_seconds: retry.max_delay.map(&mut seconds),
                jitter_strategy: retry.full_jitter.then(|| "FULL".to_owned()),
                ..asl::Retrier::default()
            });
        }
        (!retriers.is_empty()).then_some(retriers)
    }
}

fn catches_all(retrier: &asl::Retrier) -> bool {
    retrier.error_equals.iter().flatten().any(|error| error == crate::retry::errors::ALL)
}
