//! AWS Lambda. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html>

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Suffix, Task, step};
use crate::ir::expr::Expr;
use crate::retry::Retry;
use crate::shape::Shape;
use crate::value::Arg;

/// A function, with the shapes of its request and of its response.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Query { date: String }
/// #[derive(Shape)]
/// struct Answer { rows: i64 }
///
/// const COUNT: lambda::Function<Query, Answer> = lambda::Function::named("count-orders");
///
/// Workflow::new("count", |w, input: Value<Query>| {
///     let answer = w.run("CountOrders", COUNT.invoke(QueryFields { date: input.date }).retry(lambda::transient()));
///     answer.rows
/// });
/// ```
pub struct Function<Req, Res> {
    name: &'static str,
    qualifier: Option<&'static str>,
    shapes: PhantomData<fn(Req) -> Res>,
}

impl<Req, Res> Function<Req, Res> {
    /// The function of that name, or of that ARN.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name, qualifier: None, shapes: PhantomData }
    }

    /// Its name or ARN.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// A version or an alias of it.
    #[must_use]
    pub const fn qualifier(mut self, qualifier: &'static str) -> Self {
        self.qualifier = Some(qualifier);
        self
    }
}

impl<Req: Shape, Res: Shape> Function<Req, Res> {
    /// An invocation with this request.
    pub fn invoke(&self, request: impl Arg<Req>) -> Invoke<Res> {
        let mut task = Task::new("lambda:invoke", Suffix::None);
        task.envelope = &["Payload"];
        task.set("FunctionName", Expr::literal(self.name));
        if let Some(qualifier) = self.qualifier {
            task.set("Qualifier", Expr::literal(qualifier));
        }
        task.set("Payload", request.into_value().expr());
        Invoke { task, pattern: PhantomData }
    }
}

impl<Res: Shape> Function<(), Res> {
    /// An invocation with an empty request.
    pub fn call(&self) -> Invoke<Res> {
        self.invoke(crate::Value::<()>::of(Expr::object(Vec::new())))
    }
}

impl<Req, Res> Clone for Function<Req, Res> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Req, Res> Copy for Function<Req, Res> {}

impl<Req, Res> fmt::Debug for Function<Req, Res> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.name).field("qualifier", &self.qualifier).finish()
    }
}

step! {
    /// Invokes a function and waits for its response: `lambda:invoke`. An error of the function fails the state under
    /// the error's own type.
    Invoke<Res> = "lambda:invoke", RequestResponse {
        RequestResponse -> Res;
        Callback;
    }
}

/// The retry that AWS recommends for errors that are not the function's: 2 s, 4 s, … six times.
pub fn transient() -> Retry {
    Retry::on([
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ])
    .interval(Duration::from_secs(2))
    .max_attempts(6)
    .backoff_rate(2.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::Step;
    use crate::service::testing::ran;
    use crate::value::task;

    const COUNT: Function<String, i64> = Function::named("count");

    #[test]
    fn a_function_is_invoked_with_its_request() {
        let found = ran(COUNT.qualifier("live").invoke("x"));
        assert_eq!(found.resource, "lambda:invoke");
        assert_eq!(found.arguments, json!({ "FunctionName": "count", "Qualifier": "live", "Payload": "x" }));
        let functions = "lambda:function:count lambda:function:count:live";
        assert_eq!(found.rights(), [("lambda:InvokeFunction", functions)]);
    }

    #[test]
    fn a_callback_passes_its_token_on() {
        let found = ran(COUNT.invoke(task::token()).wait_for_task_token::<bool>());
        assert_eq!(found.resource, "lambda:invoke.waitForTaskToken");
        assert_eq!(found.arguments["Payload"], "{% $states.context.Task.Token %}");
    }

    #[test]
    fn a_function_of_another_account_is_named_by_its_arn() {
        let other: Function<(), ()> = Function::named("arn:aws:lambda:eu-west-1:123456789012:function:other:7");
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:other:7";
        assert_eq!(ran(other.call()).rights(), [("lambda:InvokeFunction", arn)]);
        let role = "arn:aws:iam::123456789012:role/other";
        assert_eq!(ran(other.call().credentials(role)).rights(), [("sts:AssumeRole", role)]);
    }
}
