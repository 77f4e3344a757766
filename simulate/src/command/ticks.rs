//! Running every tick of a workflow's schedules: weeks in a moment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use statewright::bundle::{Bundle, ScheduleState};
use statewright::schedule::next_runs;

use super::{Exit, Options, Problem};
use crate::execution::Status;
use crate::jsonata::Random;
use crate::simulation::Simulation;
use crate::task::{Answer, Request};

/// So many ticks are run at most.
const MOST: usize = 100_000;

pub(super) fn run(bundle: &Bundle, options: &Options, simulation: Simulation) -> Result<Exit, Problem> {
    let time = |name: &str, text: &Option<String>| {
        let text = text.as_deref().ok_or_else(|| Problem::Usage(format!("expected --{name} TIME with --schedule")))?;
        text.parse::<Timestamp>().map_err(|error| Problem::Usage(format!("--{name} {text}: {error}")))
    };
    let (from, to) = (time("from", &options.from)?, time("to", &options.to)?);
    let mut ticks: Vec<(Timestamp, String)> = Vec::new();
    for spec in bundle.schedules.iter().filter(|spec| spec.state == ScheduleState::Enabled) {
        let input = spec.target.input.clone();
        let runs = match every(&spec.schedule_expression) {
            Some(every) => (1..=100_000).map_while(|number| from.checked_add(every * number).ok()).collect(),
            None => next_runs(spec, from, MOST).into_iter().map(|run| run.timestamp()).collect::<Vec<_>>(),
        };
        ticks.extend(runs.into_iter().take_while(|run| *run <= to).map(|run| {
            let time = run.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            (run, input.replace("<aws.scheduler.scheduled-time>", &time))
        }));
    }
    ticks.sort();
    if ticks.is_empty() {
        return Err(Problem::Usage(format!("`{}` has no tick between {from} and {to}", bundle.name)));
    }
    let takes = options.take.clone();
    let mut random = Random::new(options.seed.cast_signed());
    let world = simulation.wraps(move |request: &Request, answer: Answer| {
        let Some((_, from, to)) = takes.iter().find(|(state, ..)| *state == request.state) else { return answer };
        answer.after(*from + to.saturating_sub(*from).mul_f64(random.next_double()))
    });
    let runs = world.run_ticks(&ticks)?;
    report(&bundle.name, &runs);
    Ok(if runs.iter().all(|run| run.status == Status::Succeeded) { Exit::Ok } else { Exit::Workflow })
}

/// The time between the ticks of a rate, which are counted from the beginning.
fn every(expression: &str) -> Option<jiff::SignedDuration> {
    let (number, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let minutes = match unit.trim_end_matches('s') {
        "minute" => 1,
        "hour" => 60,
        "day" => 1_440,
        _ => return None,
    };
    Some(jiff::SignedDuration::from_mins(number.parse::<i64>().ok()?.checked_mul(minutes)?))
}

/// A tick that was run.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    pub start: i64,
    /// The end of the window, for one that still runs then.
    pub stop: i64,
    pub status: Status,
}

fn report(name: &str, runs: &[Tick]) {
    let mut months: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut longest = 0;
    let mut busy_until = i64::MIN;
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    for run in runs {
        let day = crate::history::iso(run.start);
        let (all, overlaps) = months.entry(day.chars().take(7).collect()).or_default();
        *all += 1;
        *overlaps += usize::from(run.start < busy_until);
        busy_until = busy_until.max(run.stop);
        longest = longest.max(run.stop - run.start);
        *statuses.entry(run.status.to_string()).or_default() += 1;
    }
    let ended: Vec<String> = statuses.into_iter().map(|(status, count)| format!("{count} {status}")).collect();
    println!("{name}: {} runs ({})", runs.len(), ended.join(", "));
    let longest = std::time::Duration::from_millis(u64::try_from(longest).unwrap_or_default());
    println!("  the longest took {}", super::trace::clock(longest));
    for (month, (all, overlaps)) in months {
        println!("  {month}: {all} runs, {overlaps} began while another was running");
    }
}
