//! Real workflows, one file each, in one app.
//!
//! `cargo run` lists them; `cargo run simulate` runs them here; `cargo run synth` writes what they compile to; the files under `snapshots/` show it.

use statewright::App;

pub mod async_fn;
pub mod catalogue_feed;
pub mod query_report;
pub mod rehearsal;
pub mod retail_nightly;
pub mod sales_etl;

/// The app with all of them.
pub fn app() -> App {
    App::new("examples")
        .workflow(catalogue_feed::workflow())
        .workflow(query_report::plain())
        .workflow(query_report::with_failure_notice())
        .workflow(query_report::by_configuration())
        .workflow(retail_nightly::workflow())
        .workflow(sales_etl::workflow())
        .workflow(sales_etl::quality_check())
        .command(rehearsal::command())
}

/// The README's own examples run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
