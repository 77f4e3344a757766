//! Amazon EventBridge. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html>

use super::{Suffix, Task, arn, response, step};
use crate::ir::expr::Expr;
use crate::shape::Json;
use crate::value::{Arg, Timestamp, Typed};

/// A bus for events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventBus(&'static str);

impl EventBus {
    /// The bus that every account has.
    pub const DEFAULT: Self = Self("default");

    /// The bus of that name in the workflow's own account and region.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The bus of that ARN.
    #[must_use]
    pub const fn arn(arn: &'static str) -> Self {
        Self(arn)
    }
}

/// An event: who it comes from, what it is about, and what has happened.
#[derive(Clone, Debug)]
#[must_use = "an event is sent by `events::PutEvents::new(event)`"]
pub struct Event(Vec<(String, Expr)>);

impl Event {
    /// An event from a source such as `shop.orders` (none may begin with `aws.`), of a type such as `OrderPlaced`. The
    /// detail is an object.
    pub fn new(source: impl Arg<String>, detail_type: impl Arg<String>, detail: impl Typed) -> Self {
        Self(vec![
            ("Source".to_owned(), source.into_value().expr()),
            ("DetailType".to_owned(), detail_type.into_value().expr()),
            ("Detail".to_owned(), detail.typed().expr()),
        ])
    }

    fn with(mut self, name: &str, value: Expr) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// Sends it to another bus than the account's default.
    pub fn bus(self, bus: EventBus) -> Self {
        self.with("EventBusName", Expr::literal(arn("events", "event-bus/", bus.0)))
    }

    /// The ARNs of what it is about. Step Functions adds the execution and the state machine.
    pub fn resources<A: Arg<String>>(self, arns: impl IntoIterator<Item = A>) -> Self {
        let arns = arns.into_iter().map(|arn| arn.into_value().expr()).collect();
        self.with("Resources", crate::ir::expr::Kind::Array(arns).into())
    }

    /// When it happened, in place of when it is sent.
    pub fn time(self, time: impl Arg<Timestamp>) -> Self {
        self.with("Time", time.into_value().expr())
    }
}

step! {
    /// Sends events: `events:putEvents`. Up to ten, of 256 KiB in all. If one of them is refused, the state fails with
    /// `EventBridge.FailedEntry`, and a retry sends all of them again.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Placed { order: String }
    /// const SHOP: events::EventBus = events::EventBus::named("shop");
    ///
    /// Workflow::new("place", |w, order: Value<String>| {
    ///     let placed = events::Event::new("shop.orders", "OrderPlaced", PlacedFields { order }).bus(SHOP);
    ///     w.run("Tell", events::PutEvents::new(placed));
    /// });
    /// ```
    PutEvents = "events:putEvents", RequestResponse {
        RequestResponse -> Put;
        Callback;
    }
}

response! {
    /// What EventBridge answers.
    Put => PutFields {
        /// How many were refused: 0, since the state fails otherwise.
        failed_entry_count: i64 = "FailedEntryCount",
        /// For each event, its `EventId`.
        entries: Vec<Json> = "Entries",
    }
}

impl PutEvents {
    /// Sends an event.
    pub fn new(event: Event) -> Self {
        let task = Task::new("events:putEvents", Suffix::None);
        Self { task, pattern: std::marker::PhantomData }.event(event)
    }
}

impl<P> PutEvents<P> {
    /// Sends another event with it.
    pub fn event(mut self, event: Event) -> Self {
        self.task.push("Entries", Expr::object(event.0));
        self
    }

    /// Sends them through a global endpoint, by its id.
    pub fn endpoint_id(mut self, id: impl Arg<String>) -> Self {
        self.task.set("EndpointId", id.into_value().expr());
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
    fn events_are_sent_to_their_buses() {
        let first = Event::new("shop", "Placed", json!({ "id": 1 })).bus(EventBus::named("orders"));
        let second = Event::new("shop", "Paid", json!({ "id": 1 })).resources(["arn:aws:s3:::in"]);
        let found = ran(PutEvents::new(first).event(second));
        assert_eq!(found.resource, "events:putEvents");
        let bus = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/orders";
        let expected = json!({ "Entries": [
            { "Source": "shop", "DetailType": "Placed", "Detail": { "id": 1 }, "EventBusName": bus },
            { "Source": "shop", "DetailType": "Paid", "Detail": { "id": 1 }, "Resources": ["arn:aws:s3:::in"] },
        ] });
        assert_eq!(found.arguments, expected);
        assert_eq!(found.rights(), [("events:PutEvents", "events:event-bus/default events:event-bus/orders")]);
    }

    #[test]
    fn a_callback() {
        let step = PutEvents::new(Event::new("shop", "Ask", json!({}))).wait_for_task_token::<bool>();
        let step = crate::service::Step::argument(step, "EndpointId", task::token());
        assert_eq!(ran(step).resource, "events:putEvents.waitForTaskToken");
    }
}
