//! HTTPS endpoints, with the credentials of an EventBridge connection.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html>

use std::marker::PhantomData;

use super::{Suffix, Task, arn, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::{Json, Shape};
use crate::value::{Arg, Typed, Value};

/// A connection of EventBridge: how an API knows who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection(&'static str);

impl Connection {
    /// The connection in the workflow's own account and region, by its name and its id: `stripe/81210c42-8af1-…`.
    #[must_use]
    pub const fn named(name_and_id: &'static str) -> Self {
        Self(name_and_id)
    }

    /// The connection of that ARN.
    #[must_use]
    pub const fn arn(arn: &'static str) -> Self {
        Self(arn)
    }
}

/// How a list becomes parameters of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayFormat {
    /// `a[0]=x&a[1]=y`
    Indices,
    /// `a=x&a=y`
    Repeat,
    /// `a=x,y`
    Commas,
    /// `a[]=x&a[]=y`
    Brackets,
}

step! {
    /// Calls an HTTPS endpoint and gives its response, whose body has the shape `T`: `http:invoke`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Charge { id: String, paid: bool }
    /// const STRIPE: http::Connection = http::Connection::named("stripe/81210c42-8af1-456b-9c4a-6ff02fc664ac");
    ///
    /// Workflow::new("charge", |w, customer: Value<String>| {
    ///     let step = http::Call::<Charge>::post("https://api.example.com/v1/charges", STRIPE)
    ///         .header("Idempotency-Key", execution::name())
    ///         .body_field("amount", 1_000)
    ///         .body_field("customer", customer)
    ///         .url_encoded()
    ///         .retry(Retry::on(["States.Http.StatusCode.429", "States.Http.Socket"]));
    ///     w.run("Charge", step).body.id
    /// });
    /// ```
    ///
    /// A status of 400 or more fails the state with `States.Http.StatusCode.` and that number; so does an answer that takes more
    /// than 60 seconds, with `States.Http.Socket`. Headers and parameters that the connection brings too are those of the
    /// connection.
    Call<T> = "http:invoke", RequestResponse {
        RequestResponse -> Response<T>;
    }
}

macro_rules! methods {
    ($($(#[$doc:meta])* $method:ident = $name:literal;)+) => {
        impl<T: Shape> Call<T> { $(
            $(#[$doc])*
            pub fn $method(endpoint: impl Arg<String>, connection: Connection) -> Self {
                Self::new($name, endpoint, connection)
            }
        )+ }
    };
}

methods! {
    /// `GET`
    get = "GET";
    /// `POST`
    post = "POST";
    /// `PUT`
    put = "PUT";
    /// `PATCH`
    patch = "PATCH";
    /// `DELETE`
    delete = "DELETE";
    /// `HEAD`
    head = "HEAD";
    /// `OPTIONS`
    options = "OPTIONS";
}

impl<T: Shape> Call<T> {
    fn new(method: &str, endpoint: impl Arg<String>, connection: Connection) -> Self {
        let mut task = Task::new("http:invoke", Suffix::None);
        task.set("ApiEndpoint", endpoint.into_value().expr());
        task.set("Method", Expr::literal(method));
        task.insert("Authentication", "ConnectionArn", Expr::literal(arn("events", "connection/", connection.0)));
        Self { task, pattern: PhantomData }
    }

    /// A parameter behind the `?` of the URL; a list is one for each item.
    pub fn query(mut self, name: &str, value: impl Typed) -> Self {
        self.task.insert("QueryParameters", name, value.typed().expr());
        self
    }

    /// A header.
    pub fn header(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Headers", name, value.into_value().expr());
        self
    }

    /// The body, as JSON.
    pub fn body(mut self, body: impl Typed) -> Self {
        self.task.set("RequestBody", body.typed().expr());
        self
    }

    /// A field of the body.
    pub fn body_field(mut self, name: &str, value: impl Typed) -> Self {
        self.task.insert("RequestBody", name, value.typed().expr());
        self
    }

    /// Sends the body as a form: `application/x-www-form-urlencoded`.
    pub fn url_encoded(mut self) -> Self {
        self.task.insert("Transform", "RequestBodyEncoding", Expr::literal("URL_ENCODED"));
        self.task.insert("Headers", "Content-Type", Expr::literal("application/x-www-form-urlencoded"));
        self
    }

    /// The same, with lists written so, in place of [`ArrayFormat::Indices`].
    pub fn url_encoded_with(self, arrays: ArrayFormat) -> Self {
        let mut form = self.url_encoded();
        let format = match arrays {
            ArrayFormat::Indices => "INDICES",
            ArrayFormat::Repeat => "REPEAT",
            ArrayFormat::Commas => "COMMAS",
            ArrayFormat::Brackets => "BRACKETS",
        };
        let options = Kind::Object(vec![("ArrayFormat".to_owned(), Expr::literal(format))]).into();
        form.task.insert("Transform", "RequestEncodingOptions", options);
        form
    }
}

/// The response of an endpoint.
pub struct Response<T>(PhantomData<fn() -> T>);

/// The fields of a [`Response`].
#[derive(Debug)]
pub struct ResponseFields<T: Shape> {
    /// The body: JSON where the response says that it is, else text.
    pub body: Value<T>,
    /// Such as 200.
    pub status_code: Value<i64>,
    /// Such as `OK`.
    pub status_text: Value<String>,
    /// A list of texts for each header, by its name in lower case.
    pub headers: Value<Json>,
}

impl<T: Shape> Shape for Response<T> {
    type Fields = ResponseFields<T>;

    fn fields(of: &Expr) -> ResponseFields<T> {
        ResponseFields {
            body: Value::of(of.field("ResponseBody")),
            status_code: Value::of(of.field("StatusCode")),
            status_text: Value::of(of.field("StatusText")),
            headers: Value::of(of.field("Headers")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bundle::Role;
    use crate::service::Step;
    use crate::service::testing::ran;
    use crate::{Workflow, value};

    const STRIPE: Connection = Connection::named("stripe/81210c42");

    #[test]
    fn a_request_has_what_was_said_of_it() {
        let call = Call::<Json>::post("https://api.example.com/v1/charges", STRIPE).query("expand", ["a", "b"]);
        let found = ran(call.header("X-Id", value::execution::name()).body_field("amount", 5));
        assert_eq!(found.resource, "http:invoke");
        assert_eq!(
            found.arguments,
            json!({
                "ApiEndpoint": "https://api.example.com/v1/charges",
                "Method": "POST",
                "Authentication": {
                    "ConnectionArn":
                        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:connection/stripe/81210c42",
                },
                "QueryParameters": { "expand": ["a", "b"] },
                "Headers": { "X-Id": "{% $states.context.Execution.Name %}" },
                "RequestBody": { "amount": 5 },
            })
        );
        let rights = [
            ("events:RetrieveConnectionCredentials", "events:connection/stripe/81210c42"),
            (
                "secretsmanager:DescribeSecret secretsmanager:GetSecretValue",
                "secretsmanager:secret:events!connection/stripe/*",
            ),
            ("states:InvokeHTTPEndpoint", "states:stateMachine:w"),
        ];
        assert_eq!(found.rights(), rights);
        let form = ran(Call::<Json>::put("https://a.example", STRIPE).url_encoded_with(ArrayFormat::Brackets));
        let transform = json!({
            "RequestBodyEncoding": "URL_ENCODED",
            "RequestEncodingOptions": { "ArrayFormat": "BRACKETS" },
        });
        assert_eq!(form.arguments["Transform"], transform);
    }

    fn condition(call: Call<Json>) -> Json {
        let workflow = Workflow::new("w", |w, _: Value<Json>| {
            w.run("A", call);
        });
        let compiled = workflow.no_log().compile("app");
        assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
        let Role::Managed(role) = compiled.bundle.execution_role else { panic!("a role of ours") };
        let statements = role.policies.into_iter().flat_map(|policy| policy.policy_document.statement);
        statements.filter_map(|statement| statement.condition).next().unwrap_or_default()
    }

    #[test]
    fn only_this_method_and_this_endpoint_are_allowed() {
        let url = "https://api.example.com/v1";
        let likes = |method: &str, urls: Json| {
            json!({
                "StringLike": { "states:HTTPEndpoint": urls },
                "StringEquals": { "states:HTTPMethod": method },
            })
        };
        assert_eq!(condition(Call::get(url, STRIPE)), likes("GET", json!(url)));
        let asked = json!([url, format!("{url}?*")]);
        assert_eq!(condition(Call::head(url, STRIPE).query("a", 1)), likes("HEAD", asked));
        let computed = crate::text!("{}/{}", "https://api.example.com", value::execution::name());
        let begins = "https://api.example.com/*";
        assert_eq!(condition(Call::delete(computed, STRIPE)), likes("DELETE", json!(begins)));
        let any = value::execution::name();
        assert_eq!(condition(Call::get(any, STRIPE).allow([begins])), likes("GET", json!(begins)));
    }

    #[test]
    fn an_endpoint_is_one_of_https() {
        let workflow = Workflow::new("w", |w, _: Value<Json>| {
            w.run("A", Call::<Json>::get("http://api.example.com", STRIPE));
        });
        let codes: Vec<_> = workflow.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect();
        assert_eq!(codes, ["SW0225"]);
    }
}
