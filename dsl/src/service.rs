//! What a Task is: a [`Step`] calls an API of AWS in one of the patterns of Step Functions.
//!
//! Each service has a file. What an API requires are arguments of `new`, the rest are methods; what has no method
//! can be given by [`Step::argument`]. A step is described fully before it is run, and does nothing until
//! [`Scope::run`](crate::Scope::run) runs it.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html>

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::bundle::{ACCOUNT_ID, PARTITION, REGION};
use crate::ir::expr::Expr;
use crate::retry::{ErrorNames, Retry};
use crate::scope::{Caught, Never, Scope};
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};

pub mod activity;
pub mod apigateway;
pub mod athena;
pub mod batch;
pub mod bedrock;
pub mod codebuild;
pub mod databrew;
pub mod dynamodb;
pub mod ecs;
pub mod eks;
pub mod emr;
pub mod emr_containers;
pub mod emr_serverless;
pub mod events;
pub mod glue;
pub mod http;
pub mod lambda;
pub mod mediaconvert;
pub mod sagemaker;
pub mod sdk;
pub mod sns;
pub mod sqs;
pub mod states;
mod task;
#[cfg(test)]
pub(crate) mod testing;

pub use task::Task;

/// The pattern that calls the API and goes on at once.
#[derive(Debug)]
pub struct RequestResponse;

/// The pattern that waits until the job is done: `.sync`. Stopping the execution stops the job.
#[derive(Debug)]
pub struct RunJob;

/// The pattern that waits until somebody reports the end with the task's token; the result has the shape `T`.
#[derive(Debug)]
pub struct Callback<T>(PhantomData<T>);

/// A pattern as the suffix of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    None,
    Sync,
    Sync2,
    WaitForTaskToken,
}

impl Suffix {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

/// What the policy of the execution role can't learn from the definition, said where the step is described.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// ARNs that a computed argument can name.
    pub resources: Vec<String>,
    /// Why any resource is right.
    pub any_because: Option<String>,
    /// The actions that a call needs of which nothing is known here.
    pub actions: Vec<String>,
    /// The roles that the service passes on to what it starts; `None` if nothing was said.
    pub passed_roles: Option<Vec<String>>,
    /// What a query of Athena uses; `None` if nothing was said.
    pub query: Option<athena::Data>,
}

type CatchBody = Box<dyn FnOnce(&mut Scope, Value<Caught>) -> Never>;

/// A handler of one step's errors.
pub(crate) struct Catch {
    pub errors: Vec<String>,
    pub body: CatchBody,
}

impl fmt::Debug for Catch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catch").field("errors", &self.errors).finish_non_exhaustive()
    }
}

/// Seconds: a [`Duration`] of whole seconds, or a value.
pub trait Seconds {
    #[doc(hidden)]
    fn into_seconds(self) -> Expr;
}

impl Seconds for Duration {
    fn into_seconds(self) -> Expr {
        // A fraction stays one, and is reported where the step is run.
        if self.subsec_nanos() == 0 { Expr::literal(self.as_secs()) } else { Expr::literal(self.as_secs_f64()) }
    }
}

impl Seconds for Value<i64> {
    fn into_seconds(self) -> Expr {
        self.expr()
    }
}

/// A call of AWS that a workflow can make.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step",
    label = "expected a step",
    note = "steps come from the service modules: `lambda::Function::invoke`, `ecs::RunTask::new`, `sns::Publish::new`, …"
)]
pub trait Step: Sized {
    /// The shape of what the state gives.
    type Output: Shape;

    #[doc(hidden)]
    fn task_mut(&mut self) -> &mut Task;

    #[doc(hidden)]
    fn into_task(self) -> Task;

    /// Tries again on some errors; several retries are looked at in order.
    #[must_use]
    fn retry(mut self, retry: Retry) -> Self {
        self.task_mut().retry.push(retry);
        self
    }

    /// Handles some errors of this step, and ends the workflow (or branch) there. To go on with something else
    /// instead, wrap the step in [`Scope::attempt`].
    #[must_use]
    fn catch(
        mut self,
        errors: impl ErrorNames,
        body: impl FnOnce(&mut Scope, Value<Caught>) -> Never + 'static,
    ) -> Self {
        self.task_mut().catch.push(Catch { errors: errors.names(), body: Box::new(body) });
        self
    }

    /// The longest time that it may take, in whole seconds; then it fails with `States.Timeout`.
    #[must_use]
    fn timeout(mut self, limit: impl Seconds) -> Self {
        self.task_mut().timeout = Some(limit.into_seconds());
        self
    }

    /// The longest time between two heartbeats of a worker that was given the task's token, in whole seconds and
    /// shorter than the timeout.
    #[must_use]
    fn heartbeat(mut self, limit: impl Seconds) -> Self {
        self.task_mut().heartbeat = Some(limit.into_seconds());
        self
    }

    /// Makes the call with the rights of another role, which may be in another account.
    #[must_use]
    fn credentials(mut self, role_arn: impl Arg<String>) -> Self {
        self.task_mut().role = Some(role_arn.into_value().expr());
        self
    }

    /// The state's `Comment`.
    #[must_use]
    fn comment(mut self, text: impl Into<String>) -> Self {
        self.task_mut().comment = Some(text.into());
        self
    }

    /// A member of the API's request that has no method of its own, by its name in the API (`PascalCase`).
    #[must_use]
    fn argument(mut self, name: &str, value: impl Typed) -> Self {
        self.task_mut().set(name, value.typed().expr());
        self
    }

    /// The resources that computed arguments can name, as ARNs with `*` where needed: the execution role is allowed
    /// these.
    #[must_use]
    fn allow<S: Into<String>>(mut self, arns: impl IntoIterator<Item = S>) -> Self {
        self.task_mut().access.resources.extend(arns.into_iter().map(Into::into));
        self
    }

    /// Allows the execution role every resource of the kind, with the reason why nothing narrower will do.
    #[must_use]
    fn allow_any(mut self, reason: impl Into<String>) -> Self {
        self.task_mut().access.any_because = Some(reason.into());
        self
    }
}

/// The ARN of something in the account and region of the workflow; one that is an ARN already stays as it is.
pub(crate) fn arn(service: &str, resource_prefix: &str, name_or_arn: &str) -> String {
    if name_or_arn.starts_with("arn:") {
        name_or_arn.to_owned()
    } else {
        format!("arn:{PARTITION}:{service}:{REGION}:{ACCOUNT_ID}:{resource_prefix}{name_or_arn}")
    }
}

/// The ARN of a role of the account, by its name with its path if it has one; one that is an ARN already stays as it is.
pub(crate) fn role_arn(name: &str) -> String {
    if name.starts_with("arn:") { name.to_owned() } else { format!("arn:{PARTITION}:iam::{ACCOUNT_ID}:role/{name}") }
}

/// Writes an enum of what an API takes as texts.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            fn expr(self) -> crate::ir::expr::Expr {
                let text = match self {
                    $(Self::$variant => $text,)+
                };
                crate::ir::expr::Expr::literal(text)
            }
        }
    };
}
pub(crate) use choice;

/// Writes the shape of what a service answers, with its mirror struct.
macro_rules! response {
    (
        $(#[$doc:meta])*
        $name:ident => $fields:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $json:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Serialize)]
        pub struct $name {
            $($(#[$field_doc])* #[serde(rename = $json)] pub $field: $type,)+
        }

        #[doc = concat!("The fields of [`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub struct $fields {
            $($(#[$field_doc])* pub $field: crate::Value<$type>,)+
        }

        impl crate::Shape for $name {
            type Fields = $fields;

            fn fields(of: &crate::ir::expr::Expr) -> $fields {
                $fields { $($field: crate::Value::of(of.field($json)),)+ }
            }
        }
    };
}
pub(crate) use response;

/// Writes what every step has: the struct, and for each of its patterns [`Step`] and the method that chooses it.
macro_rules! step {
    (
        $(#[$doc:meta])*
        $name:ident $(<$t:ident>)? = $api:literal, $default:ident { $($patterns:tt)+ }
    ) => {
        $(#[$doc])*
        #[must_use = "a step does nothing until the workflow runs it: `w.run(\"Name\", step)`"]
        #[derive(Debug)]
        pub struct $name<$($t,)? P = crate::service::$default> {
            task: crate::service::Task,
            pattern: std::marker::PhantomData<($($t,)? P,)>,
        }

        impl<$($t,)? P> $name<$($t,)? P> {
            fn turn<Q>(mut self, suffix: crate::service::Suffix) -> $name<$($t,)? Q> {
                self.task.suffix = suffix;
                $name { task: self.task, pattern: std::marker::PhantomData }
            }
        }

        crate::service::step!(@pattern $name [$($t)?] $($patterns)+);
    };
    (@pattern $name:ident $t:tt) => {};
    (@pattern $name:ident $t:tt RequestResponse -> $output:ty; $($rest:tt)*) => {
        crate::service::step!(@RequestResponse $name $t $output);
        crate::service::step!(@pattern $name $t $($rest)*);
    };
    (@pattern $name:ident $t:tt RunJob($suffix:ident) -> $output:ty; $($rest:tt)*) => {
        crate::service::step!(@RunJob $name $t $suffix $output);
        crate::service::step!(@pattern $name $t $($rest)*);
    };
    (@pattern $name:ident $t:tt Callback; $($rest:tt)*) => {
        crate::service::step!(@Callback $name $t);
        crate::service::step!(@pattern $name $t $($rest)*);
    };
    (@RequestResponse $name:ident [$($t:ident)?] $output:ty) => {
        impl<$($t: crate::Shape,)? P> $name<$($t,)? P> {
            /// Calls the API and goes on at once.
            pub fn request_response(self) -> $name<$($t,)? crate::service::RequestResponse> {
                self.turn(crate::service::Suffix::None)
            }
        }

        crate::service::step!(@impl $name [$($t)?] [] crate::service::RequestResponse, $output);
    };
    (@RunJob $name:ident [$($t:ident)?] $suffix:ident $output:ty) => {
        impl<$($t: crate::Shape,)? P> $name<$($t,)? P> {
            /// Waits until what was started has ended; it fails if that fails, and stopping the execution stops it.
            pub fn run_job(self) -> $name<$($t,)? crate::service::RunJob> {
                self.turn(crate::service::Suffix::$suffix)
            }
        }

        crate::service::step!(@impl $name [$($t)?] [] crate::service::RunJob, $output);
    };
    (@Callback $name:ident [$($t:ident)?]) => {
        impl<$($t: crate::Shape,)? P> $name<$($t,)? P> {
            /// Waits until somebody calls `SendTaskSuccess` with the [`task::token()`](crate::value::task::token) that
            /// the arguments pass on; the output of that call is the step's, of the shape `R`.
            pub fn wait_for_task_token<R: crate::Shape>(mut self) -> $name<$($t,)? crate::service::Callback<R>> {
                self.task.envelope = &[];
                self.turn(crate::service::Suffix::WaitForTaskToken)
            }
        }

        crate::service::step!(@impl $name [$($t)?] [R] crate::service::Callback<R>, R);
    };
    (@impl $name:ident [$($t:ident)?] [$($r:ident)?] $pattern:ty, $output:ty) => {
        impl<$($t: crate::Shape,)? $($r: crate::Shape)?> crate::service::Step for $name<$($t,)? $pattern> {
            type Output = $output;

            fn task_mut(&mut self) -> &mut crate::service::Task {
                &mut self.task
            }

            fn into_task(self) -> crate::service::Task {
                self.task
            }
        }
    };
}
pub(crate) use step;
