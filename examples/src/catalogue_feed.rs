//! A shop's catalogue feed on AWS Batch: collect the articles, then write the feed and resize the images at the same
//! time, each day.
//!
//! Without its images a feed is still useful, so a failed resizing is told and does not stop the rest.

use statewright::prelude::*;

const QUEUE: &str = "catalogue";
pub(crate) const ALERTS: sns::Topic = sns::Topic::named("catalogue-alerts");

/// Makes the feed of a day.
pub fn workflow() -> Workflow {
    Workflow::new("catalogue-feed", |w, _: Value<()>| {
        let date = w.set("Date", execution::start().date_in("+0100"));
        let collect = job("collect-articles", date).retry(Retry::on("Batch.BatchException").max_attempts(3));
        w.run("CollectArticles", collect.timeout(Duration::from_secs(2 * 60 * 60)));

        let (feed, images) = w
            .parallel("Generate")
            .branch(|w| w.run("GenerateFeed", job("generate-feed", date).resources("4", 8192)).job_id)
            .branch(|w| {
                w.attempt("Images", |w| w.run("ResizeImages", job("resize-images", date).array_size(20)).status)
                    .recover(|w, error| {
                        let message = text!("images of {date} are missing: {}", error.cause);
                        w.run("WarnImages", sns::Publish::new(ALERTS, message).subject("Catalogue images"));
                        w.value("SKIPPED")
                    })
            })
            .join();

        let publish = job("publish-feed", date).environment("FEED_JOB", feed).environment("IMAGES", images);
        w.run("PublishFeed", publish);
    })
    .on_error(|w, error| {
        let failed = sns::Publish::new(ALERTS, text!("{}: {}", error.error, error.cause));
        w.run("TellFailure", failed.subject("Catalogue feed FAILED"));
    })
    .comment("collects the articles, writes the feed and resizes the images")
    .timeout(Duration::from_secs(12 * 60 * 60))
    .schedule(
        Schedule::cron("30 4 * * ? *")
            .timezone("Europe/Paris")
            .flexible_window(Duration::from_secs(15 * 60))
            .retry_policy(Duration::from_secs(60 * 60), 3),
    )
}

pub(crate) fn job(name: &str, date: Value<String>) -> batch::SubmitJob {
    batch::SubmitJob::new(name, QUEUE, name).parameter("date", date)
}
