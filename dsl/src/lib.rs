//! Statewright compiles AWS Step Functions workflows written in Rust.

pub mod asl;
pub mod bundle;
pub mod diag;
