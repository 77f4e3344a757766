//! `guard status`: who holds which lock.

use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use statewright::bundle::Manifest;

use super::standing::Standing;
use super::token::{self, Token};
use super::{Lock, locks, not_guarded};
use crate::aws::{Aws, Item};
use crate::error::Result;
use crate::report::Report;

/// Which locks are shown.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The locks of this workflow; of all if not given
    workflow: Option<String>,
}

/// A permit, and how its holder stands.
struct Holder {
    token: Token,
    standing: Standing,
}

/// Shows the locks.
///
/// # Errors
///
/// If AWS refuses to say.
pub async fn run(arguments: &Arguments, manifest: &Manifest, aws: &Aws, report: &Report) -> Result<()> {
    let locks = locks(manifest, arguments.workflow.as_deref())?;
    if locks.is_empty() {
        match &arguments.workflow {
            Some(workflow) => return Err(not_guarded(workflow)),
            None => report.text("no workflow of the app has a concurrency guard\n"),
        }
    }
    for lock in &locks {
        let items = lock.items(aws).await?;
        if items.is_empty() {
            report.text(&format!("{}: free for every value\n", heading(lock, &lock.spec.key)));
        }
        for item in items {
            let holders = look_at(&item.holders, lock, aws).await?;
            let pending = look_at(&item.pending, lock, aws).await?;
            report.text(&text(lock, &item, &holders, &pending));
            report.event("lock", event(lock, &item, &holders, &pending));
        }
    }
    Ok(())
}

/// How the executions of tokens stand.
async fn look_at(tokens: &[String], lock: &Lock<'_>, aws: &Aws) -> Result<Vec<Holder>> {
    let mut found = Vec::new();
    for token in tokens.iter().filter_map(|text| Token::parse(text)) {
        // Nobody can look at Express executions.
        let look = if token.generation.is_some() { aws.look(&token.execution).await? } else { None };
        let standing = Standing::of(&token, look.as_ref(), lock.spec.holds_after_failure, Timestamp::now());
        found.push(Holder { token, standing });
    }
    Ok(found)
}

fn heading(lock: &Lock<'_>, key: &str) -> String {
    let spec = lock.spec;
    let section = spec.section.as_ref().map(|section| format!(", section {section}")).unwrap_or_default();
    let settle = match spec.settle_seconds {
        0 => String::new(),
        seconds => format!(", kept for {seconds} s by one that did not come to its end"),
    };
    let workflows = lock.workflows.join(", ");
    format!("{key}  ({} at once, else {}{settle}; {workflows}{section})", spec.limit, spec.on_conflict)
}

fn text(lock: &Lock<'_>, item: &Item, holders: &[Holder], pending: &[Holder]) -> String {
    let mut text = heading(lock, &item.key);
    text.push_str(if holders.is_empty() { ": free\n" } else { "\n" });
    for (what, all) in [("held by", holders), ("waits:", pending)] {
        for Holder { token, standing } in all {
            let workflow = token::workflow(&token.execution).unwrap_or_default();
            let place = token.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
            let redriven = match token.generation {
                None | Some(0) => String::new(),
                Some(times) => format!(", redrive {times}"),
            };
            let _ = writeln!(
                text,
                "  {what} {workflow}:{}{place}, since {}{redriven}: {}",
                token::name(&token.execution),
                token.start,
                standing.shown()
            );
        }
    }
    for (schedule, time) in schedules(item) {
        let _ = writeln!(text, "  last tick of {}: {time}", schedule.rsplit('/').next().unwrap_or(schedule));
    }
    text
}

/// The last ticks of schedules: what a run beside the schedules has left there is the start of that run.
fn schedules(item: &Item) -> impl Iterator<Item = (&str, &str)> {
    item.ticks.iter().filter(|(schedule, _)| *schedule != "manual").map(|(arn, time)| (arn.as_str(), time.as_str()))
}

fn event(lock: &Lock<'_>, item: &Item, holders: &[Holder], pending: &[Holder]) -> Json {
    let told = |all: &[Holder]| -> Vec<Json> {
        let told = all.iter().map(|Holder { token, standing }| {
            let status = match standing {
                Standing::Ended(status) | Standing::Held(status) => Some(status.as_str()),
                Standing::Running => Some("RUNNING"),
                _ => None,
            };
            json!({ "executionArn": token.execution, "name": token::name(&token.execution), "since": token.start,
                "generation": token.generation, "place": token.place, "standing": standing.word(), "status": status,
                "token": token.text })
        });
        told.collect()
    };
    let ticks: Json = schedules(item).map(|(arn, time)| (arn.to_owned(), Json::from(time))).collect();
    json!({ "key": item.key, "limit": lock.spec.limit, "onConflict": lock.spec.on_conflict, "workflows": lock.workflows,
        "section": lock.spec.section, "holders": told(holders), "pending": told(pending), "ticks": ticks })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use statewright::bundle::LockSpec;

    use super::*;

    #[test]
    fn a_lock_is_shown_with_its_holders_and_its_ticks() {
        let spec = LockSpec {
            within: None,
            waits: false,
            settle_seconds: 0,
            key: "workflow:nightly".into(),
            by_value: false,
            section: None,
            limit: 1,
            on_conflict: "skip".into(),
            holds_after_failure: false,
        };
        let lock = Lock { table: "t", spec: &spec, workflows: vec!["nightly"], marks_ticks: false };
        let schedule = "arn:aws:scheduler:eu-west-1:1:schedule/shop/nightly".to_owned();
        let item = Item {
            key: "workflow:nightly".into(),
            ticks: BTreeMap::from([(schedule, "2026-01-01T02:00:00Z".into()), ("manual".into(), "2026".into())]),
            ..Item::default()
        };
        let token =
            Token::parse("2026-01-01T02:00:01.000Z|arn:aws:states:eu-west-1:1:execution:nightly:run-1|0").unwrap();
        let holders = [Holder { token, standing: Standing::Ended("ABORTED".into()) }];
        let expected = "workflow:nightly  (1 at once, else skip; nightly)
  held by nightly:run-1, since 2026-01-01T02:00:01.000Z: has ended (ABORTED): the next run takes its permit
  last tick of nightly: 2026-01-01T02:00:00Z
";
        assert_eq!(text(&lock, &item, &holders, &[]), expected);
        assert!(text(&lock, &item, &[], &[]).starts_with("workflow:nightly  (1 at once, else skip; nightly): free\n"));
        let told = event(&lock, &item, &holders, &[]);
        assert_eq!(told["holders"][0]["standing"], "ended");
        assert_eq!(told["ticks"].as_object().unwrap().len(), 1);
    }
}
