//! Runs workflows here.

mod command;
pub mod context;
pub mod coverage;
pub mod dynamodb;
pub mod execution;
pub mod fault;
mod flow;
pub mod history;
pub mod intrinsic;
pub mod items;
pub mod jsonata;
pub mod jsonpath;
pub mod mock;
pub mod program;
pub mod reference;
mod refusal;
mod run;
mod runtime;
pub mod s3;
pub mod scope;
pub mod service;
mod simulation;
pub mod task;
pub mod template;
pub mod test_state;
pub mod world;

pub use command::Command;
pub use flow::MOST_BYTES;
pub use refusal::Refusal;
pub use run::Run;
pub use simulation::{Simulation, inputs, simulate};
pub use world::Trouble;
