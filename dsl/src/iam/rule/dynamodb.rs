//! Amazon DynamoDB.

use super::Call;
use crate::iam::argument::Arguments;
use crate::service::arn;

impl Call<'_> {
    pub(super) fn dynamodb(&mut self, sid: &'static str, action: &'static str, arguments: &Arguments<'_>) {
        let tables = self.named("TableName", &arguments.get("TableName"), |name| vec![arn("dynamodb", "table/", name)]);
        self.need(sid, &[action], tables, None);
    }
}
