//! Following an execution, state by state, to its end.

use std::time::Duration;

use serde_json::json;

use crate::aws::{Aws, End, Event};
use crate::error::{Error, Exit, Result};
use crate::report::Report;

/// How often AWS is asked for news.
const INTERVAL: Duration = Duration::from_secs(1);

/// Tells what happens in an execution until it ends.
///
/// # Errors
///
/// If it does not succeed, or AWS refuses to say.
pub async fn follow(aws: &Aws, arn: &str, report: &Report) -> Result<()> {
    let (mut page, mut last, mut begin) = (None, 0, None);
    loop {
        // The end is asked for first, so that the history read after it is complete.
        let end = aws.execution(arn).await?;
        for event in aws.history(arn, &mut page, last).await? {
            last = event.id;
            let begin = *begin.get_or_insert(event.millis);
            if let Some(line) = line(&event, begin) {
                report.text(&format!("{line}\n"));
                report.event("history", json!({ "id": event.id, "type": event.r#type, "state": event.state }));
            }
        }
        if !end.is_running() {
            return finish(&end, report);
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn line(event: &Event, begin: i64) -> Option<String> {
    let what = match (&event.state, &event.error) {
        (Some(state), _) if event.r#type.ends_with("Entered") => format!("→ {state}"),
        (Some(state), _) => format!("✓ {state}"),
        (None, Some((error, cause))) => format!("✗ {error}: {}", shown(cause)),
        (None, None) => return None,
    };
    let seconds = (event.millis - begin).max(0) / 1_000;
    Some(format!("{:>3}:{:02}:{:02}  {what}", seconds / 3_600, seconds / 60 % 60, seconds % 60))
}

/// A cause can be a whole document; a line shows its beginning.
fn shown(cause: &str) -> String {
    let line: String = cause.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 200 { line } else { line.chars().take(199).chain(['…']).collect() }
}

fn finish(end: &End, report: &Report) -> Result<()> {
    report.event("end", json!({ "status": end.status, "output": end.output, "error": end.error }));
    if end.is_success() {
        report.text(&format!("SUCCEEDED\n{}\n", end.output.as_deref().unwrap_or_default()));
        return Ok(());
    }
    let why = match &end.error {
        Some((error, cause)) => format!(": {error}: {}", shown(cause)),
        None => String::new(),
    };
    let help = "`describe-execution` of the AWS CLI, or the console, shows the whole cause by the ARN above";
    Err(Error::new(Exit::Execution, format!("the execution ended {}{why}", end.status), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_and_what() {
        let event = |r#type: &str, state: Option<&str>, error: Option<(&str, &str)>| Event {
            id: 2,
            millis: 3_725_500,
            r#type: r#type.to_owned(),
            state: state.map(str::to_owned),
            error: error.map(|(error, cause)| (error.to_owned(), cause.to_owned())),
        };
        assert_eq!(line(&event("TaskStateEntered", Some("Load"), None), 500).unwrap(), "  1:02:05  → Load");
        assert_eq!(line(&event("TaskStateExited", Some("Load"), None), 500).unwrap(), "  1:02:05  ✓ Load");
        let failed = event("TaskFailed", None, Some(("Glue.Failed", "a\n  b")));
        assert_eq!(line(&failed, 500).unwrap(), "  1:02:05  ✗ Glue.Failed: a b");
        assert_eq!(line(&event("TaskScheduled", None, None), 500), None);
    }
}
