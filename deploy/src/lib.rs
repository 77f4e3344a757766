//! The `statewright` command: brings what a manifest says to AWS, and operates it there.
//!
//! ```text
//! manifest ─▶ resource: what is wanted ─┐
//!                                       ├─▶ plan ─▶ apply: AWS, through the AWS SDK
//! AWS ──────▶ resource: what there is ──┘
//! ```
//!
//! A [`plan`] is a pure function of the two; [`apply`] carries it out and nothing else, may be interrupted at any
//! call, and finishes the work when it is run again. [`guard`], [`redrive`], [`backfill`] and [`pause`] operate what is
//! deployed. Only [`aws`] names the SDK. [`serve`] answers in place of AWS.

pub mod apply;
pub mod aws;
pub mod backfill;
pub mod cli;
pub mod confirm;
pub mod error;
pub mod follow;
pub mod guard;
pub mod manifest;
pub mod pause;
pub mod plan;
pub mod redrive;
pub mod report;
pub mod resource;
pub mod serve;
