//! The same workflows in the second spelling: `#[workflow] async fn`.
//!
//! What they compile to is the same, byte for byte (`tests/spellings.rs`). Types, functions and helpers are those of the first
//! spelling.

pub mod catalogue_feed;
pub mod query_report;
pub mod retail_nightly;
pub mod sales_etl;
