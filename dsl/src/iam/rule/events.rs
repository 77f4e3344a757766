//! Amazon EventBridge.

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// Each bus to which an event goes.
    pub(super) fn events(&mut self, arguments: &Arguments<'_>) {
        let buses = match arguments.list("Entries") {
            Some(entries) => {
                let mut buses = Vec::new();
                for entry in entries {
                    let bus = match entry.get("EventBusName") {
                        Argument::Absent => Argument::Text("default"),
                        named => named,
                    };
                    buses.extend(self.named("EventBusName", &bus, |name| vec![arn("events", "event-bus/", name)]));
                }
                buses
            }
            None => self.named("Entries", &Argument::Computed, |name| vec![arn("events", "event-bus/", name)]),
        };
        self.need("PutEvents", &["events:PutEvents"], buses, None);
    }
}
