//! The second spelling: a workflow as an `async fn`.
//!
//! `#[workflow]` rewrites a function into calls of the builder, and compiles to the same bytes. It has no types of its own:
//! rustc checks the tokens that you wrote, so a typo in a field is rustc's own error at that field.
//!
//! ```
//! use statewright::prelude::*;
//!
//! #[derive(Shape)]
//! struct Night { bucket: String, shops: Vec<Shop> }
//! #[derive(Shape)]
//! struct Shop { id: String, open: bool }
//! #[derive(Shape)]
//! struct Manifest { date: String, bucket: String }
//! #[derive(Shape)]
//! struct Published { url: String }
//!
//! const EXPORT: lambda::Function<String, String> = lambda::Function::named("export-shop");
//! const RESIZE: lambda::Function<String, String> = lambda::Function::named("resize-images");
//! const PUBLISH: lambda::Function<Manifest, Published> = lambda::Function::named("publish-manifest");
//! const ALERTS: sns::Topic = sns::Topic::named("alerts");
//!
//! #[workflow(
//!     schedule = Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo"),
//!     timeout = Duration::from_secs(4 * 60 * 60),
//!     concurrency = Concurrency::exclusive().settle(Duration::ZERO),
//!     on_error = notify
//! )]
//! async fn catalogue_feed(night: Night) -> Result<Published, Failed> {
//!     let business_date = compute(execution::start().minus_hours(5).date_in("+0900")).await;
//!     let open = night.shops.filter(|shop| shop.open);
//!     #[name("GenerateAll")]
//!     let (feeds, images) = parallel((
//!         async {
//!             let feeds = each(open, async |shop| EXPORT.invoke(shop.id).retry(lambda::transient()).await?)
//!                 .max_concurrency(5)
//!                 .await?;
//!             feeds.len()
//!         },
//!         async { attempt(async { RESIZE.invoke(business_date).await? }).recover(async |_error| "SKIPPED").await },
//!     ))
//!     .await?;
//!     #[name("Anything")]
//!     if feeds == 0 && images == "SKIPPED" {
//!         return Err(fail("Feed.Empty", text!("no shop was open on {business_date}")));
//!     }
//!     /// What the shop's site reads.
//!     let publish_manifest = PUBLISH.invoke(Manifest { date: business_date, bucket: night.bucket }).await?;
//!     Ok(publish_manifest)
//! }
//!
//! #[fragment]
//! async fn notify(error: Caught) -> Result<(), Failed> {
//!     sns::Publish::new(ALERTS, text!("{}: {}", error.error, error.cause)).await?;
//!     Ok(())
//! }
//!
//! let compiled = catalogue_feed().compile("shop");
//! assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
//! let states = compiled.bundle.state_machine.definition.states;
//! let found: Vec<&str> = states.keys().map(String::as_str).filter(|name| !name.starts_with("guard/")).collect();
//! assert_eq!(found, ["GenerateAll", "Anything", "Fail", "PublishManifest", "Publish", "Workflow failed"]);
//! ```
//!
//! # How to read it
//!
//! - **Every `.await` is a state**, or nothing for what is computed only.
//! - **Every `?` is an edge to the error handler**: the `attempt` around it, or `on_error`. What can fail needs it and what
//!   can't has none, so a function without a `?` can't fail; both are errors of the compiler otherwise.
//! - **The `let` name is the state's name**: `export_all` makes `ExportAll`. `#[name("…")]` above the line says another one. A
//!   line without a `let` has the name of its step, `Publish` for `sns::Publish::new(…)` and `Reserve` for `RESERVE.invoke(…)`;
//!   where two would be the same, or the step is made by a function, the compiler asks for a name.
//! - A doc comment above a line is the `Comment` of its state.
//!
//! | you write | it becomes |
//! |---|---|
//! | `async fn f(input: T) -> Result<U, Failed>` | `fn f() -> Workflow`, named `f` in kebab case; `input` is a `Value<T>` |
//! | `let name = step.await?;` | a Task: [`Scope::run`](crate::Scope::run) |
//! | `let name = compute(value).await;` | a variable with that name: [`compute`] |
//! | `let name = value;` | nothing: the expression, wherever `name` is read |
//! | `let name: T = value;` | the same, as a `Value<T>`; a literal becomes one |
//! | `let Order { id, lines, .. } = order;` | a variable of Rust for each field |
//! | `if … { } else if let Some(x) = … { } else { }` | a Choice: [`Scope::when`](crate::Scope::when); with a `let`, its arms give the value |
//! | `match value { Plan::Free => …, 1 \| 2 => …, x if x > 9 => …, _ => … }` | a Choice; rustc says which case has no arm |
//! | `Payment::Card { number } => …` | the same for an enum with data: an arm gets what is in its variant |
//! | `for x in list { … }` | a Map, one item after the other |
//! | [`each`]`(list, async \|x\| { … })` | a Map, its items at the same time |
//! | [`parallel`]`((async { … }, async { … }))` | a Parallel |
//! | [`attempt`]`(async { … }).recover(async \|error\| { … })` | a Catch on each state that can fail |
//! | [`poll`], [`repeat`] | loops with a bound |
//! | [`wait`]`(…)` | a Wait |
//! | `return Ok(value);` | a Succeed |
//! | `return Err(`[`fail`]`("Error", cause));` | a Fail |
//! | `a == b`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `\|\|` | the comparison of the values; a literal may stand on either side |
//! | `Manifest { date, bucket }`, `Payment::Card { number }` | the request: the mirror struct, with a value or a literal for each field |
//! | `text!("… {x} …")` | text with values in it; the only macro |
//! | `stage(x).await?` | the states of a `#[fragment] async fn`, see [`Fragment`] |
//! | [`build`]`(\|w\| …).await?` | what the builder says in the closure |
//!
//! All else in an expression is plain Rust: calls, methods, fields, and the closures that a method takes. What Rust knows while
//! the workflow is compiled, such as a `for` over an array that writes a state for each item, belongs into a function outside
//! that [`build`] calls; so does what only the builder has, `w.guarded` or `w.distributed` say, and its closures write
//! fragments: `build(|w| w.guarded("lock", limit, |w| load(date).write(w))).await?`.
//!
//! The last arm of a `match` without a guard takes what is left, which at run time can also be a text that is none of the enum's
//! variants. Where that matters, add `_ => return Err(fail(…))`.
//!
//! # The attribute
//!
//! `#[workflow(name = "…", method = argument, …)]` calls methods of [`Workflow`](crate::Workflow), in order: `schedule =
//! Schedule::rate("1 hour")`, `tracing`, `tag = ("team", "sales")`. `on_error` takes `async |error| { … }`, a `#[fragment]` with
//! one parameter of the type [`Caught`](crate::scope::Caught), or a function of the builder.
//!
//! # What is refused
//!
//! What can't be a state is refused at its own token, with the reason and what to write instead, and all of it at once:
//! `println!` and other macros, `loop` and `while`, assignments and `let mut`, `break` and `continue`, references, `as`, ranges,
//! `unsafe`, items, and an `.await` in the middle of an expression.
//!
//! ```compile_fail
//! use statewright::prelude::*;
//!
//! #[workflow]
//! async fn shout(name: String) -> Result<(), Failed> {
//!     println!("{name:?}"); // would run on your machine while the workflow is compiled, not in AWS
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! A `return` that would end something else than it says is refused too: in a `for` (it would end the item), in a fragment and
//! in an attempt (the whole workflow). So is a `fail` in an attempt, since nothing recovers from a Fail state.
//!
//! # In an editor
//!
//! rust-analyzer expands the macro and completes in the body: fields of the input and of results, methods, modules, the fields of
//! a request. The expansion keeps your tokens, and what the macro refuses elsewhere in the function does not stand in the way. rustfmt
//! formats the body as it formats any function.

mod again;
mod attempt;
mod awaitable;
mod each;
#[doc(hidden)]
pub mod expansion;
mod fragment;
mod operator;
mod parallel;
mod single;

pub use again::{Poll, Repeat, poll, repeat};
pub use attempt::{Attempt, Handler, Handlers, Recovered, attempt};
pub use awaitable::{Awaitable, CannotFail, Ended, Failure, MayFail, Nameless};
pub use each::{Each, each};
pub use fragment::Fragment;
pub use operator::{Equal, Order};
pub use parallel::{Branches, Parallel, parallel};
pub use single::{
    Build, Compute, Fail, Failed, Succeed, Wait, build, compute, fail, rethrow, succeed, succeed_with, wait,
};
