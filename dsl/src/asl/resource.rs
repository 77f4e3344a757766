//! What the `Resource` of a Task names.

/// How a Task waits for what it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Not at all.
    RequestResponse,
    /// Until the job is done: `.sync`.
    Sync,
    /// Until the job is done, with its output as JSON: `.sync:2`.
    Sync2,
    /// Until somebody reports the end with the task's token: `.waitForTaskToken`.
    WaitForTaskToken,
}

/// What the `Resource` of a Task names.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html>
///
/// ```
/// use statewright::asl::{Pattern, Resource};
///
/// let found = Resource::parse("arn:aws:states:::ecs:runTask.sync");
/// assert_eq!(found, Resource::Optimized { service: "ecs", api: "runTask", pattern: Pattern::Sync });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource<'a> {
    /// An integration of its own kind: `states:::SERVICE:API`.
    Optimized {
        /// Such as `ecs`.
        service: &'a str,
        /// Such as `runTask`.
        api: &'a str,
        /// How it waits.
        pattern: Pattern,
    },
    /// Any call of the AWS SDK: `states:::aws-sdk:SERVICE:ACTION`.
    Sdk {
        /// Such as `s3`, as the SDK for Java spells it.
        service: &'a str,
        /// Such as `listObjectsV2`.
        action: &'a str,
        /// How it waits.
        pattern: Pattern,
    },
    /// A Lambda function by its ARN.
    Lambda(&'a str),
    /// An activity by its ARN.
    Activity(&'a str),
    /// Nothing that is known.
    Other(&'a str),
}

impl<'a> Resource<'a> {
    /// Reads a `Resource`.
    #[must_use]
    pub fn parse(arn: &'a str) -> Self {
        let Some((service, rest)) = after_partition(arn) else { return Self::Other(arn) };
        if service == "lambda" && rest.contains(":function:") {
            return Self::Lambda(arn);
        }
        if service != "states" {
            return Self::Other(arn);
        }
        let Some(integration) = rest.strip_prefix("::") else {
            return if rest.contains(":activity:") { Self::Activity(arn) } else { Self::Other(arn) };
        };
        let (named, pattern) = pattern(integration);
        match named.split(':').collect::<Vec<_>>()[..] {
            ["aws-sdk", service, action] => Self::Sdk { service, action, pattern },
            [service, api] => Self::Optimized { service, api, pattern },
            _ => Self::Other(arn),
        }
    }
}

/// The service of an ARN and what follows it. The partition may be a pseudo parameter, which has colons of its own.
fn after_partition(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:")?;
    let rest = match rest.strip_prefix("${") {
        Some(symbol) => symbol.split_once("}:")?.1,
        None => rest.split_once(':')?.1,
    };
    rest.split_once(':')
}

fn pattern(integration: &str) -> (&str, Pattern) {
    let suffixes =
        [(".sync:2", Pattern::Sync2), (".sync", Pattern::Sync), (".waitForTaskToken", Pattern::WaitForTaskToken)];
    suffixes
        .into_iter()
        .find_map(|(suffix, pattern)| integration.strip_suffix(suffix).map(|named| (named, pattern)))
        .unwrap_or((integration, Pattern::RequestResponse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:count:live";
        assert_eq!(Resource::parse(function), Resource::Lambda(function));
        let activity = "arn:aws:states:eu-west-1:123456789012:activity:approve";
        assert_eq!(Resource::parse(activity), Resource::Activity(activity));
        let nested = Resource::parse("arn:${AWS::Partition}:states:::states:startExecution.sync:2");
        assert_eq!(nested, Resource::Optimized { service: "states", api: "startExecution", pattern: Pattern::Sync2 });
        let sdk = Resource::parse("arn:aws-cn:states:::aws-sdk:sfn:startExecution.waitForTaskToken");
        assert_eq!(sdk, Resource::Sdk { service: "sfn", action: "startExecution", pattern: Pattern::WaitForTaskToken });
        assert_eq!(Resource::parse("nonsense"), Resource::Other("nonsense"));
        assert_eq!(Resource::parse("arn:aws:s3:::bucket"), Resource::Other("arn:aws:s3:::bucket"));
    }
}
