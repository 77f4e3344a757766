//! [`catalogue_feed`](crate::catalogue_feed) in the second spelling.

use statewright::prelude::*;

use crate::catalogue_feed::{ALERTS, job};

/// Makes the feed of a day.
#[workflow(
    on_error = async |error| {
        let failed = sns::Publish::new(ALERTS, text!("{}: {}", error.error, error.cause));
        #[name("TellFailure")]
        failed.subject("Catalogue feed FAILED").await?;
    },
    comment = "collects the articles, writes the feed and resizes the images",
    timeout = Duration::from_secs(12 * 60 * 60),
    schedule = Schedule::cron("30 4 * * ? *")
        .timezone("Europe/Paris")
        .flexible_window(Duration::from_secs(15 * 60))
        .retry_policy(Duration::from_secs(60 * 60), 3)
)]
pub async fn catalogue_feed() -> Result<(), Failed> {
    let date = compute(execution::start().date_in("+0100")).await;
    let collect_articles = job("collect-articles", date).retry(Retry::on("Batch.BatchException").max_attempts(3));
    collect_articles.timeout(Duration::from_secs(2 * 60 * 60)).await?;

    #[name("Generate")]
    let (feed, images) = parallel((
        async {
            let generate_feed = job("generate-feed", date).resources("4", 8192).await?;
            generate_feed.job_id
        },
        async {
            #[name("Images")]
            attempt(async {
                let resize_images = job("resize-images", date).array_size(20).await?;
                resize_images.status
            })
            .recover(async |error| {
                let message = text!("images of {date} are missing: {}", error.cause);
                #[name("WarnImages")]
                sns::Publish::new(ALERTS, message).subject("Catalogue images").await?;
                "SKIPPED"
            })
            .await?
        },
    ))
    .await?;

    let publish_feed = job("publish-feed", date).environment("FEED_JOB", feed).environment("IMAGES", images);
    publish_feed.await?;
    Ok(())
}
