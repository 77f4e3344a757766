//! Amazon SQS. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html>

use super::{Suffix, Task, response, step};
use crate::bundle::{ACCOUNT_ID, REGION, URL_SUFFIX};
use crate::ir::expr::Expr;
use crate::value::{Arg, Typed, Value};

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue(&'static str);

impl Queue {
    /// Its name, or what else it was made with.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0
    }

    /// The queue of that name in the workflow's own account and region.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The queue of that URL.
    #[must_use]
    pub const fn url(url: &'static str) -> Self {
        Self(url)
    }
}

/// Where a message can go: a [`Queue`], or a queue's URL known only at run time.
pub trait ToQueue {
    #[doc(hidden)]
    fn queue_url(self) -> Expr;
}

impl ToQueue for Queue {
    fn queue_url(self) -> Expr {
        if self.0.starts_with("https://") {
            return Expr::literal(self.0);
        }
        Expr::literal(format!("https://sqs.{REGION}.{URL_SUFFIX}/{ACCOUNT_ID}/{}", self.0))
    }
}

impl ToQueue for Value<String> {
    fn queue_url(self) -> Expr {
        self.expr()
    }
}

step! {
    /// Sends a message: `sqs:sendMessage`. At most 256 KiB.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Question { text: String, token: String }
    ///
    /// const APPROVALS: sqs::Queue = sqs::Queue::named("approvals");
    ///
    /// Workflow::new("approve", |w, _: Value<()>| {
    ///     let question = QuestionFields { text: "ship it?".into(), token: task::token() };
    ///     let answer = w.run("AskForApproval", sqs::SendMessage::new(APPROVALS, question).wait_for_task_token::<String>());
    ///     w.when("Approved", answer.eq("yes"), |_| ()).otherwise(|w| w.fail("Refused", "Refused", answer));
    /// });
    /// ```
    SendMessage = "sqs:sendMessage", RequestResponse {
        RequestResponse -> Sent;
        Callback;
    }
}

response! {
    /// What SQS answers.
    Sent => SentFields {
        /// The message's id.
        message_id: String = "MessageId",
        /// The MD5 digest of the body.
        md5_of_message_body: String = "MD5OfMessageBody",
    }
}

impl SendMessage {
    /// A message to a queue: text, or any shape, which is sent as JSON text.
    pub fn new(queue: impl ToQueue, body: impl Typed) -> Self {
        let mut task = Task::new("sqs:sendMessage", Suffix::None);
        task.set("QueueUrl", queue.queue_url());
        task.set("MessageBody", body.typed().expr());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> SendMessage<P> {
    /// Delivers it later, by up to 900 seconds.
    pub fn delay_seconds(mut self, seconds: impl Arg<i64>) -> Self {
        self.task.set("DelaySeconds", seconds.into_value().expr());
        self
    }

    /// For a FIFO queue: messages of one group stay in order.
    pub fn group_id(mut self, group: impl Arg<String>) -> Self {
        self.task.set("MessageGroupId", group.into_value().expr());
        self
    }

    /// For a FIFO queue: of messages with the same id only the first within five minutes is delivered.
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
    fn a_message_is_sent() {
        let step = SendMessage::new(Queue::named("orders.fifo"), "hello").delay_seconds(5).group_id("g");
        let found = ran(step.deduplication_id("d"));
        assert_eq!(found.resource, "sqs:sendMessage");
        let expected = json!({
            "QueueUrl": "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/orders.fifo",
            "MessageBody": "hello",
            "DelaySeconds": 5,
            "MessageGroupId": "g",
            "MessageDeduplicationId": "d",
        });
        assert_eq!(found.arguments, expected);
        assert_eq!(found.rights(), [("sqs:SendMessage", "sqs:orders.fifo")]);
    }

    #[test]
    fn a_callback_and_a_queue_of_another_account() {
        let other = Queue::url("https://sqs.eu-west-1.amazonaws.com/123456789012/other");
        let found = ran(SendMessage::new(other, task::token()).wait_for_task_token::<bool>());
        assert_eq!(found.resource, "sqs:sendMessage.waitForTaskToken");
        assert_eq!(found.rights(), [("sqs:SendMessage", "sqs:eu-west-1:123456789012:other")]);
    }
}
