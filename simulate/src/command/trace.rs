//! What a run shows while it goes on.

use std::time::Duration;

use crate::execution::Execution;
use crate::history::{Detail, Event};

/// Prints a line for each state that is entered and each failure; with `all`, what goes in and comes out too.
pub(super) fn lines(all: bool) -> impl FnMut(&Execution, &Event) {
    let mut first: Option<(String, i64)> = None;
    move |execution, event| {
        let (arn, start) = first.get_or_insert_with(|| (execution.arn.clone(), execution.start));
        // Of an execution that was started by the first one, its workflow is named.
        let of = if *arn == execution.arn { "" } else { execution.workflow() };
        for line in shown(event, *start, of, all) {
            println!("{line}");
        }
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
