//! Any call of AWS: the integrations of the AWS SDK.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>

use std::marker::PhantomData;

use super::{Suffix, Task, step};
use crate::diag::codes;
use crate::shape::Shape;

step! {
    /// Calls an API of AWS that has no step of its own: `aws-sdk:SERVICE:ACTION`. What it answers has the shape `T`; members are in
    /// `PascalCase`, as the SDK for Java writes them.
    ///
    /// The name is that of the service in lower case, without blanks, and the action in `camelCase`. Arguments are given by
    /// [`argument`](super::Step::argument). They are held against what the API takes (SW0701), and the rights that the call needs
    /// are inferred from them, as for every step. Of a few calls, most of them new, the rights are not known (SW0502): then
    /// [`actions`](Self::actions) says them.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// #[serde(rename_all = "PascalCase")]
    /// struct Found { count: i64 }
    ///
    /// let count = Workflow::new("count", |w, _: Value<()>| {
    ///     let scan = sdk::Call::<Found>::new("dynamodb:scan").argument("TableName", "orders").argument("Select", "COUNT");
    ///     w.run("CountOrders", scan).count
    /// });
    /// assert!(count.compile("shop").diagnostics.is_empty(), "the rights are those for this table");
    /// ```
    Call<T> = "aws-sdk", RequestResponse {
        RequestResponse -> T;
        Callback;
    }
}

impl<T: Shape> Call<T> {
    /// A call of that service and action: `ec2:describeInstances`.
    pub fn new(service_and_action: &str) -> Self {
        let mut task = Task::new(format!("aws-sdk:{service_and_action}"), Suffix::None);
        if !is_call(service_and_action) {
            task.problem = Some((
                codes::SDK_ACTION,
                format!("calls `{service_and_action}`, which is no service and action"),
                "write both as the SDK for Java does: `ec2:describeInstances`, `sfn:listExecutions`".to_owned(),
            ));
        }
        Self { task, pattern: PhantomData }
    }
}

impl<T, P> Call<T, P> {
    /// The rights that the call needs, as IAM names them, in place of those that are known: `["s3:ListBucket"]`.
    pub fn actions<S: Into<String>>(mut self, actions: impl IntoIterator<Item = S>) -> Self {
        self.task.access.actions.extend(actions.into_iter().map(Into::into));
        self
    }
}

fn is_call(text: &str) -> bool {
    let Some((service, action)) = text.split_once(':') else { return false };
    !service.is_empty()
        && service.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && action.starts_with(|c: char| c.is_ascii_lowercase())
        && action.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::Step;
    use crate::service::testing::ran;
    use crate::shape::Json;
    use crate::value::{Value, task};
    use crate::{Workflow, diag::Diagnostics};

    fn diagnostics(call: Call<Json>) -> Diagnostics {
        let workflow = Workflow::new("w", |w, _: Value<Json>| {
            w.run("A", call);
        });
        workflow.compile("app").diagnostics
    }

    fn codes(call: Call<Json>) -> Vec<&'static str> {
        diagnostics(call).iter().map(|problem| problem.code.id).collect()
    }

    #[test]
    fn a_call_has_the_rights_that_its_request_needs() {
        let found = ran(Call::<Json>::new("glue:startCrawler").argument("Name", "nightly"));
        assert_eq!(found.rights(), [("glue:StartCrawler", "glue:crawler/nightly")]);
        let found = ran(Call::<Json>::new("s3:getObject").argument("Bucket", "in").argument("Key", "a/b.json"));
        assert_eq!(found.rights(), [("s3:GetObject", "s3:::in/a/b.json")]);
    }

    #[test]
    fn a_request_is_held_against_what_the_api_takes() {
        let call = Call::<Json>::new("glue:startCrawler").argument("Nmae", "nightly").allow_any("x");
        let found = diagnostics(call).to_string();
        assert!(found.contains("error[SW0701]: `A`: `Name` is required and missing"), "{found}");
        assert!(found.contains("warning[SW0701]: `A`: Nmae: ") && found.contains("did you mean `Name`?"), "{found}");
        assert!(found.contains("help: write `Name`") && found.contains(".argument(\"Name\", …)"), "{found}");
        assert!(codes(Call::new("glue:startCrawlr").allow_any("x")).contains(&"SW0701"));
    }

    #[test]
    fn any_api_is_called_with_the_rights_that_were_said() {
        let bucket = "arn:aws:s3:::orders";
        let call = Call::<Json>::new("s3:listObjectsV2").actions(["s3:ListBucket"]).argument("Bucket", "orders");
        let found = ran(call.allow([bucket]));
        assert_eq!(found.resource, "aws-sdk:s3:listObjectsV2");
        assert_eq!(found.arguments, json!({ "Bucket": "orders" }));
        assert_eq!(found.rights(), [("s3:ListBucket", bucket)]);
        let call = Call::<Json>::new("sfn:sendTaskSuccess").actions(["states:SendTaskSuccess"]).allow_any("tokens");
        let call = call.argument("TaskToken", task::token()).argument("Output", "{}");
        let waits = ran(call.wait_for_task_token::<bool>());
        assert_eq!(waits.resource, "aws-sdk:sfn:sendTaskSuccess.waitForTaskToken");
        assert_eq!(waits.rights(), [("states:SendTaskSuccess", "*")]);
    }

    #[test]
    fn rights_that_nobody_said_are_asked_for() {
        let new = || Call::new("glue:createGlossary").argument("Name", "x");
        assert_eq!(codes(new()), ["SW0502"]);
        assert!(diagnostics(new()).to_string().contains(".actions("));
        assert_eq!(codes(Call::new("s3:listBuckets").actions(["s3:ListAllMyBuckets"])), ["SW0501"]);
        assert_eq!(codes(Call::new("s3:listBuckets").actions(["s3:ListAllMyBuckets"]).allow_any("x")), [""; 0]);
    }

    #[test]
    fn a_name_that_can_not_be_one_is_refused() {
        for name in ["s3", "S3:listBuckets", "s3:ListBuckets", "aws-sdk:s3:listBuckets", "s3:list-buckets", ":x", "s3:"]
        {
            let call = Call::new(name).actions(["s3:ListAllMyBuckets"]).allow_any("x");
            assert_eq!(codes(call)[0], "SW0226", "{name}");
        }
    }
}
