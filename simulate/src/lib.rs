//! Runs workflows here.
//!
//! So far it evaluates their expressions: [`jsonata`] is JSONata 2.0.6 in the dialect of Step Functions.

pub mod jsonata;
