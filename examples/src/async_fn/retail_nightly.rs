//! [`retail_nightly`](crate::retail_nightly) in the second spelling.

use statewright::prelude::*;

use crate::retail_nightly::{CLOSE, IMPORT, Night, NightFields, OPERATIONS, PRICES, SUMMARY, Shop, fargate, shop};

/// Closes the day.
#[workflow(
    on_error = async |error| {
        let message = text!("execution {} failed with {}: {}", execution::name(), error.error, error.cause);
        #[name("TellFailure")]
        sns::Publish::new(OPERATIONS, message).subject("Nightly batch FAILED").await?;
    },
    comment = "closes the business day of every shop",
    timeout = Duration::from_secs(5 * 60 * 60),
    schedule = Schedule::cron("0 2 * * ? *")
        .timezone("Asia/Tokyo")
        .input(NightFields {
            bucket: "retail-lake".into(),
            shops: [shop("shibuya", true), shop("umeda", true), shop("hakata", false)].into(),
            business_date: Value::none(),
        })
        .dead_letter_queue("retail-missed-starts"),
    // A night that runs late is not lost: the next one waits for it.
    concurrency = Concurrency::exclusive().on_conflict(OnConflict::wait_up_to(Duration::from_secs(4 * 60 * 60)))
)]
pub async fn retail_nightly(night: Night) -> Result<(), Failed> {
    let ended = execution::start().minus_hours(5).date_in(Offset::hours(9));
    #[name("BusinessDate")]
    let date = compute(night.business_date.or(ended)).await;
    let lake = compute(text!("s3://{}/business-date={date}", night.bucket)).await;

    #[name("CloseDay")]
    parallel((
        async { each(night.shops, async |shop| close_shop(shop, date, lake).await?).max_concurrency(10).await? },
        async {
            let refresh_prices = fargate(PRICES).container("app", |c| c.args(["refresh", "--date"]).arg(date));
            refresh_prices.timeout(Duration::from_secs(30 * 60)).await?;
        },
    ))
    .await?;

    let summarize = fargate(SUMMARY)
        .container("app", |c| c.arg("summarize").args(["--date"]).arg(date).args(["--lake"]).arg(lake).cpu(2048));
    summarize.timeout(Duration::from_secs(60 * 60)).await?;
    let done = text!("{date}: {} shops are closed", night.shops.len());
    #[name("TellOperations")]
    sns::Publish::new(OPERATIONS, done).subject("Nightly batch").await?;
    Ok(())
}

/// Imports what the till wrote, closes the shop, and gives its id.
#[fragment]
async fn close_shop(shop: Shop, date: String, lake: String) -> Result<String, Failed> {
    let import_till = fargate(IMPORT).container("app", |c| {
        c.args(["import", "--from"])
            .arg(text!("{}/{date}", shop.till_prefix))
            .arg("--to")
            .arg(text!("{lake}/{}", shop.id))
    });
    let again = Retry::on("States.TaskFailed").interval(Duration::from_secs(60)).max_attempts(2);
    import_till.retry(again).await?;
    let loyalty = shop.loyalty.if_else("full", "none");
    let close_shop = fargate(CLOSE).container("app", |c| {
        c.args(["close", "--shop"]).arg(shop.id).arg("--date").arg(date).environment("LOYALTY", loyalty)
    });
    close_shop.await?;
    Ok(shop.id)
}
