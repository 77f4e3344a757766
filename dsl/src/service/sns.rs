//! Amazon SNS. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html>

use super::{Suffix, Task, arn, response, step};
use crate::ir::expr::Expr;
use crate::value::{Arg, Typed, Value};

/// A topic.
///
/// ```
/// use statewright::prelude::*;
///
/// const ALERTS: sns::Topic = sns::Topic::named("alerts");
///
/// Workflow::new("hello", |w, _: Value<()>| {
///     w.run("SayHello", sns::Publish::new(ALERTS, "hello").subject("A greeting")).message_id
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic(&'static str);

impl Topic {
    /// Its name, or what else it was made with.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0
    }

    /// The topic of that name in the workflow's own account and region.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The topic of that ARN.
    #[must_use]
    pub const fn arn(arn: &'static str) -> Self {
        Self(arn)
    }
}

/// Where a message can go: a [`Topic`], or a topic's ARN known only at run time.
pub trait ToTopic {
    #[doc(hidden)]
    fn topic_arn(self) -> Expr;
}

impl ToTopic for Topic {
    fn topic_arn(self) -> Expr {
        Expr::literal(arn("sns", "", self.0))
    }
}

impl ToTopic for Value<String> {
    fn topic_arn(self) -> Expr {
        self.expr()
    }
}

step! {
    /// Publishes a message: `sns:publish`. At most 256 KiB.
    Publish = "sns:publish", RequestResponse {
        RequestResponse -> Published;
        Callback;
    }
}

response! {
    /// What SNS answers.
    Published => PublishedFields {
        /// The message's id.
        message_id: String = "MessageId",
    }
}

impl Publish {
    /// A message to a topic: text, or any shape, which is sent as JSON text.
    pub fn new(topic: impl ToTopic, message: impl Typed) -> Self {
        let mut task = Task::new("sns:publish", Suffix::None);
        task.set("TopicArn", topic.topic_arn());
        task.set("Message", message.typed().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> Publish<P> {
    /// The subject line of an e-mail: up to 100 characters of ASCII.
    pub fn subject(mut self, subject: impl Arg<String>) -> Self {
        self.task.set("Subject", subject.into_value().expr());
        self
    }

    /// An attribute by which subscriptions filter.
    pub fn attribute(mut self, name: &str, value: impl Arg<String>) -> Self {
        let fields = vec![
            ("DataType".to_owned(), Expr::literal("String")),
            ("StringValue".to_owned(), value.into_value().expr()),
        ];
        self.task.insert("MessageAttributes", name, Expr::object(fields));
        self
    }

    /// For a FIFO topic: messages of one group stay in order.
    pub fn group_id(mut self, group: impl Arg<String>) -> Self {
        self.task.set("MessageGroupId", group.into_value().expr());
        self
    }

    /// For a FIFO topic: of messages with the same id only the first within five minutes is delivered.
    pub fn deduplication_id(mut self, id: impl Arg<String>) -> Self {
        self.task.set("MessageDeduplicationId", id.into_value().expr());
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;
    use crate::value::task;

    #[test]
    fn a_message_is_published() {
        let step = Publish::new(Topic::named("alerts.fifo"), "hello").subject("Hi").attribute("kind", "greeting");
        let found = ran(step.group_id("g").deduplication_id("d"));
        assert_eq!(found.resource, "sns:publish");
        let expected = json!({
            "TopicArn": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:alerts.fifo",
            "Message": "hello",
            "Subject": "Hi",
            "MessageAttributes": { "kind": { "DataType": "String", "StringValue": "greeting" } },
            "MessageGroupId": "g",
            "MessageDeduplicationId": "d",
        });
        assert_eq!(found.arguments, expected);
        assert_eq!(found.rights(), [("sns:Publish", "sns:alerts.fifo")]);
    }

    #[test]
    fn a_callback_and_a_topic_of_another_account() {
        let other = Topic::arn("arn:aws:sns:eu-west-1:123456789012:other");
        let found = ran(Publish::new(other, task::token()).wait_for_task_token::<bool>());
        assert_eq!(found.resource, "sns:publish.waitForTaskToken");
        assert_eq!(found.rights(), [("sns:Publish", "arn:aws:sns:eu-west-1:123456789012:other")]);
    }
}
