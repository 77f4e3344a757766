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
use crate::scope::Payload;
use crate::simulation::Simulation;
use crate::world::{ACCOUNT, REGION};

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
    let went_wrong = |run: &Tick| matches!(run.outcome(), Outcome::Failed | Outcome::GaveUp);
    Ok(if runs.iter().any(went_wrong) { Exit::Workflow } else { Exit::Ok })
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
            let arn = format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{}/{}", spec.group_name, spec.name);
            let input = spec.target.input.replace("<aws.scheduler.scheduled-time>", &time);
            (run, input.replace("<aws.scheduler.schedule-arn>", &arn))
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
    pub output: Option<Payload>,
    pub error: Option<String>,
    /// When it entered the first state that is not the guard's.
    pub entered: Option<i64>,
}

/// What became of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Ran,
    Failed,
    Skipped,
    Duplicate,
    GaveUp,
    Replaced,
}

impl Tick {
    fn outcome(&self) -> Outcome {
        let guard = self.output.as_ref().and_then(|output| output.get("guard")?.get("outcome")?.as_str());
        match (guard, self.error.as_deref()) {
            (Some("skipped"), _) => Outcome::Skipped,
            (Some("duplicate"), _) => Outcome::Duplicate,
            (_, Some("Guard.Conflict" | "Guard.WaitTimeout")) => Outcome::GaveUp,
            (_, Some("Guard.Replaced")) => Outcome::Replaced,
            _ if self.status == Status::Succeeded => Outcome::Ran,
            _ => Outcome::Failed,
        }
    }
}

/// What happened in a month.
#[derive(Debug, Default)]
struct Month {
    ticks: usize,
    overlaps: usize,
    waited: usize,
    outcomes: BTreeMap<Outcome, usize>,
}

fn report(name: &str, runs: &[Tick]) -> String {
    let mut months: BTreeMap<String, Month> = BTreeMap::new();
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    let (mut longest, mut longest_wait, mut busy_until) = (0, 0, i64::MIN);
    let mut inside: Vec<(i64, i64)> = Vec::new();
    for run in runs {
        let month = months.entry(iso(run.start).chars().take(7).collect()).or_default();
        month.ticks += 1;
        *month.outcomes.entry(run.outcome()).or_default() += 1;
        let error = run.error.as_ref().map(|error| format!(" {error}")).unwrap_or_default();
        *statuses.entry(format!("{}{error}", run.status)).or_default() += 1;
        let Some(entered) = run.entered else { continue };
        let wait = entered - run.start;
        month.waited += usize::from(wait >= 1_000);
        longest_wait = longest_wait.max(wait);
        longest = longest.max(run.stop - entered);
        inside.push((entered, run.stop));
    }
    inside.sort_unstable();
    for (entered, stop) in inside {
        if entered < busy_until
            && let Some(month) = months.get_mut(&iso(entered).chars().take(7).collect::<String>())
        {
            month.overlaps += 1;
        }
        busy_until = busy_until.max(stop);
    }
    let ended: Vec<String> = statuses.into_iter().map(|(status, count)| format!("{count} {status}")).collect();
    let time = |millis: i64| clock(Duration::from_millis(u64::try_from(millis).unwrap_or_default()));
    let mut text =
        format!("{name}: {} runs ({})\n  the longest took {}\n", runs.len(), ended.join(", "), time(longest));
    if longest_wait >= 1_000 {
        let _ = writeln!(text, "  the longest wait for a permit took {}", time(longest_wait));
    }
    for (name, month) in months {
        let _ = write!(text, "  {name}: {} runs", month.ticks);
        let parts = [
            (Outcome::Failed, "failed"),
            (Outcome::Skipped, "skipped"),
            (Outcome::Duplicate, "duplicates"),
            (Outcome::GaveUp, "refused by the guard"),
            (Outcome::Replaced, "replaced"),
        ];
        for (outcome, words) in parts {
            if let Some(count) = month.outcomes.get(&outcome) {
                let _ = write!(text, ", {count} {words}");
            }
        }
        if month.waited > 0 {
            let _ = write!(text, ", {} waited for a permit", month.waited);
        }
        let _ = writeln!(text, ", {} began while another was running", month.overlaps);
    }
    text
}

#[cfg(test)]
mod tests {
    use statewright::prelude::*;

    use super::*;
    use crate::simulate;

    fn slow(concurrency: Concurrency) -> String {
        let slow = Workflow::new("slow", |w, _: Value<()>| {
            w.wait("Work", Duration::from_secs(90 * 60));
        })
        .timeout(Duration::from_secs(3 * 3_600))
        .schedule(Schedule::rate("1 hour"))
        .schedule(Schedule::rate("1 minute").named("off").disabled())
        .concurrency(concurrency);
        let bundle = slow.compile("app").bundle;
        let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap_or_default();
        let ticks = ticks(&bundle, time("2026-01-31T22:00:00Z"), time("2026-02-01T01:00:00Z"));
        report("slow", &simulate(&slow).run_ticks(&ticks).unwrap_or_default())
    }

    #[test]
    fn runs_that_take_longer_than_the_time_between_two_ticks_overlap() {
        let expected = "slow: 4 runs (4 SUCCEEDED)\n  the longest took 1:30:00\n  \
                        2026-01: 2 runs, 1 began while another was running\n  \
                        2026-02: 2 runs, 2 began while another was running\n";
        assert_eq!(slow(Concurrency::unlimited()), expected);
    }

    #[test]
    fn the_guard_keeps_them_apart_and_the_report_says_how() {
        let expected = "slow: 4 runs (4 SUCCEEDED)\n  the longest took 1:30:00\n  \
                        2026-01: 2 runs, 1 skipped, 0 began while another was running\n  \
                        2026-02: 2 runs, 1 skipped, 0 began while another was running\n";
        assert_eq!(slow(Concurrency::exclusive()), expected);
        let waits = slow(Concurrency::exclusive().on_conflict(OnConflict::wait_up_to(Duration::from_secs(86_400))));
        assert!(waits.contains("2 runs, 1 waited for a permit, 0 began while another was running"), "{waits}");
        assert!(waits.contains("the longest wait for a permit took 1:30:"), "{waits}");
        let replaces = slow(Concurrency::exclusive().on_conflict(OnConflict::Replace));
        assert!(replaces.contains("2026-01: 2 runs, 2 replaced, 1 waited"), "{replaces}");
    }
}
