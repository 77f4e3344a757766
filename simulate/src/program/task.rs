//! What a Task calls, and how.

use statewright::asl::{Pattern, Resource};

use super::Quantity;
use crate::template::Template;

#[derive(Debug)]
pub(crate) struct TaskCode {
    pub call: Call,
    /// `Parameters`, `Arguments`.
    pub arguments: Option<Template>,
    pub credentials: Option<Template>,
    pub timeout: Option<Quantity>,
    pub heartbeat: Option<Quantity>,
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The `Resource` as it is written.
    pub resource: String,
    pub wire: Wire,
}

/// By which events a call is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// `LambdaFunctionScheduled` and so on.
    Function,
    /// `ActivityScheduled` and so on.
    Activity,
    /// `TaskScheduled` and so on.
    Integration {
        /// `resourceType`: `lambda`, `aws-sdk:s3`.
        service: String,
        /// The action: `invoke`.
        action: String,
        pattern: Pattern,
    },
}

impl Call {
    /// Reads a `Resource`; `None` if it is none that Step Functions knows.
    pub(crate) fn parse(resource: &str) -> Option<Self> {
        let integration =
            |service: String, action: &str, pattern| Wire::Integration { service, action: action.to_owned(), pattern };
        let wire = match Resource::parse(resource) {
            Resource::Lambda(_) => Wire::Function,
            Resource::Activity(_) => Wire::Activity,
            Resource::Optimized { service, api, pattern } => integration(service.to_owned(), api, pattern),
            Resource::Sdk { service, action, pattern } => integration(format!("aws-sdk:{service}"), action, pattern),
            Resource::Other(_) => return None,
        };
        Some(Self { resource: resource.to_owned(), wire })
    }

    /// How it waits.
    pub(crate) const fn pattern(&self) -> Pattern {
        match &self.wire {
            Wire::Integration { pattern, .. } => *pattern,
            Wire::Function | Wire::Activity => Pattern::RequestResponse,
        }
    }

    /// `resourceType` and `resource` of its events.
    pub(crate) fn names(&self) -> (&str, String) {
        match &self.wire {
            Wire::Function => ("lambda", self.resource.clone()),
            Wire::Activity => ("activity", self.resource.clone()),
            Wire::Integration { service, action, pattern } => {
                let suffix = match pattern {
                    Pattern::RequestResponse => "",
                    Pattern::Sync => ".sync",
                    Pattern::Sync2 => ".sync:2",
                    Pattern::WaitForTaskToken => ".waitForTaskToken",
                };
                (service, format!("{action}{suffix}"))
            }
        }
    }
}
