//! Statewright compiles AWS Step Functions workflows written in Rust.
//!
//! A workflow is a function that writes states. It runs once, on your machine, while the workflow is compiled; what it
//! writes runs in AWS. A [`Value<T>`](Value) is a handle on JSON that exists only then, and it has the fields of `T`.
//!
//! ```
//! use statewright::prelude::*;
//!
//! #[derive(Shape)]
//! struct Order { id: String, lines: Vec<Line> }
//! #[derive(Shape)]
//! struct Line { article: String, count: i64 }
//! #[derive(Shape)]
//! struct Reserved { place: String }
//!
//! const RESERVE: lambda::Function<Line, Reserved> = lambda::Function::named("reserve");
//! const SHIPPED: sns::Topic = sns::Topic::named("shipped");
//!
//! fn ship() -> Workflow {
//!     Workflow::new("ship-order", |w, order: Value<Order>| {
//!         let places = w.map("EachLine", order.lines).max_concurrency(10).each(|w, line| {
//!             w.run("Reserve", RESERVE.invoke(line).retry(lambda::transient())).place
//!         });
//!         let message = text!("order {} comes from {}", order.id, places.distinct().join(", "));
//!         w.run("Tell", sns::Publish::new(SHIPPED, message));
//!     })
//!     .on_error(|w, error| {
//!         w.run("TellFailure", sns::Publish::new(SHIPPED, text!("failed: {}", error.cause)));
//!     })
//!     .timeout(Duration::from_secs(3600))
//!     .schedule(Schedule::cron("0 6 ? * MON-FRI *").timezone("Europe/Berlin"))
//! }
//!
//! let compiled = ship().compile("shop");
//! assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
//! let definition = compiled.bundle.state_machine.definition.to_text();
//! assert!(definition.contains("\"Items\": \"{% $states.context.Execution.Input.lines %}\""));
//! ```
//!
//! # Two spellings
//!
//! The same workflow as an `async fn`: every `.await` is a state, every `?` an edge to the error handler, and the `let` name is
//! the name of the state. [`spelling`] tells all of it. Both compile to the same bytes, and each can call what is written in the
//! other.
//!
//! ```
//! # use statewright::prelude::*;
//! # #[derive(Shape)]
//! # struct Order { id: String, lines: Vec<Line> }
//! # #[derive(Shape)]
//! # struct Line { article: String, count: i64 }
//! # #[derive(Shape)]
//! # struct Reserved { place: String }
//! # const RESERVE: lambda::Function<Line, Reserved> = lambda::Function::named("reserve");
//! # const SHIPPED: sns::Topic = sns::Topic::named("shipped");
//! #[workflow(timeout = Duration::from_secs(3600))]
//! async fn ship_order(order: Order) -> Result<(), Failed> {
//!     let each_line = each(order.lines, async |line| RESERVE.invoke(line).retry(lambda::transient()).await?.place)
//!         .max_concurrency(10)
//!         .await?;
//!     let tell = sns::Publish::new(SHIPPED, text!("order {} comes from {}", order.id, each_line.distinct().join(", ")));
//!     tell.await?;
//!     Ok(())
//! }
//! # assert!(ship_order().compile("shop").diagnostics.is_empty());
//! ```
//!
//! # The pipeline
//!
//! - [`Scope`] records what the function writes: tasks of the [`service`] modules, choices, branches, maps, waits.
//! - Lowering makes a state machine of it: the model in [`asl`], which can also read definitions from elsewhere.
//! - The roles and their policies are inferred from that state machine; [`schedule`]s are checked as AWS checks them.
//! - A [`bundle::Bundle`] holds everything that the workflow needs in AWS. [`files`] and [`terraform`] write it, and the
//!   `statewright` command deploys it.
//! - An [`App`] is a program's workflows with a small command line: list, check, synth, explain, and what it hands to
//!   the `statewright` command.
//!
//! Whatever is wrong is a [`diag::Diagnostic`]: a stable code with a page of its own, the lines, and what to write
//! instead. All of them are told at once.
//!
//! # What is not supported
//!
//! Services other than those in [`service`] have no builders of their own; any member of a request
//! that has no method can be given by [`Step::argument`](service::Step::argument).

// The macros name this crate as its users do.
extern crate self as statewright;

pub mod app;
pub mod asl;
pub mod bundle;
pub mod cloudformation;
pub mod dag;
pub mod diag;
pub mod files;
pub mod guard;
mod iam;
#[doc(hidden)]
pub mod internal;
mod ir;
mod lower;
pub mod name;
mod request;
pub mod retry;
pub mod schedule;
pub mod scope;
pub mod service;
pub mod shape;
pub mod spelling;
pub mod terraform;
pub mod value;
pub mod workflow;

pub use app::App;
pub use guard::Concurrency;
pub use retry::Retry;
pub use schedule::Schedule;
pub use scope::Scope;
pub use shape::Shape;
pub use statewright_macros::{Shape, fragment, text, workflow};
pub use value::{Arg, Typed, Value};
pub use workflow::Workflow;

/// What a file that describes workflows needs.
pub mod prelude {
    pub use std::time::Duration;

    pub use crate::app::App;
    pub use crate::asl::QueryLanguage;
    pub use crate::guard::{AfterFailure, Concurrency, Dedupe, Notice, OnConflict};
    pub use crate::retry::{Retry, errors};
    pub use crate::schedule::{self, Schedule};
    pub use crate::scope::{Batches, Caught, Delimiter, Never, RawState, S3Items, Scope};
    pub use crate::service::{
        Step, activity, apigateway, athena, batch, bedrock, codebuild, databrew, dynamodb, ecs, eks, emr,
        emr_containers, emr_serverless, events, glue, http, lambda, mediaconvert, sagemaker, sdk, sns, sqs, states,
    };
    pub use crate::shape::{Json, Shape};
    pub use crate::spelling::{
        Failed, attempt, build, compute, each, fail, parallel, poll, repeat, rethrow, succeed, succeed_with, wait,
    };
    pub use crate::value::{Arg, Offset, Timestamp, Typed, Value, execution, map, task};
    pub use crate::workflow::{Log, Workflow};
    pub use statewright_macros::{Shape, fragment, text, workflow};
}
