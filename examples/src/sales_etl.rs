//! Sales, from three sources into the warehouse: the graph that people draw in Airflow or Argo.
//!
//! ```text
//!  extract orders ───┐
//!  extract customers ┼─▶ transform ─▶ (few rows? ask a person) ─▶ load ─▶ check quality ─▶ note the run, tell others
//!  extract rates ────┘
//! ```
//!
//! Where Airflow passes results by XCom, a value is simply used. The quality check is a workflow of its own, which
//! others can start too.

use statewright::prelude::*;

/// What an extraction asks for.
#[derive(Shape)]
pub struct Extract {
    /// The source's name.
    pub source: String,
    /// The first moment that counts, exclusive.
    pub since: String,
    /// The last moment that counts, inclusive.
    pub until: String,
}

/// What an extraction gives.
#[derive(Shape)]
pub struct Extracted {
    /// Where the rows are.
    pub uri: String,
    /// How many there are.
    pub rows: i64,
}

/// What the quality check looks at.
#[derive(Shape)]
pub struct Batch {
    /// The table.
    pub table: String,
    /// The run that loaded it.
    pub run: String,
}

/// What the quality check finds.
#[derive(Shape)]
pub struct Quality {
    /// How many rows broke a rule.
    pub broken_rows: i64,
}

/// What a person is asked when there are suspiciously few rows.
#[derive(Shape)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The token with which the answer is sent.
    pub token: String,
}

/// What the person answers.
#[derive(Shape)]
pub struct Answer {
    /// Whether the rows are to be loaded.
    pub load: bool,
}

pub(crate) const EXTRACT: lambda::Function<Extract, Extracted> =
    lambda::Function::named("sales-extract").qualifier("live");
pub(crate) const COUNT_BROKEN: lambda::Function<Batch, Quality> = lambda::Function::named("sales-count-broken");
pub(crate) const RUNS: dynamodb::Table = dynamodb::Table::named("sales-etl-runs");
pub(crate) const APPROVALS: sqs::Queue = sqs::Queue::named("sales-approvals");
pub(crate) const LOADED: sqs::Queue = sqs::Queue::named("sales-loaded");
pub(crate) const CHECK: states::StateMachine<Batch, Quality> = states::StateMachine::named("sales-quality-check");
pub(crate) const TABLE: &str = "warehouse.sales";
pub(crate) const FEW_ROWS: i64 = 1_000;

/// Loads what was sold since the last run.
pub fn workflow() -> Workflow {
    Workflow::new("sales-etl", |w, _: Value<()>| {
        let until = w.set("Until", execution::start().format("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z"));
        let key = dynamodb::attributes().text("pipeline", "sales");
        let last = w.run("ReadLastRun", RUNS.get(key.clone()).consistent());
        let since = w.when_some("AnyRunBefore", last.item, |_, run| run.text("until").or("1970-01-01T00:00:00.000Z"));
        let since = since.otherwise(|w| w.value("1970-01-01T00:00:00.000Z"));

        let sources = ["orders", "customers", "rates"];
        let extracted = w.parallel_each("Extract", sources, |w, source| {
            let request = ExtractFields { source: source.into(), since, until };
            w.run(format!("Extract {source}"), EXTRACT.invoke(request).retry(lambda::transient()))
        });

        let mut transform = glue::StartJobRun::new("sales-transform").workers("G.1X", 5);
        for (source, found) in sources.into_iter().zip(&extracted) {
            transform = transform.argument_value(&format!("--{source}"), found.uri);
        }
        w.run("Transform", transform.timeout(Duration::from_secs(3 * 60 * 60)));

        let orders = extracted[0].rows;
        w.when("FewRows", orders.lt(FEW_ROWS), |w| ask(w, orders));
        w.run("Load", glue::StartJobRun::new("sales-load").argument_value("--table", TABLE));
        let check = CHECK.start(BatchFields { table: TABLE.into(), run: execution::name() });
        let quality = w.run("CheckQuality", check).output;

        let seen = dynamodb::attributes().text(":until", until).number(":broken", quality.broken_rows);
        w.run(
            "NoteRun",
            RUNS.update(key, "SET #until = :until, broken_rows = :broken").name("#until", "until").values(seen),
        );
        w.run("TellOthers", sqs::SendMessage::new(LOADED, text!("{TABLE} is loaded until {until}")));
        quality
    })
    .comment("extracts, transforms and loads what was sold since the last run")
    .timeout(Duration::from_secs(36 * 60 * 60))
    .schedule(Schedule::rate("4 hours"))
    // Somebody may take a day to answer: one run waits meanwhile, and those behind it are skipped. What outlives a run only
    // reads.
    .concurrency(Concurrency::exclusive().on_conflict(OnConflict::BufferOne).settle(Duration::ZERO))
}

/// Counts the rows that break a rule, and fails if there are too many.
pub fn quality_check() -> Workflow {
    Workflow::new("sales-quality-check", |w, batch: Value<Batch>| {
        let quality = w.run("CountBroken", COUNT_BROKEN.invoke(batch).retry(lambda::transient()));
        w.when("TooMany", quality.broken_rows.gt(100), |w| {
            w.fail("Refuse", "Sales.Quality", text!("{} rows of {} are broken", quality.broken_rows, batch.table))
        });
        quality
    })
    .comment("counts the rows of a table that break a rule")
}

fn ask(w: &mut Scope, rows: Value<i64>) {
    let question = QuestionFields { text: text!("only {rows} orders: load them?"), token: task::token() };
    let answer = w.run(
        "AskAPerson",
        sqs::SendMessage::new(APPROVALS, question)
            .wait_for_task_token::<Answer>()
            .timeout(Duration::from_secs(24 * 60 * 60)),
    );
    w.when("Refused", !answer.load, |w| w.fail("Stop", "Sales.Refused", text!("a person refused {rows} orders")));
}
