//! What an app contains, for its user.

use std::fmt::Write;

use jiff::Timestamp;

use crate::bundle::{Manifest, ScheduleSpec, ScheduleState, StateMachineType};
use crate::guard;
use crate::schedule;

/// The workflows with their schedules, and what to do next: `more` are the usages of further commands.
pub(super) fn list(manifest: &Manifest, now: Timestamp, more: &[&str]) -> String {
    let mut text = String::new();
    let count = manifest.workflows.len();
    let _ = writeln!(text, "{}: {count} workflow{}", manifest.app, if count == 1 { "" } else { "s" });
    for bundle in &manifest.workflows {
        let mut states = 0;
        bundle
            .state_machine
            .definition
            .walk(&mut |visit| states += usize::from(!visit.name.starts_with(guard::STATES)));
        let kind = match bundle.state_machine.r#type {
            StateMachineType::Standard => "",
            StateMachineType::Express => ", express",
        };
        let _ = writeln!(text, "\n  {}  ({states} state{}{kind})", bundle.name, if states == 1 { "" } else { "s" });
        if let Some(comment) = &bundle.state_machine.definition.comment {
            let _ = writeln!(text, "    {comment}");
        }
        for lock in &bundle.locks {
            let times = if lock.limit == 1 { "one at a time".to_owned() } else { format!("{} at a time", lock.limit) };
            let shared = lock.key.strip_prefix("key:").map(|key| format!(" of all that share `{key}`"));
            let each = if lock.by_value { " for each value" } else { "" };
            let what = lock.section.as_ref().map(|section| format!("{section}: ")).unwrap_or_default();
            let (shared, policy) = (shared.unwrap_or_default(), &lock.on_conflict);
            let _ = writeln!(text, "    {what}{times}{shared}{each}; others {policy}");
        }
        for spec in &bundle.schedules {
            let _ = writeln!(text, "    {} {}", spec.schedule_expression, spec.schedule_expression_timezone);
            let _ = writeln!(text, "      {}", next(spec, now));
        }
        if bundle.schedules.is_empty() {
            let _ = writeln!(text, "    no schedule");
        }
    }
    text.push_str("\nnext:\n");
    for usage in more {
        let (command, what) = usage.split_once("  ").unwrap_or((usage, ""));
        let name = command.split(' ').next().unwrap_or_default();
        let _ = writeln!(text, "  cargo run {name:<9} {}", what.trim_start());
    }
    let _ = write!(
        text,
        "  cargo run synth     see the definitions, roles and schedules as files\n  cargo run deploy    \
         bring them to AWS\n  cargo run help      everything else\n"
    );
    text
}

fn next(spec: &ScheduleSpec, now: Timestamp) -> String {
    if spec.state == ScheduleState::Disabled {
        return "disabled".to_owned();
    }
    let runs = schedule::next_runs(spec, now, 3);
    let written: Vec<_> = runs.iter().map(|run| run.strftime("%a %F %R %Z").to_string()).collect();
    match written.as_slice() {
        [] if spec.schedule_expression.starts_with("rate") => "counted from its creation".to_owned(),
        [] => "never again".to_owned(),
        runs => format!("next: {}", runs.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    #[test]
    fn a_list_shows_the_next_runs_in_the_zone_of_the_schedule() {
        let nightly = Workflow::new("nightly", |w, _: Value<()>| w.succeed("Done"))
            .comment("does nothing")
            .schedule(Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo"))
            .schedule(Schedule::rate("10 minutes"))
            .schedule(Schedule::at("2020-01-01T00:00:00").named("once"))
            .schedule(Schedule::rate("1 day").named("off").disabled());
        let (manifest, _) = App::new("shop").workflow(nightly).compile();
        let text = list(&manifest, "2026-03-01T00:00:00Z".parse().unwrap(), &[]);
        let expected = "shop: 1 workflow

  nightly  (1 state)
    does nothing
    one at a time; others skip
    cron(0 2 * * ? *) Asia/Tokyo
      next: Mon 2026-03-02 02:00 JST, Tue 2026-03-03 02:00 JST, Wed 2026-03-04 02:00 JST
    rate(10 minutes) UTC
      counted from its creation
    at(2020-01-01T00:00:00) UTC
      never again
    rate(1 day) UTC
      disabled
";
        assert!(text.starts_with(expected), "{text}");
    }
}
