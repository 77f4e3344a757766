//! Runs workflows here.

pub mod context;
pub mod coverage;
pub mod dynamodb;
pub mod execution;
pub mod fault;
mod flow;
pub mod history;
pub mod intrinsic;
pub mod jsonata;
pub mod jsonpath;
pub mod program;
pub mod reference;
mod runtime;
pub mod scope;
pub mod task;
pub mod template;
pub mod world;
