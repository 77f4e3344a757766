//! Tags of state machines and activities.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html>

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::account::Account;
use super::input::Input;
use super::refusal::{Answer, Refusal};

/// A resource has so many tags at most.
const MOST: usize = 50;

/// The tags of a resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags(BTreeMap<String, String>);

impl Tags {
    /// These, and those that a request brings.
    pub(super) fn with(mut self, input: &Input) -> Answer<Self> {
        for tag in input.list("tags")? {
            let text = |name: &str| tag[name].as_str().unwrap_or_default().to_owned();
            if text("key").is_empty() {
                return Err(Refusal::constraint("tags", "Member must have a key"));
            }
            self.0.insert(text("key"), text("value"));
        }
        if self.0.len() > MOST {
            return Err(Refusal::new("TooManyTags", format!("Too Many Tags: a resource has {MOST} tags at most")));
        }
        Ok(self)
    }
}

impl Account {
    fn tags(&mut self, input: &Input) -> Answer<&mut Tags> {
        let arn = input.required("resourceArn")?;
        if !arn.starts_with("arn:") {
            return Err(Refusal::arn(arn));
        }
        let machine = self.machines.get_mut(arn).map(|machine| &mut machine.tags);
        let tags = machine.or_else(|| self.activities.get_mut(arn).map(|activity| &mut activity.tags));
        tags.ok_or_else(|| Refusal::no_resource(arn))
    }

    pub(super) fn tag_resource(&mut self, input: &Input) -> Answer {
        let tags = self.tags(input)?;
        *tags = tags.clone().with(input)?;
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&mut self, input: &Input) -> Answer {
        let tags = self.tags(input)?;
        for key in input.list("tagKeys")?.iter().filter_map(Json::as_str) {
            tags.0.remove(key);
        }
        Ok(json!({}))
    }

    pub(super) fn list_tags_for_resource(&mut self, input: &Input) -> Answer {
        let tags = self.tags(input)?.0.iter();
        Ok(json!({ "tags": tags.map(|(key, value)| json!({ "key": key, "value": value })).collect::<Vec<_>>() }))
    }
}
