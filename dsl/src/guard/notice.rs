//! Who is told of runs that did not run.

use serde_json::{Value as Json, json};

use crate::service::{arn, sns};

/// Who is told of a run that was skipped or a duplicate.
///
/// ```
/// use statewright::prelude::*;
///
/// const ALERTS: sns::Topic = sns::Topic::named("alerts");
///
/// Concurrency::exclusive().notice(Notice::sns(ALERTS));
/// Concurrency::exclusive().notice(Notice::event_bus("default"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice(pub(super) To);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum To {
    Topic(String),
    Bus(String),
}

impl Notice {
    /// A message to a topic.
    #[must_use]
    pub fn sns(topic: sns::Topic) -> Self {
        Self(To::Topic(arn("sns", "", topic.name())))
    }

    /// An event on a bus of EventBridge, by its name, with the source `statewright` and the type `Workflow run skipped`;
    /// a rule sends it anywhere.
    #[must_use]
    pub fn event_bus(name: &str) -> Self {
        Self(To::Bus(name.to_owned()))
    }

    /// The integration that is called, and with what: `detail` is an expression that says what happened.
    pub(super) fn call(&self, detail: &str) -> (&'static str, Json) {
        match &self.0 {
            To::Topic(topic_arn) => {
                let subject = "{% $states.context.StateMachine.Name & ': run skipped' %}";
                let message = format!("{{% $string({detail}) %}}");
                ("sns:publish", json!({ "TopicArn": topic_arn, "Subject": subject, "Message": message }))
            }
            To::Bus(name) => {
                let entry = json!({ "EventBusName": name, "Source": "statewright",
                    "DetailType": "Workflow run skipped", "Detail": format!("{{% {detail} %}}") });
                ("events:putEvents", json!({ "Entries": [entry] }))
            }
        }
    }

    /// The action and the resource that it needs.
    pub(super) fn right(&self) -> (&'static str, &'static str, String) {
        match &self.0 {
            To::Topic(topic_arn) => ("GuardNotice", "sns:Publish", topic_arn.clone()),
            To::Bus(name) => ("GuardNotice", "events:PutEvents", arn("events", "event-bus/", name)),
        }
    }
}
