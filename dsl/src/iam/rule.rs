//! What each integration needs. Action and resource names are those of the service authorization reference.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::Need;
use super::argument::{Argument, Arguments};
use crate::asl::Pattern;
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::service::{Access, arn, role_arn};

mod apigateway;
mod athena;
mod batch;
mod bedrock;
mod codebuild;
mod databrew;
mod dynamodb;
mod ecs;
mod eks;
mod emr;
mod emr_containers;
mod emr_serverless;
mod events;
mod glue;
mod http;
mod lambda;
mod map;
mod mediaconvert;
mod sagemaker;
mod sdk;
mod sns;
mod sqs;
mod states;

/// The call of one Task.
pub(super) struct Call<'a> {
    pub access: &'a Access,
    pub state: &'a str,
    pub place: Place,
    pub diagnostics: &'a mut Diagnostics,
    pub needs: &'a mut Vec<Need>,
}

impl Call<'_> {
    /// Adds what an optimized integration needs; false if it is not known.
    pub(super) fn optimized(&mut self, service: &str, api: &str, pattern: Pattern, arguments: &Arguments<'_>) -> bool {
        let job = matches!(pattern, Pattern::Sync | Pattern::Sync2);
        match (service, api) {
            ("lambda", "invoke") => self.lambda(arguments),
            ("ecs", "runTask") => self.ecs(arguments, job),
            ("batch", "submitJob") => self.batch(arguments, job),
            ("bedrock", "invokeModel") => self.bedrock_model(arguments),
            ("bedrock", "createModelCustomizationJob") => self.bedrock_job(arguments, job),
            ("databrew", "startJobRun") => self.databrew(arguments, job),
            ("mediaconvert", "createJob") => self.mediaconvert(arguments, job),
            ("eks", api) => return self.eks(api, arguments, job),
            ("sagemaker", api) => return self.sagemaker(api, arguments, job),
            ("codebuild", api) => return self.codebuild(api, arguments, job),
            ("glue", "startJobRun") => self.glue(arguments, job),
            ("elasticmapreduce", _) => return self.emr(api, arguments, job),
            ("emr-containers", "createVirtualCluster") => self.emr_containers_create(arguments),
            ("emr-containers", "deleteVirtualCluster") => self.emr_containers_delete(arguments, job),
            ("emr-containers", "startJobRun") => self.emr_containers_start(arguments, job),
            ("emr-serverless", _) => return self.emr_serverless(api, arguments, job),
            ("events", "putEvents") => self.events(arguments),
            ("apigateway", "invoke") => self.api_gateway(arguments),
            ("athena", "startQueryExecution") => self.athena_start(arguments, job),
            ("athena", "stopQueryExecution") => self.athena_query("AthenaStopQuery", "athena:StopQueryExecution"),
            ("athena", "getQueryExecution") => self.athena_query("AthenaGetQuery", "athena:GetQueryExecution"),
            ("athena", "getQueryResults") => self.athena_results(),
            ("sns", "publish") => self.sns(arguments),
            ("sqs", "sendMessage") => self.sqs(arguments),
            ("states", "startExecution") => self.states(arguments, job),
            ("dynamodb", "getItem") => self.dynamodb("DynamoDbGetItem", "dynamodb:GetItem", arguments),
            ("dynamodb", "putItem") => self.dynamodb("DynamoDbPutItem", "dynamodb:PutItem", arguments),
            ("dynamodb", "updateItem") => self.dynamodb("DynamoDbUpdateItem", "dynamodb:UpdateItem", arguments),
            ("dynamodb", "deleteItem") => self.dynamodb("DynamoDbDeleteItem", "dynamodb:DeleteItem", arguments),
            _ => return false,
        }
        true
    }

    pub(super) fn need(
        &mut self,
        sid: &'static str,
        actions: &[&'static str],
        resources: Vec<String>,
        condition: Option<Json>,
    ) {
        let mut reason = format!("`{}`", self.state);
        if let Some(why) = self.access.any_because.as_ref().filter(|_| resources.iter().any(|r| r.ends_with('*'))) {
            reason = format!("{reason}, any resource: {why}");
        }
        let actions = actions.iter().map(|action| Cow::from(*action)).collect();
        self.needs.push(Need { sid, actions, resources, condition, reason });
    }

    /// Adds what the author said of a call that is not known; false if nothing was said.
    pub(super) fn said(&mut self) -> bool {
        let actions: Vec<_> = self.access.actions.iter().map(|action| Cow::from(action.clone())).collect();
        if actions.is_empty() {
            return false;
        }
        let resources = self.named("resource", &Argument::Computed, |any| vec![any.to_owned()]);
        self.need("SdkCall", &[], resources, None);
        if let Some(need) = self.needs.last_mut() {
            need.actions = actions;
        }
        true
    }

    /// Says that the rights of a call are not known.
    pub(super) fn unknown(&mut self, resource: &str) {
        let message = format!("`{}` calls `{resource}`, whose rights are not known", self.state);
        self.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_INTEGRATION, message, self.place.clone())
                .help(
                "say which ones: `sdk::Call::new(…).actions([\"s3:GetObject\"])`, or bring a role that allows it: `.role_arn(\"…\")`",
            ),
        );
    }

    /// The resources that an argument names: `arns` makes ARNs of a name, which may end in `*`.
    pub(super) fn named(
        &mut self,
        argument: &str,
        value: &Argument<'_>,
        arns: impl Fn(&str) -> Vec<String>,
    ) -> Vec<String> {
        self.named_kind("", argument, value, arns)
    }

    /// Like [`named`](Self::named) for a call that names things of several kinds: what the author allows counts for the kind
    /// whose ARNs have that text in them.
    fn named_kind(
        &mut self,
        kind: &str,
        argument: &str,
        value: &Argument<'_>,
        arns: impl Fn(&str) -> Vec<String>,
    ) -> Vec<String> {
        let allowed: Vec<_> = self.access.resources.iter().filter(|arn| arn.contains(kind)).cloned().collect();
        match value {
            Argument::Text(text) => arns(text),
            _ if !allowed.is_empty() => allowed,
            Argument::Prefix(prefix) => arns(&format!("{prefix}*")),
            Argument::Computed | Argument::Absent | Argument::Other(_) => {
                if self.access.any_because.is_none() {
                    let message = format!(
                        "`{}` computes its `{argument}`, so its role may use every resource of that kind",
                        self.state
                    );
                    self.diagnostics.push(Diagnostic::warning(codes::ANY_RESOURCE, message, self.place.clone()).help(
                        "say which ones with `.allow([\"arn:…\"])`, or why any is right with `.allow_any(\"…\")`",
                    ));
                }
                arns("*")
            }
        }
    }

    /// The right to pass on the role that an argument names, to these services only.
    fn pass_role(&mut self, sid: &'static str, services: &[&str], argument: &str, value: &Argument<'_>) {
        if *value != Argument::Absent {
            let roles = self.named_kind(":role/", argument, value, |name| vec![role_arn(name)]);
            let condition = match services {
                [service] => json!({ "StringEquals": { "iam:PassedToService": service } }),
                _ => json!({ "StringEquals": { "iam:PassedToService": services } }),
            };
            self.need(sid, &["iam:PassRole"], roles, Some(condition));
        }
    }

    /// The rule of EventBridge through which Step Functions learns that a job has ended.
    fn managed_rule(&mut self, name: &str) {
        let rule = arn("events", "rule/", name);
        self.need("ManagedRule", &["events:DescribeRule", "events:PutRule", "events:PutTargets"], vec![rule], None);
    }
}

/// An argument that is an ARN, of which `*` stands for any of the account's.
fn whole_arn(text: &str, service: &str, prefix: &str) -> String {
    if text == "*" { arn(service, prefix, "*") } else { text.to_owned() }
}
