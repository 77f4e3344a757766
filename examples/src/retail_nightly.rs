//! A retail company's nightly batch: at 2 o'clock in Tokyo, the day that ended is closed, shop by shop.
//!
//! The business date is computed in the workflow: no Lambda function only for a date. A night belongs to the day
//! before it, so five hours are taken off before the date is read in Japan's offset. Containers get computed values
//! as words of their command, not glued together by hand.

use statewright::prelude::*;

/// A shop.
#[derive(Shape)]
pub struct Shop {
    /// Such as `shibuya`.
    pub id: String,
    /// Where its till writes, as a prefix in S3.
    pub till_prefix: String,
    /// Whether it takes part in the loyalty programme.
    pub loyalty: bool,
}

/// What the schedule gives, and what a manual start may change.
#[derive(Shape)]
pub struct Night {
    /// The bucket of the data lake.
    pub bucket: String,
    /// The shops to close.
    pub shops: Vec<Shop>,
    /// Another day than the one that just ended, as `2026-03-01`: to run a night again.
    pub business_date: Option<String>,
}

const CLUSTER: &str = "retail-batch";
const SUBNETS: [&str; 2] = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const SECURITY_GROUPS: [&str; 1] = ["sg-0a1b2c3d4e5f60000"];
const ROLES: &[&str] = &["retail-batch-task", "retail-batch-task-execution"];
pub(crate) const IMPORT: ecs::TaskDefinition = ecs::TaskDefinition::family("retail-import").roles(ROLES);
pub(crate) const CLOSE: ecs::TaskDefinition = ecs::TaskDefinition::family("retail-close").roles(ROLES);
pub(crate) const PRICES: ecs::TaskDefinition = ecs::TaskDefinition::family("retail-prices").roles(ROLES);
pub(crate) const SUMMARY: ecs::TaskDefinition = ecs::TaskDefinition::family("retail-summary").roles(ROLES);
pub(crate) const OPERATIONS: sns::Topic = sns::Topic::named("retail-operations");

/// Closes the day.
pub fn workflow() -> Workflow {
    Workflow::new("retail-nightly", |w, night: Value<Night>| {
        let ended = execution::start().minus_hours(5).date_in(Offset::hours(9));
        let date = w.set("BusinessDate", night.business_date.or(ended));
        let lake = w.set("Lake", text!("s3://{}/business-date={date}", night.bucket));

        w.parallel("CloseDay")
            .branch(|w| {
                w.map("EachShop", night.shops).max_concurrency(10).each(|w, shop| close_shop(w, shop, date, lake))
            })
            .branch(|w| {
                let refresh = fargate(PRICES).container("app", |c| c.args(["refresh", "--date"]).arg(date));
                w.run("RefreshPrices", refresh.timeout(Duration::from_secs(30 * 60)));
            })
            .join();

        let summarize = fargate(SUMMARY)
            .container("app", |c| c.arg("summarize").args(["--date"]).arg(date).args(["--lake"]).arg(lake).cpu(2048));
        w.run("Summarize", summarize.timeout(Duration::from_secs(60 * 60)));
        let done = text!("{date}: {} shops are closed", night.shops.len());
        w.run("TellOperations", sns::Publish::new(OPERATIONS, done).subject("Nightly batch"));
    })
    .on_error(|w, error| {
        let message = text!("execution {} failed with {}: {}", execution::name(), error.error, error.cause);
        w.run("TellFailure", sns::Publish::new(OPERATIONS, message).subject("Nightly batch FAILED"));
    })
    .comment("closes the business day of every shop")
    .timeout(Duration::from_secs(5 * 60 * 60))
    .schedule(
        Schedule::cron("0 2 * * ? *")
            .timezone("Asia/Tokyo")
            .input(NightFields {
                bucket: "retail-lake".into(),
                shops: [shop("shibuya", true), shop("umeda", true), shop("hakata", false)].into(),
                business_date: Value::none(),
            })
            .dead_letter_queue("retail-missed-starts"),
    )
    // A night that runs late is not lost: the next one waits for it.
    .concurrency(Concurrency::exclusive().on_conflict(OnConflict::wait_up_to(Duration::from_secs(4 * 60 * 60))))
}

/// Imports what the till wrote, closes the shop, and gives its id.
fn close_shop(w: &mut Scope, shop: Value<Shop>, date: Value<String>, lake: Value<String>) -> Value<String> {
    let import = fargate(IMPORT).container("app", |c| {
        c.args(["import", "--from"])
            .arg(text!("{}/{date}", shop.till_prefix))
            .arg("--to")
            .arg(text!("{lake}/{}", shop.id))
    });
    w.run("ImportTill", import.retry(Retry::on("States.TaskFailed").interval(Duration::from_secs(60)).max_attempts(2)));
    let loyalty = shop.loyalty.if_else("full", "none");
    let close = fargate(CLOSE).container("app", |c| {
        c.args(["close", "--shop"]).arg(shop.id).arg("--date").arg(date).environment("LOYALTY", loyalty)
    });
    w.run("CloseShop", close);
    shop.id
}

/// A task on Fargate, tried again when ECS itself has trouble.
pub(crate) fn fargate(definition: ecs::TaskDefinition) -> ecs::RunTask {
    ecs::RunTask::new(CLUSTER, definition).fargate(SUBNETS, SECURITY_GROUPS).retry(
        Retry::on(["ECS.ServerException", "ECS.ThrottlingException", "ECS.AmazonECSException"])
            .interval(Duration::from_secs(15))
            .max_attempts(4)
            .full_jitter(),
    )
}

pub(crate) fn shop(id: &str, loyalty: bool) -> ShopFields {
    let till_prefix = format!("s3://retail-tills/{id}");
    ShopFields { id: id.into(), till_prefix: till_prefix.into(), loyalty: loyalty.into() }
}
