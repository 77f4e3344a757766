//! A model checker for the concurrency guard: every order in which executions, redrives and faults can follow each other.
//!
//! What is checked is the machine as it is woven. Each of its states runs with the step function of simulations, its
//! writes change the tables of simulations, and the answers are remembered: the rest is a search through states of the
//! model. A state of the model is where each execution is, with which variables, what the table holds, which writes are
//! on their way, and how much may still go wrong.
//!
//! - A write may be applied and its answer lost, or its condition denied; or it is applied at any time later, even when
//!   everybody has gone, while the sender believes that it failed.
//! - `DescribeExecution` and `ListExecutions` answer whatever was true once, also the older after the younger.
//! - Executions fail anywhere, and are redriven. Those that ended long ago can't be redriven any more, or are forgotten.
//!
//! Assumed is that an execution whose start is more than an hour ago is visible, and that what
//! the command's redrive did is visible ten minutes later. The body of the workflow is one state.

mod answer;
mod bench;
mod clock;
mod command;
mod execution;
mod machine;
mod probe;
mod scenario;
mod search;
mod seen;
mod step;
mod table;
mod text;
mod trace;
mod world;

use std::collections::HashMap;

pub use scenario::{Edit, Redrive, Scenario};
pub use search::{Broken, Verdict};
pub use world::Left;

use bench::Bench;
use table::Table;
use text::{Text, Texts};
use world::World;

/// A scenario, and all that was learnt about it.
struct Model {
    scenario: Scenario,
    texts: Texts,
    bench: Bench,
    table: Table,
    /// Requests with their actions, by those without.
    behind: HashMap<Text, Text>,
    /// Whether executions get in where nobody is.
    open: HashMap<World, bool>,
}

impl Model {
    fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            texts: Texts::new(),
            bench: Bench::default(),
            table: Table::default(),
            behind: HashMap::new(),
            open: HashMap::new(),
        }
    }
}
