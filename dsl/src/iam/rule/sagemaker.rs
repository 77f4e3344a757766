//! Amazon SageMaker.

use serde_json::Value as Json;

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

const SERVICE: [&str; 1] = ["sagemaker.amazonaws.com"];

/// A job that can be waited for.
struct Job {
    create: &'static str,
    end: [&'static str; 3],
    argument: &'static str,
    kind: &'static str,
    rule: &'static str,
}

impl Call<'_> {
    /// False if there is no such API.
    pub(super) fn sagemaker(&mut self, api: &str, arguments: &Arguments<'_>, job: bool) -> bool {
        match api {
            "createTrainingJob" => {
                self.job(&TRAINING, arguments, job);
                self.sagemaker_role("RoleArn", &arguments.get("RoleArn"));
            }
            "createProcessingJob" => {
                self.job(&PROCESSING, arguments, job);
                self.sagemaker_role("RoleArn", &arguments.get("RoleArn"));
            }
            "createLabelingJob" => {
                self.job(&LABELING, arguments, job);
                self.sagemaker_role("RoleArn", &arguments.get("RoleArn"));
            }
            // It runs with the role of its model.
            "createTransformJob" => self.job(&TRANSFORM, arguments, job),
            "createHyperParameterTuningJob" => {
                self.job(&TUNING, arguments, job);
                for role in training_roles(arguments) {
                    self.sagemaker_role("TrainingJobDefinition.RoleArn", &role);
                }
            }
            "createModel" => {
                self.create("sagemaker:CreateModel", &[("ModelName", "model")], arguments);
                self.sagemaker_role("ExecutionRoleArn", &arguments.get("ExecutionRoleArn"));
            }
            "createEndpointConfig" => {
                let named = [("EndpointConfigName", "endpoint-config")];
                self.create("sagemaker:CreateEndpointConfig", &named, arguments);
                self.sagemaker_role("ExecutionRoleArn", &arguments.get("ExecutionRoleArn"));
            }
            "createEndpoint" => self.create("sagemaker:CreateEndpoint", &ENDPOINT, arguments),
            "updateEndpoint" => self.create("sagemaker:UpdateEndpoint", &ENDPOINT, arguments),
            _ => return false,
        }
        true
    }

    fn job(&mut self, of: &Job, arguments: &Arguments<'_>, job: bool) {
        self.create(of.create, &[(of.argument, of.kind)], arguments);
        if job {
            let jobs = self.sagemaker_named(of.argument, of.kind, arguments);
            // Step Functions marks the jobs that it waits for.
            self.need("SageMakerJobs", &of.end, jobs, None);
            self.need("SageMakerListTags", &["sagemaker:ListTags"], vec!["*".to_owned()], None);
            self.managed_rule(of.rule);
        }
    }

    /// The first of what is named is what is created.
    fn create(&mut self, action: &'static str, named: &[(&str, &str)], arguments: &Arguments<'_>) {
        let mut resources = Vec::new();
        for (index, (argument, kind)) in named.iter().enumerate() {
            let found = self.sagemaker_named(argument, kind, arguments);
            if index == 0 && arguments.get("Tags") != Argument::Absent {
                self.need("SageMakerTag", &["sagemaker:AddTags"], found.clone(), None);
            }
            resources.extend(found);
        }
        self.need("SageMakerCreate", &[action], resources, None);
    }

    /// Names are in lower case in ARNs.
    fn sagemaker_named(&mut self, argument: &str, kind: &str, arguments: &Arguments<'_>) -> Vec<String> {
        self.named_kind(&format!(":{kind}/"), argument, &arguments.get(argument), |name| {
            vec![arn("sagemaker", &format!("{kind}/"), &name.to_lowercase())]
        })
    }

    fn sagemaker_role(&mut self, argument: &str, role: &Argument<'_>) {
        self.pass_role("SageMakerPassRole", &SERVICE, argument, role);
    }
}

/// The roles of the training jobs that a tuning job starts.
fn training_roles<'a>(arguments: &Arguments<'a>) -> Vec<Argument<'a>> {
    let mut roles = match arguments.get("TrainingJobDefinition") {
        Argument::Absent => Vec::new(),
        Argument::Other(Json::Object(_)) => vec![arguments.inner("TrainingJobDefinition").get("RoleArn")],
        _ => vec![Argument::Computed],
    };
    match (arguments.get("TrainingJobDefinitions"), arguments.list("TrainingJobDefinitions")) {
        (Argument::Absent, _) => {}
        (_, Some(definitions)) => roles.extend(definitions.iter().map(|definition| match definition.get("RoleArn") {
            Argument::Absent => Argument::Computed,
            role => role,
        })),
        (_, None) => roles.push(Argument::Computed),
    }
    roles
}

const ENDPOINT: [(&str, &str); 2] = [("EndpointName", "endpoint"), ("EndpointConfigName", "endpoint-config")];

const TRAINING: Job = Job {
    create: "sagemaker:CreateTrainingJob",
    end: ["sagemaker:AddTags", "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
    argument: "TrainingJobName",
    kind: "training-job",
    rule: "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
};
const TRANSFORM: Job = Job {
    create: "sagemaker:CreateTransformJob",
    end: ["sagemaker:AddTags", "sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"],
    argument: "TransformJobName",
    kind: "transform-job",
    rule: "StepFunctionsGetEventsForSageMakerTransformJobsRule",
};
const PROCESSING: Job = Job {
    create: "sagemaker:CreateProcessingJob",
    end: ["sagemaker:AddTags", "sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"],
    argument: "ProcessingJobName",
    kind: "processing-job",
    rule: "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
};
const TUNING: Job = Job {
    create: "sagemaker:CreateHyperParameterTuningJob",
    end: ["sagemaker:AddTags", "sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"],
    argument: "HyperParameterTuningJobName",
    kind: "hyper-parameter-tuning-job",
    rule: "StepFunctionsGetEventsForSageMakerTuningJobsRule",
};
const LABELING: Job = Job {
    create: "sagemaker:CreateLabelingJob",
    end: ["sagemaker:AddTags", "sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob"],
    argument: "LabelingJobName",
    kind: "labeling-job",
    rule: "StepFunctionsGetEventsForSageMakerLabelingJobsRule",
};
