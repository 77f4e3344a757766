//! Amazon API Gateway. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html>

use std::marker::PhantomData;

use super::{Suffix, Task, step};
use crate::bundle::REGION;
use crate::ir::expr::Expr;
use crate::shape::{Json, Shape};
use crate::value::{Arg, Typed, Value};

/// An API: REST or HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Api {
    id: &'static str,
    stage: Option<&'static str>,
}

impl Api {
    /// The API of that id in the workflow's own region.
    #[must_use]
    pub const fn id(id: &'static str) -> Self {
        Self { id, stage: None }
    }

    /// A stage of it; none for the `$default` stage of an HTTP API.
    #[must_use]
    pub const fn stage(self, stage: &'static str) -> Self {
        Self { stage: Some(stage), ..self }
    }

    fn endpoint(self) -> String {
        format!("{}.execute-api.{REGION}.amazonaws.com", self.id)
    }
}

/// How an API knows who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// It does not ask: `NO_AUTH`.
    None,
    /// By the execution role: `IAM_ROLE`.
    IamRole,
    /// By its resource policy, which names the state machine: `RESOURCE_POLICY`.
    ResourcePolicy,
}

/// The response of an API.
#[derive(Clone, Copy, Debug)]
pub struct Response<T>(PhantomData<fn() -> T>);

/// The fields of a [`Response`].
#[derive(Clone, Copy, Debug)]
pub struct ResponseFields<T> {
    /// The body.
    pub body: Value<T>,
    /// The headers, each with a list of values.
    pub headers: Value<Json>,
    /// The status, such as 200: one of 400 or more fails the state.
    pub status_code: Value<i64>,
    /// The status in words, such as `OK`.
    pub status_text: Value<String>,
}

impl<T: Shape> Shape for Response<T> {
    type Fields = ResponseFields<T>;

    fn fields(of: &Expr) -> ResponseFields<T> {
        ResponseFields {
            body: Value::of(of.field("ResponseBody")),
            headers: Value::of(of.field("Headers")),
            status_code: Value::of(of.field("StatusCode")),
            status_text: Value::of(of.field("StatusText")),
        }
    }
}

step! {
    /// Calls an API and gives its response, whose body has the shape `T`: `apigateway:invoke`. A status of 400 or more fails the
    /// state with `ApiGateway.` and that number.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Stock { pieces: i64 }
    /// const SHOP: apigateway::Api = apigateway::Api::id("b1j2x3k4z5").stage("live");
    ///
    /// Workflow::new("stock", |w, article: Value<String>| {
    ///     let step = apigateway::Invoke::<Stock>::new("GET", SHOP, "/stock").query("article", article);
    ///     w.run("LookUp", step.auth(apigateway::Auth::IamRole)).body.pieces
    /// });
    /// ```
    Invoke<T> = "apigateway:invoke", RequestResponse {
        RequestResponse -> Response<T>;
        Callback;
    }
}

impl<T: Shape> Invoke<T> {
    /// A call with a method such as `GET`, to a path such as `/stock`.
    pub fn new(method: &'static str, api: Api, path: impl Arg<String>) -> Self {
        let mut task = Task::new("apigateway:invoke", Suffix::None);
        task.set("ApiEndpoint", Expr::literal(api.endpoint()));
        task.set("Method", Expr::literal(method));
        if let Some(stage) = api.stage {
            task.set("Stage", Expr::literal(stage));
        }
        task.set("Path", path.into_value().expr());
        Self { task, pattern: PhantomData }
    }
}

impl<T: Shape, P> Invoke<T, P> {
    /// A parameter behind the `?`. May be given several times.
    pub fn query(self, name: &str, value: impl Arg<String>) -> Self {
        self.one_more("QueryParameters", name, value.into_value().expr())
    }

    /// A header. May be given several times. Those that API Gateway sets itself, such as `Authorization` and `Host`, are
    /// refused.
    pub fn header(self, name: &str, value: impl Arg<String>) -> Self {
        self.one_more("Headers", name, value.into_value().expr())
    }

    fn one_more(mut self, member: &str, name: &str, value: Expr) -> Self {
        use crate::ir::expr::Kind;
        let mut values = match self.task.get(member).map(|of| of.field(name)).as_ref().map(Expr::kind) {
            Some(Kind::Array(values)) => values.clone(),
            _ => Vec::new(),
        };
        values.push(value);
        self.task.insert(member, name, Kind::Array(values).into());
        self
    }

    /// The body, with `PATCH`, `POST` and `PUT`.
    pub fn body(mut self, body: impl Typed) -> Self {
        self.task.set("RequestBody", body.typed().expr());
        self
    }

    /// How the API knows who calls; [`Auth::None`] if nothing is said.
    pub fn auth(mut self, auth: Auth) -> Self {
        let auth = match auth {
            Auth::None => "NO_AUTH",
            Auth::IamRole => "IAM_ROLE",
            Auth::ResourcePolicy => "RESOURCE_POLICY",
        };
        self.task.set("AuthType", Expr::literal(auth));
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    const SHOP: Api = Api::id("abc").stage("live");

    #[test]
    fn a_call_with_the_role_needs_the_right_to_it() {
        let step = Invoke::<Json>::new("POST", SHOP, "/orders").query("a", "1").query("a", "2").body("x");
        let found = ran(step.auth(Auth::IamRole));
        let expected = json!({
            "ApiEndpoint": "abc.execute-api.${AWS::Region}.amazonaws.com",
            "Method": "POST",
            "Stage": "live",
            "Path": "/orders",
            "QueryParameters": { "a": ["1", "2"] },
            "RequestBody": "x",
            "AuthType": "IAM_ROLE",
        });
        assert_eq!((found.resource.as_str(), &found.arguments), ("apigateway:invoke", &expected));
        assert_eq!(found.rights(), [("execute-api:Invoke", "execute-api:abc/live/POST/orders")]);
    }

    #[test]
    fn a_call_that_shows_no_role_needs_none() {
        assert!(ran(Invoke::<Json>::new("GET", SHOP, "/")).rights().is_empty());
    }
}
