//! Statewright compiles AWS Step Functions workflows written in Rust.

// The macros name this crate as its users do.
extern crate self as statewright;

pub mod app;
pub mod asl;
pub mod bundle;
pub mod diag;
pub mod files;
mod iam;
mod ir;
mod lower;
mod name;
pub mod retry;
pub mod schedule;
pub mod scope;
pub mod service;
pub mod shape;
pub mod terraform;
pub mod value;
pub mod workflow;

pub use app::App;
pub use retry::Retry;
pub use schedule::Schedule;
pub use scope::Scope;
pub use shape::Shape;
pub use statewright_macros::{Shape, text};
pub use value::{Arg, Typed, Value};
pub use workflow::Workflow;

/// What a file that describes workflows needs.
pub mod prelude {
    pub use std::time::Duration;

    pub use crate::app::App;
    pub use crate::retry::{Retry, errors};
    pub use crate::schedule::{self, Schedule};
    pub use crate::scope::{Caught, Never, Scope};
    pub use crate::service::{Step, batch, dynamodb, ecs, glue, lambda, sns, sqs, states};
    pub use crate::shape::{Json, Shape};
    pub use crate::value::{Arg, Offset, Timestamp, Typed, Value, execution, task};
    pub use crate::workflow::{Log, Workflow};
    pub use statewright_macros::{Shape, text};
}

/// What the macros' expansions name; not for users.
#[doc(hidden)]
pub mod internal {
    pub use crate::ir::expr::Expr;

    /// The field of a shape.
    #[must_use]
    pub fn field<T: crate::Shape>(of: &Expr, name: &str) -> crate::Value<T> {
        crate::Value::of(of.field(name))
    }
}
