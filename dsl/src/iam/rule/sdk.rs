//! Calls of the AWS SDK: the service model has their rights.

use statewright_model::{Grant, Reach};

use super::Call;
use crate::asl::Task;
use crate::diag::{Diagnostic, codes};
use crate::iam::argument::Argument;
use crate::request;

impl Call<'_> {
    /// Adds what a call needs, on the resources that its request names; false if nothing is known about it.
    pub(in crate::iam) fn sdk(&mut self, resource: &str, task: &Task) -> bool {
        let Ok((action, pattern)) = statewright_model::resolve(resource) else { return false };
        let (request, language) = request::of(task);
        let Ok(rights) = statewright_model::rights(&action, pattern, request, language) else { return false };
        rights.grants.into_iter().for_each(|grant| self.granted(grant));
        true
    }

    fn granted(&mut self, grant: Grant) {
        let mut resources = Vec::new();
        for resource in grant.resources {
            match resource.reach {
                Reach::Dynamic(member) => {
                    resources.extend(self.named(&member, &Argument::Computed, |_| vec![resource.arn.clone()]));
                }
                Reach::Unnamed if !self.access.resources.is_empty() => {
                    resources.clone_from(&self.access.resources);
                }
                Reach::Unnamed => {
                    if self.access.any_because.is_none() {
                        let message = format!(
                            "`{}` names no resource for `{}`, so its role may use every one of that kind",
                            self.state, grant.actions[0]
                        );
                        self.diagnostics
                            .push(Diagnostic::warning(codes::ANY_RESOURCE, message, self.place.clone()).help(
                            "say which ones with `.allow([\"arn:…\"])`, or why any is right with `.allow_any(\"…\")`",
                        ));
                    }
                    resources.push(resource.arn);
                }
                // The request names it, or there is nothing to name.
                _ => resources.push(resource.arn),
            }
        }
        self.need("SdkCall", &grant.actions, resources, grant.condition);
    }
}
