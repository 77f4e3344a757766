//! Amazon SQS.

use super::Call;
use crate::bundle::{PARTITION, REGION};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn sqs(&mut self, arguments: &Arguments<'_>) {
        // Of a URL, the account and the queue are at the end: without the whole beginning nothing is known.
        let url = match arguments.get("QueueUrl") {
            Argument::Prefix(prefix) if prefix.split('/').nth(4).is_none_or(str::is_empty) => Argument::Computed,
            url => url,
        };
        let queues = self.named("QueueUrl", &url, |url| vec![queue_arn(url)]);
        self.need("SqsSendMessage", &["sqs:SendMessage"], queues, None);
    }
}

/// The ARN of a queue by its URL, `https://sqs.REGION.DOMAIN/ACCOUNT/NAME`.
fn queue_arn(url: &str) -> String {
    let parts = url.strip_prefix("https://sqs.").and_then(|rest| {
        let (host, path) = rest.split_once('/')?;
        let region = match host.strip_prefix(REGION) {
            Some(_) => REGION,
            None => host.split('.').next()?,
        };
        let (account, name) = path.split_once('/')?;
        Some((region, account, name))
    });
    match parts {
        Some((region, account, name)) => format!("arn:{PARTITION}:sqs:{region}:{account}:{name}"),
        None => arn("sqs", "", url.rsplit('/').next().unwrap_or("*")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::ACCOUNT_ID;

    #[test]
    fn a_queue_is_found_by_its_url() {
        let own = format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/orders");
        assert_eq!(queue_arn(&own), format!("arn:{PARTITION}:sqs:{REGION}:{ACCOUNT_ID}:orders"));
        let other = queue_arn("https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo");
        assert_eq!(other, format!("arn:{PARTITION}:sqs:eu-west-1:123456789012:orders.fifo"));
    }
}
