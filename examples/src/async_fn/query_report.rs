//! [`query_report`](crate::query_report) in the second spelling.

use statewright::prelude::*;

use crate::query_report::{FETCH_CONFIGURATION, FETCH_DATA, Job, REPORTS};

/// Job, query, notice.
#[workflow(name = "query-report", comment = "prepares a table, queries it, and sends the answer")]
pub async fn plain() -> Result<(), Failed> {
    #[name("Run Glue Job")]
    glue::StartJobRun::new("report-table").await?;
    fetch_and_notify().await?;
    Ok(())
}

/// The same, and a notice if any step fails.
#[workflow(
    name = "query-report-with-failure-notice",
    on_error = notify,
    comment = "the report, with a notice if anything fails",
    timeout = Duration::from_secs(3 * 60 * 60),
    schedule = Schedule::cron("0 7 ? * MON-FRI *").timezone("Europe/Berlin")
)]
pub async fn with_failure_notice() -> Result<(), Failed> {
    #[name("Run Glue Job")]
    glue::StartJobRun::new("report-table").await?;
    fetch_and_notify().await?;
    Ok(())
}

/// The same, with one of two jobs: a configuration says which.
#[workflow(
    name = "query-report-by-configuration",
    on_error = notify,
    comment = "the report, from the job that the configuration names"
)]
pub async fn by_configuration() -> Result<(), Failed> {
    #[name("Fetch Config")]
    let configuration = FETCH_CONFIGURATION.call().retry(lambda::transient()).await?;
    #[name("Choice Glue")]
    if configuration.job == Job::Increment {
        #[name("Glue Job B")]
        glue::StartJobRun::new("report-table-increment").await?;
    } else {
        #[name("Glue Job A")]
        glue::StartJobRun::new("report-table-full").await?;
    }
    fetch_and_notify().await?;
    Ok(())
}

#[fragment]
async fn fetch_and_notify() -> Result<(), Failed> {
    #[name("Fetch Data")]
    let report = FETCH_DATA.call().retry(lambda::transient()).await?;
    #[name("SNS Notify")]
    sns::Publish::new(REPORTS, report.table).subject("[SQL QUERY]: Here's your query result").await?;
    Ok(())
}

#[fragment]
async fn notify(error: Caught) -> Result<(), Failed> {
    let message = text!("{}: {}", error.error, error.cause);
    #[name("Notify Error Message")]
    sns::Publish::new(REPORTS, message).subject("[ERROR]: the report failed").await?;
    Ok(())
}
