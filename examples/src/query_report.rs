//! A data team's report: a Glue job prepares a table, a Lambda function queries it, SNS tells the team.
//!
//! Three workflows of growing size, such as teams write by hand. By hand, the last step read its message from a place
//! that the step before had already cut away (`OutputPath: "$.data"`, then `$.data.lambdaresult`), so every run that
//! reached it failed; and only the Glue job had a `Catch`, so a failed query told nobody. Here a value is used where
//! it is in scope, and `on_error` is behind every step.

use statewright::prelude::*;

/// What the query finds.
#[derive(Shape)]
pub struct Report {
    /// The rows as a table, ready to read.
    pub table: String,
}

/// Which job prepares the table.
#[derive(Shape)]
#[serde(rename_all = "kebab-case")]
pub enum Job {
    /// Everything anew.
    Full,
    /// What came since the last run.
    Increment,
}

/// What the configuration says.
#[derive(Shape)]
pub struct Configuration {
    /// Which job prepares the table.
    pub job: Job,
}

pub(crate) const FETCH_DATA: lambda::Function<(), Report> = lambda::Function::named("report-fetch-data");
pub(crate) const FETCH_CONFIGURATION: lambda::Function<(), Configuration> =
    lambda::Function::named("report-fetch-configuration");
pub(crate) const REPORTS: sns::Topic = sns::Topic::named("reports");

/// Job, query, notice.
pub fn plain() -> Workflow {
    Workflow::new("query-report", |w, _: Value<()>| {
        w.run("Run Glue Job", glue::StartJobRun::new("report-table"));
        fetch_and_notify(w);
    })
    .comment("prepares a table, queries it, and sends the answer")
}

/// The same, and a notice if any step fails.
pub fn with_failure_notice() -> Workflow {
    Workflow::new("query-report-with-failure-notice", |w, _: Value<()>| {
        w.run("Run Glue Job", glue::StartJobRun::new("report-table"));
        fetch_and_notify(w);
    })
    .on_error(notify)
    .comment("the report, with a notice if anything fails")
    .timeout(Duration::from_secs(3 * 60 * 60))
    .schedule(Schedule::cron("0 7 ? * MON-FRI *").timezone("Europe/Berlin"))
}

/// The same, with one of two jobs: a configuration says which.
pub fn by_configuration() -> Workflow {
    Workflow::new("query-report-by-configuration", |w, _: Value<()>| {
        let configuration = w.run("Fetch Config", FETCH_CONFIGURATION.call().retry(lambda::transient()));
        w.when("Choice Glue", configuration.job.eq(Job::Increment), |w| {
            w.run("Glue Job B", glue::StartJobRun::new("report-table-increment"));
        })
        .otherwise(|w| {
            w.run("Glue Job A", glue::StartJobRun::new("report-table-full"));
        });
        fetch_and_notify(w);
    })
    .on_error(notify)
    .comment("the report, from the job that the configuration names")
}

fn fetch_and_notify(w: &mut Scope) {
    let report = w.run("Fetch Data", FETCH_DATA.call().retry(lambda::transient()));
    w.run("SNS Notify", sns::Publish::new(REPORTS, report.table).subject("[SQL QUERY]: Here's your query result"));
}

fn notify(w: &mut Scope, error: Value<Caught>) {
    let message = text!("{}: {}", error.error, error.cause);
    w.run("Notify Error Message", sns::Publish::new(REPORTS, message).subject("[ERROR]: the report failed"));
}
