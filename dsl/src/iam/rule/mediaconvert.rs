//! AWS Elemental MediaConvert.

use serde_json::{Value as Json, json};

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn mediaconvert(&mut self, arguments: &Arguments<'_>, job: bool) {
        let queue = match arguments.get("Queue") {
            Argument::Absent => Argument::Text("Default"),
            named => named,
        };
        let mut resources =
            self.named_kind(":queues/", "Queue", &queue, |name| vec![arn("mediaconvert", "queues/", name)]);
        let template = arguments.get("JobTemplate");
        if template != Argument::Absent {
            resources.extend(self.named_kind(":jobTemplates/", "JobTemplate", &template, |name| {
                vec![arn("mediaconvert", "jobTemplates/", name)]
            }));
            // Its presets stand in the template, which can't be seen.
            resources.push(arn("mediaconvert", "presets/", "*"));
        }
        for preset in presets(&arguments.get("Settings")) {
            resources.extend(
                self.named_kind(":presets/", "Settings", &preset, |name| vec![arn("mediaconvert", "presets/", name)]),
            );
        }
        self.need("MediaConvertCreateJob", &["mediaconvert:CreateJob"], resources, None);
        self.pass_role("MediaConvertPassRole", &["mediaconvert.amazonaws.com"], "Role", &arguments.get("Role"));
        let jobs = arn("mediaconvert", "jobs/", "*");
        if arguments.get("Tags") != Argument::Absent {
            self.need("MediaConvertTagJob", &["mediaconvert:TagResource"], vec![jobs.clone()], None);
        }
        if job {
            // Step Functions marks the jobs that it waits for.
            let condition = json!({ "StringEquals": { "aws:ResourceTag/ManagedByService": "AWSStepFunctions" } });
            let actions = ["mediaconvert:CancelJob", "mediaconvert:GetJob"];
            self.need("MediaConvertJobs", &actions, vec![jobs], Some(condition));
            self.managed_rule("StepFunctionsGetEventsForMediaConvertJobRule");
        }
    }
}

/// The presets of the outputs, as far as the settings are known.
fn presets<'a>(settings: &Argument<'a>) -> Vec<Argument<'a>> {
    let Argument::Other(settings) = settings else { return vec![Argument::Computed] };
    let groups = match settings.get("OutputGroups") {
        None => return Vec::new(),
        Some(Json::Array(groups)) => groups,
        Some(_) => return vec![Argument::Computed],
    };
    let outputs = groups.iter().flat_map(|group| match group.get("Outputs") {
        Some(Json::Array(outputs)) => outputs.iter().collect(),
        Some(computed) => vec![computed],
        None if group.is_object() => Vec::new(),
        None => vec![group],
    });
    let presets = outputs.filter_map(|output| match output.get("Preset") {
        Some(preset) => Some(preset.as_str().map_or(Argument::Other(preset), Argument::of)),
        None if output.is_object() => None,
        None => Some(Argument::Computed),
    });
    presets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_found_as_far_as_they_are_known() {
        let settings = json!({ "OutputGroups": [
            { "Outputs": [{ "Preset": "small" }, { "NameModifier": "-large" }] },
            { "Outputs": "{% $outputs %}" },
            "{% $group %}",
        ] });
        let expected = [Argument::Text("small"), Argument::Computed, Argument::Computed];
        assert_eq!(presets(&Argument::Other(&settings)), expected);
        assert_eq!(presets(&Argument::Other(&json!({}))), []);
        assert_eq!(presets(&Argument::Computed), [Argument::Computed]);
    }
}
