//! Runs workflows here.
//!
//! So far it evaluates their expressions: [`jsonata`] is JSONata 2.0.6 in the dialect of Step Functions, [`jsonpath`] is
//! JSONPath as the library understands it that Step Functions runs, [`intrinsic`] has the functions that go with it, and
//! [`payload`] the templates in which both stand.

pub mod intrinsic;
pub mod jsonata;
pub mod jsonpath;
pub mod payload;
