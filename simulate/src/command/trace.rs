//! What a run shows while it goes on.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::execution::Execution;
use crate::history::{Detail, Event};

/// Prints a line for each state that is entered and each failure; with `all`, what goes in and comes out too. On a
/// terminal, a last line says what runs, and for how long.
pub(super) fn lines(all: bool) -> impl FnMut(&Execution, &Event) {
    let mut first: Option<(String, i64)> = None;
    let mut live = Live::new();
    move |execution, event| {
        let (arn, start) = first.get_or_insert_with(|| (execution.arn.clone(), execution.start));
        // Of an execution that was started by the first one, its workflow is named.
        let of = if *arn == execution.arn { "" } else { execution.workflow() };
        if of.is_empty() || of == live.workflow {
            live.follow(execution, event);
        }
        live.bar.suspend(|| shown(event, *start, of, all).iter().for_each(|line| println!("{line}")));
    }
}

/// The line that says what runs. It is there while the closure of [`lines`] is, and only on a terminal.
struct Live {
    bar: ProgressBar,
    /// The workflow whose states are counted.
    workflow: String,
    /// The states that have been entered, with how often each runs now.
    running: BTreeMap<String, usize>,
}

impl Live {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("  {elapsed_precise:>12}  {pos} of {len} states  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        // A state that takes its time is seen to do so.
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, workflow: String::new(), running: BTreeMap::new() }
    }

    fn follow(&mut self, execution: &Execution, event: &Event) {
        if self.workflow.is_empty() {
            execution.workflow().clone_into(&mut self.workflow);
            let states = execution.coverage().all().iter().filter(|part| part.what.is_empty()).count();
            self.bar.set_length(states as u64);
        }
        if event.kind.name().starts_with("Execution") && execution.map_run.is_none() && event.id > 1 {
            return self.bar.finish_and_clear();
        }
        let (name, Some(state)) = (event.kind.name(), event.state()) else { return };
        if name.ends_with("StateEntered") {
            *self.running.entry(state.to_owned()).or_default() += 1;
        } else if name.ends_with("StateExited")
            && let Some(count) = self.running.get_mut(state)
        {
            *count = count.saturating_sub(1);
        }
        self.bar.set_position(self.running.len() as u64);
        let now = self.running.iter().filter(|(_, count)| **count > 0);
        let now: Vec<String> =
            now.map(|(name, count)| if *count == 1 { name.clone() } else { format!("{name} ×{count}") }).collect();
        self.bar.set_message(now.join(", "));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn shown(event: &Event, start: i64, of: &str, all: bool) -> Vec<String> {
    let passed = u64::try_from(event.millis - start).unwrap_or_default();
    let time = clock(Duration::from_millis(passed));
    let name = event.kind.name();
    let text = |detail: &str| match event.detail(detail) {
        Some(Detail::Text(text)) => text.to_string(),
        Some(Detail::Number(number)) => number.to_string(),
        Some(Detail::Payload(payload) | Detail::Written(payload)) => payload.to_text(),
        Some(Detail::Json(json)) => json.to_string(),
        None => String::new(),
    };
    let more = |what: &str, detail: &str| {
        (all && event.detail(detail).is_some()).then(|| format!("  {:>14}  {what} {}", "", text(detail)))
    };
    let mut lines = Vec::new();
    if let Some(kind) = name.strip_suffix("StateEntered") {
        let of = if of.is_empty() { String::new() } else { format!("{of} / ") };
        lines.push(format!("  {time:>12}  {kind:<9} {of}{}", text("name")));
        lines.extend(more("input", "input"));
    } else if name.ends_with("StateExited") {
        lines.extend(more("output", "output"));
        lines.extend(more("variables", "assignedVariables"));
    } else if name.ends_with("Scheduled") {
        let called = match event.detail("resourceType") {
            Some(_) => format!("{}:{}", text("resourceType"), text("resource")),
            None => text("resource"),
        };
        lines.extend(all.then(|| format!("  {:>14}  calls {called}", "")));
        lines.extend(more("request", "parameters"));
        lines.extend(more("request", "input"));
    } else if (name.ends_with("Failed") || name.ends_with("TimedOut")) && event.detail("error").is_some() {
        let cause = text("cause");
        let cause = if cause.is_empty() { cause } else { format!(": {cause}") };
        lines.push(format!("  {time:>12}  {name} {}{cause}", text("error")));
    }
    lines
}

/// A duration as `days hours:minutes:seconds`.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let days = if days == 0 { String::new() } else { format!("{days}d ") };
    format!("{days}{hours}:{minutes:02}:{rest:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_at_a_glance() {
        assert_eq!(clock(Duration::from_secs(0)), "0:00:00");
        assert_eq!(clock(Duration::from_secs(3_725)), "1:02:05");
        assert_eq!(clock(Duration::from_secs(7 * 86_400 + 60)), "7d 0:01:00");
    }
}
