//! `guard unlock`: gives back the permit of an execution that does not do so itself.

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use statewright::bundle::Manifest;

use super::standing::Standing;
use super::token::{self, Token};
use super::{Lock, is_of, locks, not_guarded};
use crate::aws::{Aws, Item};
use crate::confirm::confirm;
use crate::error::{Error, Exit, Result};
use crate::report::Report;

/// Which permit is given back.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The workflow whose lock it is
    workflow: String,
    /// The execution that holds it, by its ARN or its name; not needed if there is one only
    #[arg(long, value_name = "ARN|NAME")]
    execution: Option<String>,
    /// Which of several locks: its key, or its value, if there is a lock for each value
    #[arg(long, value_name = "VALUE")]
    key: Option<String>,
    /// Don't ask
    #[arg(long)]
    yes: bool,
    /// Also if the execution runs, so that another one may run beside it
    #[arg(long)]
    force: bool,
}

/// What one execution has in one lock.
struct Permit<'m> {
    lock: Lock<'m>,
    key: String,
    tokens: Vec<Token>,
}

/// Gives the permit back.
///
/// # Errors
///
/// If it is not clear which, if the execution runs, if the answer is no, or if AWS refuses it.
pub async fn run(arguments: &Arguments, manifest: &Manifest, aws: &Aws, report: &Report) -> Result<()> {
    let Arguments { workflow, execution, key, yes, force } = arguments;
    let locks = locks(manifest, Some(workflow))?;
    if locks.is_empty() {
        return Err(not_guarded(workflow));
    }
    let mut permits: BTreeMap<String, Vec<Permit<'_>>> = BTreeMap::new();
    for lock in &locks {
        for item in lock.items(aws).await?.into_iter().filter(|item| is_meant(lock, item, key.as_deref())) {
            for (execution, tokens) in by_execution(&item) {
                let permit = Permit { lock: lock.clone(), key: item.key.clone(), tokens };
                permits.entry(execution).or_default().push(permit);
            }
        }
    }
    if permits.is_empty() {
        let what = key.as_deref().unwrap_or(workflow);
        report.text(&format!("nothing to do: nobody holds a permit of {what}\n"));
        return Ok(());
    }
    let (arn, permits) = only(permits, execution.as_deref())?;
    let refused = refuse_if_running(&arn, &permits, *force, aws).await?;
    for Permit { key, .. } in &permits {
        report.text(&format!("{key} is held by {arn}, which {}\n", refused.shown()));
    }
    if !yes {
        let question = format!("type the name of the workflow ({workflow}) to give that permit back");
        confirm(&question, workflow, "give `--yes` to do so without being asked").await?;
        // It may have been redriven meanwhile.
        refuse_if_running(&arn, &permits, *force, aws).await?;
    }
    for Permit { lock, key, tokens } in &permits {
        let tokens: Vec<String> = tokens.iter().map(|token| token.text.clone()).collect();
        aws.give_back(lock.table, key, &tokens).await?;
        report.text(&format!("unlocked {key}\n"));
        report.event("unlocked", json!({ "key": key, "executionArn": arn, "tokens": tokens }));
    }
    Ok(())
}

fn is_meant(lock: &Lock<'_>, item: &Item, key: Option<&str>) -> bool {
    key.is_none_or(|key| item.key == key || lock.spec.by_value && item.key == format!("{}:{key}", lock.spec.key))
}

/// The tokens of an item, also of its queue, by execution.
fn by_execution(item: &Item) -> BTreeMap<String, Vec<Token>> {
    let mut found: BTreeMap<String, Vec<Token>> = BTreeMap::new();
    for token in item.holders.iter().chain(&item.pending).filter_map(|text| Token::parse(text)) {
        found.entry(token.execution.clone()).or_default().push(token);
    }
    found
}

/// The one execution that is meant.
fn only<T>(mut permits: BTreeMap<String, T>, execution: Option<&str>) -> Result<(String, T)> {
    let names = permits.keys().map(|arn| token::name(arn)).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = execution {
        permits.retain(|arn, _| arn == wanted || token::name(arn) == wanted);
    }
    let found = permits.len();
    match (permits.pop_first(), found, execution) {
        (Some(only), 1, _) => Ok(only),
        (Some(_), _, _) => {
            let message = format!("expected one execution, found {found} that hold permits: {names}");
            Err(Error::new(Exit::Usage, message, "say which with `--execution`, by its ARN"))
        }
        (None, ..) => {
            let message = format!("`{}` holds no permit; {names} do", execution.unwrap_or_default());
            Err(Error::new(Exit::Usage, message, "`statewright guard status` shows who holds what"))
        }
    }
}

/// How the execution stands; it has to have ended, unless the user insists.
async fn refuse_if_running(arn: &str, permits: &[Permit<'_>], force: bool, aws: &Aws) -> Result<Standing> {
    let mut last = Standing::Gone;
    for Permit { lock, tokens, .. } in permits {
        for token in tokens.iter().filter(|token| is_of(token, arn)) {
            let look = if token.generation.is_some() { aws.look(arn).await? } else { None };
            last = Standing::of(token, look.as_ref(), lock.spec.holds_after_failure, Timestamp::now());
            if last.may_run() && !force {
                let message =
                    format!("expected an execution that has ended, and `{}` {}", token::name(arn), last.shown());
                let help = "wait for its end, or stop it; `--force` gives the permit back all the same, and another \
                            execution may run beside it";
                return Err(Error::new(Exit::Conflict, message, help));
            }
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "arn:aws:states:eu-west-1:1:execution:w:one";
    const TWO: &str = "arn:aws:states:eu-west-1:1:execution:w:two";

    #[test]
    fn all_tokens_of_an_execution_belong_together() {
        let item = Item {
            holders: vec![format!("2026|{ONE}|0"), format!("2026|{ONE}|1|2026"), format!("2026|{TWO}|0")],
            ..Item::default()
        };
        let found = by_execution(&item);
        assert_eq!((found[ONE].len(), found[TWO].len()), (2, 1));
    }

    #[test]
    fn one_execution_has_to_be_meant() {
        let both = || BTreeMap::from([(ONE.to_owned(), 1), (TWO.to_owned(), 2)]);
        assert_eq!(only(both(), Some("two")), Ok((TWO.to_owned(), 2)));
        assert_eq!(only(both(), Some(ONE)), Ok((ONE.to_owned(), 1)));
        assert!(only(both(), None).unwrap_err().message.contains("found 2 that hold permits: one, two"));
        assert_eq!(only(both(), Some("three")).unwrap_err().exit, Exit::Usage);
    }
}
