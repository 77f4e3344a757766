//! [`sales_etl`](crate::sales_etl) in the second spelling. The sources are known now, so the states for each of them are
//! written by a function of the builder.

use statewright::prelude::*;

use crate::sales_etl::{
    APPROVALS, Answer, Batch, CHECK, COUNT_BROKEN, EXTRACT, ExtractFields, Extracted, FEW_ROWS, LOADED, Quality,
    Question, RUNS, TABLE,
};

const SOURCES: [&str; 3] = ["orders", "customers", "rates"];

/// Loads what was sold since the last run.
#[workflow(
    comment = "extracts, transforms and loads what was sold since the last run",
    timeout = Duration::from_secs(36 * 60 * 60),
    schedule = Schedule::rate("4 hours"),
    concurrency = Concurrency::exclusive().on_conflict(OnConflict::BufferOne).settle(Duration::ZERO)
)]
pub async fn sales_etl() -> Result<Quality, Failed> {
    let until = compute(execution::start().format("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z")).await;
    let key = dynamodb::attributes().text("pipeline", "sales");
    let read_last_run = RUNS.get(key.clone()).consistent().await?;
    #[name("AnyRunBefore")]
    let since = if let Some(run) = read_last_run.item {
        run.text("until").or("1970-01-01T00:00:00.000Z")
    } else {
        "1970-01-01T00:00:00.000Z"
    };

    let extracted = build(|w| extract(w, since, until)).await?;
    let orders = extracted[0].rows;
    let transform = transform(extracted);
    transform.timeout(Duration::from_secs(3 * 60 * 60)).await?;

    #[name("FewRows")]
    if orders < FEW_ROWS {
        ask(orders).await?;
    }
    let load = glue::StartJobRun::new("sales-load").argument_value("--table", TABLE);
    load.await?;
    let check_quality = CHECK.start(Batch { table: TABLE, run: execution::name() }).await?;
    let quality = check_quality.output;

    let seen = dynamodb::attributes().text(":until", until).number(":broken", quality.broken_rows);
    let note_run = RUNS.update(key, "SET #until = :until, broken_rows = :broken").name("#until", "until");
    note_run.values(seen).await?;
    let tell_others = sqs::SendMessage::new(LOADED, text!("{TABLE} is loaded until {until}"));
    tell_others.await?;
    Ok(quality)
}

/// Counts the rows that break a rule, and fails if there are too many.
#[workflow(name = "sales-quality-check", comment = "counts the rows of a table that break a rule")]
pub async fn quality_check(batch: Batch) -> Result<Quality, Failed> {
    #[name("CountBroken")]
    let quality = COUNT_BROKEN.invoke(batch).retry(lambda::transient()).await?;
    #[name("TooMany")]
    if quality.broken_rows > 100 {
        #[name("Refuse")]
        return Err(fail("Sales.Quality", text!("{} rows of {} are broken", quality.broken_rows, batch.table)));
    }
    Ok(quality)
}

#[fragment]
async fn ask(rows: i64) -> Result<(), Failed> {
    let question = Question { text: text!("only {rows} orders: load them?"), token: task::token() };
    let ask_a_person = sqs::SendMessage::new(APPROVALS, question)
        .wait_for_task_token::<Answer>()
        .timeout(Duration::from_secs(24 * 60 * 60))
        .await?;
    #[name("Refused")]
    if !ask_a_person.load {
        #[name("Stop")]
        return Err(fail("Sales.Refused", text!("a person refused {rows} orders")));
    }
    Ok(())
}

/// A branch for each source.
fn extract(w: &mut Scope, since: Value<String>, until: Value<String>) -> Vec<Value<Extracted>> {
    w.parallel_each("Extract", SOURCES, |w, source| {
        let request = ExtractFields { source: source.into(), since, until };
        w.run(format!("Extract {source}"), EXTRACT.invoke(request).retry(lambda::transient()))
    })
}

fn transform(extracted: Vec<Value<Extracted>>) -> glue::StartJobRun {
    let job = glue::StartJobRun::new("sales-transform").workers("G.1X", 5);
    SOURCES
        .into_iter()
        .zip(extracted)
        .fold(job, |job, (source, found)| job.argument_value(&format!("--{source}"), found.uri))
}
