//! Amazon Bedrock.

use super::Call;
use super::map::bucket_arn;
use crate::bundle::{PARTITION, REGION};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

/// What the ids of inference profiles begin with: the regions that they send a request to.
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html>
const PROFILES: [&str; 8] = ["us", "us-gov", "eu", "apac", "jp", "au", "ca", "global"];

impl Call<'_> {
    pub(super) fn bedrock_model(&mut self, arguments: &Arguments<'_>) {
        let models = self.named_kind(":bedrock:", "ModelId", &arguments.get("ModelId"), models);
        self.need("BedrockInvokeModel", &["bedrock:InvokeModel"], models, None);
        let guardrail = arguments.get("GuardrailIdentifier");
        if guardrail != Argument::Absent {
            let guardrails = self.named_kind(":guardrail/", "GuardrailIdentifier", &guardrail, |id| {
                vec![arn("bedrock", "guardrail/", id)]
            });
            self.need("BedrockGuardrail", &["bedrock:ApplyGuardrail"], guardrails, None);
        }
        self.bedrock_object("BedrockReadInput", "s3:GetObject", "Input", arguments);
        self.bedrock_object("BedrockWriteOutput", "s3:PutObject", "Output", arguments);
    }

    fn bedrock_object(&mut self, sid: &'static str, action: &'static str, member: &str, arguments: &Arguments<'_>) {
        let uri = match arguments.get(member) {
            Argument::Absent => return,
            Argument::Other(_) => arguments.inner(member).get("S3Uri"),
            computed => computed,
        };
        let objects = self.named_kind(":s3:::", &format!("{member}.S3Uri"), &uri, |uri| {
            vec![bucket_arn(uri.trim_start_matches("s3://"))]
        });
        self.need(sid, &[action], objects, None);
    }

    pub(super) fn bedrock_job(&mut self, arguments: &Arguments<'_>, job: bool) {
        // The ids of the job and of the new model are Bedrock's own.
        let jobs = arn("bedrock", "model-customization-job/", "*");
        let custom = arn("bedrock", "custom-model/", "*");
        let base = arguments.get("BaseModelIdentifier");
        let mut resources = self.named_kind("-model/", "BaseModelIdentifier", &base, |id| {
            if id.starts_with("arn:") { vec![id.to_owned()] } else { vec![foundation(REGION, id)] }
        });
        resources.extend([jobs.clone(), custom.clone()]);
        self.need("BedrockCustomizeModel", &["bedrock:CreateModelCustomizationJob"], resources, None);
        let tags = [("JobTags", &jobs), ("CustomModelTags", &custom)];
        let tagged: Vec<_> = tags.into_iter().filter(|(member, _)| arguments.get(member) != Argument::Absent).collect();
        if !tagged.is_empty() {
            let tagged = tagged.into_iter().map(|(_, arns)| arns.clone()).collect();
            self.need("BedrockTagModel", &["bedrock:TagResource"], tagged, None);
        }
        self.pass_role("BedrockPassRole", &["bedrock.amazonaws.com"], "RoleArn", &arguments.get("RoleArn"));
        if job {
            let actions = ["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"];
            self.need("BedrockCustomizationJobs", &actions, vec![jobs], None);
        }
    }
}

/// Foundation models are nobody's: their ARNs have no account.
fn foundation(region: &str, id: &str) -> String {
    format!("arn:{PARTITION}:bedrock:{region}::foundation-model/{id}")
}

/// What a model's id or ARN stands for. An inference profile needs its model in every region that it may choose.
fn models(id: &str) -> Vec<String> {
    let kinds = ["custom-model-deployment", "imported-model", "inference-profile", "provisioned-model"];
    let profile = id.split_once('.').filter(|(regions, model)| PROFILES.contains(regions) && model.contains('.'));
    match profile {
        _ if id.starts_with("arn:") => vec![id.to_owned()],
        _ if id == "*" => {
            let own = kinds.iter().map(|kind| arn("bedrock", &format!("{kind}/"), "*"));
            own.chain([foundation("*", "*")]).collect()
        }
        Some((_, model)) => vec![arn("bedrock", "inference-profile/", id), foundation("*", model)],
        None => vec![foundation(REGION, id)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_needs_its_model_in_any_region() {
        let model = foundation("*", "amazon.nova-lite-v1:0");
        assert_eq!(
            models("eu.amazon.nova-lite-v1:0"),
            [arn("bedrock", "inference-profile/", "eu.amazon.nova-lite-v1:0"), model]
        );
        assert_eq!(models("ca.model"), [foundation(REGION, "ca.model")]);
    }
}
