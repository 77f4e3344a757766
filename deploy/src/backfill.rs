//! Backfilling: one execution for each tick that a schedule had between two times.

use std::time::Duration;

use clap::Args;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use statewright::bundle::{Bundle, Manifest, ScheduleSpec, StateMachineType, Target};

use crate::aws::{Aws, End, Options, Started};
use crate::error::{Error, Exit, Result};
use crate::manifest;
use crate::report::Report;

pub mod tick;

use tick::{Tick, When};

/// Which ticks are made up for.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The workflow
    workflow: String,
    /// From this time on: `2026-01-31T02:00:00Z`, or a day in the schedule's time zone, `2026-01-31`
    #[arg(long, value_name = "TIME")]
    from: When,
    /// Up to this time, which is included; a day is included as a whole
    #[arg(long, value_name = "TIME")]
    to: When,
    /// Only the ticks of this schedule
    #[arg(long, value_name = "NAME")]
    schedule: Option<String>,
    /// So many executions at once, at most
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    max_parallel: u32,
    /// So long the ticks wait that the guard has turned away, before they are started again
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    retry_after: u64,
    /// Show the ticks, and start nothing
    #[arg(long)]
    dry_run: bool,
}

/// So often a tick is started that the guard turns away.
const ROUNDS: usize = 4;
/// The number of the last attempt of a tick, over all times that the command was run.
const LAST_ATTEMPT: u32 = 99;
/// How often AWS is asked whether an execution has ended: seldomer the longer it runs.
const INTERVALS: [u64; 5] = [1, 1, 2, 5, 10];
/// So long an execution may be invisible behind its start.
const INVISIBLE: Duration = Duration::from_secs(60);

/// What became of a tick.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Succeeded,
    Failed(String),
    /// Somebody else held the lock; the number of the next attempt.
    Skipped(u32),
    /// An execution of that name had succeeded before.
    Before,
    /// Or had failed.
    FailedBefore(String),
}

/// Starts what is missing, and waits for it.
///
/// # Errors
///
/// If there is nothing to start, if a tick could not be made up for, or if AWS refuses a call.
pub async fn run(arguments: &Arguments, manifest: &Manifest, options: &Options, report: &Report) -> Result<()> {
    let bundle = manifest::workflow(manifest, &arguments.workflow)?;
    if bundle.state_machine.r#type == StateMachineType::Express {
        let message = format!(
            "`{}` is an Express workflow, of whose executions nobody can tell which ticks were run",
            bundle.name
        );
        return Err(Error::new(Exit::Usage, message, "start them with `statewright start`"));
    }
    let mut ticks = Vec::new();
    for spec in schedules(bundle, arguments.schedule.as_deref())? {
        ticks.extend(tick::ticks(spec, arguments.from, arguments.to, Timestamp::now())?);
    }
    ticks.sort_by_key(|tick| tick.time);
    if ticks.is_empty() {
        report.text("no tick lies between the two times and before now\n");
    }
    if arguments.dry_run || ticks.is_empty() {
        for tick in &ticks {
            report.text(&format!("{}  {}\n", tick.time(), tick.name(1)));
            report.event("tick", json!({ "schedule": tick.schedule, "time": tick.time(), "name": tick.name(1) }));
        }
        return Ok(());
    }
    let aws = Aws::connect(options).await?;
    let parallel = parallel(bundle, arguments.max_parallel);
    if parallel < arguments.max_parallel {
        report.waiting(&format!("{parallel} at once: the guard of `{}` lets no more run", bundle.name));
    }
    let backfill = Backfill { aws: &aws, bundle, report };
    let pause = Duration::from_secs(arguments.retry_after);
    let outcomes = backfill.rounds(ticks, parallel as usize, pause).await?;
    report.end();
    summary(&outcomes, report)
}

/// The schedules that are meant.
fn schedules<'b>(bundle: &'b Bundle, name: Option<&str>) -> Result<Vec<&'b ScheduleSpec>> {
    let wanted = |spec: &&ScheduleSpec| name.is_none_or(|name| spec.name == name);
    let found: Vec<_> = bundle.schedules.iter().filter(wanted).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names: Vec<_> = bundle.schedules.iter().map(|spec| spec.name.as_str()).collect();
    let (message, help) = match name {
        Some(name) if !names.is_empty() => {
            (format!("`{}` has no schedule `{name}`", bundle.name), format!("it has {}", names.join(", ")))
        }
        _ => (format!("`{}` has no schedule, so there are no ticks", bundle.name), "name another workflow".to_owned()),
    };
    Err(Error::new(Exit::Usage, message, help))
}

/// Not more than the guard lets run: the others would only be turned away, or, where they replace, stop one another.
fn parallel(bundle: &Bundle, wanted: u32) -> u32 {
    let whole = bundle.locks.iter().filter(|lock| lock.section.is_none() && !lock.by_value);
    whole.map(|lock| lock.limit).fold(wanted, u32::min)
}

/// What the ticks are made up with.
struct Backfill<'a> {
    aws: &'a Aws,
    bundle: &'a Bundle,
    report: &'a Report,
}

impl Backfill<'_> {
    /// Runs all ticks; those that the guard turned away once more, when the others are done.
    async fn rounds(&self, ticks: Vec<Tick>, parallel: usize, pause: Duration) -> Result<Vec<Outcome>> {
        self.report.begin(ticks.len());
        let mut left: Vec<(Tick, u32)> = ticks.into_iter().map(|tick| (tick, 1)).collect();
        let mut done = Vec::new();
        for round in 1..=ROUNDS {
            let runs = stream::iter(left.drain(..)).map(|(tick, attempt)| async move {
                let outcome = self.run(&tick, attempt).await?;
                let is_over = !matches!(outcome, Outcome::Skipped(_)) || round == ROUNDS;
                self.tell(&tick, &outcome, is_over);
                Ok::<_, Error>((tick, outcome))
            });
            let ended: Vec<(Tick, Outcome)> = runs.buffer_unordered(parallel).try_collect().await?;
            for (tick, outcome) in ended {
                match outcome {
                    Outcome::Skipped(attempt) if round < ROUNDS => left.push((tick, attempt)),
                    outcome => done.push(outcome),
                }
            }
            if left.is_empty() {
                break;
            }
            left.sort_by_key(|(tick, _)| tick.time);
            let (count, seconds) = (left.len(), pause.as_secs());
            self.report
                .waiting(&format!("{count} were turned away by the guard, and are started again in {seconds} s …"));
            tokio::time::sleep(pause).await;
        }
        Ok(done)
    }

    /// Starts the execution of a tick, unless it has run before, and waits for its end.
    async fn run(&self, tick: &Tick, attempt: u32) -> Result<Outcome> {
        let spec = self.spec(tick)?;
        let target = &self.aws.target;
        let schedule = format!(
            "arn:{}:scheduler:{}:{}:schedule/{}/{}",
            target.partition, target.region, target.account_id, spec.group_name, spec.name
        );
        let mut attempt = attempt;
        while attempt <= LAST_ATTEMPT {
            let name = tick.name(attempt);
            let input = tick.input(&spec, &schedule, &name);
            attempt += 1;
            match self.aws.start_once(&self.bundle.name, &name, &input).await? {
                Started::New(arn) => return Ok(judged(&self.end(&arn).await?, attempt)),
                Started::Before(arn) => match judged(&self.end(&arn).await?, attempt) {
                    // That one did nothing.
                    Outcome::Skipped(_) => {}
                    Outcome::Failed(why) => return Ok(Outcome::FailedBefore(why)),
                    _ => return Ok(Outcome::Before),
                },
            }
        }
        Ok(Outcome::Skipped(attempt))
    }

    /// The schedule of a tick, for this account and region.
    fn spec(&self, tick: &Tick) -> Result<ScheduleSpec> {
        let spec = self.bundle.schedules.iter().find(|spec| spec.name == tick.schedule);
        filled(spec, &self.aws.target).ok_or_else(|| {
            Error::new(Exit::File, "the manifest describes an impossible schedule", "run `cargo run synth`")
        })
    }

    /// Waits for the end of an execution.
    async fn end(&self, arn: &str) -> Result<End> {
        let (mut waited, mut asked) = (Duration::ZERO, 0);
        loop {
            match self.aws.look(arn).await? {
                Some(look) if !look.is_running() => return self.aws.execution(arn).await,
                None if waited > INVISIBLE => {
                    let message = format!("`{arn}` was started, and is not there");
                    return Err(Error::new(
                        Exit::Refused,
                        message,
                        "run the command again: it goes on where it stopped",
                    ));
                }
                _ => {}
            }
            let wait = Duration::from_secs(INTERVALS[asked.min(INTERVALS.len() - 1)]);
            tokio::time::sleep(wait).await;
            (waited, asked) = (waited + wait, asked + 1);
        }
    }

    fn tell(&self, tick: &Tick, outcome: &Outcome, is_over: bool) {
        let (word, why) = match outcome {
            Outcome::Succeeded => ("succeeded", None),
            Outcome::Failed(why) => ("failed", Some(why)),
            Outcome::Skipped(_) => ("skipped", None),
            Outcome::Before => ("before", None),
            Outcome::FailedBefore(why) => ("failed-before", Some(why)),
        };
        let fields = json!({ "schedule": tick.schedule, "time": tick.time(), "name": tick.name(1), "outcome": word, "why": why });
        self.report.event("tick", fields);
        if is_over {
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let shown = match outcome {
                Outcome::Skipped(_) => "turned away by the guard",
                Outcome::Before => "done before",
                Outcome::FailedBefore(_) => "failed before",
                _ => word,
            };
            self.report.done(&format!("{}  {}  {shown}{why}", tick.time(), tick.name(1)));
        }
    }
}

fn filled(spec: Option<&ScheduleSpec>, target: &Target) -> Option<ScheduleSpec> {
    serde_json::from_value(target.fill_json(&json!(spec?))).ok()
}

/// What an end says of its tick.
fn judged(end: &End, next_attempt: u32) -> Outcome {
    if end.is_success() {
        let output: Json = end.output.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let turned_away = output["guard"]["outcome"].as_str().is_some_and(|outcome| outcome == "skipped");
        return if turned_away { Outcome::Skipped(next_attempt) } else { Outcome::Succeeded };
    }
    match &end.error {
        Some((error, _)) if error == "Guard.Conflict" || error == "Guard.WaitTimeout" => Outcome::Skipped(next_attempt),
        Some((error, _)) => Outcome::Failed(format!("{}, {error}", end.status)),
        None => Outcome::Failed(end.status.clone()),
    }
}

/// Says what came of it all; an error if a tick is still missing.
fn summary(outcomes: &[Outcome], report: &Report) -> Result<()> {
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let succeeded = count(|outcome| *outcome == Outcome::Succeeded);
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let failed_before = count(|outcome| matches!(outcome, Outcome::FailedBefore(_)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let before = count(|outcome| *outcome == Outcome::Before);
    let started = succeeded + failed;
    let all = outcomes.len();
    let mut text = format!("\n{all} ticks: {started} started, {succeeded} succeeded, {failed} failed");
    text += &format!(", {skipped} turned away by the guard, {} done before\n", before + failed_before);
    report.text(&text);
    report.event(
        "backfill",
        json!({ "ticks": all, "started": started, "succeeded": succeeded, "failed": failed, "skipped": skipped,
            "before": before, "failedBefore": failed_before }),
    );
    if failed + failed_before > 0 {
        let message = format!("{} of {all} ticks failed", failed + failed_before);
        let help = "let them go on with `statewright redrive NAME WORKFLOW`; running the command again starts none of them anew";
        return Err(Error::new(Exit::Execution, message, help));
    }
    if skipped > 0 {
        let message = format!("{skipped} of {all} ticks did not run: others held the lock");
        return Err(Error::new(Exit::Execution, message, "run the command again later: it starts what is missing"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(status: &str, output: Option<&str>, error: Option<&str>) -> End {
        End {
            status: status.to_owned(),
            output: output.map(str::to_owned),
            error: error.map(|error| (error.to_owned(), "why".to_owned())),
        }
    }

    #[test]
    fn what_the_guard_turned_away_is_not_done() {
        let skipped = r#"{"guard":{"outcome":"skipped","lock":"workflow:w"}}"#;
        assert_eq!(judged(&end("SUCCEEDED", Some(skipped), None), 2), Outcome::Skipped(2));
        assert_eq!(judged(&end("SUCCEEDED", Some(r#"{"rows":3}"#), None), 2), Outcome::Succeeded);
        assert_eq!(judged(&end("FAILED", None, Some("Guard.Conflict")), 2), Outcome::Skipped(2));
        assert_eq!(judged(&end("FAILED", None, Some("Load.Failed")), 2), Outcome::Failed("FAILED, Load.Failed".into()));
        assert_eq!(judged(&end("TIMED_OUT", None, None), 2), Outcome::Failed("TIMED_OUT".into()));
    }

    #[test]
    fn what_is_missing_decides_how_the_command_ends() {
        let report = Report::new(true);
        assert_eq!(summary(&[Outcome::Succeeded, Outcome::Before], &report), Ok(()));
        let failed = summary(&[Outcome::Succeeded, Outcome::FailedBefore("FAILED".into())], &report).unwrap_err();
        assert_eq!((failed.exit, failed.message.as_str()), (Exit::Execution, "1 of 2 ticks failed"));
        assert_eq!(summary(&[Outcome::Skipped(4)], &report).unwrap_err().exit, Exit::Execution);
    }
}
