//! Running every tick of a workflow's schedules: weeks in a moment.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use statewright::bundle::Bundle;
use statewright::schedule::next_runs;

use super::trace::clock;
use super::{Exit, Options, Problem};
use crate::execution::Status;
use crate::history::iso;
use crate::simulation::Simulation;

/// So many ticks of a schedule are run at most.
const MOST: usize = 100_000;

/// Runs the workflow at every tick, and reports.
pub(super) fn run(bundle: &Bundle, options: &Options, simulation: Simulation) -> Result<Exit, Problem> {
    let time = |name: &str, text: &Option<String>| {
        let text = text.as_deref().ok_or_else(|| Problem::Usage(format!("expected --{name} TIME with --schedule")))?;
        text.parse::<Timestamp>().map_err(|error| Problem::Usage(format!("--{name} {text}: {error}")))
    };
    let (from, to) = (time("from", &options.from)?, time("to", &options.to)?);
    let ticks = ticks(bundle, from, to);
    if ticks.is_empty() {
        return Err(Problem::Usage(format!("`{}` has no tick between {from} and {to}", bundle.name)));
    }
    let runs = simulation.run_ticks(&ticks)?;
    print!("{}", report(&bundle.name, &runs));
    Ok(if runs.iter().all(|run| run.status == Status::Succeeded) { Exit::Ok } else { Exit::Workflow })
}

/// When the schedules fire, and with which input. A rate without a start date counts from the first moment.
fn ticks(bundle: &Bundle, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, String)> {
    // A tick at the first moment counts.
    let before = from.checked_sub(SignedDuration::from_secs(1)).unwrap_or(from);
    let mut ticks = Vec::new();
    for spec in &bundle.schedules {
        let mut spec = spec.clone();
        spec.start_date.get_or_insert_with(|| from.to_string());
        let runs = next_runs(&spec, before, MOST).into_iter().map(|run| run.timestamp());
        ticks.extend(runs.take_while(|run| *run <= to).map(|run| {
            let time = run.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            (run, spec.target.input.replace("<aws.scheduler.scheduled-time>", &time))
        }));
    }
    ticks.sort();
    ticks
}

/// A tick that was run.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    pub start: i64,
    /// The end of the window, for one that still runs then.
    pub stop: i64,
    pub status: Status,
}

fn report(name: &str, runs: &[Tick]) -> String {
    let mut months: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    let (mut longest, mut busy_until) = (0, i64::MIN);
    for run in runs {
        let month = iso(run.start).chars().take(7).collect();
        let (all, overlaps) = months.entry(month).or_default();
        *all += 1;
        *overlaps += usize::from(run.start < busy_until);
        busy_until = busy_until.max(run.stop);
        longest = longest.max(run.stop - run.start);
        *statuses.entry(run.status.to_string()).or_default() += 1;
    }
    let ended: Vec<String> = statuses.into_iter().map(|(status, count)| format!("{count} {status}")).collect();
    let longest = clock(Duration::from_millis(u64::try_from(longest).unwrap_or_default()));
    let mut text = format!("{name}: {} runs ({})\n  the longest took {longest}\n", runs.len(), ended.join(", "));
    for (month, (all, overlaps)) in months {
        let _ = writeln!(text, "  {month}: {all} runs, {overlaps} began while another was running");
    }
    text
}

#[cfg(test)]
mod tests {
    use statewright::prelude::*;

    use super::*;
    use crate::simulate;

    #[test]
    fn runs_that_take_longer_than_the_time_between_two_ticks_overlap() {
        let slow = Workflow::new("slow", |w, _: Value<()>| {
            w.wait("Work", Duration::from_secs(90 * 60));
        })
        .schedule(Schedule::rate("1 hour"))
        .schedule(Schedule::rate("1 minute").named("off").disabled());
        let bundle = slow.compile("app").bundle;
        let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap_or_default();
        let ticks = ticks(&bundle, time("2026-01-31T22:00:00Z"), time("2026-02-01T01:00:00Z"));
        let runs = simulate(&slow).run_ticks(&ticks).unwrap_or_default();
        let expected = "slow: 4 runs (4 SUCCEEDED)\n  the longest took 1:30:00\n  \
                        2026-01: 2 runs, 1 began while another was running\n  \
                        2026-02: 2 runs, 2 began while another was running\n";
        assert_eq!(report("slow", &runs), expected);
    }
}
