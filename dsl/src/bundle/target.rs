//! Filling in account, region and partition.

use serde_json::Value as Json;

use super::{ACCOUNT_ID, PARTITION, REGION, URL_SUFFIX};

/// One account and region to render for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// Such as `eu-central-1`.
    pub region: String,
    /// Twelve digits.
    pub account_id: String,
}

impl Target {
    /// Replaces the pseudo parameters in a text.
    ///
    /// ```
    /// use statewright::bundle::Target;
    ///
    /// let target = Target { partition: "aws".into(), region: "eu-west-1".into(), account_id: "111122223333".into() };
    /// assert_eq!(target.fill("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t"), "arn:aws:sns:eu-west-1:111122223333:t");
    /// ```
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        text.replace(PARTITION, &self.partition)
            .replace(REGION, &self.region)
            .replace(ACCOUNT_ID, &self.account_id)
            .replace(URL_SUFFIX, self.url_suffix())
    }

    /// The domain of the partition's endpoints.
    #[must_use]
    pub fn url_suffix(&self) -> &'static str {
        match self.partition.as_str() {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        }
    }

    /// Replaces the pseudo parameters in every string of a JSON value, keys included.
    #[must_use]
    pub fn fill_json(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.fill(text)),
            Json::Array(items) => items.iter().map(|item| self.fill_json(item)).collect(),
            Json::Object(fields) => fields.iter().map(|(key, item)| (self.fill(key), self.fill_json(item))).collect(),
            other => other.clone(),
        }
    }
}
