//! Amazon SNS.

use super::{Call, whole_arn};
use crate::iam::argument::{Argument, Arguments};

impl Call<'_> {
    pub(super) fn sns(&mut self, arguments: &Arguments<'_>) {
        let topic = match arguments.get("TopicArn") {
            Argument::Absent => arguments.get("TargetArn"),
            topic => topic,
        };
        let topics = self.named("TopicArn", &topic, |topic| vec![whole_arn(topic, "sns", "")]);
        self.need("SnsPublish", &["sns:Publish"], topics, None);
    }
}
